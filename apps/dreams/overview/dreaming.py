"""What runs now, and the last dreams with what came of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.accounts.models import Workspace
from apps.dreams import showing, telling
from apps.dreams.models import Dream
from apps.dreams.showing import Row
from apps.sessions.models import Session, Status

MOST_SESSIONS, MOST_DREAMS, MOST_LAST = 5, 3, 5


@dataclass(frozen=True, slots=True)
class Running:
    """The newest of what runs; `more` where there is more than that."""

    dreams: Sequence[Row]
    sessions: Sequence[Session]
    more: bool


def running(workspace: Workspace) -> Running:
    visible = Session.objects.visible_in(workspace)
    sessions = visible.filter(status=Status.RUNNING, archived_at=None).exclude(
        pk__in=telling.own_sessions(visible).values("pk")
    )
    newest = list(sessions.for_list().order_by("-created_at", "-pk")[: MOST_SESSIONS + 1])
    dreams = Dream.objects.visible_in(workspace).unended().filter(gathers_for=None)
    dreaming = list(showing.listed(dreams).order_by("-created_at", "-pk")[: MOST_DREAMS + 1])
    more = len(newest) > MOST_SESSIONS or len(dreaming) > MOST_DREAMS
    return Running(showing.rows(workspace, dreaming[:MOST_DREAMS]), newest[:MOST_SESSIONS], more)


def last_dreams(workspace: Workspace) -> list[Row]:
    dreams = Dream.objects.visible_in(workspace).open().on_their_own().filter(gathers_for=None)
    newest = showing.listed(dreams).order_by("-created_at", "-pk")[:MOST_LAST]
    return showing.rows(workspace, list(newest))
