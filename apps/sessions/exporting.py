"""A session as a file: the contract's objects, which the native format reads back.

NDJSON has one of them per line, JSON is an array of the same. Rows come from a cursor on the
server and leave as they come, so memory stays flat; payloads are passed on as the text they are.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast

from apps.core import payloads
from apps.sessions import pricing
from apps.sessions.models import Event, Session, Thread
from apps.sessions.models.counters import Counted

_ROWS = 2_000
_TIMES = ('"processed_at"', '"created_at"')


def as_ndjson(session: Session) -> Iterator[str]:
    """One object per line: the session, its threads, its events."""
    for each in _objects(session):
        yield f"{each}\n"


def as_json(session: Session) -> Iterator[str]:
    """An array of the same objects."""
    before = "[\n"
    for each in _objects(session):
        yield f"{before}{each}"
        before = ",\n"
    yield "\n]\n"


def _objects(session: Session) -> Iterator[str]:
    threads = list(Thread.objects.filter(session=session).select_related("parent").as_lanes())
    return chain(
        [payloads.dump(session_object(session))],
        (payloads.dump(thread_object(session, thread)) for thread in threads),
        _events(session, threads),
    )


def session_object(session: Session) -> dict[str, Any]:
    """The session as the contract has it (contract: 3.3)."""
    return {
        "id": session.public_id,
        "type": "session",
        "title": session.title or None,
        "status": "terminated" if session.archived_at else session.status,
        "agent": session.agent_snapshot,
        "environment_id": session.environment.public_id,
        "metadata": session.metadata,
        "resources": [],
        "vault_ids": [],
        "outcome_evaluations": session.outcome_evaluations,
        "stats": _stats(session),
        "usage": _usage(session),
        "budget": None,
        "deployment_id": None,
        "created_at": _stamp(session.created_at),
        "updated_at": _stamp(session.updated_at),
        "archived_at": _stamp(session.archived_at),
        **({} if session.timed else {"timed": False}),
    }


def thread_object(session: Session, thread: Thread) -> dict[str, Any]:
    """A thread as the contract has it (contract: 3.6)."""
    return {
        "id": thread.public_id,
        "type": "session_thread",
        "session_id": session.public_id,
        "agent": {"name": thread.agent_name} | thread.agent_snapshot,
        "status": thread.status,
        "parent_thread_id": thread.parent.public_id if thread.parent else None,
        "stats": _stats(thread),
        "usage": _usage(thread),
        "workflow_run_id": None,
        "created_at": _stamp(thread.created_at),
        "updated_at": _stamp(thread.last_event_at or thread.created_at),
        "archived_at": _stamp(thread.archived_at),
    }


def _stats(counted: Counted) -> dict[str, float | None]:
    return {
        "active_seconds": round(counted.active_seconds, 3),
        "duration_seconds": counted.duration_seconds,
    }


def _usage(counted: Counted) -> dict[str, Any]:
    cost = counted.token_cost
    if isinstance(counted, Session):
        cost += pricing.running_cost(counted.active_seconds)
    return {
        "input_tokens": counted.input_tokens,
        "output_tokens": counted.output_tokens,
        "cache_read_input_tokens": counted.cache_read_tokens,
        "cache_creation_input_tokens": counted.cache_write_tokens,
        "list_cost": {"amount": f"{cost * 100:.7f}", "currency": "USD"},
    }


def _stamp(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def _events(session: Session, threads: list[Thread]) -> Iterator[str]:
    names = {thread.pk: thread.public_id for thread in threads if thread.position}
    rows = (
        Event.objects.filter(session=session)
        .in_order()
        .annotate(verbatim=Cast("payload", TextField()))
        .values_list("verbatim", "thread_id", "occurred_at")
    )
    for verbatim, thread_id, occurred_at in rows.iterator(chunk_size=_ROWS):
        missing: dict[str, str | None] = {}
        if thread_id in names and '"session_thread_id"' not in verbatim:
            missing["session_thread_id"] = names[thread_id]
        if session.timed and not any(name in verbatim for name in _TIMES):
            missing["created_at"] = _stamp(occurred_at)
        yield _with(verbatim, missing) if missing else verbatim


def _with(verbatim: str, missing: dict[str, Any]) -> str:
    """The same object with some keys in front of its own."""
    rest = verbatim.strip().removeprefix("{").strip()
    added = payloads.dump(missing).removesuffix("}")
    return f"{added}{'' if rest == '}' else ','}{rest}"
