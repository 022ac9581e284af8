"""What a store and its memories say of now, beside what their history says."""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef

from apps.memory import chain, writing
from apps.memory.models import Memory, MemoryStore, MemoryVersion
from apps.memory.verifying.verdicts import MOST_KEPT, Fault


def heads(store: MemoryStore) -> Iterator[Fault]:
    """Memories that are not as their newest version says."""
    with connection.cursor() as cursor:
        cursor.execute(_HEADS, [store.pk])
        for memory_id, head_id, newest_id, newest_head, *wrong in cursor.fetchall():
            if newest_id is None:
                problem = f"its versions are missing; the newest was {head_id}"
            elif newest_id != head_id:
                problem = f"its newest version is {newest_id}, and it says {head_id}"
            else:
                named = [name for name, is_wrong in zip(_HEAD, wrong, strict=True) if is_wrong]
                problem = f"its {', '.join(named)} is not what version {newest_head} says"
            yield Fault(0, newest_id or head_id, memory_id, problem)


_HEAD = ("path", "content", "content_sha256", "content_size_bytes", "updated_at", "deleted_at")
_HEADS = """
    WITH compared AS (
        SELECT it.id, it.memory_version_id, head.id AS newest_id, head.sequence,
            head.redacted_at IS NULL AND it.path <> head.path COLLATE "C" AS path,
            it.content <> coalesce(head.content, '') AS content,
            it.content_sha256 <> coalesce(head.content_sha256, '') AS content_sha256,
            it.content_size_bytes <> coalesce(head.content_size_bytes, 0) AS content_size_bytes,
            it.updated_at <> head.created_at AS updated_at,
            it.deleted_at IS DISTINCT FROM
                CASE head.operation WHEN 'deleted' THEN head.created_at END AS deleted_at
        FROM memory_memory it LEFT JOIN LATERAL (
            SELECT * FROM memory_memoryversion version
            WHERE version.memory_id = it.id ORDER BY version.sequence DESC LIMIT 1
        ) head ON true
        WHERE it.store_id = %s
    )
    SELECT * FROM compared
    WHERE newest_id IS DISTINCT FROM memory_version_id OR path OR content OR content_sha256
        OR content_size_bytes OR updated_at OR deleted_at
    ORDER BY id LIMIT 1000
"""


def orphans(store: MemoryStore) -> Iterator[Fault]:
    """Versions of memories that are not in the store."""
    there = Memory.objects.filter(pk=OuterRef("memory_id"), store=store)
    versions = MemoryVersion.objects.of(store).filter(~Exists(there)).in_order()
    for version in versions.only("sequence", "memory_id")[:MOST_KEPT]:
        problem = f"its memory {version.memory_id} is not in this store"
        yield Fault(version.sequence, version.pk, version.memory_id, problem)


def counted(store: MemoryStore) -> dict[str, Any]:
    """What the store says of itself beside what there is, as of one moment."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, [store.pk])
        row = cursor.fetchone()
    if row is None:
        raise writing.NoSuchStore
    return dict(zip(_COUNTS, row, strict=True))


_COUNTS = (
    "version_count",
    "chain_hash",
    "memory_count",
    "size_bytes",
    "changed_at",
    "last",
    "last_hash",
    "last_at",
    "memories",
    "bytes",
)
_COUNTED = f"""
    SELECT it.version_count, it.chain_hash, it.memory_count, it.size_bytes, it.changed_at,
        coalesce(last.sequence, 0), coalesce(last.hash, '{chain.GENESIS}'), last.created_at,
        (SELECT count(*) FROM memory_memory WHERE store_id = it.id AND deleted_at IS NULL),
        (SELECT coalesce(sum(content_size_bytes), 0) FROM memory_memory WHERE store_id = it.id)
    FROM memory_memorystore it LEFT JOIN LATERAL (
        SELECT * FROM memory_memoryversion version
        WHERE version.store_id = it.id ORDER BY version.sequence DESC LIMIT 1
    ) last ON true
    WHERE it.id = %s
"""  # noqa: S608 -- composed of constants


def counters(found: dict[str, Any]) -> Iterator[Fault]:
    for said, is_now, what in (
        ("version_count", "last", "its number of versions"),
        ("chain_hash", "last_hash", "the end of its chain"),
        ("changed_at", "last_at", "the time of its last write"),
        ("memory_count", "memories", "its number of memories"),
        ("size_bytes", "bytes", "its size"),
    ):
        if found[said] != found[is_now]:
            problem = f"{what} is said to be {found[said]}, and is {found[is_now]}"
            yield Fault(0, "", "", problem)
