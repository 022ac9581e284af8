"""One level of a store, as `ls` shows it: its memories, and of every folder the name alone.

A folder may hold thousands of memories. So the index is walked from one item to the next: behind
`/a/` the walk goes on at whatever no longer begins with it, and costs the same however much does.
"""

from dataclasses import dataclass

from django.db import connection

from apps.core.api import paging
from apps.memory import paths
from apps.memory.models import Memory, MemoryStore


@dataclass(frozen=True, slots=True)
class Item:
    """A memory, or a folder (whose path ends in '/') without one."""

    path: str
    memory: Memory | None


@dataclass(frozen=True, slots=True)
class Level:
    """Some items in order of their paths, and the cursor of those behind them, or None."""

    items: list[Item]
    next_page: str | None


def level(
    store: MemoryStore, prefix: str, *, cursor: str = "", limit: int = 20, is_full: bool = False
) -> Level:
    """What lies directly in this folder. Raises InvalidRequest for another list's cursor."""
    name = f"level of {store.pk} at {prefix}"
    at = paging.position(cursor, of=name)
    found = _walk(store, prefix, begin=paths.after(at.key[0]) if at else prefix, limit=limit + 1)
    shown = found[:limit]
    memories = Memory.objects.live().filter(
        store=store, path__in=[path for path in shown if not path.endswith("/")]
    )
    by_path = {each.path: each for each in (memories if is_full else memories.defer("content"))}
    # Between the two looks a memory may have gone.
    items = [Item(path, by_path.get(path)) for path in shown]
    there = [each for each in items if each.memory or each.path.endswith("/")]
    return Level(there, _cursor(shown[-1], name) if len(found) > limit else None)


def _cursor(path: str, name: str) -> str:
    return paging.beside(Memory(path=path), of=name, by=("path",), descending=False)


def _walk(store: MemoryStore, prefix: str, *, begin: str, limit: int) -> list[str]:
    """The paths of the level's items from `begin` on."""
    with connection.cursor() as cursor:
        cursor.execute(
            WALK,
            {
                "store": store.pk,
                "begin": begin,
                "end": paths.after(prefix),
                "name": len(prefix) + 1,
                "limit": limit,
            },
        )
        return [path for (path,) in cursor.fetchall()]


# What is deeper than its level is cut behind the first name: `/a/b/c` at `/` is `/a/`.
_ITEM = """
    SELECT coalesce(
        left(it.path, %(name)s - 1 + nullif(strpos(substr(it.path, %(name)s), '/'), 0)), it.path
    ) AS path
    FROM memory_memory it
    WHERE it.store_id = %(store)s AND it.deleted_at IS NULL AND it.path < %(end)s
"""
# `left(…, -1) || '0'` is paths.after of a folder.
WALK = f"""
    WITH RECURSIVE items AS (
        ({_ITEM} AND it.path >= %(begin)s ORDER BY it.path LIMIT 1)
        UNION ALL
        SELECT following.path FROM items, LATERAL (
            {_ITEM} AND it.path >= CASE
                WHEN right(items.path, 1) = '/' THEN left(items.path, -1) || '0'
                ELSE items.path || E'\\x01'
            END
            ORDER BY it.path LIMIT 1
        ) following
    )
    SELECT path FROM items LIMIT %(limit)s
"""  # noqa: S608 -- composed of constants
