"""Starting and canceling runs of evaluations."""

from django.db import transaction

from apps.accounts.acting import Actor, note
from apps.core.errors import DomainError
from apps.core.queue import hand_out
from apps.outcomes import batching, finding, settling, tasks
from apps.outcomes.batching import RunPlan
from apps.outcomes.models import EvaluationRun


class RunEnded(DomainError):
    """This run has ended: there is nothing left to cancel."""


@transaction.atomic
def create_run(plan: RunPlan, *, by: Actor) -> EvaluationRun:
    """Have many sessions graded. Raises NothingChosen, NoKey."""
    run = batching.begin(plan, by=by)
    after = {"rubric_version_id": run.rubric_version_id, "sessions": run.session_count}
    note(by, "outcome_evaluation_run.created", run.pk, after=after)
    ids = run.evaluations.order_by("pk").values_list("pk", flat=True)
    hand_out(tasks.run_evaluation, "evaluation_id", ids)
    return finding.run(by.workspace, run.pk)


@transaction.atomic
def cancel_run(*, run_id: str, by: Actor) -> EvaluationRun:
    """End it at once with what is left of it; once more changes nothing.

    Raises NoSuchRun, RunEnded.
    """
    run = finding.run(by.workspace, run_id)
    if run.status == EvaluationRun.Status.CANCELED:
        return run
    if not settling.stop(run.pk, EvaluationRun.Status.CANCELED):
        raise RunEnded
    note(by, "outcome_evaluation_run.canceled", run.pk)
    return finding.run(by.workspace, run_id)
