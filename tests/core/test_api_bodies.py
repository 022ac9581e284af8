"""Bodies read as streams: unpacked piece by piece, counted, never mistaken when they break off."""

import gzip
import io
import zlib

import pytest
from django.test import RequestFactory

from apps.core.api import bodies
from apps.core.api.errors import TooLarge

MB = 2**20


def request(data: bytes, *, encoding: str = "", length: int | None = None):
    made = RequestFactory().post("/", data, content_type="application/x-ndjson")
    if encoding:
        made.META["HTTP_CONTENT_ENCODING"] = encoding
    if length is not None:
        made = chunked(data, **{k: v for k, v in made.META.items() if k.startswith("HTTP_")})
        del made.META["HTTP_TRANSFER_ENCODING"]
        made.META["CONTENT_LENGTH"] = str(length)
    return made


def chunked(data: bytes, **headers: str):
    made = RequestFactory().post("/", b"", content_type="text/plain")
    made.META.update(headers, HTTP_TRANSFER_ENCODING="chunked", CONTENT_LENGTH="")
    made.META["wsgi.input"] = io.BytesIO(data)
    return made


def test_a_plain_body_is_read_as_it_came():
    body = bodies.opened(request(b"one\ntwo\n"), limit=MB)

    assert list(body) == [b"one\n", b"two\n"]


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "x-gzip"])
def test_a_packed_body_is_unpacked(encoding):
    body = bodies.opened(request(gzip.compress(b"line\n" * 100_000), encoding=encoding), limit=MB)

    assert body.read() == b"line\n" * 100_000


def test_members_one_after_the_other_are_one_body():
    body = bodies.opened(
        request(gzip.compress(b"one\n") + gzip.compress(b"two\n"), encoding="gzip"), limit=MB
    )

    assert body.read() == b"one\ntwo\n"


def test_a_body_without_a_length_is_read_to_its_end():
    body = bodies.opened(chunked(b"x" * 200_000), limit=MB)

    assert len(body.read()) == 200_000


def test_a_body_that_is_said_to_be_too_large_is_refused_before_it_is_read():
    with pytest.raises(TooLarge, match="larger than 1 MB"):
        bodies.opened(request(b"x" * (MB + 1)), limit=MB)


@pytest.mark.parametrize("made", [chunked(b"x" * (MB + 1)), request(b"", encoding="gzip")])
def test_a_body_that_turns_out_too_large_stops_there(made):
    if made.META.get("HTTP_CONTENT_ENCODING"):
        made = request(gzip.compress(b"\0" * 50 * MB), encoding="gzip")  # 50 kB of a bomb
    body = bodies.opened(made, limit=MB)

    with pytest.raises(TooLarge):
        body.read()


def test_a_packed_body_that_breaks_off_is_no_shorter_one():
    packed = gzip.compress(b"line\n" * 100_000)
    body = bodies.opened(request(packed[:-20], encoding="gzip"), limit=MB)

    with pytest.raises(EOFError):
        body.read()


def test_what_is_not_packed_though_it_says_so_is_an_error():
    body = bodies.opened(request(b"plain", encoding="gzip"), limit=MB)

    with pytest.raises(zlib.error):
        body.read()


def test_a_plain_body_shorter_than_was_said_is_an_error():
    body = bodies.opened(request(b"half", length=8), limit=MB)

    with pytest.raises((EOFError, OSError)):
        body.read()


def test_another_encoding_is_refused_by_name():
    with pytest.raises(bodies.UnknownEncoding):
        bodies.opened(request(b"", encoding="br"), limit=MB)
