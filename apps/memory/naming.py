"""Stores and workspaces by the names that somebody types in a terminal."""

from collections.abc import Sequence

from django.db.models import Q

from apps.accounts.models import Workspace
from apps.core import payloads
from apps.core.errors import DomainError, NotFound
from apps.memory.models import MemoryStore
from apps.memory.writing import NoSuchStore


class NoSuchWorkspace(NotFound):
    """There is no such workspace."""


class NotTheOnlyStore(DomainError):
    """Several memory stores have this name."""


def workspace(slug: str) -> Workspace:
    """Raises NoSuchWorkspace, which says what there is."""
    found = Workspace.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Workspace.objects.order_by("slug").values_list("slug", flat=True))
        raise NoSuchWorkspace(f"There is no workspace “{slug}”. There is: {known}.")
    return found


def stores(name: str, *, workspace: Workspace) -> list[MemoryStore]:
    """Those of this name or id that are not archived; one of that id is, if need be."""
    asked = payloads.storable(name)
    here = MemoryStore.objects.visible_in(workspace)
    by_name = Q(name=asked, archived_at=None)
    return list(here.filter(by_name | Q(pk=asked)).order_by("created_at", "pk"))


def only(found: Sequence[MemoryStore], name: str, *, workspace: Workspace) -> MemoryStore:
    """Raises NoSuchStore, NotTheOnlyStore."""
    if not found:
        raise NoSuchStore(f"There is no memory store “{name}” in the workspace “{workspace.slug}”.")
    if len(found) > 1:
        ids = ", ".join(store.pk for store in found)
        raise NotTheOnlyStore(f"Several memory stores are called “{name}”; name one by id: {ids}.")
    return found[0]
