"""The pages of memory stores and memories."""

from django.http import Http404

from apps.accounts.middleware import WorkspaceRequest
from apps.core import payloads
from apps.core.errors import NotFound
from apps.memory import finding
from apps.memory.models import HistoryCheck, Memory, MemoryStore, MemoryVersion

FORM = ["GET", "HEAD", "POST"]


def store_of(request: WorkspaceRequest, store_id: str) -> MemoryStore:
    """The store of this page, its workspace loaded."""
    try:
        store = finding.store(request.workspace, store_id)
    except NotFound as missing:
        raise Http404 from missing
    store.workspace = request.workspace
    return store


def memory_of(store: MemoryStore, memory_id: str) -> Memory:
    """The memory of this page, also if it was deleted."""
    memory = Memory.objects.filter(store=store, pk=payloads.storable(memory_id)).first()
    if memory is None:
        raise Http404
    memory.store = store
    return memory


def version_of(memory: Memory, version_id: str) -> MemoryVersion:
    """One of its versions."""
    versions = MemoryVersion.objects.filter(memory=memory, store=memory.store_id)
    version = versions.filter(pk=payloads.storable(version_id)).first()
    if version is None:
        raise Http404
    return version


def last_check(store: MemoryStore) -> HistoryCheck | None:
    """What was last found of its history."""
    return HistoryCheck.objects.of(store).newest_first().first()
