"""Archiving a thread."""

from django.db import transaction
from django.utils import timezone

from apps.accounts.acting import Actor, note
from apps.core.api.times import stamp
from apps.core.errors import DomainError
from apps.sessions import announcing, finding
from apps.sessions.models import Session, Status, Thread


class ThreadNotIdle(DomainError):
    """Only an idle thread can be archived. Interrupt it first, and wait until it is idle."""


@transaction.atomic
def archive_thread(*, session_id: str, thread_id: str, by: Actor) -> tuple[Session, Thread]:
    """Close the thread for good; once more changes nothing.

    Raises NoSuchSession, NoSuchThread, ThreadNotIdle.
    """
    session = finding.locked(session_id, by=by)
    thread = finding.thread(session, thread_id)
    if thread.archived_at is None:
        if thread.status != Status.IDLE:
            raise ThreadNotIdle
        thread.archived_at = timezone.now()
        thread.save(update_fields=["archived_at"])
        after = {"archived_at": stamp(thread.archived_at), "session_id": session.public_id}
        note(by, "session_thread.archived", thread.public_id, after=after)
        announcing.changed(session)
    return session, thread
