"""The store as the model is shown it: all of it where it fits, else what a question is about."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from apps.dreams.claude.fencing import fence_for
from apps.dreams.claude.veiling import Veiled, veil
from apps.dreams.findings import Note
from apps.dreams.local.words import content

WHOLE = 240_000
"""Characters of a store that are shown whole."""
NEAREST = 100_000
"""Characters of a larger one that are shown in full beside a question about it."""
_INDEX = 60_000
_LONGEST_NOTE = 110_000
_LONGEST_LINE = 100


@dataclass(frozen=True, slots=True)
class Shelved:
    """A memory with the label that the model knows it by, and what is sent of it."""

    label: str
    note: Note
    veiled: Veiled

    @property
    def is_whole(self) -> bool:
        """Whether all of it was sent: what was not may not be written over."""
        return self.veiled.text == self.note.content


def shelved(notes: Sequence[Note]) -> list[Shelved]:
    return [
        Shelved(f"m{number}", note, veil(note.content, _LONGEST_NOTE))
        for number, note in enumerate(notes, 1)
    ]


def size(shelf: Iterable[Shelved]) -> int:
    return sum(len(each.veiled.text) + len(each.note.path) for each in shelf)


def fits(shelf: Sequence[Shelved]) -> bool:
    return size(shelf) <= WHOLE


def nearest(shelf: Sequence[Shelved], texts: Iterable[str], most: int = NEAREST) -> list[Shelved]:
    """Those that share most of their rarer words with the texts, as many as may be shown."""
    held = {each.label: set(content(f"{each.note.path} {each.veiled.text}")) for each in shelf}
    spread = Counter(stem for stems in held.values() for stem in stems)
    wanted = {stem for text in texts for stem in content(text)}
    weights = {label: sum(1 / spread[s] for s in stems & wanted) for label, stems in held.items()}
    order = sorted(shelf, key=lambda each: (-weights[each.label], each.note.path))
    return list(_within([each for each in order if weights[each.label]], most))


def slices(shelf: Sequence[Shelved]) -> Iterator[list[Shelved]]:
    """All of it, folder by folder, so much at a time that it is shown in full."""
    some: list[Shelved] = []
    for each in sorted(shelf, key=lambda each: each.note.path):
        if some and size([*some, each]) > WHOLE:
            yield some
            some = []
        some.append(each)
    if some:
        yield some


def fence(shown: Iterable[Shelved]) -> str:
    return fence_for(f"{each.note.path}\n{each.veiled.text}" for each in shown)


def index(shelf: Sequence[Shelved]) -> str:
    """A line for each, as far as there is room: where it lies, and how it begins."""
    lines: list[str] = []
    left = _INDEX
    for each in shelf:
        line = f"{each.label} {each.note.path}: {_first_line(each)}"
        left -= len(line)
        if left < 0:
            lines.append(f"and {len(shelf) - len(lines):,} more")
            break
        lines.append(line)
    border = fence_for(lines)
    return "\n".join(
        (
            "The store is too large to be shown whole. Only memories that are shown in full can be",
            f"changed; what else there is, and how it begins, stands up to the line {border}:",
            *lines,
            border,
        )
    )


def told(shown: Sequence[Shelved], border: str) -> str:
    """All of these in full."""
    if not shown:
        return "There is no memory yet."
    lines: list[str] = []
    for each in shown:
        at = each.note.updated_at.date()
        lines += [f"{border} {each.label} {each.note.path}, last changed {at}", each.veiled.text]
    return "\n".join((*lines, f"{border} end of the memories"))


def by_label(shelf: Iterable[Shelved]) -> Mapping[str, Shelved]:
    return {each.label: each for each in shelf}


def _within(shelf: Iterable[Shelved], most: int) -> Iterator[Shelved]:
    for each in shelf:
        most -= len(each.veiled.text)
        if most < 0:
            return
        yield each


def _first_line(each: Shelved) -> str:
    lines = (line.strip("# ").strip() for line in each.veiled.text.splitlines())
    return next(filter(None, lines), "")[:_LONGEST_LINE]
