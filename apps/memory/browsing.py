"""A store as people walk through it: one folder at a time, whatever it holds.

What a folder says of itself (how many memories lie below it, how large they are, who changed one
last) is gathered for the folders of one page, along the index of paths.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import F

from apps.memory import listing
from apps.memory.models import Memory, MemoryStore, MemoryVersion

SIZE = 100
"""Entries of a folder on one page."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A memory or a folder of a listing, with its last change."""

    path: str
    memory: Memory | None
    count: int
    size_bytes: int
    changed_at: datetime | None
    version: MemoryVersion | None


@dataclass(frozen=True, slots=True)
class Folder:
    """Some entries in order of their paths, and the cursor of those behind them."""

    prefix: str
    entries: list[Entry]
    next_page: str | None

    @property
    def parents(self) -> list[str]:
        """Every folder from the top down to this one."""
        return parents(self.prefix)


def parents(prefix: str) -> list[str]:
    """`/`, `/team/` and `/team/eu/` of /team/eu/."""
    parts = prefix.split("/")[1:-1]
    return ["/", *("/" + "/".join(parts[:end]) + "/" for end in range(1, len(parts) + 1))]


@dataclass(frozen=True, slots=True)
class Branch:
    """A line of a tree: a memory, a folder, or with `next_page` the rest of a folder."""

    path: str
    depth: int
    memory: Memory | None = None
    count: int = 0
    is_open: bool = False
    next_page: str = ""


def tree(store: MemoryStore, memory: Memory, *, size: int = SIZE) -> list[Branch]:
    """What lies beside a memory, and beside every folder that it lies in."""
    way = [*parents(memory.path), memory.path]
    levels = [listing.level(store, prefix, limit=size) for prefix in way[:-1]]
    folders = {item.path for level in levels for item in level.items if item.memory is None}
    held = _gathered(store, [*folders.union(way[1:-1])])

    def grown(depth: int) -> Iterator[Branch]:
        level, onward = levels[depth], way[depth + 1]
        items = {item.path: item.memory for item in level.items}
        if onward in held or (onward == memory.path and memory.deleted_at is None):
            items.setdefault(onward, memory if onward == memory.path else None)
        for path, leaf in items.items():
            is_open = leaf is None and path == onward
            yield Branch(path, depth, leaf, held[path][0] if path in held else 0, is_open)
            if is_open:
                yield from grown(depth + 1)
        if level.next_page:
            yield Branch(way[depth], depth, next_page=level.next_page)

    return list(grown(0))


def folder(store: MemoryStore, prefix: str, cursor: str = "", *, size: int = SIZE) -> Folder:
    """One page of it, in four statements. Raises InvalidRequest for another list's cursor."""
    level = listing.level(store, prefix, cursor=cursor, limit=size)
    folders = _gathered(store, [item.path for item in level.items if item.memory is None])
    heads = [item.memory.memory_version_id for item in level.items if item.memory]
    versions = _versions([*heads, *(each[3] for each in folders.values())])
    entries = [_entry(item, folders, versions) for item in level.items]
    return Folder(prefix, entries, level.next_page)


Gathered = tuple[int, int, datetime, str]


def _gathered(store: MemoryStore, folders: Sequence[str]) -> dict[str, Gathered]:
    """Of each folder: memories, bytes, its last change, and the version that made it."""
    if not folders:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_GATHERED, {"store": store.pk, "folders": list(folders)})
        return {path: (count, size, at, head) for path, count, size, at, head in cursor.fetchall()}


# `left(…, -1) || '0'` is paths.after of a folder.
_GATHERED = """
    SELECT folder.path, within.* FROM unnest(%(folders)s::text[]) AS folder(path), LATERAL (
        SELECT count(*), coalesce(sum(it.content_size_bytes), 0), max(it.updated_at),
            (array_agg(it.memory_version_id ORDER BY it.updated_at DESC, it.id DESC))[1]
        FROM memory_memory it
        WHERE it.store_id = %(store)s AND it.deleted_at IS NULL
            AND it.path >= folder.path COLLATE "C"
            AND it.path < (left(folder.path, -1) || '0') COLLATE "C"
    ) within
    WHERE within.count > 0
"""


def _versions(ids: Iterable[str]) -> dict[str, MemoryVersion]:
    wanted = MemoryVersion.objects.defer("content").filter(pk__in=list(ids))
    return {each.pk: each for each in wanted}


def _entry(
    item: listing.Item, folders: dict[str, Gathered], versions: dict[str, MemoryVersion]
) -> Entry:
    memory = item.memory
    if memory is not None:
        head = versions.get(memory.memory_version_id)
        return Entry(item.path, memory, 1, memory.content_size_bytes, memory.updated_at, head)
    count, size, at, head_id = folders.get(item.path, (0, 0, None, ""))
    return Entry(item.path, None, count, size, at, versions.get(head_id))


def last_changes(stores: Iterable[MemoryStore]) -> dict[str, MemoryVersion]:
    """By store, the version that it was last written with."""
    ends = MemoryVersion.objects.filter(store__in=stores, sequence=F("store__version_count"))
    return {each.store_id: each for each in ends.defer("content")}
