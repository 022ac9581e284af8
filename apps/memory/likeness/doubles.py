"""Pairs of memories that say the same, literally or in other words.

Every memory becomes one vector, its rare words counting most, and what all of a store are about is
taken off. Two that are each other's nearest, and nearer than either is to its next neighbours, say
the same; what follows one template is expected to be alike and must be so to the letter.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from rapidfuzz import fuzz

from apps.memory.likeness import ageing, facts, figures, meaning, texts
from apps.memory.likeness.contradicting import Rules
from apps.memory.likeness.meaning import Matrix, Vector
from apps.memory.likeness.scopes import Scopes
from apps.memory.likeness.texts import Note, Statement

NEIGHBOURS = 5
_LITERAL = 90
_NEAR = 0.22
_NEAR_OF_FEW = 0.5
_FEW = 8
_STANDS_OUT = 0.2
_SHARED = 0.15
_SHARED_WELL = 0.3
_KNOWN = 0.5
_ALIKE = 0.35
_IN_COMMON = 0.5
_LEAST_WORDS = 4
_MANY_WORDS = 5
_MADE = 0.5
_ONE_SENTENCE = 0.5
_QUOTED = 0.55
_BESIDES = 0.15
_FEW_STATEMENTS = 3
_OTHER_THINGS = 3
_MUTUAL = 2
_BLOCK = 1_024


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two memories that say the same, what only one of them says, and how sure it is, 0 to 1."""

    first: Note
    second: Note
    score: float
    is_literal: bool
    only_first: tuple[Statement, ...]
    only_second: tuple[Statement, ...]


def near_duplicates(notes: Sequence[Note]) -> list[Duplicate]:
    """The surest first."""
    told = [note for note in notes if note.statements and len(note.content) <= texts.LONGEST]
    if len(told) < 2:
        return []
    space = _Space(told)
    near, scores = _nearest(space.rows)
    kin = _kin(told)
    scopes = Scopes(told)
    against = Rules(told)
    bodies = [_body(note) for note in told]
    found = []
    for pair in _pairs(near, scores):
        first, second = told[pair.a], told[pair.b]
        if kin.get(first.key) and kin.get(first.key) == kin.get(second.key):
            continue
        if _counts_otherwise(first, second):
            continue
        literal = fuzz.ratio(bodies[pair.a], bodies[pair.b], score_cutoff=_LITERAL)
        if literal >= _LITERAL:
            found.append(_told(first, second, literal / 100, is_literal=True))
        elif (
            _are_knowledge(first, second, kin)
            and not scopes.are_apart(first, second)
            and space.says_the_same(pair, scopes)
            and not against.speak_against(first, second)
        ):
            score = min(0.89, 0.5 + pair.margin / 2)
            found.append(_told(first, second, score, is_literal=False))
    return sorted(found, key=lambda each: (-each.score, each.first.path, each.second.path))


def _kin(notes: Sequence[Note]) -> dict[str, str]:
    """What follows a template, or is one of a numbered row: likeness to the others is meant."""
    rows = Counter(note.numbered for note in notes)
    numbered = {n.key: n.numbered for n in notes if rows[n.numbered] >= 3 and "#" in n.numbered}
    return texts.families(notes) | numbered


def _are_knowledge(first: Note, second: Note, kin: Mapping[str, str]) -> bool:
    """Neither is a record of one case, nor leads to the others: those only touch on it."""
    return not any(note.key in kin or note.is_index for note in (first, second))


def _counts_otherwise(first: Note, second: Note) -> bool:
    """Of something that both count each names a number that the other does not know at all."""
    ours, theirs = _counted(first), _counted(second)
    known = _digits(first), _digits(second)
    return any(
        not ours[unit] & known[1] and not theirs[unit] & known[0]
        for unit in ours.keys() & theirs.keys()
    )


def _counted(note: Note) -> figures.Measures:
    """`One` is as often an article."""
    found: dict[str, set[str]] = {}
    for statement in note.statements:
        for unit, numbers in figures.measures(statement.text).items():
            if numbers - {"1"}:
                found.setdefault(unit, set()).update(numbers - {"1"})
    return found


def _digits(note: Note) -> set[str]:
    return set().union(*(figures.digits(each) for each in note.statements))


def _name_the_same(first: Note, second: Note) -> bool | None:
    """Whether one names most of what the other does; None where one of them names nothing."""
    ours, theirs = facts.named(first), facts.named(second)
    if not ours or not theirs:
        return None
    return max(facts.share(ours, second), facts.share(theirs, first)) > _KNOWN


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two neighbours, how near they are, and by how much nearer than either's next three."""

    a: int
    b: int
    score: float
    margin: float
    is_mutual: bool


class _Space:
    """Memories as vectors: words by what they mean, weighted by how rare they are here."""

    def __init__(self, notes: Sequence[Note]) -> None:
        self._notes = notes
        self._counted = [_words(note) for note in notes]
        spread = Counter(word for counts in self._counted for word in counts)
        self._place = {word: at for at, word in enumerate(spread)}
        self._known = meaning.of_words(list(self._place))
        total = len(notes)
        self._weight = np.asarray(
            [math.log(1 + total / count) for count in spread.values()], dtype=np.float32
        )
        rows = np.zeros((total, self._known.shape[1]), dtype=np.float32)
        for row, counts in enumerate(self._counted):
            at = self._at(list(counts))
            often = 1 + np.log(np.asarray(list(counts.values()), dtype=np.float32))
            rows[row] = (self._weight[at] * often) @ self._known[at]
        rows = meaning.unit(rows)
        # Of a handful, the mean is the memories themselves.
        self.is_small = total < _FEW
        self.rows = rows if self.is_small else meaning.unit(rows - rows.mean(axis=0))

    def says_the_same(self, pair: _Pair, scopes: Scopes) -> bool:
        near = _NEAR_OF_FEW if self.is_small else _NEAR
        if not pair.is_mutual or pair.score < near or pair.margin < _STANDS_OUT:
            return False
        first, second = self._notes[pair.a], self._notes[pair.b]
        named = _name_the_same(first, second)
        if not named and scopes.are_two_of_a_kind(first, second):
            return False
        ours, theirs = (list(self._counted[row]) for row in (pair.a, pair.b))
        there, back = self._said(ours, theirs), self._said(theirs, ours)
        in_common = min(int((said >= _IN_COMMON).sum()) for said in (there, back))
        in_common += len(facts.names(first) & facts.names(second))
        if in_common < _LEAST_WORDS or self._differ_in_a_name(pair):
            return False
        if named is not False and in_common >= _MANY_WORDS and self._holds(pair):
            return True
        shared = (self._mean(ours, there) + self._mean(theirs, back)) / 2
        enough = _SHARED_WELL if named is False else _SHARED
        return shared >= enough and not self._quotes(pair)

    def _holds(self, pair: _Pair) -> bool:
        """Every statement of the one is made somewhere in the other, whatever else it says."""
        return any(
            min(self._made(one, other), default=0) >= _MADE
            for one, other in ((pair.a, pair.b), (pair.b, pair.a))
        )

    def _differ_in_a_name(self, pair: _Pair) -> bool:
        """They have nearly the same sentence, and each with a name that the other does not know."""
        first, second = self._notes[pair.a], self._notes[pair.b]
        for ours in first.statements:
            mine = facts.unknown(facts.of_text(ours.text), second)
            for theirs in second.statements if mine else ():
                yours = facts.unknown(facts.of_text(theirs.text), first)
                if yours and self._are_one_sentence(ours, theirs):
                    return True
        return False

    def _are_one_sentence(self, ours: Statement, theirs: Statement) -> bool:
        words, there = (
            [word for word in _told_words(each.text) if word in self._place]
            for each in (ours, theirs)
        )
        alike = (
            self._mean(words, self._said(words, there)),
            self._mean(there, self._said(there, words)),
        )
        return min(alike) >= _ONE_SENTENCE

    def _made(self, one: int, other: int) -> Iterator[float]:
        """How much of each statement of the one the best statement of the other says."""
        there = self._statements(other)
        # What one says in a sentence the other may say in two.
        places = [*there, *(first + second for first, second in pairwise(there))]
        for words in self._statements(one):
            yield max((self._mean(words, self._said(words, each)) for each in places), default=0)

    def _quotes(self, pair: _Pair) -> bool:
        """They have a statement in common, and go on to other things."""
        ours, theirs = self._told(pair.a, pair.b), self._told(pair.b, pair.a)
        rest = [*ours[:-1], *theirs[:-1]]
        is_aside = (
            len(rest) > _FEW_STATEMENTS
            and max(ours[-1], theirs[-1]) >= _QUOTED
            and sum(rest) / len(rest) < _BESIDES
        )
        return is_aside or any(_is_mostly_else(side) for side in (ours, theirs))

    def _told(self, one: int, other: int) -> list[float]:
        """How much of each statement of the one is said in the other, the least first."""
        theirs = list(self._counted[other])
        said = (self._mean(each, self._said(each, theirs)) for each in self._statements(one))
        return sorted(said) or [0.0]

    def _statements(self, row: int) -> list[list[str]]:
        """The words of each, where it has any."""
        note = self._notes[row]
        told = (_told_words(each.text) for each in note.statements if each.text != note.title)
        known = ([word for word in said if word in self._place] for said in told)
        return [words for words in known if words]

    def _said(self, ours: list[str], theirs: list[str]) -> Vector:
        """Of each of our words, how near the nearest of theirs is in meaning."""
        if not ours or not theirs:
            return np.zeros(len(ours), dtype=np.float32)
        alike = self._known[self._at(ours)] @ self._known[self._at(theirs)].T
        nearest: Vector = alike.max(axis=1)
        nearest[nearest < _ALIKE] = 0
        return nearest

    def _mean(self, words: list[str], said: Vector) -> float:
        """Over all words, the rare ones counting most."""
        weight = self._weight[self._at(words)]
        return float(said @ weight / weight.sum()) if words else 0.0

    def _at(self, words: list[str]) -> list[int]:
        return [self._place[word] for word in words]


def _is_mostly_else(told: list[float]) -> bool:
    other = sum(not said for said in told)
    return other >= _OTHER_THINGS and other * 2 > len(told)


def _words(note: Note) -> Counter[str]:
    """Days are not what a memory is about."""
    text = ageing.without_days(f"{note.name} {note.content}")
    return Counter(_told_words(text))


def _told_words(text: str) -> list[str]:
    return [word for word in texts.words(text) if word not in texts.STOP and len(word) > 1]


def _nearest(rows: Matrix) -> tuple[list[list[int]], list[list[float]]]:
    """Of each row its nearest others, and how near they are; a block at a time."""
    most = min(NEIGHBOURS, len(rows) - 1)
    near: list[list[int]] = []
    scores: list[list[float]] = []
    for begin in range(0, len(rows), _BLOCK):
        block = rows[begin : begin + _BLOCK] @ rows.T
        block[np.arange(len(block)), np.arange(begin, begin + len(block))] = -2
        best = np.argpartition(-block, most - 1, axis=1)[:, :most]
        values = np.take_along_axis(block, best, axis=1)
        order = np.argsort(-values, axis=1)
        near += np.take_along_axis(best, order, axis=1).tolist()
        scores += np.take_along_axis(values, order, axis=1).tolist()
    return near, scores


def _pairs(near: list[list[int]], scores: list[list[float]]) -> Iterator[_Pair]:
    usual = [float(np.mean(each[1:4])) if len(each) > 1 else 0.0 for each in scores]
    for a, others in enumerate(near):
        for b, score in zip(others, scores[a], strict=True):
            if a < b or a not in near[b]:
                is_mutual = b in others[:_MUTUAL] and a in near[b][:_MUTUAL]
                yield _Pair(a, b, score, 2 * score - usual[a] - usual[b], is_mutual)


def _body(note: Note) -> str:
    return " ".join(texts.words(" ".join(each.text for each in note.statements)))


def _told(first: Note, second: Note, score: float, *, is_literal: bool) -> Duplicate:
    return Duplicate(
        first, second, round(score, 3), is_literal, _only(first, second), _only(second, first)
    )


def _only(one: Note, other: Note) -> tuple[Statement, ...]:
    said = [" ".join(texts.words(each.text)) for each in other.statements]
    return tuple(
        each
        for each in one.statements
        if each.text != one.title
        and max(
            (fuzz.token_set_ratio(" ".join(texts.words(each.text)), s) for s in said), default=0
        )
        < 75
    )
