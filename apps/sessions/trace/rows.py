"""Rows of the list, and what has to be known to tell them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from apps.sessions.trace.entries import Companions
from apps.sessions.trace.lanes import Lane, Lanes

MOST_PARTS = 6
_CLAMPED = 420
"""Characters that six lines surely hold; the page measures what is shorter."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of several things that a row tells together."""

    id: str
    sequence: int
    icon: str
    tone: str
    name: str
    text: str
    figures: str = ""
    failed: bool = False
    covers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list. Everything in it is text; what it looks like is said by `tone`."""

    id: str
    sequence: int
    at: datetime
    tone: str
    icon: str
    who: str
    type: str = ""
    lane: Lane | None = None
    verb: str = ""
    code: str = ""
    names: tuple[str, ...] = ()
    text: str = ""
    quoted: bool = False
    quiet: str = ""
    figures: str = ""
    thin: bool = False
    failed: bool = False
    goes_on: bool = False
    parts: tuple[Part, ...] = ()
    covers: tuple[int, ...] = ()
    """The sequences of every event that this row tells."""
    offset: float | None = None
    ends: datetime | None = None
    idle: timedelta | None = None
    """How long nothing happened before it, if that is worth a line."""
    waited_for: str = ""

    @property
    def parts_left(self) -> int:
        """How many parts wait to be opened."""
        return max(0, len(self.parts) - MOST_PARTS) if len(self.parts) > MOST_PARTS + 1 else 0

    @property
    def points_at(self) -> float | None:
        """Where the playhead stands: at a failure's end, where its triangle is."""
        if self.offset is None or not (self.failed and self.ends):
            return self.offset
        return self.offset + (self.ends - self.at).total_seconds()

    @property
    def leads_with_code(self) -> bool:
        """Whether the tool's name stands before the verb."""
        return self.verb in ("failed.", "answered")

    @property
    def is_long(self) -> bool:
        """Whether there is surely more to open."""
        return self.goes_on or len(self.text) > _CLAMPED or self.text.count("\n") > 5


@dataclass(frozen=True, slots=True)
class Telling:
    """What a row needs to know beside its event."""

    lanes: Lanes
    companions: Companions
    began: datetime | None = None
    """The session's first event; None without a clock."""
    in_lane: bool = False
    matches: bool = False
    """Whether events were found by their text: then each is told where it stands."""
    _memo: dict[int, Lane | None] = field(default_factory=dict)

    def lane(self, pk: int | None) -> Lane | None:
        if pk is None:
            return None
        if pk not in self._memo:
            self._memo[pk] = self.lanes.get(pk)
        return self._memo[pk]

    def label(self, pk: int | None) -> str:
        lane = self.lane(pk)
        return lane.label if lane else "a thread"
