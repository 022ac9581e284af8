"""Forgetting what memories said long ago, where a server is set up to.

An old version says nothing any more and stays: its author, its time and its place in the chain.
What a memory says now, and what it said shortly before that, is kept however old it is.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from apps.accounts.acting import Actor, note
from apps.memory import redacting
from apps.memory.models import MemoryStore

RECENT = 10
"""Newest versions of a live memory, which are kept."""
BATCH = 500

# Walked by id, so that what is found to stay is looked at once.
_OLD = """
    SELECT old.id, old.store_id
    FROM memory_memoryversion old JOIN memory_memory it ON it.id = old.memory_id
    WHERE old.id > %(last)s AND old.created_at < %(before)s AND old.redacted_at IS NULL
        AND (
            it.deleted_at IS NOT NULL
            OR old.sequence < (
                SELECT kept.sequence FROM memory_memoryversion kept
                WHERE kept.memory_id = old.memory_id
                ORDER BY kept.sequence DESC OFFSET %(recent)s - 1 LIMIT 1
            )
        )
    ORDER BY old.id LIMIT %(batch)s
"""
_FORGET = """
    UPDATE memory_memoryversion
    SET path = NULL, content = NULL, content_sha256 = NULL, content_size_bytes = NULL,
        salt = NULL, redacted_at = %(now)s
    WHERE id = ANY(%(ids)s) AND redacted_at IS NULL
"""


def forget_old_versions(*, batch: int = BATCH) -> int:
    """Redact what is older than MEMORY_VERSIONS_KEPT_DAYS; returns how many versions that were."""
    days = settings.MEMORY_VERSIONS_KEPT_DAYS
    if not days:
        return 0
    now = timezone.now()
    last, forgotten = "", 0
    while True:
        found = _forget_some(last, before=now - timedelta(days=days), now=now, batch=batch)
        if not found:
            return forgotten
        last, forgotten = found[-1][0], forgotten + len(found)


@transaction.atomic
def _forget_some(
    last: str, *, before: datetime, now: datetime, batch: int
) -> list[tuple[str, str]]:
    """The next of them, by id, with their stores, and what rests on them."""
    asked: dict[str, str | int | datetime] = {
        "last": last,
        "before": before,
        "recent": RECENT,
        "batch": batch,
    }
    with connection.cursor() as cursor:
        cursor.execute(_OLD, asked)
        found: list[tuple[str, str]] = cursor.fetchall()
        stores = _held({store_id for _, store_id in found})
        cursor.execute(_FORGET, {"ids": [each[0] for each in found], "now": now})
    for store in stores:
        _told(store, [pk for pk, store_id in found if store_id == store.pk], before)
    return found


def _held(store_ids: Collection[str]) -> list[MemoryStore]:
    """Until the transaction ends, in one order: nobody decides on what rests on them meanwhile."""
    stores = MemoryStore.objects.filter(pk__in=store_ids).select_related("workspace")
    return list(stores.select_for_update(of=("self",), no_key=True).order_by("pk"))


def _told(store: MemoryStore, version_ids: Sequence[str], before: datetime) -> None:
    """One entry for each store, by the system."""
    by = Actor.system(store.workspace)
    after = {"versions": len(version_ids), "written_before": before.isoformat()}
    note(by, "memory_store.old_versions_redacted", store.pk, after=after)
    redacting.redact_elsewhere(store, version_ids, by=by)
