"""A store's chain as lines of JSON, for a check that needs nothing of ours.

Every line is a version in its place: all that is hashed, and what is sealed where that was not
redacted. Contents are not in it; their hashes are.
"""

from collections.abc import Iterator
from datetime import UTC
from typing import Any

from apps.core import payloads
from apps.memory.authors import Author
from apps.memory.models import MemoryStore, MemoryVersion


def export_chain(store: MemoryStore) -> Iterator[str]:
    """The lines in order, each with its end."""
    versions = MemoryVersion.objects.of(store).in_order().defer("content")
    for version in versions.iterator(chunk_size=500):
        yield payloads.dump(link_object(version)) + "\n"


def link_object(version: MemoryVersion) -> dict[str, Any]:
    """What `chain.Link` and `chain.seal` hash, by the same names and in the same words."""
    return {
        "previous": version.previous_hash,
        "store_id": version.store_id,
        "sequence": version.sequence,
        "version_id": version.pk,
        "memory_id": version.memory_id,
        "operation": version.operation,
        "actor": Author(version.actor_type, version.actor_id).chained,
        "actor_name": version.actor_name,
        "reason": version.reason,
        "created_at": version.created_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "seal": version.seal,
        "hash": version.hash,
        "redacted": version.redacted_at is not None,
        "salt": version.salt,
        "path": version.path,
        "content_sha256": version.content_sha256,
        "content_size_bytes": version.content_size_bytes,
    }
