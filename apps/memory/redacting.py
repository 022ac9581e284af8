"""Taking back what a version says, and nothing else of it."""

from collections.abc import Callable, Collection

from django.db import transaction
from django.utils import timezone

from apps.accounts.acting import Actor
from apps.core import payloads
from apps.core.errors import DomainError, NotFound
from apps.memory.authors import Author
from apps.memory.models import Memory, MemoryStore, MemoryVersion

ALSO: list[Callable[[MemoryStore, Collection[str], Actor], None]] = []
"""What lies above memory and holds the text of versions too registers here how to take it out."""


class NoSuchVersion(NotFound):
    """There is no such version in this memory store."""


class HeadOfLiveMemory(DomainError):
    """This is what the memory says now. Write something else over it, or delete it, then redact."""


def locked(version_id: str, *, store_id: str) -> MemoryVersion:
    """The version, until the transaction ends. Raises NoSuchVersion."""
    versions = MemoryVersion.objects.filter(store=payloads.storable(store_id))
    held = versions.select_for_update(no_key=True)
    version = held.filter(pk=payloads.storable(version_id)).first()
    if version is None:
        raise NoSuchVersion
    return version


@transaction.atomic
def redact(version_id: str, *, store_id: str, by: Author) -> MemoryVersion:
    """Empty the version for good; author, time and its place in the chain stay.

    What is redacted already stays as it is. Raises NoSuchVersion, HeadOfLiveMemory.
    """
    version = locked(version_id, store_id=store_id)
    if version.redacted_at is not None:
        return version
    # Locked, so that it does not become the head of a revived memory meanwhile.
    memory = Memory.objects.select_for_update(no_key=True).get(pk=version.memory_id)
    if memory.deleted_at is None and memory.memory_version_id == version.pk:
        raise HeadOfLiveMemory
    MemoryVersion.objects.filter(pk=version.pk).update(
        path=None,
        content=None,
        content_sha256=None,
        content_size_bytes=None,
        salt=None,
        redacted_at=timezone.now(),
        redacted_by_type=by.type,
        redacted_by_id=by.id,
    )
    version.refresh_from_db()
    return version


def redact_elsewhere(store: MemoryStore, version_ids: Collection[str], *, by: Actor) -> None:
    """Take what these versions said out of all that rests on them. The store must be locked."""
    for take_out in ALSO:
        take_out(store, version_ids, by)
