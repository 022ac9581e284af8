"""The statements that every read and write of a memory runs, composed once.

To compose one anew takes several times what it takes to run it, and everybody who writes to a store
waits while one does. So these few are written out; what a write means stands in `writing`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models

from apps.accounts.models import AuditEntry
from apps.core import statements
from apps.core.statements import prepared
from apps.memory import paths
from apps.memory.models import Memory, MemoryStore, MemoryVersion

M = TypeVar("M", bound=models.Model)
_ALL_OF_STORE = [field.attname for field in MemoryStore._meta.concrete_fields]  # noqa: SLF001
_HEAD = (
    "path",
    "content",
    "content_sha256",
    "content_size_bytes",
    "memory_version_id",
    "updated_at",
    "deleted_at",
)
_HEAD_ID = (*_HEAD, "id")
_COUNTED = ("version_count", "chain_hash", "memory_count", "size_bytes", "changed_at")
_COUNTED_ID = (*_COUNTED, "id")


def held_store(store_id: str, workspace_id: str | None) -> MemoryStore | None:
    """The store, locked until the transaction ends, of this workspace or of any."""
    return _one(MemoryStore, _held(), {"id": store_id, "workspace": workspace_id})


def known_store(store_id: str, workspace_id: str) -> MemoryStore | None:
    """The store, of this workspace, with all its columns."""
    asked = {"id": store_id, "workspace": workspace_id}
    return _one(MemoryStore, _known(), asked, _ALL_OF_STORE)


def live_memory(store_id: str, memory_id: str, workspace_id: str | None = None) -> Memory | None:
    """The memory, in a store of this workspace or of any."""
    asked = {"store": store_id, "id": memory_id, "workspace": workspace_id}
    return _one(Memory, _live(), asked)


def live_memories(store_id: str, memory_ids: Sequence[str]) -> dict[str, Memory]:
    """Those of them that are there, by id."""
    with prepared() as cursor:
        cursor.execute(_those(), {"store": store_id, "ids": list(memory_ids)})
        rows = cursor.fetchall()
    memories = (Memory.from_db(connection.alias, _names(Memory), row) for row in rows)
    return {memory.pk: memory for memory in memories}


def in_the_way(store_id: str, path: str, *, besides: str) -> tuple[str, str] | None:
    """Path and id of a memory that lies at this path, above it or below it."""
    below = f"{path}/"
    with prepared() as cursor:
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


def keep_new(store: MemoryStore, rows: Written, entry: AuditEntry | None = None) -> None:
    """Each memory once, at a path that is free; and the store's own count of them.

    The audit entry of a write is kept with it: a statement of its own costs a tenth of the write.
    """
    _keep(_new, store, rows, (), entry)


def keep_changed(store: MemoryStore, rows: Written, entry: AuditEntry | None = None) -> None:
    """As keep_new, of memories that are there; none at a path that another one of them leaves."""
    _keep(_changed, store, rows, _HEAD_ID, entry)


def _keep(
    compose: Callable[..., str],
    store: MemoryStore,
    rows: Written,
    names: Sequence[str],
    entry: AuditEntry | None,
) -> None:
    memories, versions = zip(*rows, strict=True)
    is_one = len(rows) == 1
    noted = statements.values(entry) if entry is not None else []
    given = [*_given(versions, is_one), *noted, *_given(memories, is_one, names)]
    with prepared() as cursor:
        cursor.execute(
            compose(is_one=is_one, is_noted=entry is not None),
            [*_values(store, _COUNTED_ID), *given],
        )
    if entry is not None:
        statements.kept(entry)


def _one(
    model: type[M], statement: str, asked: Mapping[str, Any], names: Sequence[str] = ()
) -> M | None:
    with prepared() as cursor:
        cursor.execute(statement, asked)
        row = cursor.fetchone()
    return None if row is None else model.from_db(connection.alias, names or _names(model), row)


@cache
def _names(model: type[models.Model]) -> list[str]:
    """The columns, without those that come as more than they are kept as: they are left out."""
    return [
        field.attname
        for field in model._meta.concrete_fields  # noqa: SLF001 -- Django's own name for it
        if not isinstance(field, models.JSONField)
    ]


def _values(row: models.Model, names: Iterable[str]) -> list[Any]:
    return [getattr(row, name) for name in names]


def _given(rows: Sequence[models.Model], is_one: bool, names: Iterable[str] = ()) -> list[Any]:
    """What the only row has in each column, or what each row has in it.

    A list costs several times what a value does, to write and to read.
    """
    names = names or _names(type(rows[0]))
    if is_one:
        return _values(rows[0], names)
    return [[getattr(row, name) for row in rows] for name in names]


def _unnested(model: type[models.Model], names: Iterable[str]) -> str:
    """Rows again, of one array for each column: the statement is the same for any number."""
    fields = (model._meta.get_field(name) for name in names)  # noqa: SLF001 -- as above
    return f"unnest({', '.join(f'%s::{each.db_type(connection)}[]' for each in fields)})"


def _insert(model: type[models.Model], *, is_one: bool) -> str:
    names = _names(model)
    table = model._meta.db_table  # noqa: SLF001 -- Django's own name for it
    one = f"VALUES ({', '.join(['%s'] * len(names))})"
    rows = one if is_one else f"SELECT * FROM {_unnested(model, names)}"  # noqa: S608 -- ours
    return f"INSERT INTO {table} ({', '.join(names)}) {rows}"


@cache
def _held() -> str:
    return f"""
        SELECT {", ".join(_names(MemoryStore))} FROM memory_memorystore
        WHERE id = %(id)s AND (%(workspace)s::text IS NULL OR workspace_id = %(workspace)s)
        FOR NO KEY UPDATE
    """  # noqa: S608 -- the columns are the model's own


@cache
def _known() -> str:
    # As json the driver reads it; Django would do so itself with its own statements.
    return f"""
        SELECT {", ".join(_ALL_OF_STORE).replace("metadata", "metadata::json")}
        FROM memory_memorystore
        WHERE id = %(id)s AND workspace_id = %(workspace)s
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


@cache
def _those() -> str:
    return f"""
        SELECT {", ".join(_names(Memory))} FROM memory_memory
        WHERE id = ANY(%(ids)s) AND store_id = %(store)s AND deleted_at IS NULL
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
def _new(*, is_one: bool, is_noted: bool) -> str:
    return f"{_before(is_one, is_noted)} {_insert(Memory, is_one=is_one)}"


@cache
def _changed(*, is_one: bool, is_noted: bool) -> str:
    many = f"""
        UPDATE memory_memory AS it SET {", ".join(f"{name} = new.{name}" for name in _HEAD)}
        FROM {_unnested(Memory, _HEAD_ID)} AS new ({", ".join(_HEAD_ID)}) WHERE it.id = new.id
    """  # noqa: S608 -- the columns are the model's own
    change = _update("memory_memory", _HEAD) if is_one else many
    return f"{_before(is_one, is_noted)} {change}"


def _before(is_one: bool, is_noted: bool) -> str:
    """What is kept with a memory: the store's count, the version, the audit entry."""
    counted = _update("memory_memorystore", _COUNTED)
    version = _insert(MemoryVersion, is_one=is_one)
    noted = f", noted AS ({statements.inserting(AuditEntry)})" if is_noted else ""
    return f"WITH counted AS ({counted}), version AS ({version}){noted}"


def _update(table: str, names: Iterable[str]) -> str:
    return f"UPDATE {table} SET {', '.join(f'{name} = %s' for name in names)} WHERE id = %s"  # noqa: S608 -- ours
