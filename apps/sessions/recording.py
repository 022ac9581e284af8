"""The one way in: events are numbered, kept and counted in a single transaction.

A batch costs a fixed number of statements, whatever its size: lock the session, look up what is
known already and what the new events refer to, COPY the rows, and in one more write the counters
and the timeline and tell who follows.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import orjson
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from psycopg.types.json import Jsonb

from apps.core import payloads
from apps.sessions import announcing, tracking
from apps.sessions.counting import COLUMNS, Batch, Opener
from apps.sessions.fitting import fit_id
from apps.sessions.models import Event, Kind, Session, Thread, Timeline
from apps.sessions.models.event import CONFIRMATION
from apps.sessions.promoting import Promoted, promote
from apps.sessions.records import EventRecord
from apps.sessions.timeline import Fold

_SESSIONS, _THREADS, _EVENTS, _TIMELINES = (
    model._meta.db_table  # noqa: SLF001 -- the table's name
    for model in (Session, Thread, Event, Timeline)
)
_COPY = f"COPY {_EVENTS} ({COLUMNS}) FROM STDIN"


class Recorded(NamedTuple):
    """How many events were kept, and how many were there already."""

    added: int
    skipped: int


class _New(NamedTuple):
    """An event on its way in, and what its columns will hold."""

    record: EventRecord
    promoted: Promoted


@transaction.atomic
def record(session_id: int, records: Sequence[EventRecord]) -> Recorded:
    """Add what is new of these events to the session, in their order.

    Every thread that they name must exist. Events whose public id the session has are skipped.
    """
    session = _locked(session_id)
    by_id: dict[str, _New] = {}
    for each in records:
        if each.public_id not in by_id:
            by_id[each.public_id] = _New(each, promote(each.type, each.payload))
    stored = _stored(session, by_id.values())
    fresh = [each for public_id, each in by_id.items() if public_id not in stored]
    fresh = _without_known_elsewhere(session, fresh)
    if fresh:
        _write(session, fresh, stored)
    return Recorded(len(fresh), len(records) - len(fresh))


def _locked(session_id: int) -> Session:
    """The session, without what no batch looks at."""
    unread = ("title", "metadata", "vault_ids", "budget")
    return Session.objects.select_for_update().defer(*unread).get(pk=session_id)


def _stored(session: Session, news: Iterable[_New]) -> dict[str, Opener]:
    """What the session has of these events already, and of those that they close."""
    if not session.event_count:
        return {}
    wanted = {each.record.public_id for each in news}
    wanted |= {each.promoted.closes_id for each in news} - {""}
    with connection.cursor() as cursor:
        cursor.execute(_LOOK_UP, [session.pk, list(wanted)])
        return {row[0]: Opener(*row[1:]) for row in cursor.fetchall()}


_LOOK_UP = f"""
    SELECT public_id, sequence, occurred_at, kind, tool_name FROM {_EVENTS}
    WHERE session_id = %s AND public_id = ANY(%s)
"""  # noqa: S608 -- names of our own


def _without_known_elsewhere(session: Session, news: list[_New]) -> list[_New]:
    """Leave out what came before under another public id of ours, and the same id of its source."""
    external = [each.record.external_id for each in news if each.record.external_id]
    if not external:
        return news
    known = Event.objects.filter(session=session, external_id__in=external)
    seen = set(known.values_list("external_id", flat=True))
    return [each for each in news if each.record.external_id not in seen]


def _write(session: Session, news: list[_New], openers: dict[str, Opener]) -> None:
    first = session.event_count + 1
    batch = Batch(
        session=session,
        threads=_threads(session, news),
        openers=_allowed(session, openers),
        sequence=session.event_count,
        fold=_fold(session),
        tools=set(session.tool_names),
    )
    rows = [batch.row(*each) for each in news]
    batch.fold.add(batch.ticks)
    _copy(rows)
    session.tool_names = sorted(batch.tools)
    session.updated_at = timezone.now()
    touched = {row[1] for row in rows} | {batch.primary.pk}
    _save([each for each in batch.threads.values() if each.pk in touched], batch)
    announcing.recorded(session, first, batch.sequence)


def _threads(session: Session, news: list[_New]) -> dict[str, Thread]:
    """The primary thread, and those that these events name in any way."""
    named = {each.record.thread for each in news} | {each.promoted.peer_id for each in news}
    subjects = (each.record.payload.get("session_thread_id") for each in news)
    named |= {fit_id("sthr", each) for each in subjects if isinstance(each, str)}
    mine = session.threads.filter(Q(position=0) | Q(public_id__in=named - {""}))
    return {thread.public_id: thread for thread in mine}


def _allowed(session: Session, openers: dict[str, Opener]) -> dict[str, Opener]:
    """A tool that waited to be allowed is at work from then on."""
    tools = [each.sequence for each in openers.values() if each.kind in (Kind.TOOL, Kind.MEMORY)]
    if not tools:
        return openers
    confirmed = Event.objects.filter(session=session, type=CONFIRMATION, closes__in=tools)
    allowed = dict(confirmed.values_list("closes", "occurred_at"))
    return {
        public_id: each._replace(occurred_at=allowed.get(each.sequence, each.occurred_at))
        for public_id, each in openers.items()
    }


def _fold(session: Session) -> Fold:
    """The timeline so far. It is our own writing, and long: it is read without caution."""
    if not session.event_count:
        return Fold()
    with connection.cursor() as cursor:
        cursor.execute(_READ_TIMELINE, [session.pk])
        found = cursor.fetchone()
    return Fold.load(orjson.loads(found[0])) if found else Fold()


_READ_TIMELINE = f"SELECT folded::text FROM {_TIMELINES} WHERE session_id = %s"  # noqa: S608


_THREAD_COUNTERS = (
    "event_count",
    "error_count",
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "token_cost",
    "unpriced_requests",
    "active_seconds",
    "running_since",
    "first_event_at",
    "last_event_at",
    "status",
)
_SESSION_COUNTERS = (*_THREAD_COUNTERS, "outcome_result", "tool_names", "updated_at")


def _update(table: str, columns: Iterable[str]) -> str:
    values = ", ".join(f"{name} = %s" for name in columns)
    return f"UPDATE {table} SET {values} WHERE id = %s;"  # noqa: S608 -- names of our own


_UPDATE_SESSION = _update(_SESSIONS, (*_SESSION_COUNTERS, "outcome_evaluations"))
_UPDATE_THREAD = _update(_THREADS, _THREAD_COUNTERS)
_KEEP_TIMELINE = (
    f"INSERT INTO {_TIMELINES} (session_id, folded) VALUES (%s, %s)"  # noqa: S608
    " ON CONFLICT (session_id) DO UPDATE SET folded = EXCLUDED.folded;"
)


def _save(threads: list[Thread], batch: Batch) -> None:
    """One round trip, and none of the expressions of the ORM, which cost more than the COPY."""
    session = batch.session
    values = [getattr(session, name) for name in _SESSION_COUNTERS]
    values += [Jsonb(session.outcome_evaluations), session.pk]
    for each in threads:
        values += [*(getattr(each, name) for name in _THREAD_COUNTERS), each.pk]
    values += [session.pk, payloads.dump(batch.fold.dump())]
    uses, used = tracking.statements(session.pk, batch.used, batch.failed)
    query = _UPDATE_SESSION + _UPDATE_THREAD * len(threads) + _KEEP_TIMELINE + uses
    with connection.cursor() as cursor:
        cursor.execute(query, [*values, *used])


def _copy(rows: list[tuple[Any, ...]]) -> None:
    connection.ensure_connection()
    with connection.connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for row in rows:
            copy.write_row(row)
