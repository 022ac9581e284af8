"""Telling every web process what is new in the record, as soon as it is committed.

What is said is ids alone: `<session> <first sequence> <last sequence> <workspace>` of new events,
zeros where something else about the session changed, `<session> deleted <workspace>` at its end.
"""

from typing import NamedTuple

from django.db import connection

from apps.core.live.hub import CHANNEL
from apps.sessions.models import Session

_DELETED = "deleted"


class News(NamedTuple):
    """What is new of a session: its events from one sequence to another, or none."""

    session_id: int
    first: int
    last: int
    workspace_id: str
    is_deleted: bool = False

    @classmethod
    def read(cls, payload: str) -> "News":
        session, what, *rest = payload.split(" ")
        if what == _DELETED:
            return cls(int(session), 0, 0, rest[0], is_deleted=True)
        last, workspace = rest
        return cls(int(session), int(what), int(last), workspace)


def recorded(session: Session, first: int, last: int) -> None:
    """These events are there, once the surrounding transaction is committed."""
    _say(f"{session.pk} {first} {last} {session.workspace_id}")


def changed(session: Session) -> None:
    """The session is new, or something about it is that no event says."""
    _say(f"{session.pk} 0 0 {session.workspace_id}")


def deleted(session: Session) -> None:
    """The session is gone, and with it all that could be followed. Say it before its row goes."""
    _say(f"{session.pk} {_DELETED} {session.workspace_id}")


def _say(payload: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])
