"""Which draft of one dream stands beside which of another: pure functions, no database.

What is the same edit agrees. What changes the same memories, lies at the same path, rests on the
same finding or says the same in other words stands in one row and differs; the rest stands alone.
Nothing here depends on which of the two dreams is named first.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cached_property

from rapidfuzz import fuzz

from apps.dreams.models import ComparisonRow
from apps.memory.likeness import Note, near_duplicates
from apps.reviews.drafting import Draft

Verdict = ComparisonRow.Verdict


class Bond(StrEnum):
    """Why two drafts stand in one row; the first that holds is meant."""

    SAME = "same"
    MEMORIES = "memories"
    PATH = "path"
    OVERLAP = "overlap"
    FINDING = "finding"
    WORDS = "words"

    @property
    def words(self) -> str:
        """For a reader."""
        return _WORDS[self]


_WORDS = {
    Bond.SAME: "The same edit",
    Bond.MEMORIES: "They change the same memories",
    Bond.PATH: "They lie at the same path",
    Bond.OVERLAP: "They change some of the same memories",
    Bond.FINDING: "They rest on the same finding",
    Bond.WORDS: "They say the same in other words",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A row: what A proposes, and what B does about the same; at least one of them."""

    a: Draft | None
    b: Draft | None
    bond: Bond | None = None

    @property
    def verdict(self) -> Verdict:
        if self.b is None:
            return Verdict.ONLY_A
        if self.a is None:
            return Verdict.ONLY_B
        return Verdict.AGREE if self.bond == Bond.SAME else Verdict.DIFFER

    @property
    def swapped(self) -> "Pair":
        """As it would be with the two dreams the other way round."""
        return Pair(self.b, self.a, self.bond)


def align(a: Sequence[Draft], b: Sequence[Draft]) -> list[Pair]:
    """Every draft of both in exactly one row: what differs first, what agrees last."""
    table = _Table(map(_Item, a), map(_Item, b))
    table.match(Bond.SAME, _by(lambda item: item.edit))
    table.match(Bond.MEMORIES, _by(lambda item: item.memories))
    table.match(Bond.PATH, _by(lambda item: item.draft.path))
    table.match(Bond.OVERLAP, _overlapping)
    table.match(Bond.FINDING, _by(lambda item: item.draft.fingerprint))
    table.match(Bond.WORDS, _saying_the_same)
    return table.rows()


class _Item:
    """A draft with what it is compared by."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.memories = frozenset(base.memory_id for base in draft.bases)

    @cached_property
    def edit(self) -> str:
        """What it does to the store, and nothing of why; blanks at the ends of lines are none."""
        draft = self.draft
        also = sorted((each.path, _plain(each.content)) for each in draft.also)
        text = None if draft.content is None else _plain(draft.content)
        return json.dumps([draft.kind, draft.path, text, sorted(self.memories), also])

    @cached_property
    def key(self) -> tuple[str, str]:
        """All that it is: whoever has the same one can take its place."""
        return self.edit, json.dumps(asdict(self.draft), sort_keys=True, default=str)


_Candidate = tuple[float, _Item, _Item]
_Rule = Callable[[Sequence[_Item], Sequence[_Item]], Iterable[_Candidate]]


class _Table:
    """What is matched already, and what is left of both."""

    def __init__(self, a: Iterable[_Item], b: Iterable[_Item]) -> None:
        self._a = sorted(a, key=lambda item: item.key)
        self._b = sorted(b, key=lambda item: item.key)
        self._pairs: list[tuple[_Item, _Item, Bond]] = []

    def match(self, bond: Bond, rule: _Rule) -> None:
        """Let each take the nearest that is free, the nearest two of all first."""
        taken: set[int] = set()
        for _, a, b in sorted(rule(self._a, self._b), key=_nearest_first):
            if id(a) not in taken and id(b) not in taken:
                taken |= {id(a), id(b)}
                self._pairs.append((a, b, bond))
        self._a = [each for each in self._a if id(each) not in taken]
        self._b = [each for each in self._b if id(each) not in taken]

    def rows(self) -> list[Pair]:
        told = [(Pair(a.draft, b.draft, bond), [a, b]) for a, b, bond in self._pairs]
        told += [(Pair(a.draft, None), [a]) for a in self._a]
        told += [(Pair(None, b.draft), [b]) for b in self._b]
        return [pair for pair, _ in sorted(told, key=lambda row: _order(*row))]


_RANKS = {Verdict.DIFFER: 0, Verdict.ONLY_A: 1, Verdict.ONLY_B: 1, Verdict.AGREE: 2}


def _order(pair: Pair, items: Sequence[_Item]) -> tuple[object, ...]:
    return (
        _RANKS[pair.verdict],
        min(each.draft.path for each in items),
        sorted(each.key for each in items),
    )


def _nearest_first(candidate: _Candidate) -> tuple[object, ...]:
    """Of equally near ones, the same whichever dream is named first.

    No two drafts of both dreams are one edit by then, so two keys name one pair of drafts.
    """
    score, a, b = candidate
    return -score, sorted((a.key, b.key))


def _by(shared: Callable[[_Item], Hashable]) -> _Rule:
    """Those that have this in common; what is empty nobody shares."""

    def rule(a: Sequence[_Item], b: Sequence[_Item]) -> Iterator[_Candidate]:
        theirs = defaultdict(list)
        for item in b:
            theirs[shared(item)].append(item)
        for item in a:
            if shared(item):
                yield from ((_nearness(item, each), item, each) for each in theirs[shared(item)])

    return rule


def _overlapping(a: Sequence[_Item], b: Sequence[_Item]) -> Iterator[_Candidate]:
    """Those that change some of the same memories, by how many of them all."""
    for ours in a:
        for theirs in b:
            if common := ours.memories & theirs.memories:
                share = len(common) / len(ours.memories | theirs.memories)
                yield share + _nearness(ours, theirs) / 1_000, ours, theirs


def _saying_the_same(a: Sequence[_Item], b: Sequence[_Item]) -> Iterator[_Candidate]:
    """New memories that tell the same, by whatever words."""
    new = sorted((item for item in (*a, *b) if _is_new(item)), key=lambda item: item.key)
    ours = {id(item) for item in a}
    notes = [
        Note(str(at), each.draft.path, each.draft.content or "") for at, each in enumerate(new)
    ]
    for found in near_duplicates(notes):
        pair = [new[int(found.first.key)], new[int(found.second.key)]]
        of_a = [item for item in pair if id(item) in ours]
        of_b = [item for item in pair if id(item) not in ours]
        if of_a and of_b:
            yield found.score, of_a[0], of_b[0]


def _is_new(item: _Item) -> bool:
    return not item.memories and bool(item.draft.content)


def _nearness(ours: _Item, theirs: _Item) -> float:
    """Of their texts, from 0 to 1; the very same draft is nearest."""
    if ours.key == theirs.key:
        return 2.0
    first, second = sorted((ours.draft.content or "", theirs.draft.content or ""))
    return fuzz.ratio(first, second) / 100


def _plain(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())
