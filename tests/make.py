"""The smallest valid objects. A test names only what it is about."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from django.test import Client

from apps.accounts.acting import Actor
from apps.accounts.models import ApiKey, Member, User, Workspace
from apps.accounts.models.people import hashed
from apps.accounts.rights import Right, Role
from apps.core.ids import new_id
from apps.sessions import importing
from apps.sessions.models import Session
from apps.sessions.records import EventRecord, SessionRecord, ThreadRecord

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
_numbers = count(1)


def workspace(slug: str = "default") -> Workspace:
    return Workspace.objects.get_or_create(slug=slug, defaults={"name": slug.title()})[0]


def user(
    name: str = "ines",
    *,
    of: Workspace | None = None,
    password: str = "",
    role: str = Role.OPERATOR,
) -> User:
    made = User.objects.create_user(name, password=password or None)
    Member.objects.create(user=made, workspace=of or workspace(), role=role)
    return made


def actor(user: User | None = None, *, of: Workspace | None = None) -> Actor:
    """Somebody who may do everything."""
    return Actor(of or workspace(), frozenset(Right), user=user)


def key(
    *scopes: str, of: Workspace | None = None, name: str = "tests", **fields: Any
) -> tuple[ApiKey, str]:
    """A key with these scopes (all of them, if none is named), and its secret."""
    secret = ApiKey.new_secret()
    made = ApiKey.objects.create(
        workspace=of or workspace(),
        name=name,
        secret_sha256=hashed(secret),
        hint=secret[:16],
        scopes=list(scopes or ("read", "write", "review", "admin")),
        **fields,
    )
    return made, secret


def api(*scopes: str, of: Workspace | None = None) -> Client:
    """A client of `/v1` with a key of these scopes."""
    _, secret = key(*scopes, of=of)
    return Client(headers={"authorization": f"Bearer {secret}"})


def event(
    kind: str = "user.message",
    text: str = "",
    *,
    key: str = "s",
    after: float = 0,
    thread: str = "",
    id: str = "",  # noqa: A002 -- the contract's name
    external_id: str = "",
    **payload: Any,
) -> EventRecord:
    """An event `after` seconds from START, in the session with this key."""
    at = START + timedelta(seconds=after)
    public_id = id or new_id("sevt")
    body = {"id": public_id, "type": kind, "processed_at": at.isoformat(), **payload}
    if text:
        body["content"] = [{"type": "text", "text": text}]
    return EventRecord(key, kind, public_id, body, at, thread, external_id)


def call(
    tool: str,
    given: dict[str, Any],
    answer: str,
    *,
    after: float = 0,
    took: float = 1,
    is_error: bool = False,
    **where: Any,
) -> list[EventRecord]:
    """A tool's use and its result."""
    use = event("agent.tool_use", after=after, name=tool, input=given, **where)
    result = event(
        "agent.tool_result",
        answer,
        after=after + took,
        tool_use_id=use.public_id,
        is_error=is_error,
        **where,
    )
    return [use, result]


def request(
    *,
    after: float = 0,
    took: float = 1,
    tokens: tuple[int, int, int, int] = (100, 20, 0, 0),
    model: str = "claude-sonnet-4-5",
    **where: Any,
) -> list[EventRecord]:
    """A model request: tokens are input, output, cache read, cache write."""
    names = (
        "input_tokens",
        "output_tokens",
        "cache_read_input_tokens",
        "cache_creation_input_tokens",
    )
    start = event("span.model_request_start", after=after, **where)
    end = event(
        "span.model_request_end",
        after=after + took,
        model_request_start_id=start.public_id,
        model_usage=dict(zip(names, tokens, strict=True)),
        model=model,
        **where,
    )
    return [start, end]


def session(
    *events: EventRecord,
    key: str = "",
    threads: Iterable[ThreadRecord] = (),
    of: Workspace | None = None,
    agent: str = "coordinator",
    **fields: Any,
) -> Session:
    """A session with these events, brought in as every session is."""
    key = key or (events[0].session if events else f"session-{next(_numbers)}")
    given = {"source": "native", "title": f"Session {key}", "created_at": START} | fields
    record = SessionRecord(key=key, agent={"name": agent}, **given)
    importing.take([record, *threads, *events], workspace=of or workspace())
    return Session.objects.get(workspace=of or workspace(), external_id=key)


def thread(public_id: str, *, key: str = "s", name: str = "refunds", **fields: Any) -> ThreadRecord:
    return ThreadRecord(key, public_id, {"name": name}, parent="primary", **fields)
