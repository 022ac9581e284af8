"""Observations that say the same, counted; and what all sessions together are."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from apps.core.rates import Rate, rate
from apps.dreams.findings import Kind, Pattern, Seen

MOST_SEEN = 12
"""Sessions kept as evidence of a pattern. Counts are of all."""
COUNTED = ("failed_calls", "repeated_unchanged", "handed_over", "short", "invented")
"""Details that are numbers, and are summed up over all of a group."""


@dataclass(slots=True)
class Group:
    """Sessions in which the same was observed. A session counts once."""

    key: str
    details: Mapping[str, str] = field(default_factory=dict)
    statement: str = ""
    tool: str = ""
    seen: list[Seen] = field(default_factory=list)
    verdicts: dict[str, bool | None] = field(default_factory=dict)
    """By session."""
    agents: set[str] = field(default_factory=set)
    users: set[str] = field(default_factory=set)
    first_at: datetime | None = None
    last_at: datetime | None = None
    totals: Counter[str] = field(default_factory=Counter)

    @property
    def sessions(self) -> int:
        return len(self.verdicts)

    def add(self, seen: Seen) -> None:
        """Count it, and keep it if there is room for the evidence of one session more."""
        for name in COUNTED:
            if (value := seen.observation.details.get(name, "")).isdigit():
                self.totals[name] += int(value)
        if seen.session_id not in self.verdicts:
            self.count(seen)
            if len(self.seen) < MOST_SEEN:
                self.show(seen)

    def count(self, seen: Seen) -> None:
        """Count a session that is not in it yet, whatever was observed there."""
        self.verdicts[seen.session_id] = seen.succeeded
        self.agents.add(seen.agent)
        self.users.update(filter(None, (seen.user,)))
        self._take_time(seen.at, seen.at)

    def show(self, seen: Seen) -> None:
        """Have it among the evidence, the first of which says what the group is about."""
        said = seen.observation
        self.details, self.tool = self.details or said.details, self.tool or said.tool
        self.statement = self.statement or said.statement
        self.seen.append(seen)

    def join(self, other: "Group") -> None:
        """Take in all of another group."""
        kept = {seen.session_id for seen in self.seen}
        for seen in other.seen:
            if seen.session_id not in kept and len(self.seen) < MOST_SEEN:
                self.seen.append(seen)
        self.verdicts |= other.verdicts
        self.agents |= other.agents
        self.users |= other.users
        self.totals += other.totals
        self.details, self.tool = self.details or other.details, self.tool or other.tool
        self.statement = self.statement or other.statement
        self._take_time(other.first_at, other.last_at)

    def _take_time(self, first: datetime | None, last: datetime | None) -> None:
        if first and (self.first_at is None or first < self.first_at):
            self.first_at = first
        if last and (self.last_at is None or last > self.last_at):
            self.last_at = last

    def judged(self) -> tuple[int, int]:
        """Successes and tries of the sessions that somebody judged."""
        verdicts = [verdict for verdict in self.verdicts.values() if verdict is not None]
        return sum(verdicts), len(verdicts)


def joined(groups: Iterable[Group], key: str) -> Group:
    """One group of all of them."""
    whole = Group(key)
    for group in groups:
        whole.join(group)
    return whole


@dataclass(slots=True)
class Whole:
    """All sessions: how many of each agent succeeded, how often each tool was called."""

    sessions: int = 0
    successes: Counter[str] = field(default_factory=Counter)
    tries: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    callers: Counter[str] = field(default_factory=Counter)

    def add(self, session: Seen, calls: str) -> None:
        """Count a session: how it ended, and how often it called which tool (a line each)."""
        self.sessions += 1
        if session.succeeded is not None:
            self.tries[session.agent] += 1
            self.successes[session.agent] += session.succeeded
        for line in calls.splitlines():
            tool, _, count = line.partition("\t")
            self.calls[tool] += int(count)
            self.callers[tool] += 1

    def besides(self, group: Group) -> Rate:
        """How the other sessions of the same agents went."""
        successes, tries = group.judged()
        all_tries = sum(self.tries[agent] for agent in group.agents)
        all_successes = sum(self.successes[agent] for agent in group.agents)
        return rate(max(all_successes - successes, 0), max(all_tries - tries, 0))


def pattern(
    kind: Kind, group: Group, title: str, whole: Whole, details: Mapping[str, str]
) -> Pattern:
    """What is handed on of a group."""
    return Pattern(
        kind=kind,
        key=group.key,
        title=title,
        seen=tuple(group.seen),
        sessions=group.sessions,
        agents=len(group.agents),
        users=len(group.users),
        first_at=group.first_at,
        last_at=group.last_at,
        success=rate(*group.judged()),
        others=whole.besides(group),
        details={**details, "of_sessions": str(whole.sessions)},
    )
