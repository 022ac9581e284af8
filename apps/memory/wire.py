"""Stores, memories and versions as the contract has them (contract: 3.8)."""

from typing import Any

from apps.core.api.times import stamp
from apps.memory.models import Memory, MemoryStore, MemoryVersion

# What an actor's id is called, by the type of actor.
_IDS = {
    MemoryVersion.ActorType.USER: "user_id",
    MemoryVersion.ActorType.API_KEY: "api_key_id",
    MemoryVersion.ActorType.SESSION: "session_id",
    MemoryVersion.ActorType.SERVICE_ACCOUNT: "service_account_id",
}


def store_object(store: MemoryStore) -> dict[str, Any]:
    return {
        "id": store.pk,
        "type": "memory_store",
        "name": store.name,
        "description": store.description,
        "metadata": store.metadata,
        "created_at": stamp(store.created_at),
        "updated_at": stamp(store.updated_at),
        "archived_at": stamp(store.archived_at) if store.archived_at else None,
    }


def memory_object(memory: Memory, *, is_full: bool) -> dict[str, Any]:
    """The memory; its content must be loaded only if it is told in full."""
    return {
        "id": memory.pk,
        "type": "memory",
        "memory_store_id": memory.store_id,
        "path": memory.path,
        "content": memory.content if is_full else None,
        "content_sha256": memory.content_sha256,
        "content_size_bytes": memory.content_size_bytes,
        "memory_version_id": memory.memory_version_id,
        "created_at": stamp(memory.created_at),
        "updated_at": stamp(memory.updated_at),
    }


def prefix_object(path: str) -> dict[str, Any]:
    """A folder in a listing of one level."""
    return {"type": "memory_prefix", "path": path}


def version_object(version: MemoryVersion, *, is_full: bool) -> dict[str, Any]:
    """As memory_object, for what a memory said from one write to the next."""
    return {
        "id": version.pk,
        "type": "memory_version",
        "memory_id": version.memory_id,
        "memory_store_id": version.store_id,
        "operation": version.operation,
        "path": version.path,
        "content": version.content if is_full else None,
        "content_sha256": version.content_sha256,
        "content_size_bytes": version.content_size_bytes,
        "created_by": actor_object(version.actor_type, version.actor_id),
        "created_at": stamp(version.created_at),
        "redacted_at": stamp(version.redacted_at) if version.redacted_at else None,
        "redacted_by": actor_object(version.redacted_by_type, version.redacted_by_id),
    }


def actor_object(kind: str, actor_id: str) -> dict[str, str] | None:
    """Who wrote or redacted a version; None is the system itself."""
    return {"type": kind, _IDS[MemoryVersion.ActorType(kind)]: actor_id} if kind else None
