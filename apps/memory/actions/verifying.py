"""Checking a store's history, on request."""

from datetime import timedelta

from django.core.cache import cache

from apps.accounts.acting import Actor
from apps.core.queue import enqueue
from apps.memory import finding, verifying
from apps.memory.models import HistoryCheck, MemoryStore
from apps.memory.tasks import verify_history

SHORT = 2_000
"""Versions that are checked while somebody waits, which takes about a second."""
LONGEST = timedelta(hours=1)
"""After so long a check that has not ended is taken for lost, and may be asked for again."""
_TOLD = ("id", "created_at", "version_count", "chain_hash")


def check_history(*, store_id: str, by: Actor) -> HistoryCheck:
    """Walk the whole history now and keep what was found. Raises NoSuchStore."""
    _, kept = verifying.check(finding.store(by.workspace, store_id))
    return kept


def begin_check(*, store_id: str, by: Actor) -> HistoryCheck:
    """Check a short history now; of a long one, which a worker checks, what is not found yet.

    That is not saved, and has the id that it will be kept under. Whoever asks while a store is
    being checked is answered with the same. Raises NoSuchStore.
    """
    store = finding.store(by.workspace, store_id)
    if store.version_count <= SHORT:
        return verifying.check(store)[1]
    if (begun := running_check(store)) is not None:
        return begun
    begun = HistoryCheck(
        store=store, version_count=store.version_count, chain_hash=store.chain_hash
    )
    enqueue(verify_history, store_id=store.pk, check_id=begun.pk)
    cache.set(_key(store), {name: getattr(begun, name) for name in _TOLD}, LONGEST.total_seconds())
    return begun


def running_check(store: MemoryStore) -> HistoryCheck | None:
    """What a worker is checking, or will once it is free."""
    begun = cache.get(_key(store))
    if begun is None or HistoryCheck.objects.filter(pk=begun["id"]).exists():
        return None
    return HistoryCheck(store=store, **begun)


def _key(store: MemoryStore) -> str:
    return f"memory:check:{store.pk}"
