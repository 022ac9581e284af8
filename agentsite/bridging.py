"""Django's synchronous side behind an asynchronous server: one step to a thread, and one back.

A body that fits into memory is read before a thread is asked for, so a slow sender holds none; an
answer that is there as a whole goes out as a whole. Between threads and the loop each step costs
as much as a statement of the database, and handing over every piece of both takes ten of them.
What is longer than that, or of unknown length, is handed over piece by piece, by a2wsgi.
"""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi import build_environ

READ_AHEAD = 2**20  # bytes of a body

# Django, a2wsgi and uvicorn each have types of their own for the same dictionaries.
Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Django = Callable[[Any, Any], Iterable[bytes]]


class Threads:
    """Answers so many requests at once, each in a thread."""

    def __init__(self, django: Django, at_once: int) -> None:
        self._django = django
        self._long: Any = WSGIMiddleware(django)
        self._threads = self._long.executor = ThreadPoolExecutor(at_once, "page")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if _length(scope) > READ_AHEAD:
            await self._long(scope, receive, send)
            return
        body = await _read(receive)
        if body is None:
            return  # the client went away before it had said all
        loop = asyncio.get_running_loop()

        def send_from_there(message: Message) -> None:
            asyncio.run_coroutine_threadsafe(_sent(send(message)), loop).result()

        messages = await loop.run_in_executor(
            self._threads,
            contextvars.copy_context().run,
            self._answer,
            build_environ(scope, BytesIO(body)),  # type: ignore[arg-type]  # it is a file to read
            send_from_there,
        )
        for message in messages:
            await send(message)

    def _answer(self, environ: Any, send: Callable[[Message], None]) -> list[Message]:
        """What is to be sent of the answer, and has not been from here."""
        began: list[Message] = []

        def start(status: str, headers: list[tuple[str, str]], *_: object) -> None:
            pairs = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
            code = int(status.partition(" ")[0])
            began[:] = [{"type": "http.response.start", "status": code, "headers": pairs}]

        answer = self._django(environ, start)
        try:
            if not getattr(answer, "streaming", True):
                return [*began, _piece(b"".join(answer), more=False)]
            send(began[0])
            for piece in answer:
                send(_piece(piece, more=True))
            return [_piece(b"", more=False)]
        finally:
            getattr(answer, "close", lambda: None)()


def _piece(data: bytes, *, more: bool) -> Message:
    return {"type": "http.response.body", "body": data, "more_body": more}


def _length(scope: Scope) -> float:
    """What the client says of its body: nothing is none, and pieces may be any."""
    given = dict(scope["headers"])
    if b"transfer-encoding" in given:
        return float("inf")
    told = given.get(b"content-length", b"0")
    return int(told) if told.isdigit() else float("inf")


async def _read(receive: Receive) -> bytes | None:
    """The whole body; None if the client goes away meanwhile."""
    pieces = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        pieces.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(pieces)


async def _sent(sending: Awaitable[None]) -> None:
    await sending
