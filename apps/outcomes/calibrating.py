"""How far people agree with a rubric's grader, per criterion, and since when one is advisory."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from apps.outcomes.agreeing import Agreement, agreement
from apps.outcomes.drawing import Range, kappa_range
from apps.outcomes.models import Criterion, HumanLabel, RubricVersion, Verdict

MOST_SHOWN = 20
"""Disagreements of one criterion."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """One criterion: how far people agree with its grader, and where they do not."""

    criterion: Criterion
    agreement: Agreement
    range: Range | None
    advisory_since: datetime | None = None
    labelled: int = 0
    """Verdicts that anybody labelled."""
    disagreements: Sequence[HumanLabel] = field(default_factory=list)


def calibrations(version: RubricVersion) -> list[Calibration]:
    """One per criterion that a model judges, in order; what code checks needs no agreement.

    Labels count for as long as the criterion says the same: see `gating`.
    """
    criteria = [each for each in version.criteria.all() if not each.check_kind]
    labels = _labels(version, criteria)
    return [_of(each, labels.get(each.key, [])) for each in sorted(criteria, key=_position)]


def _position(criterion: Criterion) -> int:
    return criterion.position


def _labels(version: RubricVersion, criteria: Sequence[Criterion]) -> dict[str, list[HumanLabel]]:
    texts = {each.key: each.text for each in criteria}
    rows = HumanLabel.objects.filter(
        verdict__by=Verdict.By.MODEL,
        verdict__criterion__rubric_version__rubric=version.rubric_id,
        verdict__criterion__key__in=texts,
    ).select_related("user", "verdict__criterion", "verdict__evaluation__session")
    rows = rows.defer("verdict__evaluation__artifact").order_by("updated_at", "pk")
    found: dict[str, list[HumanLabel]] = defaultdict(list)
    for each in rows:
        if texts[each.verdict.criterion.key] == each.verdict.criterion.text:
            found[each.verdict.criterion.key].append(each)
    return found


def _of(criterion: Criterion, labels: Sequence[HumanLabel]) -> Calibration:
    whole = agreement(_pairs(labels))
    disputed = [each for each in labels if each.label != each.verdict.verdict]
    return Calibration(
        criterion=criterion,
        agreement=whole,
        range=kappa_range(whole),
        advisory_since=_since(labels) if whole.is_advisory else None,
        labelled=len({each.verdict_id for each in labels}),
        disagreements=disputed[::-1][:MOST_SHOWN],
    )


def _since(labels: Sequence[HumanLabel]) -> datetime | None:
    """When the label came from which on it was advisory without a break."""
    since = None
    for count in range(len(labels), 0, -1):
        if not agreement(_pairs(labels[:count])).is_advisory:
            break
        since = labels[count - 1].updated_at
    return since


def _pairs(labels: Sequence[HumanLabel]) -> list[tuple[str, str]]:
    return [(each.verdict.verdict, each.label) for each in labels]
