"""Making, changing, archiving and deleting memory stores."""

from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from apps.accounts.acting import Actor, note
from apps.core.errors import DomainError
from apps.memory import writing
from apps.memory.api.shapes import MOST_PAIRS, NewStore, StorePatch
from apps.memory.models import MemoryStore

_FIELDS = ("name", "description", "metadata")


class TooMuchMetadata(DomainError):
    """metadata: a memory store has at most 16 pairs."""

    code = "invalid_metadata"


@transaction.atomic
def create_store(*, given: NewStore, by: Actor) -> MemoryStore:
    now = timezone.now()
    store = MemoryStore.objects.create(
        workspace=by.workspace,
        name=given.name,
        description=given.description,
        metadata=given.metadata,
        created_at=now,
        updated_at=now,
    )
    note(by, "memory_store.created", store.pk, after=_told(store))
    return store


@transaction.atomic
def update_store(*, store_id: str, patch: StorePatch, by: Actor) -> MemoryStore:
    """What is the same already is no change. Raises NoSuchStore, StoreArchived, TooMuchMetadata."""
    store = writing.locked(store_id, within=by.workspace)
    if store.archived_at is not None:
        raise writing.StoreArchived
    before = _told(store)
    if patch.name is not None:
        store.name = patch.name
    if "description" in patch.model_fields_set:
        store.description = patch.description or ""
    store.metadata = _merged(store.metadata, patch.metadata or {})
    after = _told(store)
    if after != before:
        store.updated_at = timezone.now()
        store.save(update_fields=[*_FIELDS, "updated_at"])
        note(by, "memory_store.updated", store.pk, before=before, after=after)
    return store


@transaction.atomic
def archive_store(*, store_id: str, by: Actor) -> MemoryStore:
    """For good; archiving again changes nothing. Raises NoSuchStore."""
    store = writing.locked(store_id, within=by.workspace)
    if store.archived_at is None:
        store.archived_at = store.updated_at = timezone.now()
        store.save(update_fields=["archived_at", "updated_at"])
        after = {"archived_at": store.archived_at.isoformat()}
        note(by, "memory_store.archived", store.pk, after=after)
    return store


@transaction.atomic
def delete_store(*, store_id: str, by: Actor) -> None:
    """Erase the store with every memory and version in it; the audit entry is what is left.

    Raises NoSuchStore.
    """
    store = writing.locked(store_id, within=by.workspace)
    before = _told(store) | {
        "memories": store.memory_count,
        "versions": store.version_count,
        "chain_hash": store.chain_hash,
    }
    entry = note(by, "memory_store.deleted", store.pk, before=before)
    with connection.cursor() as cursor:
        cursor.execute("SELECT agentsite_erase_memory_store(%s, %s)", [store.pk, entry.pk])


def _merged(metadata: dict[str, str], patch: dict[str, str | None]) -> dict[str, str]:
    """Key by key; None takes one away."""
    merged = {**metadata, **patch}
    kept = {key: value for key, value in merged.items() if value is not None}
    if len(kept) > MOST_PAIRS:
        raise TooMuchMetadata
    return kept


def _told(store: MemoryStore) -> dict[str, Any]:
    """What the audit log says of a store."""
    return {name: getattr(store, name) for name in _FIELDS}
