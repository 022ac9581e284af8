"""Why a version was written: the proposal, who decided it, and the events that it rests on.

What proposes and decides lies above memory and registers here how to tell.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Ground:
    """Words of an event that a version rests on."""

    session_id: str
    event_id: str
    session_title: str
    quote: str
    role: str


@dataclass(frozen=True, slots=True)
class Trail:
    """From a version back to where it comes from. A policy decides under its own name."""

    proposal_id: str
    title: str
    status: str
    decision_id: str
    decided_by: str
    decided_at: datetime
    is_automatic: bool
    grounds: tuple[Ground, ...] = field(default=())


TELLERS: list[Callable[[Collection[str]], Mapping[str, Trail]]] = []


def of(version_ids: Collection[str]) -> dict[str, Trail]:
    """By version; those that somebody wrote without a proposal have none."""
    found: dict[str, Trail] = {}
    for tell in TELLERS:
        found |= tell(version_ids)
    return found
