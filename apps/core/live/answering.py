"""A stream as the answer to a request."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import structlog
from django.core.handlers.asgi import ASGIRequest
from django.db import DatabaseError, connections
from django.http import HttpRequest, StreamingHttpResponse

from apps.core.errors import DomainError
from apps.core.live import frames
from apps.core.live.asking import ask
from apps.core.live.mailbox import Mailbox

_LOG = structlog.get_logger("agentsite.live")

Begin = Callable[[], object]
"""Called by the event loop once the headers are out, before anything is sent."""
MayStay = Callable[[], object]
"""Asked of the database now and then; raises a DomainError when whoever follows may no longer."""


class CannotStream(DomainError):
    """This server cannot keep a stream open. Start it with `up` or `python -m agentsite.web`."""

    status = 501
    type = "api_error"


@dataclass(frozen=True, slots=True)
class Pulse:
    """Seconds of silence before a sign of life, and between two looks at the client's rights."""

    sign: float = 15.0
    look: float = 60.0


PULSE = Pulse()


def can_stream(request: HttpRequest) -> bool:
    """Whether the request came in where a stream blocks nobody: not through WSGI."""
    return isinstance(request, ASGIRequest)


def stream(
    request: HttpRequest,
    mailbox: Mailbox,
    *,
    begin: Begin,
    may_stay: MayStay,
    pulse: Pulse = Pulse(),
) -> StreamingHttpResponse:
    """Answer with whatever comes into the mailbox, until it is closed or the client goes."""
    # The thread that asked for all this has other streams to open; its connection is not kept.
    connections.close_all()
    # To compress is to hold back: the client would see an event when the next one comes.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    response = StreamingHttpResponse(
        sent(mailbox, begin, may_stay, pulse), content_type="text/event-stream; charset=utf-8"
    )
    response["Cache-Control"] = "no-cache, no-transform"
    response["X-Accel-Buffering"] = "no"  # nginx holds answers back unless told not to
    return response


async def sent(
    mailbox: Mailbox, begin: Begin, may_stay: MayStay, pulse: Pulse
) -> AsyncIterator[bytes]:
    """What goes to the client: what is new, signs of life, and at last the reason for the end."""
    now = asyncio.get_running_loop().time
    sign_at, look_at = now() + pulse.sign, now() + pulse.look
    begin()
    try:
        yield frames.OPENED
        while (taken := await mailbox.take(max(0, min(sign_at, look_at) - now()))) is not None:
            if taken:
                yield taken
                sign_at = now() + pulse.sign
            elif now() >= sign_at:
                yield frames.KEEP_ALIVE
                sign_at = now() + pulse.sign
            if now() >= look_at:
                if (refusal := await _refusal(may_stay)) is not None:
                    yield frames.failure(refusal.type, refusal.message)
                    return
                look_at = now() + pulse.look
    finally:
        mailbox.close()


async def _refusal(may_stay: MayStay) -> DomainError | None:
    try:
        await ask(may_stay)
    except DomainError as refused:
        return refused
    except DatabaseError as error:  # nobody is sent away for that; the next look will tell
        _LOG.warning(f"could not look whether a client may still follow: {error}")
    return None
