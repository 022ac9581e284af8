"""The web's entry point: streams go to Django's asynchronous side, pages to its synchronous one.

A page costs a third of the processor time that way, and the streams never wait for a page.

Whatever brings sessions in has threads of its own: a slow sender holds one, and never a page's.
"""

import asyncio
import gc
import os
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from a2wsgi import WSGIMiddleware
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

from agentsite.bridging import Receive, Scope, Send, Threads
from agentsite.streaming import Streams

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agentsite.settings")

ASYNC_PATHS = ("/healthz", "/readyz")
STREAM = "/stream"  # every address of server-sent events ends like this
PAGES_AT_ONCE = 10
UNKNOWN_LENGTH = str(2**62)  # more than any limit: whoever trusts the length refuses the body
INTAKE = ("/v1/ingest/", "/v1/otlp/")
TAKEN_IN_AT_ONCE = 6
SENDER_IS_SILENT = 60  # seconds without a byte of a body

_django: Any = get_wsgi_application()


def _synchronous(environ: Any, start_response: Any) -> Iterable[bytes]:
    """Django reads no more of a body than its length says, and a body in chunks says none."""
    if "HTTP_TRANSFER_ENCODING" in environ:
        environ["CONTENT_LENGTH"] = UNKNOWN_LENGTH
    answer: Iterable[bytes] = _django(environ, start_response)
    return answer


_pages: Callable[..., Awaitable[None]] = Threads(_synchronous, at_once=PAGES_AT_ONCE)
_intake: Callable[..., Awaitable[None]] = WSGIMiddleware(_django, workers=TAKEN_IN_AT_ONCE)
_asynchronous: Callable[..., Awaitable[None]] = get_asgi_application()
_streams: Callable[..., Awaitable[None]] = Streams()

from apps.core.live import process  # noqa: E402 -- once Django is set up


def _side(path: str) -> Callable[..., Awaitable[None]]:
    """Streams may stay open, and some addresses must answer while pages queue."""
    if path.endswith(STREAM):
        return _streams
    return _asynchronous if path in ASYNC_PATHS else _pages


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _live(scope, receive, send)
    elif scope["type"] == "http":
        plain = _plain(scope)
        if plain["path"].startswith(INTAKE):
            await _intake(plain, _to_the_end(receive), send)
        else:
            await _side(plain["path"])(plain, receive, send)


def _plain(scope: Scope) -> Scope:
    """Without the headers that would be misread.

    WSGI takes `x_forwarded_proto` for `x-forwarded-proto`; and Django, which reads the type of a
    body before anything can answer for it, crashes if it is in a character set that nobody knows.
    """
    headers = [
        (name, value)
        for name, value in scope["headers"]
        if b"_" not in name and not (name == b"content-type" and _is_unreadable(value))
    ]
    return {**scope, "headers": headers}


def _is_unreadable(kind: bytes) -> bool:
    try:
        parse_header_parameters(kind.decode("latin-1"))
    except ValueError:
        return True
    return False


def _to_the_end(receive: Receive) -> Receive:
    """A body that breaks off, or never goes on, is an error to its reader and not its end."""

    async def receive_on() -> dict[str, Any]:
        async with asyncio.timeout(SENDER_IS_SILENT):
            message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError("the client went away")
        return message

    return receive_on


async def _live(scope: Scope, receive: Receive, send: Send) -> None:
    """A server that looks into `state` can end the streams before it waits for them."""
    # What is loaded by now stays: the collector need not look at it, nor so often at what passes.
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    await receive()
    scope.get("state", {})["end_streams"] = process.end
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await process.end()
    await send({"type": "lifespan.shutdown.complete"})
