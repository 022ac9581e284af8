"""One store, memory or version of a workspace, or a refusal that says which is missing."""

from apps.accounts.models import Workspace
from apps.core import payloads
from apps.memory import keeping
from apps.memory.models import Memory, MemoryStore, MemoryVersion
from apps.memory.redacting import NoSuchVersion
from apps.memory.writing import NoSuchMemory, NoSuchStore


def store(workspace: Workspace, store_id: str) -> MemoryStore:
    """The store, archived or not. Raises NoSuchStore."""
    found = keeping.known_store(payloads.storable(store_id), workspace.pk)
    if found is None:
        raise NoSuchStore
    return found


def memory(workspace: Workspace, store_id: str, memory_id: str) -> Memory:
    """A memory that was not deleted, in one statement. Raises NoSuchStore, NoSuchMemory."""
    found = keeping.live_memory(
        payloads.storable(store_id), payloads.storable(memory_id), workspace.pk
    )
    if found is None:
        store(workspace, store_id)  # which of the two is missing
        raise NoSuchMemory
    return found


def memory_at(workspace: Workspace, store_id: str, path: str) -> Memory:
    """The memory that lies there now. Raises NoSuchStore, NoSuchMemory."""
    rows = Memory.objects.live().filter(
        store__workspace=workspace, store=payloads.storable(store_id)
    )
    found = rows.filter(path=payloads.storable(path)).first()
    if found is None:
        store(workspace, store_id)
        raise NoSuchMemory
    return found


def version(workspace: Workspace, store_id: str, version_id: str) -> MemoryVersion:
    """As memory. Raises NoSuchStore, NoSuchVersion."""
    versions = MemoryVersion.objects.filter(
        store__workspace=workspace, store=payloads.storable(store_id)
    )
    found = versions.filter(pk=payloads.storable(version_id)).first()
    if found is None:
        store(workspace, store_id)
        raise NoSuchVersion
    return found
