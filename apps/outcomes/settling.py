"""The end of a run: when its last evaluation has ended, or when what it may cost is spent."""

from django.db import transaction
from django.utils import timezone

from apps.core.errors import DomainError
from apps.engine.asking import BudgetSpent
from apps.outcomes.failing import kind_of
from apps.outcomes.models import Evaluation, EvaluationRun, Result
from apps.outcomes.models.leasing import FREED
from apps.webhooks.publishing import publish

_OF_RUN = {BudgetSpent}
"""What goes wrong for every evaluation of a run alike."""


@transaction.atomic
def settle(run_id: str | None) -> None:
    """End the run if nothing of it is left. Locked: of two last evaluations, one sees the other."""
    if run_id is None:
        return
    run = EvaluationRun.objects.unended().select_for_update().filter(pk=run_id).first()
    if run is None or run.evaluations.unended().exists():
        return
    _end(run, EvaluationRun.Status.COMPLETED)


@transaction.atomic
def stop(run_id: str, status: EvaluationRun.Status, error: DomainError | None = None) -> bool:
    """End the run with all that is left of it; False if it has ended already."""
    run = EvaluationRun.objects.unended().select_for_update().filter(pk=run_id).first()
    if run is None:
        return False
    run.evaluations.unended().update(
        status=Evaluation.Status.CANCELED,
        result=Result.INTERRUPTED,
        **FREED,
        ended_at=timezone.now(),
    )
    _end(run, status, error)
    return True


def stops_run(error: DomainError) -> bool:
    """Whether what went wrong will go wrong again for all that is left of a run."""
    return type(error) in _OF_RUN


def _end(
    run: EvaluationRun, status: EvaluationRun.Status, error: DomainError | None = None
) -> None:
    run.status, run.ended_at = status, timezone.now()
    if error is not None:
        run.error_type, run.error_message = kind_of(error), error.message
    run.save(update_fields=["status", "ended_at", "error_type", "error_message"])
    kind = f"outcome_evaluation_run.{status}"
    publish(kind, workspace=run.workspace, object_id=run.pk)
