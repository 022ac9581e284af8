"""What passes between the asynchronous server and Django's synchronous side."""

import asyncio
import threading

import pytest

from agentsite.bridging import READ_AHEAD, Threads
from tests import apart


class Answer(list):
    """As Django's: whether it is there as a whole, and what happens when it is over."""

    def __init__(self, *pieces, streaming=False):
        super().__init__(pieces)
        self.streaming = streaming
        self.is_closed = False

    def close(self):
        self.is_closed = True


class Failing(Answer):
    """A stream that breaks off after a piece."""

    def __iter__(self):
        yield b"a"
        raise OSError("the disk is gone")


def asked(django, *messages, headers=(), last_after=None):
    """What is sent to a client that sends these messages, the last one after this happened."""
    coming, sent = list(messages), []
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "path": "/v1/x",
        "query_string": b"",
        "headers": [(b"host", b"localhost"), *headers],
    }

    async def receive():
        if last_after is not None and len(coming) == 1:
            assert await asyncio.to_thread(last_after.wait, 20)
        return coming.pop(0)

    async def send(message):
        sent.append(message)

    apart.run(asyncio.wait_for(Threads(django, at_once=1)(scope, receive, send), 30))
    return sent


def body(data, *, more=False):
    return {"type": "http.request", "body": data, "more_body": more}


def echo(environ, start):
    start("200 OK", [("X-Kind", "echo")])
    return Answer(environ["wsgi.input"].read())


def test_a_body_in_pieces_is_read_and_the_answer_goes_out_whole():
    sent = asked(echo, body(b"ab", more=True), body(b"cd"), headers=[(b"content-length", b"4")])

    assert sent == [
        {"type": "http.response.start", "status": 200, "headers": [(b"x-kind", b"echo")]},
        {"type": "http.response.body", "body": b"abcd", "more_body": False},
    ]


def test_a_body_that_breaks_off_is_never_acted_upon():
    reached = []

    def django(environ, start):
        reached.append(environ)
        return echo(environ, start)

    sent = asked(
        django,
        body(b"ab", more=True),
        {"type": "http.disconnect"},
        headers=[(b"content-length", b"4")],
    )

    assert sent == reached == []


def test_a_stream_goes_out_piece_by_piece_and_is_closed():
    answer = Answer(b"a", b"b", streaming=True)

    def django(environ, start):
        start("200 OK", [])
        return answer

    sent = asked(django, body(b""))

    assert [each.get("body") for each in sent] == [None, b"a", b"b", b""]
    assert [each.get("more_body") for each in sent[1:]] == [True, True, False]
    assert answer.is_closed


def test_a_stream_that_fails_is_closed_and_not_ended():
    answer = Failing(streaming=True)

    def django(environ, start):
        start("200 OK", [])
        return answer

    with pytest.raises(OSError, match="the disk is gone"):
        asked(django, body(b""))
    assert answer.is_closed


@pytest.mark.parametrize(
    "header",
    [
        (b"content-length", str(READ_AHEAD + 1).encode()),
        (b"transfer-encoding", b"chunked"),
        (b"content-length", b"much"),
    ],
)
def test_a_long_body_is_not_waited_for(header):
    """Django sees its first piece while the rest has not been sent."""
    seen = threading.Event()

    def django(environ, start):
        first = environ["wsgi.input"].read(2)
        seen.set()
        start("200 OK", [])
        return [first + environ["wsgi.input"].read()]

    sent = asked(django, body(b"ab", more=True), body(b"c"), headers=[header], last_after=seen)

    assert b"".join(each.get("body", b"") for each in sent) == b"abc"
