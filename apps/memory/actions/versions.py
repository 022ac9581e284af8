"""Taking back what a version says."""

from django.db import transaction

from apps.accounts.acting import Actor, note
from apps.memory import redacting, writing
from apps.memory.authors import Author
from apps.memory.models import MemoryVersion


@transaction.atomic
def redact_version(*, store_id: str, version_id: str, by: Actor) -> MemoryVersion:
    """Empty it for good; who wrote it and when stays. Redacting again changes nothing.

    Raises NoSuchStore, NoSuchVersion, HeadOfLiveMemory.
    """
    # First the store: whoever decides on a proposal takes it before its memories.
    store = writing.locked(store_id, within=by.workspace)
    before = redacting.locked(version_id, store_id=store.pk)
    version = redacting.redact(before.pk, store_id=store.pk, by=Author.of(by))
    if before.redacted_at is None:
        after = {"memory_id": version.memory_id, "memory_store_id": version.store_id}
        note(by, "memory_version.redacted", version.pk, after=after)
        redacting.redact_elsewhere(store, [version.pk], by=by)
    return version
