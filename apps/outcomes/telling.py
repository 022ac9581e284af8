"""What a session says of the evaluation of its outcome (contract: 3.4, 3.7): start, ongoing, end.

Only sessions that run here say anything: the record of work done elsewhere stays as it is.
"""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from apps.core.api.times import stamp
from apps.core.ids import new_id
from apps.outcomes.judging import Judged
from apps.outcomes.models import Evaluation, Result
from apps.sessions import recording
from apps.sessions.models import Session
from apps.sessions.records import EventRecord
from apps.webhooks.publishing import publish

START, ONGOING, END = (f"span.outcome_evaluation_{name}" for name in ("start", "ongoing", "end"))


def begun(evaluation: Evaluation) -> None:
    """The grader takes it up; the event has the id that the evaluation knows it by."""
    _record(evaluation.session_id, START, _place(evaluation), evaluation.start_event_id)


def goes_on(evaluation: Evaluation) -> None:
    """The grader is alive."""
    if evaluation.outcome_id:
        _record(evaluation.session_id, ONGOING, _place(evaluation))


def ended(evaluation: Evaluation, judged: Sequence[Judged] = ()) -> None:
    """How the work did, with every verdict beside what the contract has."""
    told = {
        "outcome_evaluation_start_id": evaluation.start_event_id,
        **_place(evaluation),
        "result": evaluation.result,
        "explanation": evaluation.explanation,
        "model": evaluation.model,
        "usage": {
            "input_tokens": evaluation.input_tokens,
            "output_tokens": evaluation.output_tokens,
            "cache_read_input_tokens": evaluation.cache_read_tokens,
            "cache_creation_input_tokens": evaluation.cache_write_tokens,
        },
        "evaluation_id": evaluation.pk,
        "criteria": [_criterion(each, evaluation.artifact) for each in judged],
    }
    _end(evaluation.session, told)


def interrupted(session: Session, outcome_id: str, iteration: int) -> None:
    """The outcome is given up before its evaluation began. The session is locked."""
    usage = dict.fromkeys(
        (
            "input_tokens",
            "output_tokens",
            "cache_read_input_tokens",
            "cache_creation_input_tokens",
        ),
        0,
    )
    told = {
        "outcome_evaluation_start_id": "",
        "outcome_id": outcome_id,
        "iteration": iteration,
        "result": Result.INTERRUPTED,
        "explanation": "",
        "usage": usage,
    }
    _end(session, told)


def _end(session: Session | None, told: dict[str, Any]) -> None:
    if session is None:
        raise ValueError("an outcome is of a session")
    event_id = _record(session.pk, END, told)
    publish(
        "session.outcome_evaluation_ended",
        workspace=session.workspace,
        object_id=session.public_id,
        data={"outcome_id": told["outcome_id"], "event_id": event_id},
    )


def _criterion(judged: Judged, artifact: str) -> dict[str, Any]:
    return {
        "key": judged.criterion.key,
        "text": judged.criterion.text,
        "verdict": judged.verdict,
        "quote": artifact[slice(*judged.span)] if judged.span else "",
        "reason": judged.reason,
        "is_required": judged.criterion.is_required,
        "is_advisory": judged.is_advisory,
    }


def _place(evaluation: Evaluation) -> dict[str, Any]:
    return {"outcome_id": evaluation.outcome_id, "iteration": evaluation.iteration}


def _record(session_id: int | None, kind: str, told: dict[str, Any], event_id: str = "") -> str:
    now = timezone.now()
    event_id = event_id or new_id("sevt")
    payload = {"id": event_id, "type": kind, "processed_at": stamp(now), **told}
    recording.record(int(session_id or 0), [EventRecord("", kind, event_id, payload, now)])
    return event_id
