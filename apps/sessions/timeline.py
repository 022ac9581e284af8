"""The minimap's data: marks on lanes, as few for a long session as for a short one. Pure.

A mark stands for one event, or for neighbours of one kind on one lane that lie closer together
than the fold's `grain`. Too many marks double the grain until they fit; counts stay exact.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

MOST_MARKS = 1_500
MOST_LINKS = 600
_FIRST_GRAIN = 250


class Tick(NamedTuple):
    """An event as the minimap sees it. Times are milliseconds since the session's first event."""

    lane: int
    kind: int
    at: int
    sequence: int
    is_error: bool = False
    started: int | None = None
    """When the event that this one closes happened: the mark then reaches from there to `at`."""
    peer: int | None = None
    """The lane that a message from this one went to."""


@dataclass(slots=True)
class Mark:
    """Neighbouring events of one kind on one lane."""

    lane: int
    kind: int
    start: int
    end: int
    first: int
    last: int
    count: int = 1
    errors: int = 0
    first_error: int = 0

    def touches(self, other: "Mark", grain: int) -> bool:
        """Whether they are neighbours, whichever is earlier: some events come late."""
        return other.start - self.end <= grain and self.start - other.end <= grain

    def absorb(self, other: "Mark") -> None:
        self.start = min(self.start, other.start)
        self.end = max(self.end, other.end)
        self.last = max(self.last, other.last)
        self.count += other.count
        if other.errors and not self.errors:
            self.first_error = other.first_error
        self.errors += other.errors


class Link(NamedTuple):
    """A message from one lane to another: a delegation goes down, a report comes back."""

    at: int
    source: int
    target: int
    sequence: int


@dataclass(slots=True)
class Fold:
    """Everything the minimap draws. `began` is the first event's time, in epoch milliseconds."""

    began: int | None = None
    grain: int = 0
    marks: list[Mark] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    counts: dict[int, int] = field(default_factory=dict)
    ends: dict[int, int] = field(default_factory=dict)
    """How many of `counts` end another event, and are told with it."""
    errors: int = 0
    first_error: int = 0
    links_left_out: int = 0

    @classmethod
    def load(cls, stored: dict[str, Any]) -> "Fold":
        """Read what `dump` wrote."""
        return cls(
            began=stored["began"],
            grain=stored["grain"],
            marks=[Mark(*row) for row in stored["marks"]],
            links=[Link(*row) for row in stored["links"]],
            counts={int(kind): count for kind, count in stored["counts"].items()},
            ends={int(kind): count for kind, count in stored.get("ends", {}).items()},
            errors=stored["errors"],
            first_error=stored["first_error"],
            links_left_out=stored["links_left_out"],
        )

    def dump(self) -> dict[str, Any]:
        """Rows of numbers, in the order of the dataclasses' fields: small, and quick to read."""
        return {
            "began": self.began,
            "grain": self.grain,
            "marks": [
                (m.lane, m.kind, m.start, m.end, m.first, m.last, m.count, m.errors, m.first_error)
                for m in self.marks
            ],
            "links": [tuple(link) for link in self.links],
            "counts": {str(kind): count for kind, count in self.counts.items()},
            "ends": {str(kind): count for kind, count in self.ends.items()},
            "errors": self.errors,
            "first_error": self.first_error,
            "links_left_out": self.links_left_out,
        }

    def add(self, ticks: Iterable[Tick]) -> None:
        """Take in the next events of the session, in their order."""
        limit = 2 * MOST_MARKS
        newest = {(mark.lane, mark.kind, mark.errors > 0): mark for mark in self.marks}
        for tick in ticks:
            self._count(tick)
            self._place(tick, newest)
            if len(self.marks) > limit:
                self._compact()
                limit = max(limit, 2 * len(self.marks))
                newest = {(mark.lane, mark.kind, mark.errors > 0): mark for mark in self.marks}

    def _count(self, tick: Tick) -> None:
        self.counts[tick.kind] = self.counts.get(tick.kind, 0) + 1
        if tick.started is not None:
            self.ends[tick.kind] = self.ends.get(tick.kind, 0) + 1
        if tick.is_error:
            self.errors += 1
            self.first_error = self.first_error or tick.sequence
        if tick.peer is not None and tick.peer != tick.lane:
            if len(self.links) < MOST_LINKS:
                self.links.append(Link(tick.at, tick.lane, tick.peer, tick.sequence))
            else:
                self.links_left_out += 1

    def _place(self, tick: Tick, newest: dict[tuple[int, int, bool], Mark]) -> None:
        start = tick.at if tick.started is None else min(tick.started, tick.at)
        mark = Mark(tick.lane, tick.kind, start, tick.at, tick.sequence, tick.sequence)
        if tick.is_error:
            mark.errors, mark.first_error = 1, tick.sequence
        place = (tick.lane, tick.kind, tick.is_error)
        before = newest.get(place)
        if before is not None and self.grain and before.touches(mark, self.grain):
            before.absorb(mark)
        else:
            self.marks.append(mark)
            newest[place] = mark

    def _compact(self) -> None:
        """Double the grain until the marks fit, or until nothing is left to join."""
        span = max(mark.end for mark in self.marks)
        while len(self.marks) > MOST_MARKS and self.grain <= span:
            self.grain = max(_FIRST_GRAIN, self.grain * 2)
            kept: list[Mark] = []
            newest: dict[tuple[int, int, bool], Mark] = {}
            for mark in self.marks:
                place = (mark.lane, mark.kind, mark.errors > 0)
                before = newest.get(place)
                if before is not None and before.touches(mark, self.grain):
                    before.absorb(mark)
                else:
                    kept.append(mark)
                    newest[place] = mark
            self.marks = kept
