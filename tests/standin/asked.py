"""A request: what is in it, and whether the service would take it."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.standin import schemas
from tests.standin.faults import Fault, Json

WINDOW = {"claude-haiku-4": 200_000}
"""Tokens that a model takes, by prefix; the others a million."""
MOST_OUTPUT = 128_000


class Rejected(Exception):
    """Answered with an error of the vendor's envelope."""

    def __init__(self, status: int, type: str, message: str, *, is_final: bool = False) -> None:  # noqa: A002 -- the wire's word
        """`is_final`: a client that asks again is told not to."""
        super().__init__(message)
        self.status, self.type, self.is_final = status, type, is_final


def invalid(message: str) -> Rejected:
    return Rejected(400, "invalid_request_error", message)


class Billed(NamedTuple):
    """Tokens by what they are charged as."""

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0

    def plus(self, other: "Billed") -> "Billed":
        return Billed(*map(sum, zip(self, other, strict=True)))


@dataclass(slots=True)
class Asked:
    """One request that came in, and what became of it."""

    number: int
    operation: str
    """As `messages` or `batches.create`; `batches.item` for each request inside a batch."""
    body: Json
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    status: int = 0
    fault: Fault | None = None
    answered: Json | None = field(default=None, repr=False)
    billed: Billed | None = None
    """None where no answer began; of one that broke off, what had been sent."""

    @property
    def digest(self) -> str:
        """The same for two requests that a model cannot tell apart."""
        text = json.dumps(told(self.body), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def schema(self) -> Json | None:
        return ((self.body.get("output_config") or {}).get("format") or {}).get("schema")

    @property
    def system(self) -> str:
        return "\n".join(_texts(self.body.get("system")))

    @property
    def text(self) -> str:
        """All that the first turn says: what is asked, without the system prompt and any repair."""
        return "\n".join(_texts(self.body["messages"][0]["content"]))

    @property
    def whole(self) -> str:
        """Every word in it, also those of the schema."""
        return json.dumps(self.body, ensure_ascii=False)


def told(value: Any) -> Any:
    """What a model sees of it: neither how it is cached nor how its answer is sent."""
    if isinstance(value, dict):
        return {k: told(v) for k, v in value.items() if k not in {"cache_control", "stream"}}
    return [told(each) for each in value] if isinstance(value, list) else value


def _texts(content: Any) -> list[str]:
    """The texts of a system prompt or a turn, which may be a string or blocks."""
    if isinstance(content, str):
        return [content]
    return [
        each["text"] if each.get("type") == "text" else json.dumps(each, ensure_ascii=False)
        for each in content or ()
    ]


def check(body: Json) -> None:
    """Raises Rejected as the service would: what a client gets wrong is seen here first."""
    model, limit, messages = body.get("model"), body.get("max_tokens"), body.get("messages")
    if not isinstance(model, str) or not model:
        raise invalid("model: Field required")
    if not model.startswith("claude-"):
        raise Rejected(404, "not_found_error", f"model: {model}")
    if not isinstance(limit, int) or not 1 <= limit <= MOST_OUTPUT:
        raise invalid(f"max_tokens: {limit!r} is not from 1 to {MOST_OUTPUT}")
    if not messages:
        raise invalid("messages: at least one message is required")
    _check_blocks(body)
    _check_format(body)


def check_length(body: Json, tokens: int) -> None:
    window = next(
        (size for name, size in WINDOW.items() if body["model"].startswith(name)), 1_000_000
    )
    if tokens > window:
        raise invalid(f"prompt is too long: {tokens} tokens > {window} maximum")


def _check_blocks(body: Json) -> None:
    told_apart = [each for each in blocks(body) if isinstance(each, dict)]
    if any(each.get("type") == "text" and not each.get("text") for each in told_apart):
        raise invalid("text content blocks must be non-empty")
    if any(message.get("content") in ("", []) for message in body["messages"]):
        raise invalid("messages: all messages must have non-empty content")
    if sum("cache_control" in each for each in told_apart) > 4:
        raise invalid("A maximum of 4 blocks with cache_control may be provided.")


def _check_format(body: Json) -> None:
    wanted = (body.get("output_config") or {}).get("format")
    if wanted is None:
        return
    if wanted.get("type") != "json_schema" or not isinstance(wanted.get("schema"), dict):
        raise invalid("output_config.format: Input should be a json_schema with its schema")
    if body["messages"][-1].get("role") != "user":
        raise invalid(
            "output_config.format: prefilling the assistant's turn is not supported with it"
        )
    for complaint in schemas.complaints(wanted["schema"]):
        raise invalid(f"output_config.format.{complaint}")


def blocks(body: Json) -> Iterator[Any]:
    """Whatever a model reads, in the order in which it is cached."""
    wanted = (body.get("output_config") or {}).get("format")
    yield from ([json.dumps(wanted)] if wanted else [])
    yield from body.get("tools") or ()
    contents = [body.get("system"), *(message.get("content") for message in body["messages"])]
    for content in contents:
        yield from [content] if isinstance(content, str) else content or ()
