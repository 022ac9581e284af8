"""Stores, and sessions that have them mounted."""

from apps.memory.actions import memories, stores
from apps.memory.api.shapes import NewStore
from apps.memory.models import Memory, MemoryStore
from apps.sessions import remembering, resources
from apps.sessions.models import Resource, Session
from tests import make


def store(name="rules", *, of=None) -> MemoryStore:
    return stores.create_store(given=NewStore(name=name), by=make.actor(of=of))


def memory(store: MemoryStore, path: str, content: str = "Text.\n") -> Memory:
    actor = make.actor(of=store.workspace)
    return memories.create_memory(store_id=store.pk, path=path, content=content, by=actor)


def mount(session: Session, *stores: MemoryStore, **how: str) -> list[Resource]:
    actor = make.actor(of=session.workspace)
    mounts = [remembering.StoreMount(each.pk, **how) for each in stores]
    return resources.attach(session, mounts, by=actor)
