"""One trace while spans of it are taken in: what came, what was known, what is to be kept."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils import timezone

from apps.core import payloads
from apps.otlp.decoding import RawSpan
from apps.otlp.mapping.meaning import Kind, conversation_of, read
from apps.otlp.models import Span, Trace
from apps.otlp.placing import Arrival, Known, Lane, Placing, State
from apps.otlp.telling import SOURCE
from apps.sessions.fitting import fit
from apps.sessions.records import SessionRecord

_LONGEST_CONVERSATION = 512


@dataclass(slots=True)
class TraceAtHand:
    """A trace's row, which is locked, and its spans as far as they matter now."""

    row: Trace
    is_new: bool
    known: dict[str, Known] = field(default_factory=dict)
    arrivals: dict[str, Arrival] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)
    """Those of the arrivals that came with an earlier request."""
    requests: dict[str, str] = field(default_factory=dict)
    """Requests to a model that are placed already, and their parents."""
    changed: dict[str, Span] = field(default_factory=dict)
    """Rows of spans, as they are to be written."""

    def named(self, given: Iterable[RawSpan]) -> None:
        """Learn of the conversation, as long as no session is chosen."""
        if self.row.session_id is None and not self.row.conversation:
            told = next(filter(None, map(conversation_of, given)), "")
            self.row.conversation = payloads.storable(told)[:_LONGEST_CONVERSATION]

    @property
    def key(self) -> str:
        """The name of its session: the conversation, or the trace itself."""
        name = self.row.conversation or self.row.trace_id
        return fit(SessionRecord(name, SOURCE, {"name": ""})).key

    @property
    def began(self) -> int:
        return min((each.span.start for each in self.arrivals.values()), default=0)

    def recall(self, row: Span) -> None:
        """Take up a span that came before."""
        if row.state == State.WAITING:
            span = RawSpan.load(row.body)
            self.arrivals[row.span_id] = Arrival(span, read(span))
            self.waiting.add(row.span_id)
        else:
            state = State(row.state)
            self.known[row.span_id] = Known(row.parent_id, state, row.lane, row.anchored)
        if row.is_request:
            self.requests[row.span_id] = row.parent_id

    def admit(self, arrival: Arrival) -> None:
        """Take in a span that comes now, unless it came before."""
        span = arrival.span
        before = self.known.get(span.span_id)
        if span.span_id in self.arrivals or (before and before.state != State.EXPECTED):
            return
        if arrival.meaning.kind == Kind.NOTHING and before is None:
            self.known[span.span_id] = Known(span.parent_id, State.PASSING)
            self.changed[span.span_id] = self._span(span, State.PASSING)
            self.row.passed_over += 1
            return
        self.arrivals[span.span_id] = arrival

    def missing(self) -> set[str]:
        """Spans above those at hand, up to the first with a lane, of which nothing is known yet."""
        if self.is_new:
            return set()
        above = {each.span.parent_id for each in self.arrivals.values()}
        passing = (each for each in self.known.values() if each.state == State.PASSING)
        above |= {each.parent_id for each in passing}
        return above - self.known.keys() - self.arrivals.keys() - {""}

    def place(self, lanes: dict[str, Lane], *, overdue: bool) -> Placing:
        """Find lanes for what can have one; note how every span is to be kept."""
        placing = Placing(self.known, lanes, self.row.claimed)
        placing.place(self.arrivals.values(), overdue=overdue)
        self._note(placing)
        return placing

    def _note(self, placing: Placing) -> None:
        for placement in placing.placed:
            span = placement.arrival.span
            row = self.changed[span.span_id] = self._span(span, State.PLACED)
            row.lane, row.anchored = placement.lane.id, self.known[span.span_id].anchored
            row.is_request = placement.arrival.meaning.kind == Kind.MODEL
        for span_id, known in placing.expected.items():
            self.changed[span_id] = Span(
                trace=self.row,
                span_id=span_id,
                state=State.EXPECTED,
                lane=known.lane,
                anchored=True,
            )
        for arrival in placing.left:
            if arrival.span.span_id not in self.waiting:
                row = self.changed[arrival.span.span_id] = self._span(arrival.span, State.WAITING)
                row.body = arrival.span.dump()
        self.row.claimed = placing.claimed
        self.row.touched_at = now = timezone.now()
        self.row.waiting_since = (self.row.waiting_since or now) if placing.left else None

    def _span(self, span: RawSpan, state: State) -> Span:
        return Span(
            trace=self.row, span_id=span.span_id, parent_id=span.parent_id[:16], state=state
        )
