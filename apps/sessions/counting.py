"""A batch of events on its way in: each is numbered, priced, counted and drawn. No queries."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from apps.core import payloads
from apps.engine import pricing
from apps.sessions.fitting import fit_id
from apps.sessions.models import Kind, Session, Status, Thread
from apps.sessions.models.event import CONFIRMATION
from apps.sessions.promoting import Promoted
from apps.sessions.records import EventRecord
from apps.sessions.timeline import Fold, Tick
from apps.sessions.touching import Touch, touches

COLUMNS = (
    "session_id, thread_id, sequence, public_id, external_id, type, occurred_at, processed_at,"
    " payload, kind, is_error, closes, peer_id, in_session_stream, tool_name, model,"
    " input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, token_cost, text"
)
"""The columns of an event's row, in the order that `Batch.row` gives them."""


class Opener(NamedTuple):
    """What an end needs to know of the event that it closes."""

    sequence: int
    occurred_at: datetime
    kind: int
    tool_name: str


class Used(NamedTuple):
    """A touch of memory by the event of this number."""

    sequence: int
    at: datetime
    touch: Touch


@dataclass(slots=True)
class Batch:
    """One transaction's worth of events of one session, on their way in."""

    session: Session
    threads: dict[str, Thread]
    openers: dict[str, Opener]
    sequence: int
    fold: Fold
    tools: set[str]
    ticks: list[Tick] = field(default_factory=list)
    used: list[Used] = field(default_factory=list)
    # The numbers of uses of memory that came to nothing.
    failed: list[int] = field(default_factory=list)
    primary: Thread = field(init=False)

    def __post_init__(self) -> None:
        self.primary = next(each for each in self.threads.values() if each.position == 0)

    def row(self, record: EventRecord, promoted: Promoted) -> tuple[Any, ...]:
        """Number the event, count it, and return its row in the order of the columns."""
        self.sequence += 1
        thread = self.threads[record.thread] if record.thread else self.primary
        peer = self.threads.get(promoted.peer_id)
        at = self._time_of(record)
        opener = self.openers.get(promoted.closes_id)
        kind, tool_name = promoted.kind, promoted.tool_name
        if opener is not None and not tool_name:
            kind, tool_name = opener.kind, opener.tool_name
        self.openers[record.public_id] = Opener(self.sequence, at, kind, tool_name)
        if opener is not None and record.type == CONFIRMATION:
            # A tool that waits to be allowed is not at work; it is from now on.
            self.openers[promoted.closes_id] = opener._replace(occurred_at=at)
        model, cost = self._price(promoted, thread)
        self._count(promoted, record, thread, at, cost)
        self._draw(thread, peer, kind, at, opener, promoted, record.type)
        if kind == Kind.MEMORY:
            self._follow_memory(record, promoted, opener, at)
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
            not thread.position or _is_posted_to_session(record),
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
            named_id = fit_id("sthr", str(record.payload.get("session_thread_id") or ""))
            named = self.threads.get(named_id, thread)
            if named.position:
                _switch(named, status, at)

    def _follow_memory(
        self, record: EventRecord, promoted: Promoted, opener: Opener | None, at: datetime
    ) -> None:
        """What a tool touched; of its end, whether nothing came of it."""
        if promoted.kind == Kind.MEMORY:
            self.used += [Used(self.sequence, at, touch) for touch in touches(record.payload)]
        elif opener is not None and (promoted.is_error or is_refusal(record.payload)):
            self.failed.append(opener.sequence)

    def _follow_outcome(self, record: EventRecord, at: datetime) -> None:
        payload = record.payload
        if record.type == "user.define_outcome":
            self._evaluate(payload, result="pending", completed_at=None)
        elif record.type == "span.outcome_evaluation_start" and payload.get("outcome_id"):
            self._evaluate(payload, result="evaluating", completed_at=None)
        elif record.type == "span.outcome_evaluation_end":
            result = payloads.storable(str(payload.get("result") or ""))[:32]
            self._evaluate(payload, result=result, completed_at=at.isoformat())

    def _evaluate(self, payload: dict[str, Any], *, result: str, completed_at: str | None) -> None:
        """Add to the session's evaluations; the first verdict takes its outcome's waiting place."""
        outcome_id = payloads.storable(str(payload.get("outcome_id") or ""))
        same = [e for e in self.session.outcome_evaluations if e["outcome_id"] == outcome_id]
        description = str(payload.get("description") or "")
        iteration = payload.get("iteration")
        self.session.outcome_result = result
        self.session.outcome_evaluations = [
            *(e for e in self.session.outcome_evaluations if e not in same or e["completed_at"]),
            {
                "type": "outcome_evaluation",
                "outcome_id": outcome_id,
                "description": payloads.storable(description)
                or next((e["description"] for e in same), ""),
                "iteration": iteration if isinstance(iteration, int) else 0,
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
                started=self._moment(opener.occurred_at, opener.sequence)
                if opener and event_type != CONFIRMATION
                else None,
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


def is_refusal(payload: dict[str, Any]) -> bool:
    """Whether a person did not let the tool be used."""
    return payload.get("type") == CONFIRMATION and payload.get("result") == "deny"


def _is_posted_to_session(record: EventRecord) -> bool:
    """Of a child thread's events: its changes, and what waits for, or comes from, the client."""
    return (
        record.type.startswith(("session.thread_", "user."))
        or record.type == "agent.custom_tool_use"
        or record.payload.get("evaluated_permission") == "ask"
    )


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
