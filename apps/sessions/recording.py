"""The one way in: events are numbered, kept and counted in a single transaction.

A batch costs a fixed number of statements, whatever its size: lock the session, look up what is
known already and what the new events refer to, COPY the rows, write the counters and the timeline.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils import timezone

from apps.core import payloads
from apps.sessions import pricing
from apps.sessions.models import Event, Session, Status, Thread, Timeline
from apps.sessions.promoting import Promoted, closes_id, promote
from apps.sessions.records import EventRecord
from apps.sessions.timeline import Fold, Tick

_COLUMNS = (
    "session_id, thread_id, sequence, public_id, external_id, type, occurred_at, processed_at,"
    " payload, kind, is_error, closes, peer_id, tool_name, model, input_tokens, output_tokens,"
    " cache_read_tokens, cache_write_tokens, token_cost, text"
)
_COPY = f"COPY {Event._meta.db_table} ({_COLUMNS}) FROM STDIN"  # noqa: SLF001 -- the table's name


class Recorded(NamedTuple):
    """How many events were kept, and how many were there already."""

    added: int
    skipped: int


class Opener(NamedTuple):
    """What an end needs to know of the event that it closes."""

    sequence: int
    occurred_at: datetime
    kind: int
    tool_name: str


@dataclass(slots=True)
class _Batch:
    """One transaction's worth of events of one session, on their way in."""

    session: Session
    threads: dict[str, Thread]
    openers: dict[str, Opener]
    sequence: int
    fold: Fold
    tools: set[str]
    ticks: list[Tick] = field(default_factory=list)

    @property
    def primary(self) -> Thread:
        return next(thread for thread in self.threads.values() if thread.position == 0)

    def row(self, record: EventRecord) -> tuple[Any, ...]:
        """Number the event, count it, and return its row in the order of the columns."""
        self.sequence += 1
        promoted = promote(record.type, record.payload)
        thread = self.threads[record.thread] if record.thread else self.primary
        peer = self.threads.get(promoted.peer_id)
        at = self._time_of(record)
        opener = self.openers.get(promoted.closes_id)
        kind, tool_name = promoted.kind, promoted.tool_name
        if opener is not None and not tool_name:
            kind, tool_name = opener.kind, opener.tool_name
        self.openers[record.public_id] = Opener(self.sequence, at, kind, tool_name)
        model, cost = self._price(promoted, thread)
        self._count(promoted, record, thread, at, cost)
        self._draw(thread, peer, kind, at, opener, promoted, record.type)
        if tool_name:
            self.tools.add(tool_name)
        usage: tuple[int | None, ...] = promoted.usage or (None, None, None, None)
        return (
            self.session.pk,
            thread.pk,
            self.sequence,
            record.public_id,
            record.external_id or None,
            record.type,
            at,
            _processed_at(record),
            payloads.dump(record.payload),
            kind,
            promoted.is_error,
            opener.sequence if opener else None,
            peer.pk if peer else None,
            tool_name,
            model,
            *usage,
            cost,
            promoted.text,
        )

    def _time_of(self, record: EventRecord) -> datetime:
        if record.occurred_at is not None and self.session.timed:
            return record.occurred_at
        return self.session.last_event_at or self.session.created_at

    def _price(self, promoted: Promoted, thread: Thread) -> tuple[str, Decimal | None]:
        """The model that was asked and what it cost at list price, if this event says so."""
        if promoted.usage is None:
            return promoted.model, None
        model = promoted.model or thread.model or self.session.model
        return model, pricing.token_cost(model, promoted.usage)

    def _count(
        self,
        promoted: Promoted,
        record: EventRecord,
        thread: Thread,
        at: datetime,
        cost: Decimal | None,
    ) -> None:
        for counted in (self.session, thread):
            counted.event_count += 1
            counted.error_count += promoted.is_error
            counted.first_event_at = min(counted.first_event_at or at, at)
            counted.last_event_at = max(counted.last_event_at or at, at)
            if promoted.usage is not None:
                counted.input_tokens += promoted.usage.input
                counted.output_tokens += promoted.usage.output
                counted.cache_read_tokens += promoted.usage.cache_read
                counted.cache_write_tokens += promoted.usage.cache_write
                counted.token_cost += cost or Decimal(0)
                counted.unpriced_requests += cost is None and any(promoted.usage)
        self._follow_status(record, thread, at)
        self._follow_outcome(record, at)

    def _follow_status(self, record: EventRecord, thread: Thread, at: datetime) -> None:
        """A session's own status events speak of the primary thread too."""
        subject, _, change = record.type.partition("status_")
        status = _STATUSES.get(change)
        if status is None:
            return
        if subject == "session.":
            _switch(self.session, status, at)
            _switch(self.primary, status, at)
        elif subject == "session.thread_":
            named = self.threads.get(str(record.payload.get("session_thread_id") or ""), thread)
            if named.position:
                _switch(named, status, at)

    def _follow_outcome(self, record: EventRecord, at: datetime) -> None:
        payload = record.payload
        if record.type == "user.define_outcome":
            self._evaluate(payload, result="pending", completed_at=None)
        elif record.type == "span.outcome_evaluation_end":
            result = payloads.storable(str(payload.get("result") or ""))[:32]
            self._evaluate(payload, result=result, completed_at=at.isoformat())

    def _evaluate(self, payload: dict[str, Any], *, result: str, completed_at: str | None) -> None:
        """Add to the session's evaluations; the first verdict takes its outcome's waiting place."""
        outcome_id = payloads.storable(str(payload.get("outcome_id") or ""))
        same = [e for e in self.session.outcome_evaluations if e["outcome_id"] == outcome_id]
        description = str(payload.get("description") or "")
        self.session.outcome_result = result
        self.session.outcome_evaluations = [
            *(e for e in self.session.outcome_evaluations if e not in same or e["completed_at"]),
            {
                "type": "outcome_evaluation",
                "outcome_id": outcome_id,
                "description": payloads.storable(description)
                or next((e["description"] for e in same), ""),
                "iteration": payload.get("iteration") or 0,
                "result": result,
                "explanation": payloads.storable(str(payload.get("explanation") or "")) or None,
                "completed_at": completed_at,
            },
        ]

    def _draw(
        self,
        thread: Thread,
        peer: Thread | None,
        kind: int,
        at: datetime,
        opener: Opener | None,
        promoted: Promoted,
        event_type: str,
    ) -> None:
        moment = self._moment(at, self.sequence)
        self.ticks.append(
            Tick(
                lane=thread.position,
                kind=kind,
                at=moment,
                sequence=self.sequence,
                is_error=promoted.is_error,
                started=self._moment(opener.occurred_at, opener.sequence) if opener else None,
                peer=peer.position if peer and event_type == "agent.thread_message_sent" else None,
            )
        )

    def _moment(self, at: datetime, sequence: int) -> int:
        """Milliseconds on the minimap; without a clock every event is a second long."""
        if not self.session.timed:
            return (sequence - 1) * 1000
        milliseconds = round(at.timestamp() * 1000)
        if self.fold.began is None:
            self.fold.began = milliseconds
        return milliseconds - self.fold.began


_STATUSES = {
    "running": Status.RUNNING,
    "idle": Status.IDLE,
    "rescheduled": Status.RESCHEDULING,
    "terminated": Status.TERMINATED,
}


def _switch(counted: Session | Thread, status: Status, at: datetime) -> None:
    """Change the status, and add the time that was spent running."""
    if counted.running_since is not None and status != Status.RUNNING:
        counted.active_seconds += max(0.0, (at - counted.running_since).total_seconds())
        counted.running_since = None
    elif counted.running_since is None and status == Status.RUNNING:
        counted.running_since = at
    counted.status = status


def _processed_at(record: EventRecord) -> datetime | None:
    return record.occurred_at if record.payload.get("processed_at") else None


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
    batch = _Batch(
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
    return {public_id: Opener(n, at, kind, tool) for public_id, n, at, kind, tool in found}


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
