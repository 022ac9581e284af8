"""Threads as lanes: who is called what, what each one cost, and when nothing happened."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from apps.sessions.timeline import Mark

if TYPE_CHECKING:
    from apps.sessions.models import Thread

IDLE_AFTER = 30_000
"""Milliseconds in which nothing happens until that is worth saying."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A thread as the minimap and the list show it."""

    pk: int
    id: str
    label: str
    position: int
    parent: int | None
    agent: str
    model: str
    task: str
    """What its agent is for, or what a sub-agent was given to do: tells those of one name apart."""
    system: str
    status: str
    archived: bool
    events: int
    errors: int
    tokens: int
    cost: Decimal
    unpriced: int
    active_seconds: float
    created_at: datetime

    @property
    def cost_is_least(self) -> bool:
        """Whether some of its requests have no list price."""
        return self.unpriced > 0


@dataclass(frozen=True, slots=True)
class Lanes:
    """The threads of a session, primary first."""

    all: tuple[Lane, ...]
    shown: tuple[Lane, ...]
    archived: tuple[Lane, ...]

    def get(self, pk: int | None) -> Lane | None:
        return next((lane for lane in self.all if lane.pk == pk), None)

    def by_id(self, public_id: str) -> Lane | None:
        return next((lane for lane in self.all if lane.id == public_id), None)

    @property
    def archived_cost(self) -> Decimal:
        """What the archived ones cost together."""
        return sum((lane.cost for lane in self.archived), Decimal(0))

    def below(self, lane: Lane) -> tuple[Lane, ...]:
        """The threads that it made, and theirs."""
        found: list[Lane] = []
        for each in self.all:
            if each.parent == lane.pk or any(each.parent == known.pk for known in found):
                found.append(each)
        return tuple(found)


def lanes(threads: Iterable["Thread"], *, unfolded: bool = False) -> Lanes:
    """Name and sort the threads. Archived ones are folded while there are others beside them."""
    every = _numbered([_lane(thread) for thread in threads])
    archived = tuple(lane for lane in every if lane.archived and lane.position)
    if unfolded or len(archived) >= len(every) - 1:
        archived = ()
    shown = tuple(lane for lane in every if lane not in archived)
    return Lanes(every, shown, archived)


def _lane(thread: "Thread") -> Lane:
    return Lane(
        pk=thread.pk,
        id=thread.public_id,
        label=thread.agent_name or "agent",
        position=thread.position,
        parent=thread.parent_id,
        agent=thread.agent_name,
        model=thread.model,
        task=str(thread.agent_snapshot.get("description") or ""),
        system=str(thread.agent_snapshot.get("system") or ""),
        status=thread.status,
        archived=thread.archived_at is not None,
        events=thread.event_count,
        errors=thread.error_count,
        tokens=thread.tokens,
        cost=thread.token_cost,
        unpriced=thread.unpriced_requests,
        active_seconds=thread.active_seconds,
        created_at=thread.created_at,
    )


def _numbered(every: list[Lane]) -> tuple[Lane, ...]:
    """The second of a name is called "refunds 2"."""
    seen: Counter[str] = Counter()
    named = []
    for lane in every:
        seen[lane.label] += 1
        number = seen[lane.label]
        named.append(replace(lane, label=f"{lane.label} {number}") if number > 1 else lane)
    return tuple(named)


def gaps(marks: Sequence[Mark], shortest: int = IDLE_AFTER) -> list[tuple[int, int]]:
    """When no lane had anything going on, from and until, in milliseconds of the minimap."""
    found = []
    busy_until: int | None = None
    for mark in sorted(marks, key=lambda mark: mark.start):
        if busy_until is not None and mark.start - busy_until > shortest:
            found.append((busy_until, mark.start))
        busy_until = max(busy_until or mark.end, mark.end)
    return found
