"""How far a memory reaches: the sessions that read or wrote it, counted and in order.

Pages ask here, and whatever weighs a change of a memory: how widely it is read, and which sessions
were told what a version said.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from apps.core.pagination import BadCursor
from apps.memory.models import Memory, MemoryStore, MemoryVersion
from apps.sessions.models import Event, MemoryUse, Session, SessionQuerySet, UseKind

LATELY = timedelta(days=90)
"""As far back as the page of a memory tells who used it."""
SHOWN = 50

_USES, _VERSIONS, _SESSIONS, _EVENTS = (
    model._meta.db_table  # noqa: SLF001 -- the table's name
    for model in (MemoryUse, MemoryVersion, Session, Event)
)


def count_readers(store: MemoryStore, path: str, *, days: int) -> int:
    """How many sessions have read this path in so many days."""
    since = timezone.now() - timedelta(days=days)
    reads = MemoryUse.objects.of(store).reads().filter(path=path, at__gte=since)
    return reads.values("session").distinct().count()


def that_read(version: MemoryVersion, *, or_later: bool = False) -> SessionQuerySet:
    """The sessions that read what this version said while its memory said it.

    With `or_later` also those that read what came of it since. A redacted version lies nowhere, so
    nobody is known to have read it.
    """
    store = version.store
    following = MemoryVersion.objects.filter(
        memory=version.memory_id, sequence__gt=version.sequence
    )
    read = MemoryUse.objects.of(store).reads().filter(at__gte=version.created_at)
    if or_later:
        paths = following.exclude(path=None).values("path")
        read = read.filter(Q(path=version.path) | Q(path__in=paths))
    else:
        read = read.filter(path=version.path)
        after = following.order_by("sequence").values_list("created_at", flat=True).first()
        if after is not None:
            read = read.filter(at__lt=after)
    here = Session.objects.filter(workspace=store.workspace_id)
    return here.filter(Exists(read.filter(session=OuterRef("pk"))))


@dataclass(frozen=True, slots=True)
class Counted:
    """How often a session read and wrote; a write by a tool and the version of it are one."""

    reads: int = 0
    writes: int = 0
    mentions: int = 0


def counts(store: MemoryStore, sessions: Iterable[Session]) -> dict[int, Counted]:
    """What each of these did in the store, by the sessions' keys."""
    by_id = {each.public_id: each.pk for each in sessions}
    uses = MemoryUse.objects.of(store).filter(session__in=by_id.values(), has_failed=False)
    grouped = uses.values("session_id", "kind").annotate(count=Count("pk"))
    used = {
        (each["session_id"], each["kind"]): each["count"] for each in grouped.order_by("session_id")
    }
    versions = MemoryVersion.objects.of(store).filter(
        actor_type=MemoryVersion.ActorType.SESSION, actor_id__in=by_id
    )
    counted = versions.values("actor_id").annotate(count=Count("pk"))
    written = {by_id[each["actor_id"]]: each["count"] for each in counted}
    return {
        pk: Counted(
            reads=used.get((pk, UseKind.READ), 0),
            writes=max(used.get((pk, UseKind.WRITE), 0), written.get(pk, 0)),
            mentions=used.get((pk, UseKind.MENTION), 0),
        )
        for pk in by_id.values()
    }


@dataclass(frozen=True, slots=True)
class Use:
    """A session that used a memory, how often, and when it last did."""

    session: Session
    counted: Counted
    last_at: datetime
    event: str
    """The public id of the last event that did; empty where only versions tell of it."""


@dataclass(frozen=True, slots=True)
class Uses:
    """Some of them, the latest first, and the cursor of those before; empty if there are none."""

    rows: list[Use]
    older: str


def lately(memory: Memory, cursor: str = "") -> Uses:
    """Who used what lies at the memory's path. Its store must be loaded. Raises BadCursor."""
    place = _place(memory, cursor) if cursor else None
    since = timezone.now() - LATELY
    values = {
        "store": memory.store_id,
        "path": memory.path,
        "memory": memory.pk,
        "workspace": memory.store.workspace_id,
        "since": since,
        "at": place[0] if place else None,
        "session": place[1] if place else None,
        "limit": SHOWN + 1,
    }
    with connection.cursor() as found:
        found.execute(_LATELY, values)
        rows = found.fetchall()
    return Uses(_with_sessions(rows[:SHOWN]), _cursor(memory, rows))


# A version is written by its session as a write is by a tool; a session of a workspace is known to
# versions by its public id.
_LATELY = f"""
    SELECT used.*, event.public_id FROM (
        SELECT touch.session_id, max(touch.at) AS last_at,
            count(*) FILTER (WHERE touch.kind = 'read') AS reads,
            greatest(
                count(*) FILTER (WHERE touch.kind = 'write'),
                count(*) FILTER (WHERE touch.kind = 'version')
            ) AS writes,
            count(*) FILTER (WHERE touch.kind = 'mention') AS mentions,
            max(touch.sequence) AS sequence
        FROM (
            SELECT it.session_id, it.at, it.kind, it.sequence FROM {_USES} AS it
            JOIN {_SESSIONS} AS of ON of.id = it.session_id AND of.workspace_id = %(workspace)s
            WHERE it.memory_store_id = %(store)s AND it.path = %(path)s
                AND it.at >= %(since)s AND NOT it.has_failed
            UNION ALL
            SELECT by.id, version.created_at, 'version', NULL FROM {_VERSIONS} AS version
            JOIN {_SESSIONS} AS by
                ON by.workspace_id = %(workspace)s AND by.public_id = version.actor_id
            WHERE version.memory_id = %(memory)s AND version.actor_type = 'session_actor'
                AND version.created_at >= %(since)s
        ) AS touch
        GROUP BY touch.session_id
        HAVING %(at)s::timestamptz IS NULL
            OR (max(touch.at), touch.session_id) < (%(at)s::timestamptz, %(session)s::bigint)
        ORDER BY last_at DESC, touch.session_id DESC LIMIT %(limit)s
    ) AS used
    LEFT JOIN {_EVENTS} AS event
        ON event.session_id = used.session_id AND event.sequence = used.sequence
    ORDER BY used.last_at DESC, used.session_id DESC
"""  # noqa: S608 -- names of our own


def _with_sessions(rows: list[tuple[Any, ...]]) -> list[Use]:
    sessions = Session.objects.for_list().in_bulk([row[0] for row in rows])
    return [
        Use(sessions[key], Counted(reads, writes, mentions), last_at, event or "")
        for key, last_at, reads, writes, mentions, _, event in rows
    ]


def _cursor(memory: Memory, rows: list[tuple[Any, ...]]) -> str:
    if len(rows) <= SHOWN:
        return ""
    key, last_at, *_ = rows[SHOWN - 1]
    return signing.dumps([memory.pk, last_at.isoformat(), key], salt=_SALT)


def _place(memory: Memory, cursor: str) -> tuple[datetime, int]:
    try:
        of, at, key = signing.loads(cursor, salt=_SALT)
    except signing.BadSignature:
        raise BadCursor from None
    if of != memory.pk:
        raise BadCursor
    return datetime.fromisoformat(at), key


_SALT = "cursor:uses of a memory"
