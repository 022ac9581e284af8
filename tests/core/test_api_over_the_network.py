"""What only a real server shows: bodies in chunks, bodies too large, odd bytes."""

import http.client
import json

import pytest

from tests import make
from tests.web import Web

pytestmark = pytest.mark.django_db(transaction=True)
LIMIT = 32 * 2**20


@pytest.fixture
def ask(tmp_path):
    """One request over one connection that is kept: `ask("POST", "/v1/agents", body)`."""
    _, secret = make.key()
    with Web(tmp_path / "web.log") as web:
        kept = http.client.HTTPConnection("127.0.0.1", web.port, timeout=60)

        def ask(method, path, body=None, **headers):
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            kept.request(method, path, body, {"x-api-key": secret} | named)
            answer = kept.getresponse()
            return answer, answer.read()

        yield ask
        kept.close()


def chunks(*pieces):
    """A body without a length."""
    yield from pieces


def error(body):
    return json.loads(body)["error"]


def test_bodies_come_whole_in_chunks_or_not_at_all(ask):
    head = b'{"model": "claude-opus-4-6", "name": '
    whole, body = ask("POST", "/v1/agents", chunks(head, b'"Ark"', b"}"))
    assert (whole.status, json.loads(body)["name"]) == (200, "Ark")

    said, body = ask("POST", "/v1/agents", head + b'"Bark"}')
    assert (said.status, json.loads(body)["name"]) == (200, "Bark")

    for nothing in (chunks(), chunks(b" "), b"", None):
        empty, body = ask("POST", "/v1/agents", nothing)
        assert empty.status == 400
        assert "this field is required" in error(body)["message"]

    for large in (b" " * (LIMIT + 1), chunks(*[b" " * 2**20] * 33)):
        refused, body = ask("POST", "/v1/agents", large)
        assert (refused.status, error(body)["type"]) == (413, "request_too_large")
        assert refused.headers["request-id"] == json.loads(body)["request_id"]

    most, body = ask("POST", "/v1/agents", chunks(b" " * (LIMIT - 2), b"{}"))
    assert most.status == 400
    assert "this field is required" in error(body)["message"]

    early, body = ask("POST", "/v1/agents", b"x" * (LIMIT + 1), x_api_key="wrong")
    assert (early.status, error(body)["type"]) == (401, "authentication_error")


def test_odd_requests_are_answered_in_the_envelope(ask):
    for path in (
        "/v1/agents?page=%ff",
        "/v1/%C3%A9",
        "/v1/agents/%ff?%ff",
        "/v1",
        "/v1/",
        "/v1/%00",
    ):
        answer, body = ask("GET", path)
        assert answer.status in {400, 404}, path
        assert answer.headers["request-id"] == json.loads(body)["request_id"]

    headed, body = ask("HEAD", "/v1/agents")
    assert (headed.status, body) == (200, b"")
    for method in ("OPTIONS", "PUT", "PATCH"):
        answer, body = ask(method, "/v1/agents")
        assert answer.status == (204 if method == "OPTIONS" else 405)
        assert answer.headers["allow"] == "GET, POST, HEAD, OPTIONS"

    answer, body = ask("GET", "/v1/agents", accept="text/event-stream", accept_encoding="gzip")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
