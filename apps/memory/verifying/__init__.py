"""Whether a store's history is what was written: every link, every seal, and what is said of now.

It streams, so memory does not grow with the history, and it locks nobody: versions never change
but by redaction, and what moves with every write is compared within single statements.

A row is named once, with all that is wrong with it. What was written anew, hashes and all, up to
the end of the chain, is told by where the chain ended at the last check that passed.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from apps.core.ids import new_id
from apps.memory import writing
from apps.memory.models import HistoryCheck, MemoryStore, MemoryVersion
from apps.memory.verifying import comparing
from apps.memory.verifying.verdicts import MOST_KEPT, Fault, Verdict
from apps.memory.verifying.walking import Walk, placed

__all__ = [
    "ALSO",
    "MOST_KEPT",
    "OFTEN",
    "Fault",
    "Verdict",
    "check",
    "check_again",
    "due",
    "verify",
]

ALSO: list[Callable[[MemoryStore], Iterable[Fault]]] = []
"""What else is written down of a store, by apps above that register how they check it."""
OFTEN = timedelta(days=1)
_CHUNK = 100
_LOG = structlog.get_logger("agentsite.memory")


@transaction.atomic  # for a cursor that the server keeps open
def verify(store: MemoryStore) -> Verdict:
    """Walk the whole history. Raises NoSuchStore if it was erased meanwhile."""
    # Looked up first: what a check that ends meanwhile has seen may not be counted yet.
    anchor = HistoryCheck.objects.of(store).passed().newest_first().first()
    counted = comparing.counted(store)
    verdict = Verdict(store.pk, counted["last"], counted["last_hash"])
    walk = Walk(store, verdict, anchor)
    versions = MemoryVersion.objects.of(store).in_order()
    for version in versions.filter(sequence__lte=counted["last"]).iterator(chunk_size=_CHUNK):
        walk.take(version)
    walk.end(counted["version_count"])
    verdict.faults = [placed(each, walk.misplaced) for each in verdict.faults]
    for fault in (
        *comparing.heads(store),
        *comparing.orphans(store),
        *comparing.counters(counted),
        *(fault for look in ALSO for fault in look(store)),
    ):
        verdict.add(fault)
    return verdict


def check(store: MemoryStore, check_id: str = "") -> tuple[Verdict, HistoryCheck]:
    """Verify, and keep what was found for people to look at and the next check to compare with.

    Raises NoSuchStore if the store was erased meanwhile.
    """
    verdict = verify(store)
    with transaction.atomic():
        writing.locked(store.pk)
        kept = HistoryCheck.objects.create(
            pk=check_id or new_id("memcheck"),
            store=store,
            version_count=verdict.version_count,
            chain_hash=verdict.chain_hash,
            fault_count=verdict.fault_count,
            faults=[asdict(each) for each in verdict.faults],
        )
        HistoryCheck.objects.of(store).forgettable().delete()
    if verdict.faults:
        first = str(verdict.faults[0])
        _LOG.error("a history is not what was written", store_id=store.pk, first_fault=first)
    return verdict, kept


def check_again(store_id: str, check_id: str = "") -> None:
    """As `check`, for workers: what is gone has no history, and a check that is kept is done."""
    store = MemoryStore.objects.filter(pk=store_id).first()
    if store is not None and not HistoryCheck.objects.filter(pk=check_id).exists():
        with suppress(writing.NoSuchStore):
            check(store, check_id)


def due() -> list[str]:
    """The stores that were not checked within a day."""
    recent = HistoryCheck.objects.filter(created_at__gt=timezone.now() - OFTEN)
    stores = MemoryStore.objects.exclude(Exists(recent.filter(store=OuterRef("pk"))))
    return list(stores.order_by("pk").values_list("pk", flat=True))
