"""An event as far as rows need it."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from apps.core import payloads
from apps.engine.pricing import Usage
from apps.sessions.models.event import CONFIRMATION, LONGEST_EXCERPT, Kind

USES = frozenset({"agent.tool_use", "agent.mcp_tool_use", "agent.custom_tool_use"})
RESULTS = frozenset(
    {
        "agent.tool_result",
        "agent.mcp_tool_result",
        "user.custom_tool_result",
        "user.tool_result",
    }
)
SENT, RECEIVED = "agent.thread_message_sent", "agent.thread_message_received"

TONES = {
    Kind.USER: "user",
    Kind.AGENT: "agent",
    Kind.TOOL: "tool",
    Kind.MODEL: "model",
    Kind.THREAD: "thread",
    Kind.MEMORY: "memory",
    Kind.GRADE: "grade",
    Kind.STATUS: "quiet",
    Kind.ERROR: "error",
}
ICONS = TONES | {Kind.STATUS: "info"}


class Entry(NamedTuple):
    """The columns of `EventQuerySet.as_rows`, in their order."""

    sequence: int
    id: str
    type: str
    kind: int
    at: datetime
    thread: int
    peer: int | None = None
    closes: int | None = None
    tool: str = ""
    model: str = ""
    is_error: bool = False
    input: int | None = None
    output: int | None = None
    cache_read: int | None = None
    cache_write: int | None = None
    cost: Decimal | None = None
    excerpt: str = ""
    size: int = 0
    note: str = ""

    @property
    def text(self) -> str:
        """The beginning of what it says."""
        return self.excerpt[:LONGEST_EXCERPT]

    @property
    def goes_on(self) -> bool:
        """Whether it says more than that."""
        return len(self.excerpt) > LONGEST_EXCERPT

    @property
    def payload(self) -> dict[str, Any]:
        """What was loaded of the payload: all of it for the few types whose row needs it."""
        value = payloads.load(self.note) if self.note else {}
        return payloads.storable_all(value) if isinstance(value, dict) else {}

    @property
    def usage(self) -> Usage | None:
        """The tokens of a model request, if this event says them."""
        if self.input is None:
            return None
        return Usage(self.input, self.output or 0, self.cache_read or 0, self.cache_write or 0)

    @property
    def is_end(self) -> bool:
        """Whether it ends another event, and is told with it."""
        return self.closes is not None and self.type != CONFIRMATION


class Companions:
    """What belongs to the events of a window: ends of their starts, starts of their ends."""

    def __init__(self, entries: list[Entry]) -> None:
        self._by_sequence = {entry.sequence: entry for entry in entries}
        self._ends: dict[int, Entry] = {}
        self._confirmations = {
            entry.closes: entry for entry in entries if entry.type == CONFIRMATION
        }
        for entry in entries:
            if entry.closes is not None and entry.is_end:
                self._ends.setdefault(entry.closes, entry)
        self._sent = {
            (entry.thread, entry.peer, entry.excerpt) for entry in entries if entry.type == SENT
        }

    def start_of(self, entry: Entry) -> Entry | None:
        return self._by_sequence.get(entry.closes) if entry.closes else None

    def end_of(self, entry: Entry) -> Entry | None:
        return self._ends.get(entry.sequence)

    def confirmation_of(self, use: Entry) -> Entry | None:
        return self._confirmations.get(use.sequence)

    def has_sent(self, received: Entry) -> bool:
        """Whether the other half of a message that was received is known."""
        return (received.peer, received.thread, received.excerpt) in self._sent


def took(start: Entry | None, end: Entry | None) -> timedelta | None:
    """How long it took, or None if either clock reading is missing or they are the same."""
    if start is None or end is None or end.at <= start.at:
        return None
    return end.at - start.at


def wanted(entries: list[Entry], near: int = 8) -> tuple[set[int], set[int]]:
    """What to load as companions: events that close one of the first, and those of the second."""
    closed = {entry.sequence for entry in entries if not entry.is_end}
    needed = {entry.closes for entry in entries if entry.closes}
    for entry in entries:
        if entry.type == RECEIVED:
            needed |= set(range(max(1, entry.sequence - near), entry.sequence + near + 1))
    return closed, needed - {entry.sequence for entry in entries}
