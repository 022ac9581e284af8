"""An evaluation from its claim to its end, on any worker.

What code can check is checked; the rest is asked of the engine, which keeps every answer, so that a
worker may die anywhere: who comes after asks again and pays nothing. Verdicts and result are
written together, by whoever still holds the evaluation.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.utils import timezone

from apps.core.beating import beating
from apps.core.errors import DomainError
from apps.core.ids import new_id
from apps.engine.asking import Engine, EngineBusy, EngineError, Job
from apps.engine.opening import engine_for
from apps.engine.pricing import Usage
from apps.outcomes import checks, ending, gating, settling, telling
from apps.outcomes.context import context
from apps.outcomes.failing import GaveUp, Lost, TookTooLong
from apps.outcomes.judging import Judged, Judging, judge
from apps.outcomes.models import Criterion, Evaluation, EvaluationRun, RubricVersion
from apps.outcomes.quoting import Span

BEATS_PER_LEASE = 3
WAIT = 30.0
"""Seconds before a busy model is asked again, where it does not say."""


def attempt(evaluation_id: str, *, holder: str) -> float | None:
    """Grade it, if it is free. Returns after how many seconds to come again: the model is busy."""
    evaluation = Evaluation.objects.claim(evaluation_id, holder)
    if evaluation is None:
        return None
    every = settings.OUTCOME_LEASE_SECONDS / BEATS_PER_LEASE
    try:
        with beating(partial(_beat, evaluation), every=every):
            judging = _judge(evaluation)
        ending.complete(evaluation, judging)
    except Lost:
        return None
    except EngineBusy as busy:
        return evaluation.put_back(busy.after or WAIT)
    except EngineError as error:
        _fail(evaluation, error)
    return None


def grade_here(evaluation_id: str) -> Evaluation:
    """Grade it in this process, as far as it gets: for where there is no worker."""
    attempt(evaluation_id, holder=new_id("job"))
    return Evaluation.objects.select_related("workspace", "rubric_version__rubric").get(
        pk=evaluation_id
    )


def due() -> list[str]:
    """What a worker should take up; what can go no further fails here."""
    began = timezone.now() - timedelta(hours=settings.OUTCOME_TIMEOUT_HOURS)
    whole = Evaluation.objects.select_related("workspace", "session")
    for each in whole.unended().filter(created_at__lt=began):
        ending.fail(each, TookTooLong())
    for each in whole.exhausted():
        ending.fail(each, GaveUp())
    return list(Evaluation.objects.due().values_list("pk", flat=True))


def judge_by(
    version: RubricVersion, artifact: str, *, engine: "Engine | None", model: str
) -> Judging:
    """What code finds of this artifact, and what the engine says of the rest of the rubric.

    Without an engine only what code can check is judged. Raises EngineError.
    """
    criteria = list(version.criteria.in_order())
    judged = [_checked(each, artifact) for each in criteria if each.is_checked_by_code]
    asked = [each for each in criteria if not each.is_checked_by_code]
    if engine is None or not asked:
        return Judging(judged, Usage())
    said = judge(asked, artifact, context(version.content), engine=engine, model=model)
    advisory = gating.advisory(version, model)
    judged += [replace(each, is_advisory=each.criterion.key in advisory) for each in said.judged]
    return replace(said, judged=_in_order(judged))


def needs_engine(version: RubricVersion) -> bool:
    """Whether there is anything in it that code cannot check."""
    return version.criteria.by_model().exists()


def _judge(evaluation: Evaluation) -> Judging:
    version = evaluation.rubric_version
    engine = engine_for(_job(evaluation)) if needs_engine(version) else None
    if engine is not None:
        telling.goes_on(evaluation)
    return judge_by(version, evaluation.artifact, engine=engine, model=evaluation.model)


def _job(evaluation: Evaluation) -> Job:
    """The evaluation's own, or that of its run: what a run may cost is for all of it."""
    run = evaluation.run
    return Job(
        workspace_id=evaluation.workspace_id,
        kind="evaluation",
        id=run.pk if run else evaluation.pk,
        cap=run.cap if run else None,
    )


def _checked(criterion: Criterion, artifact: str) -> Judged:
    found = checks.check(criterion.check_kind, str(criterion.check_value), artifact)
    is_shown = found.start is not None and found.end is not None and found.start < found.end
    span = Span(found.start, found.end) if is_shown else None  # type: ignore[arg-type]
    return Judged(criterion, found.verdict, span, found.reason)


def _in_order(judged: Sequence[Judged]) -> list[Judged]:
    return sorted(judged, key=lambda each: each.criterion.position)


def _beat(evaluation: Evaluation) -> None:
    if evaluation.keep():
        telling.goes_on(evaluation)


def _fail(evaluation: Evaluation, error: DomainError) -> None:
    ending.fail(evaluation, error)
    if evaluation.run_id and settling.stops_run(error):
        settling.stop(evaluation.run_id, EvaluationRun.Status.FAILED, error)
