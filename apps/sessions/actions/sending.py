"""Sending events into a session."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.db import transaction

from apps.accounts.acting import Actor, note
from apps.sessions import accepting, finding, recording, waking
from apps.sessions.models import Session
from apps.sessions.records import EventRecord


@transaction.atomic
def send_events(
    *, session_id: str, events: Sequence[Mapping[str, Any]], by: Actor
) -> list[dict[str, Any]]:
    """Record the events, all or none, and wake what acts on them. They come back as they stand.

    Raises NoSuchSession, and what `accepting.accept` raises.
    """
    session = finding.locked(session_id, by=by)
    return record_sent(session, events, by=by)


def record_sent(
    session: Session, events: Sequence[Mapping[str, Any]], *, by: Actor
) -> list[dict[str, Any]]:
    """As above, for a session that is locked or was just made."""
    records = accepting.accept(session, events, by=by)
    recording.record(session.pk, records)
    sent = [each.public_id for each in records]
    if _ends_interrupted(records):
        waking.interrupt(session)
    note(by, "session.events_sent", session.public_id, after={"events": sent})
    transaction.on_commit(partial(waking.wake, session.pk))
    return [accepting.echo(each) for each in records]


def _ends_interrupted(records: Sequence[EventRecord]) -> bool:
    """Whether all of the session is interrupted, and not set to something new after that."""
    decisive = {accepting.INTERRUPT, accepting.OUTCOME}
    last = [each.type for each in records if each.type in decisive and not each.thread][-1:]
    return last == [accepting.INTERRUPT]
