"""Django's asynchronous side, for answers that stay open: hundreds of them on a few threads.

Django gives every asynchronous request a thread of its own, for its middleware and its queries,
and keeps it as long as the answer lasts. Here all streams share some: they only open in them.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from typing import Any

from asgiref.sync import ThreadSensitiveContext
from django.core.handlers.asgi import ASGIHandler

THREADS = 4
STALLED = 60.0  # seconds in which a client takes none of what is sent to it

Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Streams(ASGIHandler):
    """As Django's own, but for the threads, and that a client which stopped reading is cut off."""

    def __init__(self) -> None:
        super().__init__()
        single = (ThreadPoolExecutor(1, f"stream-{n}") for n in range(THREADS))
        self._threads = cycle(list(single))

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        async def send_in_time(message: Message) -> None:
            async with asyncio.timeout(STALLED):
                await send(message)

        async with ThreadSensitiveContext(executor=next(self._threads)):
            await self.handle(scope, receive, send_in_time)
