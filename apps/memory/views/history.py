"""The versions of a memory as its page lists and compares them."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.memory import diffing
from apps.memory.diffing import Hunk
from apps.memory.models import Memory, MemoryVersion, Operation

SIZE = 30


@dataclass(frozen=True, slots=True)
class Row:
    """A version in the timeline; `number` counts those of its memory from 1."""

    version: MemoryVersion
    number: int
    before: MemoryVersion | None

    @property
    def old_path(self) -> str:
        """Where the memory lay before, if this moved it."""
        before = self.before.path if self.before and self.before.redacted_at is None else None
        return before if before and self.version.path and before != self.version.path else ""

    @property
    def what(self) -> str:
        return _WORDS[self.kind]

    @property
    def kind(self) -> str:
        version = self.version
        if version.redacted_at is not None:
            return "redacted"
        if version.operation == Operation.CREATED:
            return "created" if self.number == 1 else "revived"
        if version.operation == Operation.DELETED:
            return "deleted"
        if not self.old_path:
            return "modified"
        same = self.before is not None and self.before.content_sha256 == version.content_sha256
        return "renamed" if same else "moved"


_WORDS = {
    "created": "created",
    "revived": "brought back",
    "modified": "changed",
    "renamed": "renamed",
    "moved": "renamed and changed",
    "deleted": "deleted",
    "redacted": "redacted",
}


@dataclass(frozen=True, slots=True)
class Timeline:
    """Some versions, newest first; `older` is the sequence that the next page begins below."""

    rows: list[Row]
    total: int
    older: int | None
    is_newest: bool


def timeline(memory: Memory, *, before: str = "") -> Timeline:
    """One page of it, without what was said."""
    versions = MemoryVersion.objects.filter(memory=memory).defer("content")
    total = versions.count()
    shown, count = versions, total
    is_cut = before.isdecimal() and len(before) < 10
    if is_cut:
        shown = versions.filter(sequence__lt=int(before))
        count = shown.count()
    found = list(shown.order_by("-sequence")[: SIZE + 1])
    rows = [
        Row(version, count - at, found[at + 1] if at + 1 < len(found) else None)
        for at, version in enumerate(found[:SIZE])
    ]
    older = rows[-1].version.sequence if len(found) > SIZE else None
    return Timeline(rows, total, older, not is_cut)


def numbered(memory: Memory, version: MemoryVersion) -> Row:
    """The version with its number and the one before it, contents included."""
    earlier = MemoryVersion.objects.filter(memory=memory, sequence__lt=version.sequence)
    return Row(version, earlier.count() + 1, earlier.order_by("-sequence").first())


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from one version to another. Without `old` all of it is new."""

    old: MemoryVersion | None
    new: MemoryVersion
    old_number: int | None
    new_number: int
    hunks: Sequence[Hunk]

    @property
    def is_known(self) -> bool:
        """Whether both can still be read."""
        return all(each is None or each.redacted_at is None for each in (self.old, self.new))

    @property
    def counts(self) -> tuple[int, int]:
        return diffing.counted(self.hunks)

    @property
    def is_move(self) -> bool:
        paths = [each.path for each in (self.old, self.new) if each is not None]
        return self.is_known and len(set(paths)) == 2


def compared(old: Row | None, new: Row, *, context: int | None = 3) -> Comparison:
    """From one version to another, contents loaded."""
    before, after = old.version if old else None, new.version
    is_known = all(each is None or each.redacted_at is None for each in (before, after))
    texts = (before.content if before else None), after.content
    hunks = diffing.diff(*texts, context=context) if is_known else []
    return Comparison(before, after, old.number if old else None, new.number, hunks)


def with_previous(row: Row, *, context: int | None = 3) -> Comparison:
    """What this version changed."""
    old = Row(row.before, row.number - 1, None) if row.before else None
    return compared(old, row, context=context)
