"""A case from its claim to its end, on any worker: asked, then graded, then written down.

What is asked is kept by the engine, so that a worker may die anywhere: who comes after asks again
and pays nothing. The grader sees the answer and the rubric, and not which side it is of. Locks are
taken in one order everywhere: the trial, the case.
"""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.core import payloads
from apps.core.beating import beating
from apps.core.errors import DomainError
from apps.engine.asking import (
    BudgetSpent,
    Engine,
    EngineBusy,
    EngineError,
    Job,
    KeyRejected,
    NoKey,
)
from apps.engine.opening import engine_for
from apps.engine.pricing import token_cost
from apps.outcomes import grading, scoring
from apps.outcomes.failing import GaveUp, Lost, TookTooLong, kind_of
from apps.outcomes.grading import BEATS_PER_LEASE, WAIT
from apps.outcomes.judging import Judging
from apps.outcomes.models import Result, Trial, TrialCase
from apps.outcomes.models.leasing import FREED
from apps.outcomes.replaying.asking import question
from apps.outcomes.replaying.showing import shown
from apps.reviews.models import Proposal

_OF_TRIAL = (BudgetSpent, NoKey, KeyRejected)
"""What goes wrong for every case of a trial alike."""


class NoAnswer(EngineError):
    """The model answered this task with nothing."""


def attempt(case_id: int, *, holder: str) -> float | None:
    """Try it, if it is free. Returns after how many seconds to come again: the model is busy."""
    case = TrialCase.objects.claim(case_id, holder)
    if case is None:
        return None
    try:
        with beating(case.keep, every=settings.OUTCOME_LEASE_SECONDS / BEATS_PER_LEASE):
            answer, judging, cost = _tried(case)
        _complete(case, answer, judging, cost)
    except Lost:
        return None
    except EngineBusy as busy:
        return case.put_back(busy.after or WAIT)
    except EngineError as error:
        fail(case, error)
    return None


def due() -> list[int]:
    """What a worker should take up; what can go no further fails here."""
    began = timezone.now() - timedelta(hours=settings.OUTCOME_TIMEOUT_HOURS)
    for trial in Trial.objects.unended().filter(created_at__lt=began):
        stop(trial.pk, Trial.Status.FAILED, TookTooLong())
    for case in TrialCase.objects.exhausted():
        fail(case, GaveUp())
    for trial_id in Trial.objects.stranded().values_list("pk", flat=True):
        with transaction.atomic():
            _settle(_locked(trial_id))
    return list(TrialCase.objects.due().order_by("pk").values_list("pk", flat=True))


def stop(trial_id: str, status: Trial.Status, error: DomainError | None = None) -> bool:
    """End the trial with all that is left of it; what is done stays. False if it has ended."""
    with transaction.atomic():
        trial = _locked(trial_id)
        if trial is None:
            return False
        trial.cases.unended().update(status=TrialCase.Status.CANCELED, **FREED)
        _end(trial, status, error)
        return True


def fail(case: TrialCase, error: DomainError) -> None:
    """End it without a result, whoever holds it; its pair counts for nothing."""
    if isinstance(error, _OF_TRIAL):
        stop(case.trial_id, Trial.Status.FAILED, error)
        return
    with transaction.atomic():
        trial = _locked(case.trial_id)
        TrialCase.objects.unended().filter(pk=case.pk).update(
            **FREED,
            status=TrialCase.Status.FAILED,
            error_type=kind_of(error),
            error_message=error.message,
        )
        _settle(trial)


def _tried(case: TrialCase) -> tuple[str, Judging, Decimal | None]:
    """Raises EngineError."""
    trial, version = case.trial, case.rubric_version
    engine: Engine = engine_for(Job(trial.workspace_id, "trial", trial.pk, trial.cap))
    said = engine.ask(question(case))
    answer = payloads.storable(said.value.answer).strip()
    if not answer:
        raise NoAnswer
    judging = grading.judge_by(version, answer, engine=engine, model=trial.grader)
    costs = token_cost(trial.model, said.usage), token_cost(trial.grader, judging.usage)
    return answer, judging, None if None in costs else sum(filter(None, costs), Decimal(0))


@transaction.atomic
def _complete(case: TrialCase, answer: str, judging: Judging, cost: Decimal | None) -> None:
    """Raises Lost."""
    trial = _locked(case.trial_id)
    judged, misfit = judging.judged, judging.misfit
    if not case.let_go(
        status=TrialCase.Status.COMPLETED,
        answer=answer,
        result=Result.FAILED if misfit else scoring.result(judged),
        explanation=misfit or scoring.explain(judged, answer),
        score=None if misfit else scoring.score(judged),
        cost=cost,
    ):
        raise Lost
    _settle(trial)


def _locked(trial_id: str) -> Trial | None:
    """None if it has ended, or is gone."""
    return Trial.objects.unended().select_for_update().filter(pk=trial_id).first()


def _settle(trial: Trial | None) -> None:
    """End it if nothing of it is left. It is locked: of two last cases, one sees the other.

    A proposal that did harm is flagged, whatever later trials show: it is looked at by itself.
    """
    if trial is None or trial.cases.unended().exists():
        return
    cases = list(trial.cases.order_by("position", "side"))
    if any(each.status == TrialCase.Status.COMPLETED for each in cases):
        _end(trial, Trial.Status.COMPLETED)
        if shown(trial).comparison.is_harmful:
            Proposal.objects.filter(pk=trial.proposal_id).flag(Proposal.Flag.WORSE_WHEN_TRIED)
    else:
        _end_as(trial, cases)


def _end_as(trial: Trial, cases: Iterable[TrialCase]) -> None:
    """Nothing came of any: it failed as the first did."""
    first = next(iter(cases), None)
    trial.error_type = first.error_type if first else kind_of(GaveUp())
    trial.error_message = first.error_message if first else GaveUp().message
    _end(trial, Trial.Status.FAILED)


def _end(trial: Trial, status: Trial.Status, error: DomainError | None = None) -> None:
    trial.status, trial.ended_at = status, timezone.now()
    trial.before = trial.after = ""
    if error is not None:
        trial.error_type, trial.error_message = kind_of(error), error.message
    trial.save(
        update_fields=["status", "ended_at", "before", "after", "error_type", "error_message"]
    )
