"""What the other side says of sessions, threads and events, as records that are kept. Pure."""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from apps.sessions.formats.shapes import Json, moment, object_of, text_of
from apps.sessions.models import Source
from apps.sessions.records import EventRecord, SessionRecord, ThreadRecord

LONGEST_ID = 128
_ACTIVE = {"running", "rescheduling"}


def own_id(given: Mapping[str, Any]) -> str:
    """The id of an object, if it is one that can be kept and asked for; else nothing."""
    found = given.get("id")
    if not isinstance(found, str) or not 0 < len(found) <= LONGEST_ID:
        return ""
    return found if found.isprintable() and "/" not in found and found.strip(".") else ""


def is_active(given: Json) -> bool:
    """Whether the session goes on without anybody asking."""
    return text_of(given, "status") in _ACTIVE and not given.get("archived_at")


def digest(given: Json) -> str:
    """Changes with anything that is said of a session."""
    text = json.dumps(given, sort_keys=True)
    return sha256(text.encode()).hexdigest()


def session_record(given: Json) -> SessionRecord:
    """Its status follows from its events; only an end is believed, for it is never stale."""
    status = text_of(given, "status")
    return SessionRecord(
        key=own_id(given),
        source=Source.LINKED,
        agent={"name": "agent"} | object_of(given, "agent"),
        title=text_of(given, "title"),
        created_at=moment(given.get("created_at")),
        metadata={
            str(name): each if isinstance(each, str) else json.dumps(each)
            for name, each in object_of(given, "metadata").items()
        },
        public_id=own_id(given),
        environment_id=text_of(given, "environment_id"),
        status=status if status == "terminated" else "",
        archived_at=moment(given.get("archived_at")),
    )


def thread_record(session: str, given: Json) -> ThreadRecord:
    return ThreadRecord(
        session=session,
        public_id=own_id(given),
        agent={"name": ""} | object_of(given, "agent"),
        parent=text_of(given, "parent_thread_id"),
        created_at=moment(given.get("created_at")),
        status=text_of(given, "status"),
        archived_at=moment(given.get("archived_at")),
    )


def event_record(session: str, given: Json, *, thread: str, last: datetime | None) -> EventRecord:
    """An event of the stream of this thread; empty is the session's own stream.

    There, what another thread has posted names that thread; one that is only announced is not yet
    where anything happens.
    """
    kind = text_of(given, "type")
    posted_by = "" if kind == "session.thread_created" else text_of(given, "session_thread_id")
    return EventRecord(
        session=session,
        type=kind,
        public_id=own_id(given),
        payload=given,
        occurred_at=time_of(given) or last,
        thread=thread or posted_by,
    )


def time_of(event: Json) -> datetime | None:
    """When it was processed; the vendor's events have no other time."""
    return moment(event.get("processed_at")) or moment(event.get("created_at"))


def is_queued(event: Json) -> bool:
    """Whether it still waits to be processed, and will come again with the time at which it was."""
    return "processed_at" in event and event["processed_at"] is None
