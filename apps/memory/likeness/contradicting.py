"""Pairs of statements that cannot both be followed: other numbers, other values, yes and no.

Two are held against each other only where both memories hold (two clients may differ), and only if
they share rare words; then one rule or another must find them opposed.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import combinations

from apps.memory.likeness import texts
from apps.memory.likeness.opposing import (
    Clause,
    Opposition,
    Reason,
    are_labelled_apart,
    clauses,
    kinds,
    oppositions,
)
from apps.memory.likeness.scopes import Scopes
from apps.memory.likeness.texts import Note, Statement

MOST_SHARING = 40
"""Clauses with one word in common, beyond which the word tells nothing."""
MOST_COMPARED = 100_000
"""Pairs of clauses that are compared, those with the rarest words in common first."""
_LEAST = 0.5
_WHOLE_BAN = 3
_SAME_BAN = 0.75
_LEAST_NOTES = 10
"""Of fewer it cannot be told which words are rare: they count as so many."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two statements, what in each speaks against the other, and how sure it is, 0 to 1."""

    first: Statement
    second: Statement
    reason: Reason
    said_first: str
    said_second: str
    score: float


def contradictions(notes: Sequence[Note]) -> list[Contradiction]:
    """One for each pair of memories, the surest; the surest pair first."""
    told = [note for note in notes if len(note.content) <= texts.LONGEST]
    kin = texts.families(told)
    # A record of one case is no rule.
    rules = Rules([note for note in told if note.key not in kin])
    best: dict[tuple[str, str], Contradiction] = {}
    for first, second in rules.candidates():
        keys = (first.statement.note.key, second.statement.note.key)
        for opposed, score in rules.judged(first, second):
            if keys not in best or score > best[keys].score:
                best[keys] = Contradiction(
                    first.statement,
                    second.statement,
                    opposed.reason,
                    opposed.said_first,
                    opposed.said_second,
                    round(score, 3),
                )
    return sorted(best.values(), key=lambda c: (-c.score, c.first.note.path, c.second.note.path))


class Rules:
    """The rules, with how rare each word is in these memories, and for what each memory holds."""

    def __init__(self, notes: Sequence[Note]) -> None:
        self.clauses = [
            clause
            for note in notes
            for statement in note.statements
            if not statement.is_code
            for clause in clauses(statement)
        ]
        self._of: defaultdict[str, list[Clause]] = defaultdict(list)
        for clause in self.clauses:
            self._of[clause.statement.note.key].append(clause)
        self.scopes = Scopes(notes)
        self.spread = texts.rarity(notes)
        self.total = max(len(notes), _LEAST_NOTES)

    def weight(self, term: str) -> float:
        """0 for what every memory says, 1 for what one alone does."""
        return math.log(self.total / max(1, self.spread[term])) / math.log(self.total)

    def candidates(self) -> Iterator[tuple[Clause, Clause]]:
        """Clauses that one rule may set against each other, and that share a rare word."""
        seen: set[tuple[int, int]] = set()
        kinds_of = list(self._alike())
        for number, held in enumerate(kinds_of):
            # What one kind leaves is for those that follow.
            share = len(seen) + (MOST_COMPARED - len(seen)) // (len(kinds_of) - number)
            for places in sorted(self._by_term(held).values(), key=len):
                if len(places) > MOST_SHARING or len(seen) > share:
                    break
                for pair in combinations(places, 2):
                    if pair not in seen:
                        seen.add(pair)
                        first, second = self.clauses[pair[0]], self.clauses[pair[1]]
                        if first.statement.note.key != second.statement.note.key:
                            yield first, second

    def _alike(self) -> Iterator[Sequence[int]]:
        """Places of the clauses that may be opposed, a kind at a time."""
        of_kind: defaultdict[str, list[int]] = defaultdict(list)
        bans = []
        for at, clause in enumerate(self.clauses):
            for kind in kinds(clause):
                of_kind[kind].append(at)
            if clause.negation:
                bans.append(at)
        yield from of_kind.values()
        if bans:
            yield range(len(self.clauses))

    def _by_term(self, held: Sequence[int]) -> dict[str, list[int]]:
        """Of every word the places, where few have it."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for at in held:
            for term in self.clauses[at].about:
                if len(found[term]) <= MOST_SHARING:
                    found[term].append(at)
        return {term: places for term, places in found.items() if len(places) > 1}

    def speak_against(self, first: Note, second: Note) -> bool:
        """Whether anything in one may be opposed to something in the other: rather yes than no."""
        return any(
            self._share_of(opposed, ours, theirs) >= opposed.covered
            for ours in self._of[first.key]
            for theirs in self._of[second.key]
            for opposed in oppositions(ours, theirs)
            if opposed.covered and not _is_aside(opposed, ours, theirs)
        )

    def judged(self, first: Clause, second: Clause) -> Iterator[tuple[Opposition, float]]:
        shared = first.about & second.about
        for opposed in oppositions(first, second):
            sameness = self._sum(shared - opposed.beside)
            if sameness >= _LEAST and self._suits(opposed, first, second):
                yield opposed, min(1.0, 0.5 + sameness / 4)

    def _suits(self, opposed: Opposition, first: Clause, second: Clause) -> bool:
        """Whether both are about one thing, and both hold for it."""
        if not opposed.covered:  # of what is so, whoever it is for
            return True
        if self._are_apart(first.statement, second.statement):
            return False
        return self._share_of(opposed, first, second) >= opposed.covered

    def _share_of(self, opposed: Opposition, first: Clause, second: Clause) -> float:
        """How much of the one's subject the other has: of a ban's, where one is a ban."""
        if opposed.reason is Reason.NEGATION:
            ban, other = (first, second) if first.negation else (second, first)
            if len(ban.subject) < 2 or self._is_banned_too(ban, other.statement.note):
                return 0.0
            return self._share(ban.subject, other.about)
        return max(
            self._share(first.subject - opposed.beside, second.about),
            self._share(second.subject - opposed.beside, first.about),
        )

    def _is_banned_too(self, ban: Clause, there: Note) -> bool:
        """The other memory forbids it as well, in another sentence or further on in this one."""
        return any(
            each.negation and self._share(ban.subject, each.subject) >= _SAME_BAN
            for each in self._of[there.key]
        )

    def _are_apart(self, first: Statement, second: Statement) -> bool:
        """One holds for something else, or stands beside the other in a memory already."""
        return (
            self.scopes.are_apart(first.note, second.note)
            or self.scopes.are_siblings(first.note, second.note)
            or are_labelled_apart(first, second)
            or _stands_beside(first, second)
            or _stands_beside(second, first)
        )

    def _share(self, wanted: Set[str], there: Set[str]) -> float:
        """How much of what one is about the other is about too, the rare counting most."""
        total = self._sum(wanted)
        return self._sum(wanted & there) / total if total else 0.0

    def _sum(self, terms: Set[str]) -> float:
        return sum(self.weight(term) for term in terms if not term.isdigit())


def _is_aside(opposed: Opposition, first: Clause, second: Clause) -> bool:
    """A ban of a word or two, added to what is to be done: `never in one step`."""
    ban = first if first.negation else second
    return opposed.reason is Reason.NEGATION and len(ban.subject) < _WHOLE_BAN


def _stands_beside(told: Statement, other: Statement) -> bool:
    """The other's memory says this too, and whoever wrote it saw nothing wrong in both."""
    rest = (each for each in other.note.statements if each is not other)
    return len(told.terms) > 1 and any(told.terms <= each.terms for each in rest)
