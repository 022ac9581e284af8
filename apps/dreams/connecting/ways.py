"""The ways that sessions went, and which of them took which steps.

A set of sessions is a whole number here, with a bit for each: however many there are, two sets are
compared in no time, and a thousand of them take no room.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress

from apps.core.rates import Rate, rate
from apps.dreams.findings import Seen


@dataclass(slots=True)
class Paths:
    """The ways all sessions went, as numbers of steps: each way once."""

    names: dict[str, int] = field(default_factory=dict)
    coarse: list[str] = field(default_factory=list)
    ways: dict[tuple[int, ...], list[str]] = field(default_factory=dict)
    """The sessions that went it."""
    about: dict[str, Seen] = field(default_factory=dict)
    """By session."""
    recall: Callable[[Sequence[str]], Mapping[str, Seen]] | None = None
    """The whole observations of a few sessions, where `about` leaves out their quotes."""

    def add(self, session: Seen, steps: str) -> None:
        """Take in the way of a session: a step in each line."""
        numbers = []
        for line in steps.splitlines():
            label, _, coarse = line.partition("\t")
            if label not in self.names:
                self.names[label] = len(self.names)
                self.coarse.append(coarse)
            numbers.append(self.names[label])
        self.ways.setdefault(tuple(numbers), []).append(session.session_id)
        self.about[session.session_id] = session

    def whole(self, sessions: Sequence[str]) -> list[Seen]:
        """Their observations, quotes and all."""
        known = self.recall(sessions) if self.recall else self.about
        return [known[each] for each in sessions if each in known]


@dataclass(frozen=True, slots=True)
class Ways:
    """Who took which steps, by the steps' names."""

    sessions: Sequence[str]
    """Sorted; the first is the lowest bit."""
    sequences: Mapping[tuple[str, ...], int]
    """Who took these steps in this order."""
    where: Mapping[str, int]
    """Who took this step."""
    agents: Mapping[str, int]
    """Whose session it is."""
    judged: int
    succeeded: int

    def rate(self, some: int) -> Rate:
        """How many of these succeeded, of those that somebody judged."""
        return rate((some & self.succeeded).bit_count(), (some & self.judged).bit_count())

    def names(self, some: int) -> list[str]:
        """The ids of these, sorted."""
        return list(compress(self.sessions, (bit == "1" for bit in reversed(f"{some:b}"))))

    def of_the_agents(self, some: int) -> int:
        """All sessions of the agents that have one of these."""
        return sum(mine for mine in self.agents.values() if mine & some)


def ways(paths: Paths, least: int) -> Ways:
    """Steps by their name where several sessions have it, else by what they have in common."""
    bits = {session: 1 << number for number, session in enumerate(sorted(paths.about))}
    met = Counter[int]()
    for steps, sessions in paths.ways.items():
        met.update(dict.fromkeys(steps, len(sessions)))
    names = [
        label if met[number] >= least else paths.coarse[number]
        for number, label in enumerate(paths.names)
    ]
    sequences: dict[tuple[str, ...], int] = defaultdict(int)
    where: dict[str, int] = defaultdict(int)
    for steps, sessions in paths.ways.items():
        took = _together(bits[session] for session in sessions)
        sequence = tuple(dict.fromkeys(names[number] for number in steps))
        sequences[sequence] |= took
        for step in sequence:
            where[step] |= took
    agents: dict[str, int] = defaultdict(int)
    for session, about in paths.about.items():
        agents[about.agent] |= bits[session]
    return Ways(
        list(bits),
        sequences,
        where,
        agents,
        _together(bits[s] for s, about in paths.about.items() if about.succeeded is not None),
        _together(bits[s] for s, about in paths.about.items() if about.succeeded),
    )


def _together(bits: Iterable[int]) -> int:
    whole = 0
    for bit in bits:
        whole |= bit
    return whole
