"""The end of an evaluation: its verdicts, its result and whatever hangs on it, in one transaction.

Locks are taken in one order everywhere: the session, the run, the evaluation.
"""

from collections.abc import Sequence
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from apps.core.errors import DomainError
from apps.engine.pricing import Usage, token_cost
from apps.outcomes import scoring, settling, telling
from apps.outcomes.failing import Lost, kind_of
from apps.outcomes.judging import Judged, Judging
from apps.outcomes.models import Evaluation, EvaluationRun, Judgement, Result, Verdict
from apps.outcomes.models.leasing import FREED
from apps.sessions.models import Session
from apps.webhooks.publishing import publish


@transaction.atomic
def complete(evaluation: Evaluation, judging: Judging) -> None:
    """Keep the verdicts and what they come to. Raises Lost."""
    _lock(evaluation)
    judged, usage = judging.judged, judging.usage
    result = scoring.result(judged, iteration=evaluation.iteration, most=evaluation.max_iterations)
    ended = _end(
        evaluation.held(),
        status=Evaluation.Status.COMPLETED,
        result=Result.FAILED if judging.misfit else result,
        explanation=judging.misfit or scoring.explain(judged, evaluation.artifact),
        score=None if judging.misfit else scoring.score(judged),
        **_spent(evaluation, usage),
    )
    if not ended:
        raise Lost
    Verdict.objects.bulk_create(verdict_of(evaluation, each) for each in judged)
    _tell(evaluation, judged)


@transaction.atomic
def fail(evaluation: Evaluation, error: DomainError) -> None:
    """End it without a result, whoever holds it; one that has ended stays as it ended.

    An outcome that cannot be graded is given up: `interrupted`, for nobody has judged it.
    """
    _lock(evaluation)
    if not _end(
        Evaluation.objects.unended().filter(pk=evaluation.pk),
        status=Evaluation.Status.FAILED,
        error_type=kind_of(error),
        error_message=error.message,
    ):
        return
    if evaluation.outcome_id:
        evaluation.refresh_from_db()
        evaluation.result = Result.INTERRUPTED
        evaluation.explanation = f"The work could not be graded: {error.message}"
        telling.ended(evaluation)
    _publish(evaluation, "failed")
    settling.settle(evaluation.run_id)


@transaction.atomic
def cancel(evaluation: Evaluation) -> bool:
    """End it at once; False if it has ended already."""
    _lock(evaluation)
    if not _end(
        Evaluation.objects.unended().filter(pk=evaluation.pk),
        status=Evaluation.Status.CANCELED,
        result=Result.INTERRUPTED,
    ):
        return False
    _tell(evaluation)
    return True


def _lock(evaluation: Evaluation) -> None:
    if evaluation.outcome_id and evaluation.session_id:
        list(Session.objects.select_for_update().filter(pk=evaluation.session_id).values("pk"))
    if evaluation.run_id:
        list(EvaluationRun.objects.select_for_update().filter(pk=evaluation.run_id).values("pk"))


def _end(held: models.QuerySet[Evaluation], **changes: Any) -> int:
    return held.update(**FREED, ended_at=timezone.now(), **changes)


def _tell(evaluation: Evaluation, judged: Sequence[Judged] = ()) -> None:
    evaluation.refresh_from_db()
    if evaluation.outcome_id:
        telling.ended(evaluation, judged)
    _publish(evaluation, evaluation.status)
    settling.settle(evaluation.run_id)


def _publish(evaluation: Evaluation, how: str) -> None:
    kind = f"outcome_evaluation.{how}"
    publish(kind, workspace=evaluation.workspace, object_id=evaluation.pk)


def _spent(evaluation: Evaluation, usage: Usage) -> dict[str, Any]:
    return {
        "input_tokens": usage.input,
        "output_tokens": usage.output,
        "cache_read_tokens": usage.cache_read,
        "cache_write_tokens": usage.cache_write,
        "cost": token_cost(evaluation.model, usage),
    }


def verdict_of(evaluation: Evaluation, judged: Judged) -> Verdict:
    """The row of what was found."""
    start, end = judged.span or (None, None)
    return Verdict(
        evaluation=evaluation,
        criterion=judged.criterion,
        verdict=Judgement(judged.verdict),
        quote=evaluation.artifact[start:end] if judged.span else "",
        start=start,
        end=end,
        reason=judged.reason,
        by=Verdict.By.CODE if judged.criterion.check_kind else Verdict.By.MODEL,
        was_advisory=judged.is_advisory,
    )
