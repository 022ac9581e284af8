"""Which memory stores a session mounts, and where.

What a store is called when it is mounted stays with the session, whatever becomes of the store.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from apps.accounts.acting import Actor
from apps.core import payloads
from apps.core.errors import DomainError
from apps.memory import writing
from apps.memory.models import MemoryStore
from apps.sessions.models import Resource, Session

MOST_STORES = 8
LONGEST_INSTRUCTIONS = 4096


class TooManyStores(DomainError):
    """resources: a session mounts at most 8 memory stores."""


class StoreTwice(DomainError):
    """resources: a session mounts a memory store once."""


class StoreClosed(DomainError):
    """This memory store is archived: no further session can mount it."""


@dataclass(frozen=True, slots=True)
class StoreMount:
    """A memory store to be mounted. Its path comes from its name."""

    memory_store_id: str
    access: str = Resource.Access.READ_WRITE
    instructions: str = ""


def known_stores(mounts: Sequence[StoreMount], *, by: Actor) -> dict[str, MemoryStore]:
    """The stores by their ids.

    Raises TooManyStores, StoreTwice, NoSuchStore, StoreClosed; the last two name the store.
    """
    if not mounts:
        return {}
    wanted = [payloads.storable(each.memory_store_id) for each in mounts]
    if len(wanted) > MOST_STORES:
        raise TooManyStores
    if len(set(wanted)) < len(wanted):
        raise StoreTwice
    found = MemoryStore.objects.visible_in(by.workspace).in_bulk(wanted)
    for store_id in wanted:
        if store_id not in found:
            raise writing.NoSuchStore(f"There is no memory store '{store_id}' in this workspace.")
        if found[store_id].archived_at is not None:
            raise StoreClosed(
                f"The memory store '{store_id}' is archived: no further session can mount it."
            )
    return {each.memory_store_id: found[each.memory_store_id] for each in mounts}


def paths(stores: Iterable[MemoryStore], taken: Collection[str]) -> dict[str, str]:
    """Where each lies, by its id: two whose names come down to the same are numbered."""
    used = set(taken)
    found = {}
    for store in stores:
        path = base = store.mount_path.rstrip("/")
        number = 1
        while path in used:
            number += 1
            path = f"{base}-{number}"
        used.add(path)
        found[store.pk] = path
    return found


def resource(
    session: Session, mount: StoreMount, path: str, stores: Mapping[str, MemoryStore]
) -> Resource:
    """The mount, not yet kept."""
    store = stores[mount.memory_store_id]
    return Resource(
        session=session,
        type=Resource.Type.MEMORY_STORE,
        mount_path=path,
        memory_store_id=store.pk,
        name=store.name,
        description=store.description,
        access=mount.access,
        instructions=payloads.storable(mount.instructions),
    )
