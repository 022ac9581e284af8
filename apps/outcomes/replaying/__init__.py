"""Trying a proposal on past sessions: what would have come of their tasks without it, and with it.

The first task of each session is answered twice by a model that knows the store's text, once as it
is and once with the proposal in it; both answers are graded by one rubric, by a grader that does
not know which is which. Nothing is written to the store, and nobody waits for it to decide.

What the store says is written down when a trial begins, so that both sides differ by the proposal
alone however long it takes, and goes when the trial ends.
"""
