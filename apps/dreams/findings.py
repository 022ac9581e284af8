"""What passes between the stages of a dream: plain values, that a stage can keep and read again.

`observe` makes observations of one transcript; `connect` makes patterns of all of them; `curate`
makes drafts (`reviews.drafting`) of patterns and of the store as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from apps.core.rates import Rate
from apps.reviews.drafting import Draft, Role


class Kind(StrEnum):
    """What can be learned from a session."""

    MISTAKE = "mistake"
    WORKAROUND = "workaround"
    PREFERENCE = "preference"
    WORKFLOW = "workflow"
    FACT = "fact"
    ESCALATION = "escalation"


@dataclass(frozen=True, slots=True)
class Fault:
    """What a grader, who saw it apart from its session, found wrong with part of a turn's text."""

    criterion: str
    reason: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Turn:
    """An event as an engine reads it. `text` is the event's own (`Event.text`), never shortened."""

    event_id: str
    sequence: int
    type: str
    text: str
    tool: str = ""
    input: Mapping[str, object] | None = None
    is_error: bool = False
    closes: int | None = None
    thread: int = 0
    at: datetime | None = None
    verdict: str = ""
    """What the end of an outcome's evaluation came to: `satisfied`, `needs_revision`, `failed`."""
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Transcript:
    """One session, as an engine reads it."""

    session_id: str
    agent: str
    turns: tuple[Turn, ...]
    user: str = ""
    succeeded: bool | None = None
    """By its outcome's verdict or an imported reward; None where nobody judged it."""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """The very words that an observation rests on: a range of characters of one event's text."""

    event_id: str
    start: int
    end: int
    quote: str
    role: Role
    is_tainted: bool = False
    """From a tool, a page or a file, and not from a person or the agent."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing seen in one session. Observations with the same kind and key say the same."""

    kind: Kind
    key: str
    statement: str
    spans: tuple[Span, ...]
    tool: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    """What the writing needs: the template of the error, what differed in the call that worked."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An observation with the session it was made in."""

    session_id: str
    agent: str
    user: str
    succeeded: bool | None
    at: datetime | None
    observation: Observation


@dataclass(frozen=True, slots=True)
class Pattern:
    """What recurs: observations of several sessions that say the same."""

    kind: Kind
    key: str
    title: str
    seen: tuple[Seen, ...]
    """At most so many as evidence needs; the counts below are of all."""
    sessions: int
    agents: int
    users: int
    first_at: datetime | None
    last_at: datetime | None
    success: Rate
    """Of the judged sessions in which it was seen."""
    others: Rate
    """Of the judged sessions in which it was not."""
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        return f"{self.kind}:{self.key}"


@dataclass(frozen=True, slots=True)
class Note:
    """A memory of the store as curating reads it."""

    memory_id: str
    path: str
    content: str
    sha256: str
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Dropped:
    """Something that went no further, and the reason, as the funnel counts it."""

    stage: str
    reason: str
    what: str = ""


@dataclass(frozen=True, slots=True)
class Curated:
    """What curating came to."""

    drafts: tuple[Draft, ...]
    dropped: tuple[Dropped, ...] = ()
