"""Which sessions a dream is to read: those of a filter, newest first, and how many are new."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from apps.accounts.models import Workspace
from apps.dreams import telling
from apps.dreams.models import Dream, DreamInput
from apps.sessions.models import Session, SessionQuerySet, Status


@dataclass(frozen=True, slots=True)
class Choice:
    """Sessions of a workspace. Dreams read no dreams."""

    agent_id: str = ""
    """The public id of their agent."""
    agent_name: str = ""
    window_hours: int | None = None
    """Begun so recently."""
    only_ended: bool = True
    only_unread: bool = False
    """Not read yet, as they are now, by a dream about the store."""
    only_mounted: bool = False
    """That worked with the store at hand."""
    most: int | None = None


def sessions(workspace: Workspace, choice: Choice, store_id: str = "") -> SessionQuerySet:
    """The sessions of the choice, whose `only_mounted` and `only_unread` are about this store."""
    rows = Session.objects.visible_in(workspace).filter(event_count__gt=0)
    rows = rows.exclude(pk__in=telling.own_sessions(rows).values("pk"))
    if choice.agent_id:
        rows = rows.filter(agent__public_id=choice.agent_id)
    if choice.agent_name:
        rows = rows.filter(agent__name=choice.agent_name)
    if choice.window_hours is not None:
        rows = rows.filter(created_at__gte=timezone.now() - timedelta(hours=choice.window_hours))
    if choice.only_ended:
        rows = rows.exclude(status__in=(Status.RUNNING, Status.RESCHEDULING), archived_at=None)
    if choice.only_mounted:
        rows = rows.filter(resources__memory_store_id=store_id)
    if choice.only_unread:
        rows = unread(rows, store_id)
    return rows


def public_ids(workspace: Workspace, choice: Choice, store_id: str = "") -> list[str]:
    """The newest of them, as many as the choice takes."""
    rows = sessions(workspace, choice, store_id).order_by("-created_at", "-pk")
    return list(rows.values_list("public_id", flat=True)[: choice.most])


def unread(rows: SessionQuerySet, store_id: str) -> SessionQuerySet:
    """Those to which something was added since a dream about this store has read them."""
    read = DreamInput.objects.filter(
        dream__input_store_id=store_id,
        dream__status=Dream.Status.COMPLETED,
        dream__side=None,
        dream__workspace=OuterRef("workspace"),
        session_id=OuterRef("public_id"),
        last_sequence__gte=OuterRef("event_count"),
    )
    return rows.filter(~Exists(read))


def known(workspace: Workspace, public_ids: Collection[str]) -> set[str]:
    """Those of these ids that are sessions of the workspace."""
    rows = Session.objects.visible_in(workspace).filter(public_id__in=public_ids)
    return set(rows.values_list("public_id", flat=True))
