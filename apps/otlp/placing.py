"""Which lane a span belongs to: that of the nearest agent above it. Pure.

A span is exported when it ends, so a child comes before its parent, and the root last, hours later
if need be. A lane can be told as soon as the way up to an agent, or to the root, is known. After a
while it is told without: then the parent that never came stands for an agent, and is named when
it comes. What was told once stays: an event never changes its thread.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from apps.core.ids import derived_id
from apps.otlp.decoding import RawSpan
from apps.otlp.mapping.meaning import Kind, Meaning

PRIMARY = ""


class State(StrEnum):
    """What is known of a span."""

    WAITING = "waiting"  # it came; its lane is not told yet
    PLACED = "placed"  # its lane is told, and its events are kept
    PASSING = "passing"  # it says nothing of ours, and only leads from a child to its parent
    EXPECTED = "expected"  # a child of it was placed before it came


@dataclass(slots=True)
class Lane:
    """A thread as traces know it. `id` is the thread's public id; the primary one's is empty."""

    id: str
    parent: str = PRIMARY
    name: str = ""


@dataclass(slots=True)
class Known:
    """A span of the trace, as far as it matters to others."""

    parent_id: str
    state: State
    lane: str = PRIMARY
    anchored: bool = False
    """Whether an agent stands at or above it."""


@dataclass(slots=True)
class Arrival:
    """A span that waits for its lane."""

    span: RawSpan
    meaning: Meaning

    @property
    def order(self) -> tuple[int, int, str]:
        """By time; a span that contains another, before it."""
        return self.span.start, -self.span.end, self.span.span_id


class Role(StrEnum):
    """What an agent's span is to its lane."""

    NONE = "none"
    OPENS = "opens"  # the lane is its own
    LEADS = "leads"  # it is the session's own agent
    CONTINUES = "continues"  # the same agent once more, within itself


@dataclass(slots=True)
class Placement:
    """A span and the lane that it was given."""

    arrival: Arrival
    lane: Lane
    role: Role = Role.NONE
    stands_in: bool = False
    """A root that came after its children, and is no agent: their running ends with it."""
    call: str = ""
    """A tool's run: the call that it answers, by the id that its lane remembers."""


@dataclass(slots=True)
class _Above:
    lane: str = PRIMARY
    anchored: bool = False
    missing: str = ""
    """The id of the span that would have to be known."""


@dataclass(slots=True)
class Placing:
    """One trace on its way. `known` and `lanes` are added to."""

    known: dict[str, Known]
    lanes: dict[str, Lane]
    claimed: bool = False
    """Whether something of this trace stands in the primary lane."""
    placed: list[Placement] = field(default_factory=list)
    left: list[Arrival] = field(default_factory=list)
    expected: dict[str, Known] = field(default_factory=dict)
    """Parents that children were placed under without them."""
    opened: dict[str, Lane] = field(default_factory=dict)
    """Those of them that stand for an agent from now on."""

    def place(self, arrivals: Iterable[Arrival], *, overdue: bool = False) -> None:
        """Give each of them its lane. What cannot be told is left, unless it is overdue."""
        ordered = sorted(arrivals, key=lambda each: each.order)
        waiting = {each.span.span_id: each for each in ordered}
        for arrival in ordered:
            for each in self._from_above(arrival, waiting):
                self._place(each, overdue=overdue)
        self.placed.sort(key=lambda each: each.arrival.order)

    def _from_above(self, arrival: Arrival, waiting: dict[str, Arrival]) -> list[Arrival]:
        """It, and before it whatever waits above it. Each is taken once."""
        chain: list[Arrival] = []
        above: Arrival | None = arrival
        while above is not None and waiting.pop(above.span.span_id, None) is not None:
            chain.append(above)
            above = waiting.get(self._past_passing(above.span))
        chain.reverse()
        return chain

    def _past_passing(self, span: RawSpan) -> str:
        """The nearest span above it that is not only passing; empty at the root."""
        seen = {span.span_id}
        parent = span.parent_id
        while (known := self.known.get(parent)) is not None and known.state == State.PASSING:
            if parent in seen:
                return ""
            seen.add(parent)
            parent = known.parent_id
        return "" if parent in seen else parent

    def _place(self, arrival: Arrival, *, overdue: bool) -> None:
        before = self.known.get(arrival.span.span_id)
        if before is not None and before.state == State.EXPECTED:
            self._meet(arrival, before)
            return
        above = self._above(arrival.span)
        if above.missing and not overdue:
            self.left.append(arrival)
        elif above.missing:
            self._settle(arrival, self._expect(above.missing, arrival))
        else:
            self._settle(arrival, above)

    def _above(self, span: RawSpan) -> _Above:
        parent = self._past_passing(span)
        if not parent:
            return _Above()
        known = self.known.get(parent)
        if known is None:
            return _Above(missing=parent)
        return _Above(known.lane, known.anchored)

    def _settle(self, arrival: Arrival, above: _Above) -> None:
        if arrival.meaning.kind == Kind.AGENT:
            lane, role = self._of_agent(arrival, above)
        else:
            lane, role = self._lane(above.lane), Role.NONE
        self.claimed = self.claimed or lane.id == PRIMARY
        self.placed.append(Placement(arrival, lane, role))
        self._know(arrival, lane, anchored=above.anchored or role != Role.NONE)

    def _of_agent(self, arrival: Arrival, above: _Above) -> tuple[Lane, Role]:
        name = arrival.meaning.name
        around = self._lane(above.lane)
        if not name or not around.name or name == around.name:
            around.name = around.name or name
            is_first = around.id == PRIMARY and not above.anchored
            return around, Role.LEADS if is_first else Role.CONTINUES
        own = derived_id("sthr", "otlp", arrival.span.trace_id, arrival.span.span_id)
        self.lanes[own] = lane = Lane(own, around.id, name)
        return lane, Role.OPENS

    def _meet(self, arrival: Arrival, before: Known) -> None:
        """The parent that children were placed under without it."""
        lane = self._lane(before.lane)
        above = self._above(arrival.span)
        role = Role.NONE
        if arrival.meaning.kind == Kind.AGENT:
            lane.name = lane.name or arrival.meaning.name
            is_within = above.anchored and above.lane == lane.id
            first = Role.LEADS if lane.id == PRIMARY else Role.OPENS
            role = Role.CONTINUES if is_within else first
        elif above.missing:
            self.known[above.missing] = Known("", State.EXPECTED, lane.id, anchored=True)
            self.expected[above.missing] = self.known[above.missing]
        stands_in = role == Role.NONE and not arrival.span.parent_id
        self.placed.append(Placement(arrival, lane, role, stands_in))
        self._know(arrival, lane, anchored=True)

    def _expect(self, missing: str, arrival: Arrival) -> _Above:
        """Let a parent that does not come stand for an agent: the session's own, if it is first."""
        hint = arrival.meaning.name if arrival.meaning.kind == Kind.MODEL else ""
        primary = self._lane(PRIMARY)
        is_own = not self.claimed or bool(hint and hint == primary.name)
        if is_own:
            lane = primary
        else:
            own = derived_id("sthr", "otlp", arrival.span.trace_id, missing)
            lane = self.lanes.setdefault(own, Lane(own, PRIMARY, hint))
        self.claimed = True
        known = Known("", State.EXPECTED, lane.id, anchored=True)
        self.known[missing] = self.expected[missing] = known
        self.opened[missing] = lane
        return _Above(lane.id, anchored=True)

    def _lane(self, lane: str) -> Lane:
        return self.lanes.setdefault(lane, Lane(lane))

    def _know(self, arrival: Arrival, lane: Lane, *, anchored: bool) -> None:
        known = Known(arrival.span.parent_id, State.PLACED, lane.id, anchored)
        self.known[arrival.span.span_id] = known
        self.expected.pop(arrival.span.span_id, None)


def wrappers(arrivals: Sequence[Arrival], known: Mapping[str, str]) -> set[str]:
    """Requests around a request: frameworks tell one twice, once outside and once inside.

    `known` maps the ids of requests that were placed before to their parents'.
    """
    requests = [each.span for each in arrivals if each.meaning.kind == Kind.MODEL]
    within = {each.parent_id for each in requests if each.parent_id != each.span_id}
    parents = within | set(known.values())
    return {each.span_id for each in requests} & parents
