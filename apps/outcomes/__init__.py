"""Outcomes: work is graded against a rubric, by code and by a model that knows nothing else.

A *rubric* is markdown whose bullets are *criteria*; it changes by new *versions* alone. An
*evaluation* grades one artifact (a text, a file, what a session delivered) against one version and
has a *verdict* for each criterion, with a quote of the artifact. People *label* verdicts they see
otherwise; how far they agree with the grader says which criteria can be trusted to gate. A *run*
grades many sessions alike.

The grader is asked with the rubric and the artifact and nothing of how the work came about. What
code can check is never asked of it.

Invariants, held by the database:
- a version of a rubric and its criteria never change;
- an inline rubric of sessions is one rubric per text, so that its agreement adds up;
- a criterion is judged once in an evaluation, and a person labels a verdict once;
- an iteration of a session's outcome is graded once.
"""
