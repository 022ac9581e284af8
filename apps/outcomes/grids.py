"""Criteria by iterations: what was said of each in every attempt, and by whom."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Prefetch

from apps.accounts.models import User
from apps.outcomes.models import Criterion, Evaluation, HumanLabel, Verdict
from apps.outcomes.models.evaluation import EvaluationQuerySet

MOST_COLUMNS = 20
"""Iterations that an outcome may have, by the contract."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What was said of a criterion in one attempt."""

    verdict: Verdict
    mine: HumanLabel | None
    others: Sequence[HumanLabel]

    @property
    def is_disputed(self) -> bool:
        labels = [*self.others, *([self.mine] if self.mine else [])]
        return any(each.label != self.verdict.verdict for each in labels)


@dataclass(frozen=True, slots=True)
class Row:
    """A criterion and its cells, one for each column; None where it was not judged."""

    criterion: Criterion
    cells: Sequence[Cell | None]
    heading: str = ""
    """The group that begins here."""


@dataclass(frozen=True, slots=True)
class Grid:
    columns: Sequence[Evaluation]
    rows: Sequence[Row]
    by_verdict: dict[str, Cell] = field(default_factory=dict)

    def cell(self, verdict_id: str) -> Cell | None:
        return self.by_verdict.get(verdict_id)


def of_evaluation(evaluation: Evaluation, viewer: User | None) -> Grid:
    """The evaluation, among all iterations of its outcome if it is of one."""
    rows = Evaluation.objects.filter(pk=evaluation.pk)
    if evaluation.outcome_id and evaluation.session_id:
        rows = Evaluation.objects.filter(
            workspace=evaluation.workspace_id,
            session=evaluation.session_id,
            outcome_id=evaluation.outcome_id,
        )
    columns = list(_whole(rows).order_by("iteration", "created_at", "pk")[:MOST_COLUMNS])
    return _grid(columns, viewer)


def of_session(evaluations: Iterable[Evaluation], viewer: User | None) -> list[Grid]:
    """One for each outcome, and for each rubric that the session was graded by besides."""
    groups: dict[tuple[str, str], list[Evaluation]] = defaultdict(list)
    for each in evaluations:
        groups[each.outcome_id, each.rubric_version_id].append(each)
    return [_grid(columns, viewer) for columns in groups.values()]


def of_sessions_rows(session_id: int, workspace_id: str) -> list[Evaluation]:
    """The evaluations of a session, in order, with all that its grids show."""
    rows = Evaluation.objects.filter(session=session_id, workspace=workspace_id)
    newest = _whole(rows).order_by("-created_at", "-pk")[: 2 * MOST_COLUMNS]
    return list(reversed(newest))


def _whole(rows: EvaluationQuerySet) -> EvaluationQuerySet:
    labels = HumanLabel.objects.select_related("user").order_by("created_at", "pk")
    verdicts = Verdict.objects.select_related("criterion").order_by("criterion__position")
    whole = verdicts.prefetch_related(Prefetch("labels", labels))
    rows = rows.defer("artifact").select_related("workspace", "rubric_version__rubric")
    return rows.prefetch_related(Prefetch("verdicts", whole))


def _grid(columns: Sequence[Evaluation], viewer: User | None) -> Grid:
    cells = [
        {each.criterion.key: _cell(each, viewer) for each in column.verdicts.all()}
        for column in columns
    ]
    criteria: dict[str, Criterion] = {}
    for column in reversed(columns):  # the newest wording is shown
        for verdict in column.verdicts.all():
            criteria.setdefault(verdict.criterion.key, verdict.criterion)
    ordered = sorted(criteria.values(), key=lambda each: (each.position, each.pk))
    rows, group = [], ""
    for each in ordered:
        heading = each.group if each.group != group else ""
        group = each.group
        rows.append(Row(each, [column.get(each.key) for column in cells], heading))
    by_verdict = {cell.verdict.pk: cell for column in cells for cell in column.values()}
    return Grid(columns, rows, by_verdict)


def _cell(verdict: Verdict, viewer: User | None) -> Cell:
    labels = list(verdict.labels.all())
    mine = next((each for each in labels if viewer and each.user_id == viewer.pk), None)
    return Cell(verdict, mine, [each for each in labels if each is not mine])
