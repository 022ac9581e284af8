"""Which lines two texts have in common, in order. Differences, blame and merges all stand on it.

Time is bounded. Lines that are the same at both ends are taken off first, then those that occur
once on either side are the anchors; only what lies between two anchors is searched line by line,
as far as the budget goes. Beyond it lines count as different: never wrong, only longer.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_PAIRS = 20_000
"""Of equal lines within one stretch, and BUDGET times that in one text: what a search looks at."""
BUDGET = 10


@dataclass(frozen=True, slots=True)
class Block:
    """So many lines from here in the old text are those from there in the new one."""

    old: int
    new: int
    size: int


@dataclass(frozen=True, slots=True)
class Edit:
    """Lines of the old text that became lines of the new one; either may be none."""

    old: range
    new: range


def lines(text: str) -> list[str]:
    """Each with its end. A line ends at a line feed and nowhere else."""
    parts = text.split("\n")
    last = parts.pop()
    ended = [f"{part}\n" for part in parts]
    return [*ended, last] if last else ended


def split_end(line: str) -> tuple[str, str]:
    """The line, and its end."""
    if not line.endswith("\n"):
        return line, ""
    return (line[:-2], "\r\n") if line.endswith("\r\n") else (line[:-1], "\n")


def edits(old: Sequence[str], new: Sequence[str]) -> list[Edit]:
    """What lies between the blocks."""
    found = []
    old_at = new_at = 0
    for block in [*blocks(old, new), Block(len(old), len(new), 0)]:
        if block.old > old_at or block.new > new_at:
            found.append(Edit(range(old_at, block.old), range(new_at, block.new)))
        old_at, new_at = block.old + block.size, block.new + block.size
    return found


def blocks(old: Sequence[str], new: Sequence[str]) -> list[Block]:
    """The lines in common, in order; no two blocks touch on both sides."""
    joined: list[Block] = []
    for block in _Search(old, new).stretch(0, len(old), 0, len(new)):
        last = joined[-1] if joined else Block(0, 0, 0)
        if (last.old + last.size, last.new + last.size) == (block.old, block.new) and joined:
            joined[-1] = Block(last.old, last.new, last.size + block.size)
        else:
            joined.append(block)
    return joined


class _Search:
    """One search through two texts, with what is left of its budget."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self.old = old
        self.new = new
        self.left = BUDGET * MOST_PAIRS

    def stretch(self, old: int, old_end: int, new: int, new_end: int) -> Iterator[Block]:
        """The blocks between these lines."""
        head = self._head(old, old_end, new, new_end)
        if head:
            yield Block(old, new, head)
            old, new = old + head, new + head
        tail = self._tail(old, old_end, new, new_end)
        if old < old_end - tail and new < new_end - tail:
            yield from self._between(old, old_end - tail, new, new_end - tail)
        if tail:
            yield Block(old_end - tail, new_end - tail, tail)

    def _head(self, old: int, old_end: int, new: int, new_end: int) -> int:
        size = 0
        most = min(old_end - old, new_end - new)
        while size < most and self.old[old + size] == self.new[new + size]:
            size += 1
        return size

    def _tail(self, old: int, old_end: int, new: int, new_end: int) -> int:
        size = 0
        most = min(old_end - old, new_end - new)
        while size < most and self.old[old_end - 1 - size] == self.new[new_end - 1 - size]:
            size += 1
        return size

    def _between(self, old: int, old_end: int, new: int, new_end: int) -> Iterator[Block]:
        """Where neither the first lines are the same nor the last."""
        old_counts = Counter(self.old[old:old_end])
        new_counts = Counter(self.new[new:new_end])
        anchors = self._anchors(range(old, old_end), range(new, new_end), old_counts, new_counts)
        if not anchors:
            yield from self._closely(old, old_end, new, new_end, old_counts, new_counts)
            return
        for old_at, new_at in anchors:
            yield from self.stretch(old, old_at, new, new_at)
            yield Block(old_at, new_at, 1)
            old, new = old_at + 1, new_at + 1
        yield from self.stretch(old, old_end, new, new_end)

    def _anchors(
        self, old: range, new: range, old_counts: Counter[str], new_counts: Counter[str]
    ) -> list[tuple[int, int]]:
        """The lines that occur once on either side, as many of them as stand in the same order."""
        places = {self.new[at]: at for at in new if new_counts[self.new[at]] == 1}
        pairs = [
            (at, places[self.old[at]])
            for at in old
            if old_counts[self.old[at]] == 1 and self.old[at] in places
        ]
        return _rising(pairs)

    def _closely(
        self,
        old: int,
        old_end: int,
        new: int,
        new_end: int,
        old_counts: Counter[str],
        new_counts: Counter[str],
    ) -> Iterator[Block]:
        pairs = sum(count * new_counts[line] for line, count in old_counts.items())
        if not pairs or pairs > min(MOST_PAIRS, self.left):
            return
        self.left -= pairs
        matcher = SequenceMatcher(
            None, self.old[old:old_end], self.new[new:new_end], autojunk=False
        )
        for match in matcher.get_matching_blocks():
            if match.size:
                yield Block(old + match.a, new + match.b, match.size)


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs (sorted by the first) whose second rises too."""
    ends: list[int] = []  # the least second that ends a run of this length
    at: list[int] = []  # which pair that is
    before: list[int | None] = []
    for place, (_, second) in enumerate(pairs):
        length = bisect_left(ends, second)
        before.append(at[length - 1] if length else None)
        if length == len(ends):
            ends.append(second)
            at.append(place)
        else:
            ends[length], at[length] = second, place
    run: list[tuple[int, int]] = []
    following = at[-1] if at else None
    while following is not None:
        run.append(pairs[following])
        following = before[following]
    return run[::-1]
