"""What changed from one text to another, by line and within lines. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

CONTEXT = 3
# Comparing grows with the square of these, so that more is shown as replaced altogether.
MOST_LINES, MOST_WORDS = 3_000, 400
# Below this share of common words, marking the others would mark everything.
ALIKE = 0.4
_WORD = re.compile(r"\w+|\s+|[^\w\s]")
Piece = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a comparison: `same`, `gone` or `new`; pieces are marked where they differ."""

    kind: str
    old: int | None
    new: int | None
    pieces: tuple[Piece, ...]

    @property
    def sign(self) -> str:
        return {"gone": "−", "new": "+"}.get(self.kind, "")


@dataclass(frozen=True, slots=True)
class Gap:
    """Lines that are the same on both sides and far from what changed."""

    kind = "gap"
    count: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that changed with what is around it."""

    rows: tuple[Line | Gap, ...]
    added: int
    removed: int

    @property
    def is_same(self) -> bool:
        return not self.added and not self.removed


def compare(before: str, after: str) -> Comparison:
    """Line by line, and word by word where lines are alike."""
    lines = list(_lines(before.splitlines(), after.splitlines()))
    kinds = [each.kind for each in lines]
    return Comparison(tuple(_folded(lines)), kinds.count("new"), kinds.count("gone"))


def _lines(before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    for kind, start, end, begin, stop in _changes(before, after):
        if kind == "equal":
            for place in range(end - start):
                text = before[start + place]
                yield Line("same", start + place + 1, begin + place + 1, ((text, False),))
        else:
            yield from _replaced(before[start:end], after[begin:stop], start, begin)


def _changes(
    before: Sequence[str], after: Sequence[str]
) -> Sequence[tuple[str, int, int, int, int]]:
    """As difflib tells it, unless that would take too long."""
    if max(len(before), len(after)) <= MOST_LINES:
        return SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    same = next(
        (place for place, pair in enumerate(zip(before, after, strict=False)) if len({*pair}) > 1),
        min(len(before), len(after)),
    )
    return [
        ("equal", 0, same, 0, same),
        ("replace", same, len(before), same, len(after)),
    ]


def _replaced(gone: Sequence[str], new: Sequence[str], start: int, begin: int) -> Iterator[Line]:
    """Those that go, then those that come; the first of each belong together, and so on."""
    pairs = [_marked(old, fresh) for old, fresh in zip_longest(gone, new)]
    for place, (pieces, _) in enumerate(pairs[: len(gone)]):
        yield Line("gone", start + place + 1, None, pieces)
    for place, (_, pieces) in enumerate(pairs[: len(new)]):
        yield Line("new", None, begin + place + 1, pieces)


def _marked(old: str | None, new: str | None) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    plain = (((old or "", False),), ((new or "", False),))
    if old is None or new is None:
        return plain
    before, after = _WORD.findall(old), _WORD.findall(new)
    if max(len(before), len(after)) > MOST_WORDS:
        return plain
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < ALIKE:
        return plain
    codes = matcher.get_opcodes()
    return (
        tuple(("".join(before[i:j]), kind != "equal") for kind, i, j, _, _ in codes if j > i),
        tuple(("".join(after[k:m]), kind != "equal") for kind, _, _, k, m in codes if m > k),
    )


def _folded(lines: Sequence[Line]) -> Iterator[Line | Gap]:
    """Without what is far from every change."""
    near = {
        around
        for place, each in enumerate(lines)
        if each.kind != "same"
        for around in range(place - CONTEXT, place + CONTEXT + 1)
    }
    hidden = 0
    for place, each in enumerate(lines):
        if place in near:
            if hidden:
                yield Gap(hidden)
            hidden = 0
            yield each
        else:
            hidden += 1
    if hidden:
        yield Gap(hidden)
