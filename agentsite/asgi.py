"""The web's entry point: streams go to Django's asynchronous side, pages to its synchronous one.

A page costs a third of the processor time that way, and the streams never wait for a page.
"""

import os
from collections.abc import Awaitable, Callable
from typing import Any

from a2wsgi import WSGIMiddleware
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agentsite.settings")

ASYNC_PATHS = ("/healthz", "/readyz")
STREAM = "/stream"  # every address of server-sent events ends like this
PAGES_AT_ONCE = 10

# Django, a2wsgi and uvicorn each have types of their own for the same dictionaries.
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

_django: Any = get_wsgi_application()
_pages: Callable[..., Awaitable[None]] = WSGIMiddleware(_django, workers=PAGES_AT_ONCE)
_streams: Callable[..., Awaitable[None]] = get_asgi_application()


def is_async(path: str) -> bool:
    """Whether the address is one of those that may stay open, or must answer when pages queue."""
    return path in ASYNC_PATHS or path.rstrip("/").endswith(STREAM)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await _live(receive, send)
    elif scope["type"] == "http":
        plain = _without_lookalikes(scope)
        await (_streams if is_async(plain["path"]) else _pages)(plain, receive, send)


def _without_lookalikes(scope: Scope) -> Scope:
    """Drop headers with an underscore: WSGI takes `x_forwarded_proto` for `x-forwarded-proto`."""
    return {**scope, "headers": [pair for pair in scope["headers"] if b"_" not in pair[0]]}


async def _live(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})
