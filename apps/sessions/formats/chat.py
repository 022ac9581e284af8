"""Chat-completions trajectories: lists of role messages, one session per list.

An item is such a list, or an object that holds one and says more: an id, a task and its trial, a
reward. A file whose array holds the messages themselves is one conversation. The first system
messages are the agent's instructions and go to its snapshot, not among the events.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import PurePath
from typing import Any, BinaryIO

from apps.core.ids import derived_id
from apps.sessions.formats.conversation import Conversation, request, text_in, time_of
from apps.sessions.formats.documents import Broken, Value, read_values
from apps.sessions.formats.shapes import (
    Json,
    event_id,
    make_event,
    model_usage,
    object_of,
    shorten,
    text_of,
)
from apps.sessions.records import EventRecord, Record, Refusal, SessionRecord

SOURCE = "chat"
MESSAGE_KEYS = ("messages", "traj", "trajectory", "conversation")

_IDS = ("id", "session_id", "conversation_id")
_LEAST_OWN_ID = 16
"""A shorter id is a number within its file; the content is added, so that files do not collide."""
_MOST_METADATA = 16
_LONGEST_METADATA = 512
_SYSTEM = ("system", "developer")


def read(file: BinaryIO, *, name: str) -> Iterator[Record]:
    """Yield a session and its events per item; per array, if its items are messages."""
    whole: _Whole | None = None
    for found in read_values(file):
        if isinstance(found, Broken):
            yield Refusal(name, found.line, found.reason)
        elif _is_message(found.value):
            if whole is None or whole.document != found.document:
                yield from whole.finish() if whole else ()
                whole = _Whole(name, found.document)
            yield from whole.take(found.value)
        else:
            yield from _read_item(found, name)
    yield from whole.finish() if whole else ()


def _is_message(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("role"), str)


def _read_item(found: Value, name: str) -> Iterator[Record]:
    item = found.value if isinstance(found.value, dict) else {}
    messages = found.value if isinstance(found.value, list) else _messages_of(item)
    if messages is None:
        expected = ", ".join(MESSAGE_KEYS)
        yield Refusal(name, found.line, f"neither a list of messages nor an object with {expected}")
    elif not any(map(_is_message, messages)):
        yield Refusal(name, found.line, "a conversation without a message")
    else:
        yield from _Item(item, [each for each in messages if isinstance(each, dict)]).records()


def _messages_of(item: Json) -> list[Any] | None:
    return next((item[key] for key in MESSAGE_KEYS if isinstance(item.get(key), list)), None)


class _Item:
    """One item: a conversation, and what the source says of it."""

    def __init__(self, item: Json, messages: list[Json]) -> None:
        self._item = item
        self._opening = 0
        while self._opening < len(messages) and messages[self._opening].get("role") in _SYSTEM:
            self._opening += 1
        self._messages = messages
        self._key = _key_of(item, messages)

    def records(self) -> Iterator[Record]:
        spoken = self._messages[self._opening :]
        at = _began(self._item, spoken)
        yield SessionRecord(
            key=self._key,
            source=SOURCE,
            agent=_agent(self._item, self._messages),
            title=_title(self._item, spoken),
            created_at=at,
            timed=at is not None,
            metadata=_metadata(self._item),
        )
        conversation = Conversation(self._key, at)
        for number, message in enumerate(spoken, self._opening):
            yield from conversation.take(number, message)
        yield from self._model_usage(conversation.at)
        yield from self._verdict(conversation.at)

    def _model_usage(self, at: datetime | None) -> Iterator[EventRecord]:
        """Tokens of the whole conversation are one request, where no message counts its own."""
        usage = object_of(self._item, "usage")
        if usage and not any(isinstance(each.get("usage"), dict) for each in self._messages):
            yield from request(self._key, "whole", at, usage, text_of(self._item, "model"))

    def _verdict(self, at: datetime | None) -> Iterator[EventRecord]:
        """A reward is a verdict that was passed elsewhere. The agent never saw its outcome."""
        reward = self._item.get("reward")
        if not isinstance(reward, (int, float)):
            return
        task = object_of(object_of(self._item, "info"), "task")
        body = {
            "outcome_id": derived_id("outc", self._key),
            "outcome_evaluation_start_id": "",
            "iteration": 0,
            "result": "satisfied" if reward >= 1 else "failed",
            "explanation": f"Imported reward {float(reward)}",
            "usage": model_usage({}),
            "reward": reward,
            "description": text_of(task, "instruction") or text_of(self._item, "instruction"),
        }
        kind = "span.outcome_evaluation_end"
        yield make_event(self._key, kind, event_id(self._key, "reward"), at, body)


@dataclass(slots=True)
class _Whole:
    """A file, or a line, that is one conversation: its messages come one by one."""

    name: str
    document: int
    _opening: list[Json] = field(default_factory=list)
    _conversation: Conversation | None = None
    _number: int = 0

    def take(self, message: Json) -> Iterator[Record]:
        if self._conversation is None:
            self._opening.append(message)
            if message.get("role") not in _SYSTEM:
                yield from self._begin()
            return
        self._number += 1
        yield from self._conversation.take(self._number - 1, message)

    def finish(self) -> Iterator[Record]:
        """Keep a conversation that never got further than its instructions."""
        if self._conversation is None:
            yield from self._begin()

    def _begin(self) -> Iterator[Record]:
        first = self._opening[-1]
        stem = PurePath(self.name).name.removesuffix(".gz").rpartition(".")[0]
        key = f"{stem}/{self.document}/{_digest(self._opening)}"
        at = _began({}, self._opening[-1:])
        yield SessionRecord(
            key=key,
            source=SOURCE,
            agent=_agent({}, self._opening),
            title=_title({}, [first]),
            created_at=at,
            timed=at is not None,
        )
        self._conversation = Conversation(key, at)
        self._number = len(self._opening)
        if first.get("role") not in _SYSTEM:
            yield from self._conversation.take(self._number - 1, first)


def _key_of(item: Json, messages: list[Json]) -> str:
    given = next((str(item[key]) for key in _IDS if isinstance(item.get(key), (str, int))), "")
    if len(given) >= _LEAST_OWN_ID:
        return given
    if "task_id" in item:
        given = f"{item['task_id']}/{item.get('trial', 0)}"
    return f"{given}/{_digest(messages)}".lstrip("/")


def _digest(messages: list[Json]) -> str:
    return sha256(json.dumps(messages, sort_keys=True).encode()).hexdigest()[:32]


def _began(item: Json, spoken: list[Json]) -> datetime | None:
    return time_of(item) or next(filter(None, map(time_of, spoken)), None)


def _agent(item: Json, messages: list[Json]) -> Json:
    instructions = []
    for message in messages:
        if message.get("role") not in _SYSTEM:
            break
        instructions.append(text_in(message))
    models = (text_of(each, "model") for each in (item, *messages))
    model = next(filter(None, models), "")
    return {
        "name": text_of(item, "agent") or "chat",
        **({"model": {"id": model}} if model else {}),
        **({"system": "\n\n".join(instructions)} if instructions else {}),
    }


def _title(item: Json, spoken: list[Json]) -> str:
    asked = next((text_in(each) for each in spoken if each.get("role") == "user"), "")
    return shorten(text_of(item, "title") or asked)


def _metadata(item: Json) -> dict[str, str]:
    given = {**object_of(item, "metadata"), **item}
    named = {
        key: str(value)[:_LONGEST_METADATA]
        for key, value in given.items()
        if isinstance(value, (str, int, float)) and key not in ("title", "created", "created_at")
    }
    first = {key: named.pop(key) for key in ("task_id", "trial", "reward") if key in named}
    return dict(list((first | named).items())[:_MOST_METADATA])
