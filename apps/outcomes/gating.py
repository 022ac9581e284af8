"""Which criteria may gate: those on which people and the grader were not seen to disagree.

Each model is a grader of its own: that people agree with one says nothing of the next. Labels add
up over the versions of a rubric as long as a criterion says the same under its key. What is
reworded begins anew, and what another model judges. What code checks always gates.
"""

from collections import defaultdict

from apps.outcomes import agreeing
from apps.outcomes.models import HumanLabel, RubricVersion

Pairs = dict[tuple[str, str], list[tuple[str, str]]]
"""By the key of a criterion and its grader: what the grader said, and what a person did."""


def pairs(version: RubricVersion) -> Pairs:
    """All labels there are on the criteria of this version, as they are worded in it."""
    rows = HumanLabel.objects.on(version).values_list(
        "verdict__criterion__key", "verdict__evaluation__model", "verdict__verdict", "label"
    )
    found: Pairs = defaultdict(list)
    for key, grader, verdict, label in rows:
        found[key, grader].append((verdict, label))
    return found


def advisory(version: RubricVersion, grader: str) -> frozenset[str]:
    """Keys of the criteria of which this model's word counts for nothing until people agree."""
    return frozenset(
        key
        for (key, model), some in pairs(version).items()
        if model == grader and agreeing.agreement(some).is_advisory
    )
