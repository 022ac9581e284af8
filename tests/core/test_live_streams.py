"""What goes to a client while its stream is open, and what ends it."""

import asyncio

import pytest
from django.db import OperationalError
from django.test import AsyncRequestFactory, RequestFactory

from apps.core.errors import DomainError
from apps.core.live import answering, frames
from apps.core.live.answering import Pulse
from apps.core.live.mailbox import Mailbox
from tests import apart

NEVER = 3600.0
CALM = Pulse()


class Unwanted(DomainError):
    """You were sent away."""

    status = 403
    type = "permission_error"


def welcome():
    """Whoever it is may stay."""


def begin():
    """Nothing has to happen first."""


def first(count, box, *, may_stay=welcome, pulse=CALM):
    """So many pieces of the stream, or all there are."""

    async def read():
        pieces = []
        stream = answering.sent(box, begin, may_stay, pulse)
        async for piece in stream:
            pieces.append(piece)
            if len(pieces) == count:
                break
        await stream.aclose()
        return pieces

    return apart.run(read())


def test_the_first_bytes_come_with_the_headers_and_frames_follow():
    box = Mailbox()
    box.put(frames.message('{"n": 1}'))

    assert first(2, box) == [b": open\n\n", b'event: message\ndata: {"n": 1}\n\n']


def test_a_payload_is_one_line_whatever_it_is_written_like():
    assert frames.message('{\n  "a": 1,\r\n  "b": "\u2028"}') == (
        'event: message\ndata: {   "a": 1,    "b": "\u2028"}\n\n'.encode()
    )


def test_silence_is_filled_with_signs_of_life():
    assert first(3, Mailbox(), pulse=Pulse(sign=0.01, look=NEVER)) == [
        frames.OPENED,
        frames.KEEP_ALIVE,
        frames.KEEP_ALIVE,
    ]


def test_it_ends_with_its_mailbox_after_the_last_word():
    box = Mailbox()
    box.close(b"last")

    assert first(9, box) == [frames.OPENED, b"last"]


def test_whoever_goes_leaves_a_closed_mailbox():
    box = Mailbox()
    first(1, box)

    assert box.is_closed


def test_who_may_no_longer_follow_is_told_why_and_sent_away():
    def refuse():
        raise Unwanted

    pieces = first(9, Mailbox(), may_stay=refuse, pulse=Pulse(sign=NEVER, look=0.01))

    assert len(pieces) == 2
    assert pieces[1].startswith(b"event: error\n")
    assert b'"type":"permission_error","message":"You were sent away."' in pieces[1]


def test_rights_are_looked_at_while_events_keep_coming():
    box = Mailbox()

    def refuse():
        raise Unwanted

    async def read():
        pieces = []
        async for piece in answering.sent(box, begin, refuse, Pulse(sign=NEVER, look=0.05)):
            pieces.append(piece)
            await asyncio.sleep(0.01)
            box.put(b"event ")
        return pieces

    assert apart.run(read())[-1].startswith(b"event: error\n")


def test_nobody_is_sent_away_because_the_database_does_not_answer():
    asked = []

    def away():
        asked.append(1)
        raise OperationalError

    pieces = first(4, Mailbox(), may_stay=away, pulse=Pulse(sign=0.02, look=0.01))

    assert len(asked) > 1
    assert pieces == [frames.OPENED, *[frames.KEEP_ALIVE] * 3]


def test_a_stream_is_never_compressed_nor_kept():
    request = AsyncRequestFactory().get("/", headers={"accept-encoding": "gzip"})

    response = answering.stream(request, Mailbox(), begin=begin, may_stay=welcome)

    assert "accept-encoding" not in request.headers
    assert response["Content-Type"] == "text/event-stream; charset=utf-8"
    assert response["Cache-Control"] == "no-cache, no-transform"
    assert response["X-Accel-Buffering"] == "no"


@pytest.mark.parametrize(("factory", "can"), [(AsyncRequestFactory, True), (RequestFactory, False)])
def test_only_the_asynchronous_side_can_stream(factory, can):
    assert answering.can_stream(factory().get("/")) is can
