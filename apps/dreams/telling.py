"""A dream is a session too: what it does, step by step, as events that its page shows live.

Every event has the id that its step always gives it, so that a step that is done twice, because a
worker died between, is told once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.accounts.acting import Actor
from apps.core.api.times import stamp
from apps.core.ids import derived_id
from apps.dreams.models import Dream
from apps.sessions import importing, recording
from apps.sessions.actions import sessions as actions
from apps.sessions.models import Session, SessionQuerySet, Source
from apps.sessions.records import EventRecord, SessionRecord

AGENT = "dream"
AGENT_ID = "agent_dream"


def own_sessions(sessions: SessionQuerySet) -> SessionQuerySet:
    """Those that are dreams themselves."""
    return sessions.filter(source=Source.NATIVE, agent__public_id=AGENT_ID)


def begin(dream: Dream, about: str) -> str:
    """Make the dream's session, once; its public id."""
    public_id = derived_id("sesn", dream.pk)
    now = timezone.now()
    asked = dream.instructions or f"Find what recurs in {len(dream.session_ids)} sessions."
    records = (
        SessionRecord(
            key=dream.pk,
            source=Source.NATIVE,
            agent={"name": AGENT, "id": AGENT_ID, "model": {"id": dream.model}},
            title=f"Dream about {about}",
            created_at=now,
            metadata={"dream_id": dream.pk, "engine": dream.engine},
            public_id=public_id,
        ),
        _event(dream, "user.message", "asked", now, content=_text(asked)),
        _event(dream, "session.status_running", "running", now),
    )
    importing.take(records, workspace=dream.workspace)
    return public_id


def say(dream: Dream, step: str, text: str) -> None:
    """Have the dream say something in its session."""
    _record(dream, [_event(dream, "agent.message", step, timezone.now(), content=_text(text))])


@dataclass(frozen=True, slots=True)
class Step:
    """What was done, what it was given, and what came of it; `on` tells apart what is repeated."""

    name: str
    given: Any
    came: str
    since: datetime
    on: str = ""


def step(dream: Dream, name: str, *, given: Any, came: str, since: datetime) -> None:
    """Tell a step as the call of a tool: what it was given, and what came of it."""
    steps(dream, [Step(name, given, came, since)])


def steps(dream: Dream, done: Iterable[Step]) -> None:
    """Tell several at once."""
    _record(dream, [event for each in done for event in _call(dream, each)])


def _call(dream: Dream, step: Step) -> tuple[EventRecord, EventRecord]:
    use = _event(
        dream,
        "agent.tool_use",
        f"{step.name} {step.on} use",
        step.since,
        name=step.name,
        input=step.given,
    )
    result = _event(
        dream,
        "agent.tool_result",
        f"{step.name} {step.on} result",
        timezone.now(),
        tool_use_id=use.public_id,
        content=_text(step.came),
        is_error=False,
    )
    return use, result


@transaction.atomic
def end(dream: Dream, text: str, *, is_failure: bool = False) -> None:
    """Say how it ended, and close the session. A session that somebody deleted stays deleted."""
    if not dream.session_id or _session(dream) is None:
        return
    now = timezone.now()
    if is_failure:
        error = {"type": "unknown_error", "message": text, "retry_status": {"type": "terminal"}}
        last = _event(dream, "session.error", "failed", now, error=error)
    else:
        last = _event(dream, "agent.message", "ended", now, content=_text(text))
    idle = _event(dream, "session.status_idle", "idle", now, stop_reason={"type": "end_turn"})
    _record(dream, [last, idle])
    actions.archive_session(session_id=dream.session_id, by=Actor.system(dream.workspace))


def _record(dream: Dream, events: list[EventRecord]) -> None:
    session = _session(dream)
    if session is not None:
        recording.record(session.pk, events)


def _session(dream: Dream) -> Session | None:
    mine = Session.objects.visible_in(dream.workspace).filter(public_id=dream.session_id)
    return mine.only("pk").first()


def _event(dream: Dream, kind: str, step: str, at: datetime, **payload: Any) -> EventRecord:
    public_id = derived_id("sevt", dream.pk, step)
    told = {"id": public_id, "type": kind, "processed_at": stamp(at), **payload}
    return EventRecord(dream.pk, kind, public_id, told, at)


def _text(text: str) -> list[dict[str, str]]:
    return [{"type": "text", "text": text}]
