"""A proposal as a reader sees it: file by file, by hunks, with what was found in it marked.

Of an update the hunks are those that can be taken one by one, numbered as `planning` numbers them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from apps.memory import diffing, matching
from apps.memory.diffing import Hunk, Kind, Line
from apps.reviews.drafting import Kind as ProposalKind
from apps.reviews.models import Proposal, Source

_HEADING = re.compile(r"#{1,6}\s+(.*)")


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters of a file, and what was found there."""

    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A part of a line: changed or not, with what was found in it."""

    text: str
    is_changed: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A line as it is drawn; the kind of one without a number on a side is nothing there."""

    kind: str
    old_number: int | None
    new_number: int | None
    cells: Sequence[Cell]
    note: str = ""


@dataclass(frozen=True, slots=True)
class DrawnHunk:
    """`number` counts from 0 what can be taken; `skipped` lines before it are the same."""

    number: int
    topic: str
    skipped: int
    lines: Sequence[DrawnLine]

    @property
    def pairs(self) -> Sequence[tuple[DrawnLine | None, DrawnLine | None]]:
        """Side by side: each removed line beside the added one in its place."""
        return list(_paired(self.lines))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file: what it said when this was drafted, what it will say; None is not there."""

    path: str
    old_path: str
    old: str | None
    new: str | None
    hunks: Sequence[DrawnHunk]
    rest: int = 0
    """Lines that are the same after the last hunk."""
    marks: Sequence[Mark] = ()

    @property
    def is_retired(self) -> bool:
        return self.new is None and self.old is not None

    @property
    def is_new(self) -> bool:
        return self.old is None

    @property
    def counts(self) -> tuple[int, int]:
        """Lines added and removed."""
        kinds = [line.kind for hunk in self.hunks for line in hunk.lines]
        return kinds.count("added"), kinds.count("removed")

    @property
    def after(self) -> Sequence[Sequence[Cell]]:
        """Every line of what it will say."""
        return _whole(self.new or "", self.marks)


def sheets(proposal: Proposal, sources: Sequence[Source]) -> list[Sheet]:
    """What is written first, then what goes; nothing of what was redacted."""
    if proposal.redacted_at is not None:
        return []
    wanted = {} if proposal.content is None else {proposal.path: proposal.content}
    wanted |= {each["path"]: each["content"] for each in proposal.also}
    if proposal.kind == ProposalKind.RENAME and sources:
        said = sources[0].base_version.content
        return [Sheet(proposal.path, sources[0].path, said, said, ())]
    kept = _kept(proposal, sources, wanted)
    marks = _marks(proposal)
    drawn = [
        sheet(path, content, kept.get(path), marks.get(path, ()))
        for path, content in wanted.items()
    ]
    gone = [each for each in sources if each.path not in wanted]
    if proposal.kind == ProposalKind.UPDATE:
        gone = []
    return drawn + [_retired(each) for each in gone]


def sheet(path: str, content: str, source: Source | None, marks: Sequence[Mark] = ()) -> Sheet:
    """One file against the memory that it changes, if there is one."""
    old = source.base_version.content if source else None
    hunks, rest = _drawn(old, content, marks)
    return Sheet(path, source.path if source else "", old, content, hunks, rest, marks)


def before(sources: Sequence[Source]) -> list[Sheet]:
    """What each memory said when this was drafted."""
    return [
        Sheet(each.path, each.path, each.base_version.content, each.base_version.content, ())
        for each in sources
    ]


def _kept(
    proposal: Proposal, sources: Sequence[Source], wanted: Mapping[str, str]
) -> dict[str, Source]:
    """Which memory becomes which file: the one at its path, or an update's only one."""
    if proposal.kind == ProposalKind.UPDATE and sources:
        return {proposal.path: sources[0]}
    by_path = {each.path: each for each in sources}
    found = {path: by_path[path] for path in wanted if path in by_path}
    if proposal.kind == ProposalKind.MERGE and not found and sources:
        return {proposal.path: _likest(proposal.content or "", sources)}
    return found


def _likest(text: str, sources: Sequence[Source]) -> Source:
    """The one with the most lines in common: what a merge to a new path is shown against."""
    lines = set(matching.lines(text))
    return max(
        sources, key=lambda each: len(lines & set(matching.lines(each.base_version.content or "")))
    )


def _retired(source: Source) -> Sheet:
    said = source.base_version.content
    hunks, rest = _drawn(said, None, ())
    return Sheet(source.path, source.path, said, None, hunks, rest)


def _marks(proposal: Proposal) -> dict[str, list[Mark]]:
    found: dict[str, list[Mark]] = {}
    for each in proposal.marks:
        if each.get("in") == "content":
            mark = Mark(int(each["start"]), int(each["end"]), str(each["why"]))
            found.setdefault(each["path"], []).append(mark)
    return found


def _drawn(old: str | None, new: str | None, marks: Sequence[Mark]) -> tuple[list[DrawnHunk], int]:
    starts = _starts(new or "")
    found = diffing.diff(old, new)
    texts = matching.lines(old or ""), matching.lines(new or "")
    drawn = [
        DrawnHunk(number, _topic(hunk, *texts), hunk.skipped, _lines(hunk, starts, marks))
        for number, hunk in enumerate(hunk for hunk in found if hunk.lines)
    ]
    rest = found[-1].skipped if found and not found[-1].lines else 0
    return drawn, rest


def _lines(hunk: Hunk, starts: Sequence[int], marks: Sequence[Mark]) -> list[DrawnLine]:
    return [_line(each, starts, marks) for each in hunk.lines]


def _line(line: Line, starts: Sequence[int], marks: Sequence[Mark]) -> DrawnLine:
    cells: list[Cell] = []
    at = starts[line.new_number - 1] if line.new_number is not None else None
    for piece in line.pieces:
        cell = Cell(piece.text, piece.is_changed)
        cells += [cell] if at is None else _cut(cell, at, marks)
        at = None if at is None else at + len(piece.text)
    note = "" if line.kind == Kind.SAME else line.note
    return DrawnLine(line.kind.value, line.old_number, line.new_number, cells, note)


def _whole(text: str, marks: Sequence[Mark]) -> list[list[Cell]]:
    starts = _starts(text)
    return [
        _cut(Cell(matching.split_end(line)[0]), starts[at], marks)
        for at, line in enumerate(matching.lines(text))
    ]


def _cut(cell: Cell, start: int, marks: Sequence[Mark]) -> list[Cell]:
    """The cell in parts, so that each lies in a mark or beside all; `start` is its place."""
    end = start + len(cell.text)
    touching = [each for each in marks if each.start < end and each.end > start]
    if not touching:
        return [cell]
    edges = {start, end}
    for each in touching:
        edges |= {max(start, each.start), min(end, each.end)}
    places = sorted(edges)
    return [
        replace(cell, text=cell.text[a - start : b - start], why=_why(touching, a))
        for a, b in pairwise(places)
    ]


def _why(marks: Sequence[Mark], at: int) -> str:
    return ", ".join(dict.fromkeys(each.why for each in marks if each.start <= at < each.end))


def _starts(text: str) -> list[int]:
    """Where each line begins."""
    starts = [0]
    for line in matching.lines(text):
        starts.append(starts[-1] + len(line))
    return starts


def _topic(hunk: Hunk, old: Sequence[str], new: Sequence[str]) -> str:
    """The heading that its first change stands under; empty if there is none."""
    first = next((line for line in hunk.lines if line.kind != Kind.SAME), None)
    if first is None:
        return ""
    if first.new_number is not None:
        text, number = new, first.new_number
    else:
        text, number = old, first.old_number or 1
    for line in reversed(text[:number]):
        heading = _HEADING.match(line)
        if heading:
            return heading.group(1).strip()
    return ""


def _paired(
    lines: Sequence[DrawnLine],
) -> Iterator[tuple[DrawnLine | None, DrawnLine | None]]:
    removed: list[DrawnLine] = []
    added: list[DrawnLine] = []
    for line in lines:
        if line.kind == Kind.SAME:
            yield from _beside(removed, added)
            removed, added = [], []
            yield line, line
        else:
            (removed if line.kind == Kind.REMOVED else added).append(line)
    yield from _beside(removed, added)


def _beside(
    removed: Sequence[DrawnLine], added: Sequence[DrawnLine]
) -> Iterator[tuple[DrawnLine | None, DrawnLine | None]]:
    for at in range(max(len(removed), len(added))):
        yield (
            removed[at] if at < len(removed) else None,
            added[at] if at < len(added) else None,
        )
