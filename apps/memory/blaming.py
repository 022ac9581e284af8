"""Who brought each line of a memory, and with which version.

A line that was taken away and written again belongs to whoever wrote it again, and so does every
line of a memory that was deleted and came back. What a redacted version said is not known: a line
that is in the version behind it and not in the one before it came with either.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from apps.memory import matching
from apps.memory.models import Memory, MemoryVersion, Operation


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a line comes from: the content at this index, or one after `since` and up to it."""

    index: int
    since: int | None = None

    @property
    def is_known(self) -> bool:
        return self.since is None


@dataclass(frozen=True, slots=True)
class Source:
    """A version, without what it says. `number` counts the versions of its memory from 1."""

    id: str
    number: int
    sequence: int
    actor_type: str
    actor_id: str
    actor_name: str
    reason: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class BlamedLine:
    """A line, and what it ends in.

    Where `is_known` is false, `source` is the first version known to have it: it was there by then,
    and came with that version or a redacted one right before.
    """

    number: int
    text: str
    end: str
    source: Source
    is_known: bool


def blame(memory: Memory) -> list[BlamedLine]:
    """Each line of what the memory says now; a deleted one says nothing."""
    sources: list[Source] = []
    lines, origins = _followed(_contents(memory, sources))
    return [
        BlamedLine(number, *matching.split_end(line), sources[origin.index], origin.is_known)
        for number, (line, origin) in enumerate(zip(lines, origins, strict=True), 1)
    ]


def origins(contents: Iterable[str | None]) -> list[Origin]:
    """Of each line of the last content. None is one that was redacted, "" one that was deleted."""
    return _followed(contents)[1]


def _contents(memory: Memory, sources: list[Source]) -> Iterable[str | None]:
    """What its versions said, oldest first, one at a time; `sources` is filled on the way."""
    versions = MemoryVersion.objects.filter(memory=memory).in_order()
    rows = versions.values("operation", "content", *_KEPT).iterator(chunk_size=100)
    for number, row in enumerate(rows, 1):
        operation, content = row.pop("operation"), row.pop("content")
        sources.append(Source(number=number, **row))
        yield "" if operation == Operation.DELETED else content


_KEPT = [each.name for each in fields(Source) if each.name != "number"]


def _followed(contents: Iterable[str | None]) -> tuple[list[str], list[Origin]]:
    """The lines of the last content, and where each comes from."""
    before: str | None = ""
    lines: list[str] = []
    found: list[Origin] = []
    gap: int | None = None  # the last index before the contents that are not known
    for index, content in enumerate(contents):
        if content is None:
            gap = index - 1 if gap is None else gap
            continue
        if content != before or gap is not None:
            following = matching.lines(content)
            found = _carried(found, lines, following, Origin(index, gap))
            lines, before = following, content
        gap = None
    return lines, found


def _carried(
    found: Sequence[Origin], old: Sequence[str], new: Sequence[str], fresh: Origin
) -> list[Origin]:
    """Lines that were there keep where they come from."""
    carried: list[Origin] = []
    for block in matching.blocks(old, new):
        carried += [fresh] * (block.new - len(carried))
        carried += found[block.old : block.old + block.size]
    return carried + [fresh] * (len(new) - len(carried))
