"""Server-sent events, as bytes.

Every event is called `message`, whatever its payload: older clients keep a list of the names they
know and drop the rest, all of them know this one, and the payload's own `type` says what it is.
"""

from collections.abc import Mapping
from typing import Any

from apps.core import payloads
from apps.core.api import errors

OPENED = b": open\n\n"
"""Sent with the headers, so that no proxy waits for a first byte."""
KEEP_ALIVE = b': still here\nevent: ping\ndata: {"type": "ping"}\n\n'
"""A comment and an event, which clients ignore both; some proxies count only one of them."""


def message(data: str) -> bytes:
    """An event with this JSON; its line breaks, which JSON has only between values, are blanks."""
    line = data.replace("\r", " ").replace("\n", " ")
    return f"event: message\ndata: {line}\n\n".encode("utf-8", "replace")


def note(data: Mapping[str, Any]) -> bytes:
    """The same, of a value."""
    return message(payloads.dump(data))


def failure(kind: str, text: str) -> bytes:
    """What a client raises as an error of this type, in the middle of a stream."""
    return f"event: error\ndata: {payloads.dump(errors.envelope(kind, text))}\n\n".encode()
