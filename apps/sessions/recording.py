"""The one way in: events are numbered, kept and counted in a single transaction.

A batch costs a fixed number of statements, whatever its size: lock the session, look up what is
known already and what the new events refer to, COPY the rows, write the counters and the timeline,
tell who follows.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from apps.sessions import announcing
from apps.sessions.counting import COLUMNS, Batch, Opener
from apps.sessions.models import Event, Session, Thread, Timeline
from apps.sessions.models.event import CONFIRMATION
from apps.sessions.promoting import closes_id
from apps.sessions.records import EventRecord
from apps.sessions.timeline import Fold

_COPY = f"COPY {Event._meta.db_table} ({COLUMNS}) FROM STDIN"  # noqa: SLF001 -- the table's name


class Recorded(NamedTuple):
    """How many events were kept, and how many were there already."""

    added: int
    skipped: int


@transaction.atomic
def record(session_id: int, records: Sequence[EventRecord]) -> Recorded:
    """Add what is new of these events to the session, in their order.

    Every thread that they name must exist. Events whose public id the session has are skipped.
    """
    session = Session.objects.select_for_update().get(pk=session_id)
    fresh = _without_known(session, records)
    if fresh:
        _write(session, fresh)
    return Recorded(len(fresh), len(records) - len(fresh))


def _without_known(session: Session, records: Iterable[EventRecord]) -> list[EventRecord]:
    by_id: dict[str, EventRecord] = {}
    for each in records:
        by_id.setdefault(each.public_id, each)
    if not session.event_count:
        return list(by_id.values())
    events = Event.objects.filter(session=session)
    for known in events.filter(public_id__in=by_id).values_list("public_id", flat=True):
        del by_id[known]
    by_external = {each.external_id: each for each in by_id.values() if each.external_id}
    if by_external:
        known_externally = events.filter(external_id__in=by_external)
        for external_id in known_externally.values_list("external_id", flat=True):
            del by_id[by_external[external_id or ""].public_id]
    return list(by_id.values())


def _write(session: Session, records: list[EventRecord]) -> None:
    threads = {thread.public_id: thread for thread in session.threads.all()}
    timeline = Timeline.objects.filter(session=session).first()
    first = session.event_count + 1
    batch = Batch(
        session=session,
        threads=threads,
        openers=_openers(session, records),
        sequence=session.event_count,
        fold=Fold.load(timeline.folded) if timeline else Fold(),
        tools=set(session.tool_names),
    )
    rows = [batch.row(each) for each in records]
    batch.fold.add(batch.ticks)
    _copy(rows)
    session.tool_names = sorted(batch.tools)
    session.updated_at = timezone.now()
    session.save(update_fields=_SESSION_COUNTERS)
    touched = {row[1] for row in rows} | {batch.primary.pk}
    _save_counters([each for each in threads.values() if each.pk in touched])
    Timeline.objects.bulk_create(
        [Timeline(session=session, folded=batch.fold.dump())],
        update_conflicts=True,
        unique_fields=["session"],
        update_fields=["folded"],
    )
    announcing.recorded(session, first, batch.sequence)


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
_UPDATE_THREAD = (
    f"UPDATE {Thread._meta.db_table}"  # noqa: SLF001, S608 -- names of our own
    f" SET {', '.join(f'{name} = %s' for name in _THREAD_COUNTERS)} WHERE id = %s"
)
_SESSION_COUNTERS = (
    *_THREAD_COUNTERS,
    "outcome_result",
    "outcome_evaluations",
    "tool_names",
    "updated_at",
)


def _openers(session: Session, records: list[EventRecord]) -> dict[str, Opener]:
    """What is stored already of the events that these ones close."""
    if not session.event_count:
        return {}
    wanted = {closes_id(each.payload) for each in records} - {""}
    rows = Event.objects.filter(session=session, public_id__in=wanted)
    found = rows.values_list("public_id", "sequence", "occurred_at", "kind", "tool_name")
    openers = {public_id: Opener(n, at, kind, tool) for public_id, n, at, kind, tool in found}
    confirmations = Event.objects.filter(
        session=session, type=CONFIRMATION, closes__in=[each.sequence for each in openers.values()]
    )
    allowed = dict(confirmations.values_list("closes", "occurred_at"))
    return {
        public_id: each._replace(occurred_at=allowed.get(each.sequence, each.occurred_at))
        for public_id, each in openers.items()
    }


def _save_counters(threads: list[Thread]) -> None:
    """One round trip, and none of the expressions of bulk_update, which cost more than the COPY."""
    with connection.cursor() as cursor:
        cursor.executemany(
            _UPDATE_THREAD,
            [[*(getattr(each, name) for name in _THREAD_COUNTERS), each.pk] for each in threads],
        )


def _copy(rows: list[tuple[Any, ...]]) -> None:
    connection.ensure_connection()
    with connection.connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for row in rows:
            copy.write_row(row)
