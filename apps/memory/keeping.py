"""The statements that every read and write of a memory runs, composed once.

To compose one anew takes several times what it takes to run it, and everybody who writes to a store
waits while one does. So these few are written out; what a write means stands in `writing`.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models

from apps.memory import paths
from apps.memory.models import Memory, MemoryStore, MemoryVersion

M = TypeVar("M", bound=models.Model)
_HEAD = (
    "path",
    "content",
    "content_sha256",
    "content_size_bytes",
    "memory_version_id",
    "updated_at",
    "deleted_at",
)
_COUNTED = ("version_count", "chain_hash", "memory_count", "size_bytes", "changed_at")


def held_store(store_id: str, workspace_id: str | None) -> MemoryStore | None:
    """The store, locked until the transaction ends, of this workspace or of any."""
    return _one(MemoryStore, _held(), {"id": store_id, "workspace": workspace_id})


def live_memory(store_id: str, memory_id: str, workspace_id: str | None = None) -> Memory | None:
    """The memory, in a store of this workspace or of any."""
    asked = {"store": store_id, "id": memory_id, "workspace": workspace_id}
    return _one(Memory, _live(), asked)


def in_the_way(store_id: str, path: str, *, besides: str) -> tuple[str, str] | None:
    """Path and id of a memory that lies at this path, above it or below it."""
    below = f"{path}/"
    with connection.cursor() as cursor:
        cursor.execute(
            _CROSSING,
            {
                "store": store_id,
                "besides": besides,
                "above": [path, *paths.ancestors(path)],
                "below": below,
                "end": paths.after(below),
            },
        )
        found: tuple[str, str] | None = cursor.fetchone()
    return found


Written = Sequence[tuple[Memory, MemoryVersion]]


def keep_new(store: MemoryStore, rows: Written) -> None:
    """Each memory once, at a path that is free; and the store's own count of them."""
    memories, versions = zip(*rows, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(_new(), [*_counts(store), *_columns(versions), *_columns(memories)])


def keep_changed(store: MemoryStore, rows: Written) -> None:
    """As keep_new, of memories that are there; none at a path that another one of them leaves."""
    memories, versions = zip(*rows, strict=True)
    heads = _columns(memories, ("id", *_HEAD))
    with connection.cursor() as cursor:
        cursor.execute(_changed(), [*_counts(store), *_columns(versions), *heads])


def _one(model: type[M], statement: str, asked: Mapping[str, Any]) -> M | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        row = cursor.fetchone()
    return None if row is None else model.from_db(connection.alias, _names(model), row)


@cache
def _names(model: type[models.Model]) -> list[str]:
    """The columns, without those that come as more than they are kept as: they are left out."""
    return [
        field.attname
        for field in model._meta.concrete_fields  # noqa: SLF001 -- Django's own name for it
        if not isinstance(field, models.JSONField)
    ]


def _counts(store: MemoryStore) -> list[Any]:
    return [getattr(store, name) for name in (*_COUNTED, "id")]


def _columns(rows: Sequence[models.Model], names: Iterable[str] = ()) -> list[list[Any]]:
    """Of each column, what each row has in it."""
    return [[getattr(row, name) for row in rows] for name in names or _names(type(rows[0]))]


def _unnested(model: type[models.Model], names: Iterable[str]) -> str:
    """Rows again, of one array for each column: the statement is the same for one and for many."""
    fields = (model._meta.get_field(name) for name in names)  # noqa: SLF001 -- as above
    return f"unnest({', '.join(f'%s::{each.db_type(connection)}[]' for each in fields)})"


def _insert(model: type[models.Model]) -> str:
    names = _names(model)
    table = model._meta.db_table  # noqa: SLF001 -- Django's own name for it
    return f"INSERT INTO {table} ({', '.join(names)}) SELECT * FROM {_unnested(model, names)}"  # noqa: S608 -- ours


@cache
def _held() -> str:
    return f"""
        SELECT {", ".join(_names(MemoryStore))} FROM memory_memorystore
        WHERE id = %(id)s AND (%(workspace)s::text IS NULL OR workspace_id = %(workspace)s)
        FOR NO KEY UPDATE
    """  # noqa: S608 -- the columns are the model's own


@cache
def _live() -> str:
    return f"""
        SELECT {", ".join(_names(Memory))} FROM memory_memory
        WHERE id = %(id)s AND store_id = %(store)s AND deleted_at IS NULL
            AND (%(workspace)s::text IS NULL OR EXISTS (
                SELECT FROM memory_memorystore
                WHERE id = %(store)s AND workspace_id = %(workspace)s
            ))
    """  # noqa: S608 -- the columns are the model's own


_CROSSING = """
    SELECT path, id FROM memory_memory
    WHERE store_id = %(store)s AND deleted_at IS NULL AND id <> %(besides)s
        AND path = ANY(%(above)s)
    UNION ALL
    SELECT path, id FROM memory_memory
    WHERE store_id = %(store)s AND deleted_at IS NULL AND id <> %(besides)s
        AND path >= %(below)s AND path < %(end)s
    LIMIT 1
"""


@cache
def _new() -> str:
    return f"{_with_version()} {_insert(Memory)}"


@cache
def _changed() -> str:
    names = ("id", *_HEAD)
    change = f"""
        UPDATE memory_memory AS it SET {", ".join(f"{name} = new.{name}" for name in _HEAD)}
        FROM {_unnested(Memory, names)} AS new ({", ".join(names)}) WHERE it.id = new.id
    """  # noqa: S608 -- the columns are the model's own
    return f"{_with_version()} {change}"


def _with_version() -> str:
    counts = ", ".join(f"{name} = %s" for name in _COUNTED)
    counted = f"UPDATE memory_memorystore SET {counts} WHERE id = %s"  # noqa: S608 -- ours
    return f"WITH counted AS ({counted}), version AS ({_insert(MemoryVersion)})"
