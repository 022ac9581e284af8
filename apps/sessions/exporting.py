"""A session as a file: the contract's objects, which the native format reads back.

NDJSON has one of them per line, JSON is an array of the same. Rows come from a cursor on the
server and leave as they come, so memory stays flat; payloads are passed on as the text they are.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast

from apps.core import payloads
from apps.core.api.times import stamp
from apps.sessions import wire
from apps.sessions.models import Event, Session, Thread

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
    whole = wire.session_object(session, session.resources.in_order())
    if not session.timed:
        whole["timed"] = False
    return chain(
        [payloads.dump(whole)],
        (payloads.dump(wire.thread_object(session, thread)) for thread in threads),
        _events(session, threads),
    )


def _events(session: Session, threads: list[Thread]) -> Iterator[str]:
    names = {thread.pk: thread.public_id for thread in threads if thread.position}
    rows = (
        Event.objects.filter(session=session)
        .in_order()
        .annotate(verbatim=Cast("payload", TextField()))
        .values_list("verbatim", "thread_id", "occurred_at")
    )
    for verbatim, thread_id, occurred_at in rows.iterator(chunk_size=_ROWS):
        missing: dict[str, Any] = {}
        if thread_id in names and '"session_thread_id"' not in verbatim:
            missing["session_thread_id"] = names[thread_id]
        if session.timed and not any(name in verbatim for name in _TIMES):
            missing["created_at"] = stamp(occurred_at)
        yield wire.with_keys(verbatim, missing) if missing else verbatim
