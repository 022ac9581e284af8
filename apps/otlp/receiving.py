"""Spans on their way into the record: a transaction per trace, under a lock on its row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import Workspace
from apps.agents.models import Agent
from apps.core import payloads
from apps.core.ids import derived_id
from apps.otlp.decoding import RawSpan
from apps.otlp.mapping.meaning import Kind, conversation_of, person_of, read
from apps.otlp.models import LaneMemory, Span, Trace
from apps.otlp.placing import PRIMARY, Arrival, Known, Lane, Placing, State, wrappers
from apps.otlp.remembering import Memory
from apps.otlp.telling import SOURCE, Teller, moment
from apps.sessions import importing
from apps.sessions.fitting import fit
from apps.sessions.formats.shapes import Json
from apps.sessions.models import Session, Thread
from apps.sessions.records import Record, SessionRecord

MOST_STEPS_UP = 50
MOST_SETTLED = 1_000
_LONGEST_METADATA = 512
_LONGEST_CONVERSATION = 512


def receive(spans: Iterable[RawSpan], *, workspace: Workspace) -> None:
    """Keep the spans. What is known already adds nothing."""
    by_trace = sorted(spans, key=lambda span: span.trace_id)
    for trace_id, group in groupby(by_trace, key=lambda span: span.trace_id):
        with transaction.atomic():
            trace, is_new = _locked(workspace, trace_id)
            _Taking(trace, is_new).take(list(group))


def settle() -> int:
    """Place what has waited long enough for its parents; how many traces that were."""
    overdue = Trace.objects.overdue().values_list("pk", flat=True)[:MOST_SETTLED]
    return sum(_settle(pk) for pk in list(overdue))


@transaction.atomic
def _settle(trace_pk: int) -> bool:
    waiting = Trace.objects.overdue().select_for_update(skip_locked=True, of=("self",))
    trace = waiting.select_related("session", "workspace").filter(pk=trace_pk).first()
    if trace is not None:
        _Taking(trace, is_new=False).take([], overdue=True)
    return trace is not None


@transaction.atomic
def forget() -> int:
    """Delete traces without news; how many."""
    old = Trace.objects.forgettable().order_by("touched_at", "pk")[:MOST_SETTLED]
    found = list(old.select_for_update(skip_locked=True).values_list("pk", flat=True))
    Span.objects.filter(trace__in=found).delete()
    Trace.objects.filter(pk__in=found).delete()
    return len(found)


def _locked(workspace: Workspace, trace_id: str) -> tuple[Trace, bool]:
    """The trace's row, made if it is new, and locked until the transaction ends."""
    now = timezone.now()
    known = Trace.objects.select_for_update(of=("self",)).select_related("session")
    mine = known.filter(workspace=workspace, trace_id=trace_id)
    if (trace := mine.first()) is not None:
        trace.workspace = workspace
        return trace, False
    made = Trace(workspace=workspace, trace_id=trace_id, touched_at=now)
    Trace.objects.bulk_create([made], ignore_conflicts=True)
    trace = mine.get()
    trace.workspace = workspace
    return trace, trace.touched_at == now


@dataclass(slots=True)
class _Taking:
    """One trace's spans on their way."""

    trace: Trace
    is_new: bool
    known: dict[str, Known] = field(default_factory=dict)
    rows: dict[str, Span] = field(default_factory=dict)
    """What is to be written of spans."""
    requests: dict[str, str] = field(default_factory=dict)
    """Requests that are placed already, and their parents."""
    arrivals: dict[str, Arrival] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)
    """Those of them that came with an earlier request."""

    def take(self, spans: Sequence[RawSpan], *, overdue: bool = False) -> None:
        """Place what can be placed, keep the rest waiting."""
        if self.trace.session is None:
            named = filter(None, map(conversation_of, spans))
            found = payloads.storable(next(named, ""))[:_LONGEST_CONVERSATION]
            self.trace.conversation = self.trace.conversation or found
        given = {span.span_id: Arrival(span, read(span)) for span in spans}
        self._look_up(given)
        for arrival in given.values():
            self._admit(arrival)
        self._look_above()
        placing = self._place(overdue=overdue)
        self._keep(placing)

    # ---- what is known --------------------------------------------------------------------------

    def _look_up(self, given: dict[str, Arrival]) -> None:
        if self.is_new:
            return
        named = set(given) | {each.span.parent_id for each in given.values()}
        asked = [k for k, each in given.items() if each.meaning.kind == Kind.MODEL]
        within = Q(is_request=True, parent_id__in=asked)
        self._load(Q(span_id__in=named) | Q(state=State.WAITING) | within)

    def _load(self, which: Q) -> None:
        for row in Span.objects.filter(which, trace=self.trace):
            if row.state == State.WAITING:
                span = RawSpan.load(row.body)
                self.arrivals[row.span_id] = Arrival(span, read(span))
                self.waiting.add(row.span_id)
            else:
                known = Known(row.parent_id, State(row.state), row.lane, row.anchored)
                self.known[row.span_id] = known
            if row.is_request:
                self.requests[row.span_id] = row.parent_id

    def _admit(self, arrival: Arrival) -> None:
        span = arrival.span
        before = self.known.get(span.span_id)
        if span.span_id in self.arrivals or (before and before.state != State.EXPECTED):
            return  # it came before
        if arrival.meaning.kind == Kind.NOTHING and before is None:
            self.known[span.span_id] = Known(span.parent_id, State.PASSING)
            self.rows[span.span_id] = self._row(span, State.PASSING)
            self.trace.passed_over += 1
            return
        self.arrivals[span.span_id] = arrival

    def _look_above(self) -> None:
        """Load the spans between those at hand and the first that has a lane."""
        for _ in range(MOST_STEPS_UP if not self.is_new else 0):
            passing = {
                each.parent_id for each in self.known.values() if each.state == State.PASSING
            }
            wanted = passing | {each.span.parent_id for each in self.arrivals.values()}
            missing = wanted - self.known.keys() - self.arrivals.keys() - {""}
            count = len(self.known)
            if missing:
                self._load(Q(span_id__in=missing))
            if len(self.known) == count:
                return

    # ---- placing and telling --------------------------------------------------------------------

    def _place(self, *, overdue: bool) -> Placing:
        memories: dict[str, LaneMemory] = {}
        key = self._key()
        if self.arrivals:
            self._lock_session(key)
            memories = self._memories()
        placing = Placing(self.known, _lanes(memories), self.trace.claimed)
        named = {lane.id: lane.name for lane in placing.lanes.values()}
        placing.place(self.arrivals.values(), overdue=overdue)
        if placing.placed:
            self._tell(placing, key, memories, named)
        return placing

    def _key(self) -> str:
        """The name of its session: the conversation, or the trace itself."""
        named = SessionRecord(self.trace.conversation or self.trace.trace_id, SOURCE, {"name": ""})
        return fit(named).key

    def _lock_session(self, key: str) -> None:
        """Traces of one conversation wait for each other, though their session may not be there."""
        with connection.cursor() as cursor:
            name = f"{self.trace.workspace_id}/{key}"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        if self.trace.session is None:
            known = Session.objects.filter(workspace=self.trace.workspace)
            self.trace.session = known.filter(public_id=derived_id("sesn", SOURCE, key)).first()

    def _memories(self) -> dict[str, LaneMemory]:
        if self.trace.session is None:
            return {}
        wanted = {each.lane for each in self.known.values()} - {PRIMARY}
        lanes = LaneMemory.objects.filter(
            Q(thread__public_id__in=wanted) | Q(thread__position=0),
            thread__session=self.trace.session,
        )
        found = lanes.select_related("thread__parent")
        return {each.thread.public_id if each.thread.position else PRIMARY: each for each in found}

    def _tell(
        self, placing: Placing, key: str, kept: dict[str, LaneMemory], named: dict[str, str]
    ) -> None:
        teller = Teller(
            key=key,
            trace_id=self.trace.trace_id,
            lanes=placing.lanes,
            memories={lane: Memory.load(each.memory) for lane, each in kept.items()},
            wrappers=wrappers([each.arrival for each in placing.placed], self.requests),
        )
        for span_id, lane in placing.opened.items():
            teller.expect(span_id, lane, _earliest(placing, lane))
        teller.tell(placing.placed)
        for lane in placing.lanes.values():
            if lane.id != PRIMARY and lane.name != named.get(lane.id):
                teller.introduce(lane, None)
        session = self._session_record(placing, teller)
        records: list[Record] = [session, *teller.threads.values(), *teller.events]
        importing.take(records, workspace=self.trace.workspace)
        self._remember(placing, teller, session)

    def _session_record(self, placing: Placing, teller: Teller) -> SessionRecord:
        spans = [each.arrival.span for each in placing.placed]
        service = str(spans[0].resource.get("service.name") or "")
        primary = placing.lanes.get(PRIMARY, Lane(PRIMARY))
        person = next(filter(None, map(person_of, spans)), "")
        told = {"service_name": service, "user_id": person, "trace_id": self.trace.trace_id}
        metadata = {name: value[:_LONGEST_METADATA] for name, value in told.items() if value}
        about = teller.about.get(PRIMARY, {})
        is_titled = self.trace.session is not None and bool(self.trace.session.title)
        return SessionRecord(
            key=teller.key,
            source=SOURCE,
            agent={**about, "name": primary.name or service or importing.UNNAMED},
            title="" if is_titled else teller.title,
            created_at=moment(min((span.start for span in spans if span.start), default=0)),
            metadata=metadata if self.trace.session is None else {},
        )

    def _remember(self, placing: Placing, teller: Teller, record: SessionRecord) -> None:
        public_id = derived_id("sesn", SOURCE, record.key)
        session = Session.objects.get(workspace=self.trace.workspace, public_id=public_id)
        heard = teller.memories.keys() | {PRIMARY}
        lanes = Thread.objects.filter(
            Q(public_id__in=heard - {PRIMARY}) | Q(position=0), session=session
        )
        rows = []
        for thread in lanes:
            lane = placing.lanes.get(thread.public_id if thread.position else PRIMARY)
            name = lane.name if lane is not None else ""
            memory = teller.memories.get(lane.id if lane is not None else PRIMARY, Memory())
            rows.append(LaneMemory(thread=thread, name=name, memory=memory.dump()))
            if lane is not None and not thread.position and name not in ("", thread.agent_name):
                _rename(session, thread, fit(record).agent)
        LaneMemory.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["thread"],
            update_fields=["name", "memory"],
        )
        self.trace.session = session

    # ---- what is kept of the spans --------------------------------------------------------------

    def _keep(self, placing: Placing) -> None:
        for placement in placing.placed:
            span = placement.arrival.span
            row = self._row(span, State.PLACED)
            row.lane, row.anchored = placement.lane.id, self.known[span.span_id].anchored
            row.is_request = placement.arrival.meaning.kind == Kind.MODEL
            self.rows[span.span_id] = row
        for span_id, known in placing.expected.items():
            self.rows[span_id] = Span(
                trace=self.trace,
                span_id=span_id,
                state=State.EXPECTED,
                lane=known.lane,
                anchored=True,
            )
        for arrival in placing.left:
            if arrival.span.span_id in self.waiting:
                continue
            row = self._row(arrival.span, State.WAITING)
            row.body = arrival.span.dump()
            self.rows[arrival.span.span_id] = row
        Span.objects.bulk_create(
            [self.rows[span_id] for span_id in sorted(self.rows)],
            update_conflicts=True,
            unique_fields=["trace", "span_id"],
            update_fields=["parent_id", "state", "lane", "anchored", "is_request", "body"],
        )
        self._save(placing)

    def _row(self, span: RawSpan, state: State) -> Span:
        return Span(
            trace=self.trace, span_id=span.span_id, parent_id=span.parent_id[:16], state=state
        )

    def _save(self, placing: Placing) -> None:
        trace, now = self.trace, timezone.now()
        trace.claimed = placing.claimed
        trace.waiting_since = (trace.waiting_since or now) if placing.left else None
        trace.touched_at = now
        trace.save(
            update_fields=[
                "session",
                "conversation",
                "claimed",
                "passed_over",
                "waiting_since",
                "touched_at",
            ]
        )


def _lanes(memories: dict[str, LaneMemory]) -> dict[str, Lane]:
    lanes = {}
    for lane, kept in memories.items():
        above = kept.thread.parent
        parent = above.public_id if above is not None and above.position else PRIMARY
        lanes[lane] = Lane(lane, parent, kept.name)
    return lanes


def _earliest(placing: Placing, lane: Lane) -> int:
    starts = (each.arrival.span.start for each in placing.placed if each.lane is lane)
    return min(filter(None, starts), default=0)


def _rename(session: Session, thread: Thread, agent: Json) -> None:
    """The session's agent is named at last: until then it was called by its service."""
    snapshot: dict[str, Any] = session.agent_snapshot | agent
    Thread.objects.filter(pk=thread.pk).update(
        agent_name=agent["name"], agent_snapshot=thread.agent_snapshot | agent
    )
    named = Agent.objects.named(session.workspace, agent["name"])
    Session.objects.filter(pk=session.pk).update(agent=named, agent_snapshot=snapshot)
