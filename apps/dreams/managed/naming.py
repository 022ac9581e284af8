"""A managed dream as a terminal asks for it: the store by its name or id, sessions by a filter."""

from collections.abc import Sequence

from django.db.models import Q

from apps.accounts.models import Workspace
from apps.core import payloads
from apps.core.errors import NotFound
from apps.dreams.choosing import Choice
from apps.dreams.managed import starting
from apps.dreams.managed.finding import NoSuchMirror
from apps.dreams.managed.models import Mirror
from apps.dreams.managed.starting import ManagedPlan
from apps.dreams.starting import MOST_SESSIONS


class NoSessions(NotFound):
    """No session that was read from there matches: there is nothing to dream about."""


def store(workspace: Workspace, named: str) -> Mirror:
    """The store there of this id or name; the newest of several. Raises NoSuchMirror."""
    wanted = payloads.storable(named)
    rows = Mirror.objects.visible_in(workspace).offered().select_related("link")
    mine = rows.filter(Q(pk=wanted) | Q(vendor_id=wanted) | Q(name=wanted))
    found = mine.order_by("-created_at", "-pk").first()
    if found is None:
        raise NoSuchMirror(
            f"No linked workspace is known to have a store called {named}. A worker lists them once"
            " an hour."
        )
    return found


def plan(
    mirror: Mirror,
    *,
    model: str,
    session_ids: Sequence[str] | None = None,
    agent_name: str = "",
    instructions: str = "",
) -> ManagedPlan:
    """Over these sessions, or over the newest hundred of the agent or of all. Raises NoSessions."""
    if session_ids is None and mirror.link is not None:
        choice = Choice(agent_name=agent_name, most=MOST_SESSIONS)
        session_ids = starting.public_ids(mirror.link, choice)
    if not session_ids:
        raise NoSessions
    return ManagedPlan(mirror.pk, session_ids, model, instructions)
