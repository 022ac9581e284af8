"""What changed from one text to another: by line, and inside a changed line by word.

Pure functions over texts. Time is bounded: long lines are compared as a whole.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from apps.memory import matching
from apps.memory.matching import Block, Edit

LONGEST_BY_WORD = 2_000
"""Characters of a line that is compared word by word."""
BUDGET_OF_WORDS = 100_000
"""Characters that are compared so in one text, and some for every comparison."""
LEAST_ALIKE = 0.4
"""How much of two lines must be the same for one to be shown as a change of the other."""
FARTHEST = 8
"""Lines that are looked at for a counterpart."""
_WORD = re.compile(r"\w+|\s+|[^\w\s]")


class Kind(StrEnum):
    """What became of a line."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line: what its counterpart does not have, or has as well."""

    text: str
    is_changed: bool


Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its end. One without a counterpart is a single piece that is not marked.

    `note` says what cannot be seen: that the last line has no end, or which end changed.
    """

    kind: Kind
    old_number: int | None
    new_number: int | None
    pieces: Pieces
    note: str = ""

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Hunk:
    """Lines that lie together; `skipped` is how many lines are the same before it.

    The last one of a text may be empty, and only say how many follow.
    """

    skipped: int
    lines: tuple[Line, ...]


def diff(old: str | None, new: str | None, *, context: int | None = 3) -> list[Hunk]:
    """What changed, with so many lines around it; all lines with None. The same text has no hunks.

    None is a text that is not there: what was created has no old one, what was deleted no new one.
    """
    if old == new:
        return []
    before, after = matching.lines(old or ""), matching.lines(new or "")
    found = matching.edits(before, after)
    budget = _Budget()
    hunks: list[Hunk] = []
    shown = 0  # lines of the old text
    for group in _grouped(found, context):
        start = _before(group[0], context)
        lines = tuple(_lines(group, before, after, context, budget))
        hunks.append(Hunk(max(0, start - shown), lines))
        shown = _after(group[-1], context, len(before))
    if hunks and shown < len(before):
        hunks.append(Hunk(len(before) - shown, ()))
    return hunks


def counted(hunks: Sequence[Hunk]) -> tuple[int, int]:
    """How many lines were added, and how many removed."""
    kinds = [line.kind for hunk in hunks for line in hunk.lines]
    return kinds.count(Kind.ADDED), kinds.count(Kind.REMOVED)


def unified(hunks: Sequence[Hunk]) -> str:
    """As `diff -u` and `git diff` write it, without the names of files."""
    return "".join(_unified(hunk) for hunk in hunks if hunk.lines)


def _unified(hunk: Hunk) -> str:
    written = [_heading(hunk)]
    for line in hunk.lines:
        written.append(f"{_SIGNS[line.kind]}{line.text}")
        if line.note == NO_END:
            written.append("\\ No newline at end of file")
    return "\n".join(written) + "\n"


def _heading(hunk: Hunk) -> str:
    old = [line.old_number for line in hunk.lines if line.old_number is not None]
    new = [line.new_number for line in hunk.lines if line.new_number is not None]
    return f"@@ -{_span(old)} +{_span(new)} @@"


def _span(numbers: Sequence[int]) -> str:
    return f"{numbers[0]},{len(numbers)}" if numbers else "0,0"


_SIGNS = {Kind.SAME: " ", Kind.REMOVED: "-", Kind.ADDED: "+"}
NO_END = "no newline at the end"


def _grouped(found: Sequence[Edit], context: int | None) -> Iterator[list[Edit]]:
    """Edits whose surroundings meet belong together."""
    group: list[Edit] = []
    for edit in found:
        if group and context is not None and edit.old.start - group[-1].old.stop > 2 * context:
            yield group
            group = []
        group.append(edit)
    if group:
        yield group


def _before(edit: Edit, context: int | None) -> int:
    """The first line of the old text to show."""
    return 0 if context is None else max(0, edit.old.start - context)


def _after(edit: Edit, context: int | None, count: int) -> int:
    return count if context is None else min(count, edit.old.stop + context)


def _lines(
    group: Sequence[Edit],
    before: Sequence[str],
    after: Sequence[str],
    context: int | None,
    budget: "_Budget",
) -> Iterator[Line]:
    at = _before(group[0], context)
    shift = group[0].new.start - group[0].old.start
    for edit in group:
        yield from _same(before, range(at, edit.old.start), shift)
        yield from _changed(edit, before, after, budget)
        at, shift = edit.old.stop, edit.new.stop - edit.old.stop
    yield from _same(before, range(at, _after(group[-1], context, len(before))), shift)


def _same(before: Sequence[str], span: range, shift: int) -> Iterator[Line]:
    for at in span:
        text, end = matching.split_end(before[at])
        note = "" if end else NO_END
        yield Line(Kind.SAME, at + 1, at + shift + 1, (Piece(text, False),), note)


def _changed(
    edit: Edit, before: Sequence[str], after: Sequence[str], budget: "_Budget"
) -> Iterator[Line]:
    """What was removed, then what was added; each marked against its counterpart."""
    old = [matching.split_end(before[at]) for at in edit.old]
    new = [matching.split_end(after[at]) for at in edit.new]
    sides = _Side.of(old), _Side.of(new)
    texts = [text for text, _ in old], [text for text, _ in new]
    for old_at, new_at in _counterparts(*texts, budget):
        marked = budget.marked(texts[0][old_at], texts[1][new_at])
        sides[0].pieces[old_at], sides[1].pieces[new_at] = marked
        if old[old_at][1] != new[new_at][1]:
            sides[0].notes[old_at] = _NOTES[old[old_at][1]]
            sides[1].notes[new_at] = _NOTES[new[new_at][1]]
    for at, pieces, note in zip(edit.old, sides[0].pieces, sides[0].notes, strict=True):
        yield Line(Kind.REMOVED, at + 1, None, pieces, note)
    for at, pieces, note in zip(edit.new, sides[1].pieces, sides[1].notes, strict=True):
        yield Line(Kind.ADDED, None, at + 1, pieces, note)


@dataclass(slots=True)
class _Side:
    """What is shown of each changed line on one side, as far as it is known."""

    pieces: list[Pieces]
    notes: list[str]

    @classmethod
    def of(cls, split: Sequence[tuple[str, str]]) -> "_Side":
        return cls(
            [(Piece(text, False),) for text, _ in split],
            ["" if end else NO_END for _, end in split],
        )


_NOTES = {"": NO_END, "\n": "ends in LF", "\r\n": "ends in CRLF"}


def _counterparts(
    old: Sequence[str], new: Sequence[str], budget: "_Budget"
) -> Iterator[tuple[int, int]]:
    """Which removed line became which added one: in order, each the next that is like it."""
    start = 0
    farthest = min(FARTHEST, 1 + max(0, len(new) - len(old)))
    for old_at, line in enumerate(old):
        if budget.left < 0:
            return
        ahead = range(start, min(len(new), start + farthest))
        alike = next((at for at in ahead if budget.are_alike(line, new[at])), None)
        if alike is not None:
            yield old_at, alike
            start = alike + 1
        elif len(old) == len(new):
            start += 1


class _Budget:
    """How many more characters of one text are compared word by word."""

    def __init__(self) -> None:
        self.left = BUDGET_OF_WORDS

    def are_alike(self, old: str, new: str) -> bool:
        """Whether enough of their words are the same, in whatever order."""
        if not self._take(old, new):
            return False
        if old.strip() == new.strip():
            return True
        before, after = (_WORD.findall(text[:LONGEST_BY_WORD]) for text in (old, new))
        common = (Counter(before) & Counter(after)).total()
        return 2 * common >= LEAST_ALIKE * (len(before) + len(after))

    def marked(self, old: str, new: str) -> tuple[Pieces, Pieces]:
        """Both lines, with what the other does not have marked."""
        if max(len(old), len(new)) > LONGEST_BY_WORD or not self._take(old, new):
            return _ends_marked(old, new)
        before, after = _WORD.findall(old), _WORD.findall(new)
        old_pieces, new_pieces = [], []
        old_at = new_at = 0
        for block in [*matching.blocks(before, after), Block(len(before), len(after), 0)]:
            same = Piece("".join(before[block.old : block.old + block.size]), False)
            old_pieces += [Piece("".join(before[old_at : block.old]), True), same]
            new_pieces += [Piece("".join(after[new_at : block.new]), True), same]
            old_at, new_at = block.old + block.size, block.new + block.size
        return _kept(old_pieces), _kept(new_pieces)

    def _take(self, old: str, new: str) -> bool:
        self.left -= 20 + min(len(old), LONGEST_BY_WORD) + min(len(new), LONGEST_BY_WORD)
        return self.left >= 0


def _ends_marked(old: str, new: str) -> tuple[Pieces, Pieces]:
    """All between the first and the last character in which they differ."""
    most = min(len(old), len(new))
    head = next((at for at in range(most) if old[at] != new[at]), most)
    rest = most - head
    tail = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    return _cut(old, head, tail), _cut(new, head, tail)


def _cut(text: str, head: int, tail: int) -> Pieces:
    end = len(text) - tail
    return _kept([Piece(text[:head], False), Piece(text[head:end], True), Piece(text[end:], False)])


def _kept(pieces: Sequence[Piece]) -> Pieces:
    """Those that hold anything; an empty line is one piece."""
    return tuple(each for each in pieces if each.text) or (Piece("", False),)
