"""How far people agree with the graders of a rubric, and since when a criterion is advisory."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from apps.outcomes.agreeing import Agreement, agreement
from apps.outcomes.drawing import Range, kappa_range
from apps.outcomes.models import Criterion, HumanLabel, RubricVersion
from apps.outcomes.models.verdict import HumanLabelQuerySet

MOST_SHOWN = 20
"""Disagreements of one criterion with one grader."""


@dataclass(frozen=True, slots=True)
class Grader:
    """A model that judges a criterion: how far people agree with it, and where they do not."""

    model: str
    agreement: Agreement
    range: Range | None
    advisory_since: datetime | None
    disagreements: Sequence[HumanLabel]


@dataclass(frozen=True, slots=True)
class Calibration:
    """One criterion with everything that has judged it, the usual grader first."""

    criterion: Criterion
    graders: Sequence[Grader]


def calibrations(version: RubricVersion, usual: str) -> list[Calibration]:
    """One per criterion that a model judges, in order; what code checks needs no agreement.

    The model that grades as a rule is there also where nobody labelled what it said.
    """
    labels: dict[str, dict[str, list[HumanLabel]]] = defaultdict(lambda: defaultdict(list))
    for each in _labels(version):
        labels[each.verdict.criterion.key][each.verdict.evaluation.model].append(each)
    criteria = [each for each in version.criteria.all() if not each.check_kind]
    return [
        Calibration(each, _graders(labels[each.key], usual))
        for each in sorted(criteria, key=lambda each: each.position)
    ]


def _labels(version: RubricVersion) -> HumanLabelQuerySet:
    rows = HumanLabel.objects.on(version).order_by("updated_at", "pk")
    rows = rows.select_related("user", "verdict__criterion", "verdict__evaluation__session")
    return rows.defer("verdict__evaluation__artifact")


def _graders(labels: Mapping[str, Sequence[HumanLabel]], usual: str) -> list[Grader]:
    return [
        _grader(each, labels.get(each, [])) for each in (usual, *sorted(labels.keys() - {usual}))
    ]


def _grader(model: str, labels: Sequence[HumanLabel]) -> Grader:
    whole = agreement(_pairs(labels))
    disputed = [each for each in labels if each.label != each.verdict.verdict]
    return Grader(
        model=model,
        agreement=whole,
        range=kappa_range(whole),
        advisory_since=_since(labels) if whole.is_advisory else None,
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
