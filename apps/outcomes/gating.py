"""Which criteria may gate: those on which people and grader were not seen to disagree.

Labels add up over the versions of a rubric as long as a criterion says the same under its key. A
criterion that is reworded begins anew. What code checks always gates.
"""

from collections import defaultdict

from apps.outcomes import agreeing
from apps.outcomes.models import HumanLabel, RubricVersion, Verdict

Pairs = dict[str, list[tuple[str, str]]]
"""By the key of a criterion: what the grader said, and what a person did."""


def pairs(version: RubricVersion) -> Pairs:
    """All labels there are on the criteria of this version, as they are worded in it."""
    texts = dict(version.criteria.values_list("key", "text"))
    rows = HumanLabel.objects.filter(
        verdict__by=Verdict.By.MODEL,
        verdict__criterion__rubric_version__rubric=version.rubric_id,
        verdict__criterion__key__in=texts,
    ).values_list(
        "verdict__criterion__key", "verdict__criterion__text", "verdict__verdict", "label"
    )
    found: Pairs = defaultdict(list)
    for key, text, verdict, label in rows:
        if texts[key] == text:
            found[key].append((verdict, label))
    return found


def advisory(version: RubricVersion) -> frozenset[str]:
    """The keys of the criteria that count for nothing until people and grader agree on them."""
    return frozenset(
        key for key, some in pairs(version).items() if agreeing.agreement(some).is_advisory
    )
