"""What somebody proposes, before it is checked and kept: plain values, no rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a proposal does to a store."""

    CREATE = "create"
    UPDATE = "update"
    RENAME = "rename"
    MERGE = "merge"
    RETIRE = "retire"
    RESTRUCTURE = "restructure"


class Role(StrEnum):
    """What a quote is there for."""

    SHOWS_MISTAKE = "shows_mistake"
    SHOWS_FIX = "shows_fix"
    STATES_PREFERENCE = "states_preference"
    STATES_FACT = "states_fact"
    SHOWS_SUCCESS = "shows_success"
    CONTRADICTS = "contradicts"


@dataclass(frozen=True, slots=True)
class Quote:
    """Characters `start` to `end` of an event's text, as `sessions.promoting` gives it."""

    session_id: str
    event_id: str
    start: int
    end: int
    quote: str
    role: Role


@dataclass(frozen=True, slots=True)
class Base:
    """A memory that a proposal changes or replaces, and what it said when it was drafted."""

    memory_id: str
    sha256: str


@dataclass(frozen=True, slots=True)
class File:
    """A path and what is to stand there."""

    path: str
    content: str


@dataclass(frozen=True, slots=True)
class Draft:
    """One proposed edit.

    `create` has no base. `update`, `rename` and `retire` have one. `merge` has two or more: what it
    says goes to `path` (one of theirs, or a new one), and the others are deleted. `restructure` has
    one or more, and may leave further files in `also`. `content` is None for `rename`, `retire`.
    """

    kind: Kind
    path: str
    content: str | None
    rationale: str
    bases: tuple[Base, ...] = ()
    also: tuple[File, ...] = ()
    title: str = ""
    """What is found, in a few words; the path speaks for it where it is empty."""
    evidence: tuple[Quote, ...] = ()
    confidence: float = 0.5
    """0 to 1; what it rests on is in `support`."""
    support: Mapping[str, object] = field(default_factory=dict)
    """Counts that a reader is shown: sessions, agents, users, first_seen, last_seen, …"""
    fingerprint: str = ""
    """The same finding has the same one, whatever the run: a rejected one is not proposed again."""
