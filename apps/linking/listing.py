"""Which sessions of the other side are to be read: the new ones, and those that changed."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max
from django.utils import timezone

from apps.linking import describing
from apps.linking.models import Link, LinkedSession
from apps.sessions.formats.shapes import Json, moment


def since(link: Link) -> datetime | None:
    """Where to begin to look: at the oldest session that may still change, or at the newest known.

    The other side lists by when a session was created, and by nothing else. None: look at all.
    """
    newest: datetime | None = link.sessions.aggregate(at=Max("created_at"))["at"]
    return link.sessions.first_unsettled() or newest


def read_since(link: Link) -> datetime | None:
    """Where this sync began to look."""
    return moment(link.cursor.get("since") or None)


def note(link: Link, rows: Sequence[Json]) -> tuple[int, int]:
    """Write down which of these are to be read; returns how many there are, and how many odd."""
    listed = {describing.own_id(row): row for row in rows}
    listed.pop("", None)
    known = {row.public_id: row for row in link.sessions.filter(public_id__in=listed)}
    wanted = [
        each
        for public_id, given in listed.items()
        if (each := _wanted(link, public_id, given, known.get(public_id))) is not None
    ]
    LinkedSession.objects.bulk_create(
        wanted,
        update_conflicts=True,
        unique_fields=["link", "public_id"],
        update_fields=[
            "listed",
            "listed_digest",
            "is_active",
            "is_wanted",
            "is_gone",
            "changed_at",
        ],
    )
    return len(listed), len(rows) - len(listed)


def _wanted(
    link: Link, public_id: str, given: Json, known: LinkedSession | None
) -> LinkedSession | None:
    """The session's row, to be read; None if it is read already and rests."""
    digest, is_active = describing.digest(given), describing.is_active(given)
    if known is not None and known.digest == digest and not is_active and not known.is_wanted:
        return None
    created_at = moment(given.get("created_at")) or timezone.now()
    return LinkedSession(
        link=link,
        public_id=public_id,
        created_at=created_at,
        changed_at=moment(given.get("updated_at")) or created_at,
        listed=given,
        listed_digest=digest,
        is_active=is_active,
        is_wanted=True,
    )
