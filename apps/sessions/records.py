"""What a format hands over: sessions, threads and events, in the order they are to be kept.

A format reads a file as a stream and yields records; it writes nothing and knows no database. A
session comes before its threads, a thread before its events; sessions may be interleaved. The
same file must always give the same ids, so that importing it twice adds nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A session as its source describes it. `key` names it within its source, for ever."""

    key: str
    source: str
    agent: dict[str, Any]
    """The contract's resolved snapshot as far as it is known: `name`, `id`, `model`, `system`."""
    title: str = ""
    created_at: datetime | None = None
    """None where the source does not say."""
    timed: bool = True
    """False where the source has no clock: its events have an order and no times."""
    metadata: dict[str, str] = field(default_factory=dict)
    public_id: str = ""
    """`sesn_…` if the source has one of its own; else one is derived from the key."""
    environment_id: str = ""
    status: str = ""
    """Only where the source says it; else it follows from the events."""
    archived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ThreadRecord:
    """A thread of a session: the primary one has no parent and need not be given."""

    session: str
    """The `key` of its session."""
    public_id: str
    agent: dict[str, Any]
    parent: str = ""
    """The parent's public id; empty means this is the primary thread."""
    created_at: datetime | None = None
    status: str = ""
    archived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EventRecord:
    """One event, in the contract's shape (contract: 3.4)."""

    session: str
    type: str
    public_id: str
    """`sevt_…`: what `tool_use_id`, `model_request_start_id` and the like in payloads refer to."""
    payload: dict[str, Any]
    """The whole event, its `id`, `type` and `processed_at` included; kept as it is."""
    occurred_at: datetime | None
    """None only in a session without a clock."""
    thread: str = ""
    """The public id of the thread it happened in; empty is the primary thread."""
    external_id: str = ""
    """The source's own id of it, where it has one that is not the public id."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line that was left out, and why."""

    file: str
    line: int
    """Counted from 1. In a file that is one JSON document: the item's number."""
    reason: str


Record = SessionRecord | ThreadRecord | EventRecord | Refusal
Records = Iterator[Record]
