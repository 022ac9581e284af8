"""A store as it was at a time, and what changed from one time to another.

A time is an instant, or the number of a version in the store's chain: right after that write.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.db.models import OuterRef, Q, Subquery

from apps.memory import diffing
from apps.memory.models import Memory, MemoryStore, MemoryVersion, Operation

Moment = datetime | int


@dataclass(frozen=True, slots=True)
class State:
    """What a store said at a time; contents are loaded only if that was asked for.

    Where a memory whose version was redacted lay is not known any more: those stand beside.
    """

    by_path: dict[str, MemoryVersion] = field(default_factory=dict)
    redacted: list[MemoryVersion] = field(default_factory=list)

    @property
    def by_memory(self) -> dict[str, MemoryVersion]:
        return {each.memory_id: each for each in (*self.by_path.values(), *self.redacted)}


class ChangeKind(StrEnum):
    """What became of a memory between two times."""

    CREATED = "created"
    MODIFIED = "modified"
    RENAMED = "renamed"
    DELETED = "deleted"
    REDACTED = "redacted"  # what it said at one of the times is not known any more


@dataclass(frozen=True, slots=True)
class Change:
    """One memory, as it was at either time; None where it was not there."""

    memory_id: str
    kind: ChangeKind
    old: MemoryVersion | None
    new: MemoryVersion | None

    @property
    def path(self) -> str:
        """Where it is, or was last; empty if that was redacted."""
        paths = [each.path for each in (self.new, self.old) if each is not None and each.path]
        return paths[0] if paths else ""

    @property
    def old_path(self) -> str:
        """Where it was before it was moved; empty if it was not."""
        if self.old is None or self.new is None or self.old.path == self.new.path:
            return ""
        return self.old.path or ""

    def hunks(self, *, context: int | None = 3) -> list[diffing.Hunk]:
        """What changed in the text; nothing if that is not known. Contents must be loaded."""
        if self.kind == ChangeKind.REDACTED:
            return []
        old = self.old.content if self.old else None
        new = self.new.content if self.new else None
        return diffing.diff(old, new, context=context)


def by_then(at: Moment) -> Q:
    """Versions that were there at that time."""
    return Q(sequence__lte=at) if isinstance(at, int) else Q(created_at__lte=at)


def state_at(store: MemoryStore, at: Moment, *, is_full: bool = False) -> State:
    """The newest version of each memory by then, in order of paths; those deleted are not there."""
    state = State()
    for version in sorted(_newest(store, at, is_full=is_full), key=_place):
        if version.path is None:
            state.redacted.append(version)
        else:
            state.by_path[version.path] = version
    return state


def changes_between(
    store: MemoryStore, old: Moment, new: Moment, *, prefix: str = "/", is_full: bool = False
) -> list[Change]:
    """What differs, in order of paths; of a folder, whatever lay in it at either time."""
    before = state_at(store, old, is_full=is_full).by_memory
    after = state_at(store, new, is_full=is_full).by_memory
    changes = [
        _change(memory_id, before.get(memory_id), after.get(memory_id))
        for memory_id in before.keys() | after.keys()
    ]
    found = [each for each in changes if each is not None and _is_under(prefix, each)]
    return sorted(found, key=order)


def order(found: Change) -> tuple[bytes, str]:
    """As changes are listed."""
    return found.path.encode(), found.memory_id


def change(old: MemoryVersion | None, new: MemoryVersion) -> Change:
    """From one version to another, of whichever memories; the same text is no modification."""
    if old is not None and old.operation == Operation.DELETED:
        old = None
    there = None if new.operation == Operation.DELETED else new
    found = _change(new.memory_id, old, there)
    return found or Change(new.memory_id, ChangeKind.MODIFIED, old, there)


def with_contents(changes: Sequence[Change]) -> list[Change]:
    """The same changes with what was said loaded, in one query."""
    ids = {each.pk for each in _versions(changes)}
    full = MemoryVersion.objects.in_bulk(ids)
    return [
        Change(
            each.memory_id,
            each.kind,
            full.get(each.old.pk) if each.old else None,
            full.get(each.new.pk) if each.new else None,
        )
        for each in changes
    ]


def _versions(changes: Iterable[Change]) -> list[MemoryVersion]:
    return [each for one in changes for each in (one.old, one.new) if each is not None]


def _newest(store: MemoryStore, at: Moment, *, is_full: bool) -> Iterable[MemoryVersion]:
    """By the index of each memory's versions, so long histories cost no more than short ones."""
    newest = MemoryVersion.objects.filter(by_then(at), memory=OuterRef("pk")).order_by("-sequence")
    ids = Memory.objects.filter(store=store).values_list(Subquery(newest.values("pk")[:1]))
    versions = MemoryVersion.objects.filter(pk__in=ids).exclude(operation=Operation.DELETED)
    return versions if is_full else versions.defer("content")


def _place(version: MemoryVersion) -> tuple[bytes, int]:
    return (version.path or "").encode(), version.sequence


def _change(memory_id: str, old: MemoryVersion | None, new: MemoryVersion | None) -> Change | None:
    """None if it is the same at either time."""
    if old is not None and new is not None and old.pk == new.pk:
        return None
    kind = _kind(old, new)
    return Change(memory_id, kind, old, new) if kind else None


def _kind(old: MemoryVersion | None, new: MemoryVersion | None) -> ChangeKind | None:
    if any(each is not None and each.redacted_at is not None for each in (old, new)):
        return ChangeKind.REDACTED
    if old is None or new is None:
        return ChangeKind.CREATED if old is None else ChangeKind.DELETED
    if old.content_sha256 != new.content_sha256:
        return ChangeKind.MODIFIED
    return ChangeKind.RENAMED if old.path != new.path else None


def _is_under(prefix: str, found: Change) -> bool:
    """What was redacted lies nowhere, so a folder without it shows it if the other side does."""
    paths = [each.path for each in (found.old, found.new) if each is not None and each.path]
    return prefix == "/" or any(path.startswith(prefix) for path in paths)
