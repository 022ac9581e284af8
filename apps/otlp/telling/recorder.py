"""What every record of a span is made of: ids that are always the same, times, lanes."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from apps.core.ids import derived_id
from apps.otlp.decoding import RawSpan
from apps.otlp.mapping.meaning import Meaning
from apps.otlp.placing import PRIMARY, Lane, Placement
from apps.otlp.remembering import Memory
from apps.sessions.formats.shapes import Json, event_id, make_event
from apps.sessions.records import EventRecord, ThreadRecord

SOURCE = "otlp"
MOMENT = 1_000_000  # nanoseconds of the milliseconds that a lane remembers


def primary_thread(key: str) -> str:
    """The public id of a session's primary thread, as importing derives it."""
    return derived_id("sthr", SOURCE, key)


def moment(nanoseconds: int) -> datetime | None:
    """An instant, or None for one that no calendar has."""
    try:
        return datetime.fromtimestamp(nanoseconds / 1e9, UTC) if nanoseconds else None
    except (ValueError, OverflowError, OSError):
        return None


@dataclass(frozen=True, slots=True)
class Point:
    """A span at its beginning, or at its end."""

    placement: Placement
    time: int

    @property
    def span(self) -> RawSpan:
        return self.placement.arrival.span

    @property
    def meaning(self) -> Meaning:
        return self.placement.arrival.meaning

    @property
    def lane(self) -> Lane:
        return self.placement.lane

    @property
    def at(self) -> datetime | None:
        return moment(self.time)

    @property
    def since(self) -> int:
        """The span's beginning, as a lane remembers it: what was heard later was told within it."""
        return self.span.start // MOMENT


@dataclass(slots=True)
class Recorder:
    """One trace's spans on their way into the session with this key."""

    key: str
    trace_id: str
    memories: dict[str, Memory]
    threads: dict[str, ThreadRecord] = field(default_factory=dict)
    about: dict[str, Json] = field(default_factory=dict)
    """What the spans say of each lane's agent."""
    events: list[EventRecord] = field(default_factory=list)
    title: str = ""

    def _memory(self, lane: Lane) -> Memory:
        return self.memories.setdefault(lane.id, Memory())

    def _id(self, *source: str) -> str:
        return event_id(self.key, self.trace_id, *source)

    def _add(self, point: Point, kind: str, source: str, body: Json) -> str:
        return self._event(kind, (point.span.span_id, source), point.at, body, point.lane.id)

    def _event(
        self,
        kind: str,
        source: tuple[str, ...],
        at: datetime | None,
        body: Json,
        lane: str = PRIMARY,
    ) -> str:
        public_id = self._id(*source)
        self.events.append(make_event(self.key, kind, public_id, at, body, thread=lane))
        return public_id
