"""One session, thread or resource of a workspace, or a refusal that says which is missing."""

from django.db.models import Prefetch

from apps.accounts.acting import Actor
from apps.accounts.models import Workspace
from apps.core import payloads
from apps.core.errors import NotFound
from apps.sessions.models import Resource, Session, SessionQuerySet, Thread


class NoSuchSession(NotFound):
    """There is no session with this id."""


class NoSuchThread(NotFound):
    """This session has no thread with this id."""


class NoSuchResource(NotFound):
    """This session has no resource with this id."""


def told_in(workspace: Workspace) -> SessionQuerySet:
    """The workspace's sessions with all that `wire.session_object` tells of them."""
    mounts = Prefetch("resources", Resource.objects.in_order())
    whole = Session.objects.visible_in(workspace).for_page()
    return whole.prefetch_related(mounts)


def session(workspace: Workspace, public_id: str) -> Session:
    """The session with all that is told of it. Raises NoSuchSession."""
    return _one(told_in(workspace), public_id)


def plain(workspace: Workspace, public_id: str) -> Session:
    """The session without its resources, for what lies below it. Raises NoSuchSession."""
    return _one(Session.objects.visible_in(workspace).for_page(), public_id)


def locked(public_id: str, *, by: Actor) -> Session:
    """The session, until the transaction ends: nobody else changes it, nor adds events to it.

    Its agent and environment are loaded. Raises NoSuchSession.
    """
    held = Session.objects.visible_in(by.workspace).for_page().select_for_update(of=("self",))
    found = _one(held, public_id)
    found.workspace = by.workspace
    return found


def _one(sessions: SessionQuerySet, public_id: str) -> Session:
    found = sessions.filter(public_id=payloads.storable(public_id)).first()
    if found is None:
        raise NoSuchSession
    return found


def thread(session: Session, public_id: str) -> Thread:
    """The thread, its parent loaded. Raises NoSuchThread."""
    threads = session.threads.select_related("parent")
    found = threads.filter(public_id=payloads.storable(public_id)).first()
    if found is None:
        raise NoSuchThread
    return found


def resource(session: Session, public_id: str) -> Resource:
    """Raises NoSuchResource."""
    found = session.resources.filter(public_id=payloads.storable(public_id)).first()
    if found is None:
        raise NoSuchResource
    return found
