"""One dream or schedule of a workspace, or a refusal that says which is missing."""

from apps.accounts.models import Workspace
from apps.core import payloads
from apps.core.errors import NotFound
from apps.dreams.models import Dream, DreamSchedule


class NoSuchDream(NotFound):
    """There is no such dream in this workspace."""


class NoSuchSchedule(NotFound):
    """There is no such schedule of dreams in this workspace."""


def dream(workspace: Workspace, dream_id: str) -> Dream:
    """The dream, archived or not. Raises NoSuchDream."""
    rows = Dream.objects.visible_in(workspace).select_related("workspace")
    found = rows.filter(pk=payloads.storable(dream_id)).first()
    if found is None:
        raise NoSuchDream
    return found


def schedule(workspace: Workspace, schedule_id: str) -> DreamSchedule:
    """The schedule, archived or not. Raises NoSuchSchedule."""
    rows = DreamSchedule.objects.visible_in(workspace).select_related("workspace")
    found = rows.filter(pk=payloads.storable(schedule_id)).first()
    if found is None:
        raise NoSuchSchedule
    return found
