"""Forgetting a session for good. What remains is the audit entry that says who wanted it."""

from django.db import connection, transaction

from apps.accounts.acting import Actor, note
from apps.files import actions as files
from apps.sessions import announcing
from apps.sessions.models import Session


@transaction.atomic
def erase(session: Session, *, by: Actor) -> None:
    """Delete the session, its events, threads, mounts and files. Its row must be locked.

    Events are deleted by the one database function that may (migration 0004); open streams hear of
    the end with the commit.
    """
    entry = note(by, "session.deleted", session.public_id, before=_told(session))
    files.delete_of_session(session.public_id, session.workspace)
    announcing.deleted(session)
    with connection.cursor() as cursor:
        cursor.execute("SELECT agentsite_erase_session(%s, %s)", (session.pk, entry.pk))


def _told(session: Session) -> dict[str, object]:
    """What the audit log keeps: of what kind it was and how much, and none of what was said."""
    return {
        "source": session.source,
        "events": session.event_count,
        "threads": session.thread_count,
        "created_at": session.created_at.isoformat(),
    }
