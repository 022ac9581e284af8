"""Bringing back what a memory, a folder or a whole store said, as new versions.

A preview and the restore that follows take the same arguments; the preview's token, passed along,
refuses the restore if it would do anything else by now.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from apps.accounts.acting import Actor, note
from apps.memory import finding, paths, restoring, states, writing
from apps.memory.authors import Author
from apps.memory.models import MemoryStore, MemoryVersion
from apps.memory.restoring import Plan


@dataclass(frozen=True, slots=True)
class Restored:
    """What was planned, and the versions that were written: none, if all was as it was."""

    plan: Plan
    versions: list[MemoryVersion]


def preview_memory(*, store_id: str, version_id: str, by: Actor) -> Plan:
    """Raises NoSuchStore, NoSuchVersion, NothingToBringBack."""
    return restoring.of_version(*_version(store_id, version_id, by))


def preview_store(*, store_id: str, at: states.Moment, prefix: str = "/", by: Actor) -> Plan:
    """Raises NoSuchStore, BadPath, NothingWrittenYet."""
    store = finding.store(by.workspace, store_id)
    return restoring.of_state(store, at, prefix=paths.checked_prefix(prefix))


@transaction.atomic
def restore_memory(*, store_id: str, version_id: str, token: str = "", by: Actor) -> Restored:
    """Write the memory as it was in this version, under its id, also if it was deleted since.

    Raises what the preview does, PlanIsStale, PathTaken, StoreArchived, StoreFull.
    """
    _, version = _version(store_id, version_id, by)

    def planned(store: MemoryStore) -> Plan:
        version.refresh_from_db()  # it may have been redacted before the store was ours
        return restoring.of_version(store, version)

    restored = _restored(store_id, planned, token, by)
    for written, told in zip(restored.versions, writing.told(restored.versions), strict=True):
        after = told | {"restored_version_id": version.pk}
        note(by, "memory.restored", written.memory_id, after=after)
    return restored


@transaction.atomic
def restore_store(
    *, store_id: str, at: states.Moment, prefix: str = "/", token: str = "", by: Actor
) -> Restored:
    """Write the store, or one folder of it, as it was then; all of it or nothing.

    Raises what the preview does, PlanIsStale, PathTaken, StoreArchived, StoreFull.
    """
    folder = paths.checked_prefix(prefix)
    restored = _restored(
        store_id, lambda store: restoring.of_state(store, at, prefix=folder), token, by
    )
    if restored.versions:
        after = {
            "at": at if isinstance(at, int) else at.isoformat(),
            "path_prefix": folder,
            "first_version_id": restored.versions[0].pk,
            "last_version_id": restored.versions[-1].pk,
            **restored.plan.counts,
        }
        note(by, "memory_store.restored", store_id, after=after)
    return restored


def _restored(
    store_id: str, planned: Callable[[MemoryStore], Plan], token: str, by: Actor
) -> Restored:
    with writing.writing(store_id, by=Author.of(by), within=by.workspace) as pen:
        plan = planned(pen.store)
        if token and token != plan.token:
            raise restoring.PlanIsStale
        restoring.carry_out(plan, pen)
    return Restored(plan, pen.versions)


def _version(store_id: str, version_id: str, by: Actor) -> tuple[MemoryStore, MemoryVersion]:
    """Raises NoSuchStore, NoSuchVersion."""
    store = finding.store(by.workspace, store_id)
    return store, finding.version(by.workspace, store_id, version_id)
