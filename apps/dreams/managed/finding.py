"""One mirror or write-back of a workspace, or a refusal that says which is missing."""

from apps.accounts.models import Workspace
from apps.core import payloads
from apps.core.errors import NotFound
from apps.dreams.managed.models import Mirror, WriteBack
from apps.linking.models import Link


class NoSuchMirror(NotFound):
    """There is no such store of a linked workspace."""


class NoSuchWriteBack(NotFound):
    """There is no such write-back in this workspace."""


class NoSuchLink(NotFound):
    """There is no such link in this workspace."""


def mirror(workspace: Workspace, mirror_id: str) -> Mirror:
    """Raises NoSuchMirror."""
    rows = Mirror.objects.visible_in(workspace).select_related("link", "workspace")
    found = rows.filter(pk=payloads.storable(mirror_id)).first()
    if found is None:
        raise NoSuchMirror
    return found


def mirror_in(workspace: Workspace, store_id: str) -> Mirror:
    """The one whose copy is this store. Raises NoSuchMirror."""
    rows = Mirror.objects.visible_in(workspace).select_related("link", "workspace")
    found = rows.filter(store_id=payloads.storable(store_id)).first() if store_id else None
    if found is None:
        raise NoSuchMirror
    return found


def link(workspace: Workspace, link_id: str) -> Link:
    """Raises NoSuchLink."""
    found = Link.objects.visible_in(workspace).filter(pk=payloads.storable(link_id)).first()
    if found is None:
        raise NoSuchLink
    return found


def write_back(workspace: Workspace, write_back_id: str) -> WriteBack:
    """Raises NoSuchWriteBack."""
    rows = WriteBack.objects.visible_in(workspace).select_related(
        "mirror__link", "mirror__workspace"
    )
    found = rows.filter(pk=payloads.storable(write_back_id)).first()
    if found is None:
        raise NoSuchWriteBack
    return found
