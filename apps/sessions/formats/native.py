"""Our own format: one session, thread or event of the contract per line.

It is what a session page exports and what the API returns, so a list of events alone, a JSON
array and a page `{"data": […]}` are read too. Payloads are kept as they are. The one key that is
taken off is `session_id`, the envelope's: no event of the contract has one.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import PurePath
from typing import Any, BinaryIO

from apps.core.ids import derived_id
from apps.sessions.formats.documents import Broken, Value, read_values
from apps.sessions.formats.shapes import Json, event_id, moment, object_of, text_of
from apps.sessions.records import EventRecord, Record, Refusal, SessionRecord, ThreadRecord

SOURCE = "native"


class _Refused(ValueError):
    """This line says nothing that can be kept."""


def read(file: BinaryIO, *, name: str) -> Iterator[Record]:
    """Yield what the lines describe. An event belongs to the session that it names, or the last.

    Without any, to one named for the file; a stream without a name has no such session.
    """
    reading = _Reading(name)
    for found in read_values(file):
        if isinstance(found, Broken):
            yield Refusal(name, found.line, found.reason)
            continue
        for number, value in _unpage(found):
            try:
                yield from reading.take(value)
            except _Refused as refused:
                yield Refusal(name, number, str(refused))


def _unpage(found: Value) -> Iterator[tuple[int, Any]]:
    """The objects of an API page, or the value itself."""
    value = found.value
    if isinstance(value, dict) and "type" not in value and isinstance(value.get("data"), list):
        yield from enumerate(value["data"], 1)
    else:
        yield found.line, value


@dataclass(slots=True)
class _Session:
    """What is remembered of a session while its lines pass."""

    key: str
    primary: str
    last: datetime | None = None
    count: int = 0
    threads: set[str] = field(default_factory=set)


class _Reading:
    """One file on its way through."""

    def __init__(self, name: str) -> None:
        self._name = (PurePath(name).name.split(".")[0] or "events") if name else ""
        self._sessions: dict[str, _Session] = {}
        self._current = ""

    def take(self, value: Any) -> Iterator[Record]:
        if not isinstance(value, dict):
            raise _Refused("not a JSON object")
        kind = text_of(value, "type")
        if kind == "session":
            yield from self._session(value)
        elif kind == "session_thread":
            yield from self._thread(value)
        elif "." in kind:
            yield from self._event(kind, value)
        elif kind:
            raise _Refused(f"unknown record type '{kind[:60]}'")
        else:
            raise _Refused("an object without a type")

    def _session(self, value: Json) -> Iterator[Record]:
        key = text_of(value, "id")
        if not key:
            raise _Refused("a session without an id")
        created_at = moment(value.get("created_at"))
        self._remember(key, created_at)
        yield SessionRecord(
            key=key,
            source=SOURCE,
            agent={"name": "agent"} | object_of(value, "agent"),
            title=text_of(value, "title"),
            created_at=created_at,
            timed=value.get("timed") is not False,
            metadata={
                str(name): each if isinstance(each, str) else json.dumps(each)
                for name, each in object_of(value, "metadata").items()
            },
            public_id=key,
            environment_id=text_of(value, "environment_id"),
            status=text_of(value, "status"),
            archived_at=moment(value.get("archived_at")),
        )

    def _remember(self, key: str, at: datetime | None) -> _Session:
        """Make this the current session."""
        self._current = key
        if key not in self._sessions:
            self._sessions[key] = _Session(key, derived_id("sthr", SOURCE, key), last=at)
        return self._sessions[key]

    def _find(self, value: Json, at: datetime | None) -> Iterator[Record]:
        """Turn to the session that a line belongs to; introduce it if no line did."""
        named = text_of(value, "session_id")
        key = named or self._current or self._name
        if not key:
            raise _Refused("no session: give session_id, or a line with the session before")
        if key not in self._sessions:
            yield SessionRecord(
                key=key,
                source=SOURCE,
                agent={"name": "agent"},
                created_at=at,
                timed=at is not None,
                public_id=named,
            )
        self._remember(key, at)

    def _thread(self, value: Json) -> Iterator[Record]:
        public_id = text_of(value, "id")
        if not public_id:
            raise _Refused("a thread without an id")
        created_at = moment(value.get("created_at"))
        yield from self._find(value, created_at)
        session = self._sessions[self._current]
        parent = text_of(value, "parent_thread_id")
        if not parent:
            session.primary = public_id
        session.threads.add(public_id)
        yield ThreadRecord(
            session=session.key,
            public_id=public_id,
            agent=object_of(value, "agent"),
            parent=parent,
            created_at=created_at,
            status=text_of(value, "status"),
            archived_at=moment(value.get("archived_at")),
        )

    def _event(self, kind: str, value: Json) -> Iterator[Record]:
        at = moment(value.get("processed_at")) or moment(value.get("created_at"))
        yield from self._find(value, at)
        session = self._sessions[self._current]
        session.last = at or session.last
        session.count += 1
        subject = text_of(value, "session_thread_id")
        if subject and subject not in session.threads:
            yield from self._introduce(session, subject, value)
        payload = {name: each for name, each in value.items() if name != "session_id"}
        public_id = text_of(value, "id") or _id_of(session, payload)
        yield EventRecord(
            session=session.key,
            type=kind,
            public_id=public_id,
            payload={**payload, "id": public_id},
            occurred_at=session.last,
            thread="" if kind == "session.thread_created" else subject,
        )

    @staticmethod
    def _introduce(session: _Session, public_id: str, value: Json) -> Iterator[Record]:
        """A thread that events speak of and no line described."""
        session.threads.add(public_id)
        agent = {"name": text_of(value, "agent_name")}
        yield ThreadRecord(session.key, public_id, agent, session.primary, session.last)


def _id_of(session: _Session, payload: Json) -> str:
    """An id for an event that has none: what it says, and the how-manieth it is."""
    content = sha256(repr(payload).encode("utf-8", "surrogatepass")).hexdigest()
    return event_id(session.key, content, str(session.count))
