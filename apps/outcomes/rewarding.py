"""A rubric's results beside the rewards that imported sessions brought along."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from apps.outcomes.agreeing import Agreement, of_table
from apps.outcomes.drawing import Range, kappa_range
from apps.outcomes.models import Evaluation, Result
from apps.outcomes.models.evaluation import EvaluationQuerySet

REWARDED = 1.0
"""A reward of at least this is a success, as benchmarks such as tau-bench write it."""
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Comparison:
    """Rows: satisfied, not. Columns: rewarded, not."""

    agreement: Agreement
    range: Range | None
    unrewarded: int
    """Evaluations of sessions that brought no reward."""
    disagreements: Sequence[Evaluation]


def compared(evaluations: EvaluationQuerySet) -> Comparison | None:
    """None where no session that was graded has a reward."""
    rows = (
        evaluations.filter(status=Evaluation.Status.COMPLETED, session__isnull=False)
        .defer("artifact")
        .select_related("session")
        .order_by("-created_at", "-pk")
    )
    return _compared(rows)


def _compared(rows: Iterable[Evaluation]) -> Comparison | None:
    table = [[0, 0], [0, 0]]
    unrewarded = 0
    disputed: list[Evaluation] = []
    for each in rows:
        reward = _reward(each.session.metadata if each.session else None)
        if reward is None:
            unrewarded += 1
            continue
        passed, rewarded = each.result == Result.SATISFIED, reward >= REWARDED
        table[int(not passed)][int(not rewarded)] += 1
        if passed != rewarded and len(disputed) < MOST_SHOWN:
            disputed.append(each)
    found = of_table(table)
    if not found.labels:
        return None
    return Comparison(found, kappa_range(found), unrewarded, disputed)


def _reward(metadata: Any) -> float | None:
    value = metadata.get("reward") if isinstance(metadata, dict) else None
    try:
        return float(value) if value is not None and not isinstance(value, bool) else None
    except (TypeError, ValueError):
        return None
