"""Which sessions used which memories, from their mounts and what their tools touched there.

What it costs to keep is a part of the statement that keeps a batch's counters; a session that
mounts nothing leaves nothing behind.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from apps.sessions.counting import Used, is_refusal
from apps.sessions.models import Event, Kind, MemoryUse, Resource, Session
from apps.sessions.models.event import CONFIRMATION, EventQuerySet
from apps.sessions.touching import touches

_USES, _RESOURCES = (
    model._meta.db_table  # noqa: SLF001 -- the table's name
    for model in (MemoryUse, Resource)
)
# A touch is of whatever store is mounted where it happened.
_KEEP = f"""
    INSERT INTO {_USES} (session_id, sequence, at, memory_store_id, path, kind, has_failed)
    SELECT mount.session_id, touch.sequence, touch.at, mount.memory_store_id, touch.path,
        touch.kind, false
    FROM unnest(%s::int[], %s::timestamptz[], %s::text[], %s::text[], %s::text[])
        AS touch(sequence, at, mount_path, path, kind)
    JOIN {_RESOURCES} AS mount ON mount.session_id = %s
        AND mount.type = 'memory_store' AND mount.mount_path = touch.mount_path
    ON CONFLICT DO NOTHING;
"""  # noqa: S608 -- names of our own
_FAIL = f"""
    UPDATE {_USES} SET has_failed = true WHERE session_id = %s AND sequence = ANY(%s);
"""  # noqa: S608 -- names of our own


def statements(
    session_id: int, used: Sequence[Used], failed: Sequence[int]
) -> tuple[str, list[Any]]:
    """What keeps these, and its values; nothing where there is nothing to keep."""
    query, values = "", []
    if used:
        query += _KEEP
        values += [
            [each.sequence for each in used],
            [each.at for each in used],
            [each.touch.mount for each in used],
            [each.touch.path for each in used],
            [each.touch.kind.value for each in used],
            session_id,
        ]
    if failed:
        query += _FAIL
        values += [session_id, list(failed)]
    return query, values


@transaction.atomic
def rebuild(session: Session) -> int:
    """Make the session's uses anew from its events and mounts; returns how many there are."""
    Session.objects.select_for_update().get(pk=session.pk)
    MemoryUse.objects.filter(session=session).delete()
    events = Event.objects.filter(session=session, kind=Kind.MEMORY)
    begun = events.filter(closes=None).in_order().values_list("sequence", "occurred_at", "payload")
    used = [
        Used(sequence, at, touch)
        for sequence, at, payload in begun.iterator()
        for touch in touches(payload)
    ]
    query, values = statements(session.pk, used, _failed(events))
    if query:
        with connection.cursor() as cursor:
            cursor.execute(query, values)
    return MemoryUse.objects.filter(session=session).count()


def _failed(events: EventQuerySet) -> list[int]:
    """The numbers of those that ended in an error, or that a person refused."""
    ended = events.exclude(closes=None)
    refused = ended.filter(type=CONFIRMATION).values_list("closes", "payload")
    numbers = set(ended.filter(is_error=True).values_list("closes", flat=True))
    numbers |= {closes for closes, payload in refused if is_refusal(payload)}
    return [number for number in numbers if number is not None]
