"""`/mcp` lets in whom the API lets in, and says so to clients of the protocol."""

import gzip
import json
import subprocess
import sys

import pytest

from apps.memory.mcp.endpoint import LARGEST_BODY
from tests import make
from tests.memory.mcp.talking import Talk

pytestmark = pytest.mark.django_db

PING = json.dumps({"jsonrpc": "2.0", "id": 7, "method": "ping"})


def refusal(answer):
    """What it says, to this protocol and to readers of the API's envelope alike."""
    said = answer.json()
    assert (said["jsonrpc"], said["id"]) == ("2.0", None)
    assert said["error"]["data"]["request_id"] == answer["request-id"]
    assert said["error"]["data"]["error"]["message"] == said["error"]["message"]
    return said["error"]["data"]["error"]


def test_both_credential_headers_let_in(talk):
    made, secret = make.key("read")

    for headers in ({"authorization": f"Bearer {secret}"}, {"x_api_key": secret}):
        talk.headers = {}
        answer = talk.send(PING, **headers)
        assert answer.json() == {"jsonrpc": "2.0", "id": 7, "result": {}}
        assert answer["anthropic-workspace-id"] == made.workspace_id


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({}, "This takes an API key"),
        ({"authorization": "Bearer sk-agentsite-nobody"}, "unknown, expired or revoked"),
        ({"x_api_key": "sk-agentsite-nobody"}, "unknown, expired or revoked"),
    ],
)
def test_without_a_key_nobody_gets_in(talk, headers, said):
    talk.headers = {}

    answer = talk.send(PING, **headers)

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert said in refusal(answer)["message"]
    assert talk.client.get("/mcp").status_code == 401


def test_a_key_without_read_is_refused():
    answer = Talk("review").send(PING)

    assert answer.status_code == 403
    assert refusal(answer)["type"] == "permission_error"


def test_it_is_only_posted_to(talk):
    for ask in (talk.client.get, talk.client.delete, talk.client.put):
        answer = ask("/mcp", headers=talk.headers)
        assert answer.status_code == 405
        assert "POST" in answer["Allow"]
        assert refusal(answer)["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://testserver.evil.example"]
)
def test_pages_of_other_sites_may_not_ask(talk, origin, settings):
    answer = talk.send(PING, origin=origin)

    assert answer.status_code == 403
    assert refusal(answer)["type"] == "permission_error"

    assert talk.send(PING, origin="http://testserver").status_code == 200
    settings.CSRF_TRUSTED_ORIGINS = ["https://*.trusted.example"]
    assert talk.send(PING, origin="https://a.trusted.example").status_code == 200


def test_a_host_that_is_not_ours_is_refused(talk):
    """As after a DNS rebinding: the address is ours, the name is not."""
    answer = talk.client.post(
        "/mcp", PING, content_type="application/json", SERVER_NAME="evil.test"
    )

    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == "The request cannot be read."


def test_a_body_is_bounded_also_packed(talk):
    large = PING + " " * LARGEST_BODY

    assert talk.send(PING + " " * (LARGEST_BODY - len(PING))).status_code == 200
    assert talk.send(gzip.compress(PING.encode()), content_encoding="gzip").status_code == 200
    for body, headers in (
        (large, {}),
        (gzip.compress(large.encode()), {"content_encoding": "gzip"}),
    ):
        answer = talk.send(body, **headers)
        assert answer.status_code == 413
        assert refusal(answer)["type"] == "request_too_large"
    broken = talk.send(gzip.compress(PING.encode())[:-9], content_encoding="gzip")
    assert (broken.status_code, refusal(broken)["type"]) == (400, "invalid_request_error")


@pytest.mark.parametrize(
    "body", [" ", "{", "[]", "7", '{"jsonrpc": "2.0"}', '"\\ud800"', "[" * 9_999]
)
@pytest.mark.parametrize("version", ["2025-06-18", "2026-07-28", "1999-01-01"])
def test_what_is_no_message_is_answered(talk, body, version):
    answer = talk.send(body, mcp_protocol_version=version)

    assert answer.status_code == 400
    assert answer.json()["error"]["code"] < 0


def test_what_is_no_json_is_refused_as_text(talk):
    answer = talk.send(PING, content_type="text/html")

    assert (answer.status_code, answer["content-type"]) == (400, "text/plain; charset=utf-8")
    assert answer.content == b"Invalid Content-Type header"


def test_text_that_is_no_unicode_is_refused(talk):
    """The newer protocol's parser lets a lone surrogate through."""
    message = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {
            "name": "list_memories",
            "arguments": {"memory_store_id": "\ud800"},
            "_meta": {
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities": {},
            },
        },
    }
    named = {"mcp_method": "tools/call", "mcp_name": "list_memories"}

    answer = talk.send(json.dumps(message), mcp_protocol_version="2026-07-28", **named)

    assert answer.json()["result"]["isError"]
    assert "no valid Unicode" in answer.json()["result"]["content"][0]["text"]


def test_a_notification_is_taken_and_not_answered(talk):
    told = json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"})

    answer = talk.send(told)

    assert (answer.status_code, answer.content) == (202, b"")


def test_a_key_that_asks_too_often_waits(talk, settings):
    settings.API_WRITES_PER_MINUTE = 2

    assert [talk.send(PING).status_code for _ in range(2)] == [200, 200]
    answer = talk.send(PING)

    assert (answer.status_code, refusal(answer)["type"]) == (429, "rate_limit_error")
    assert int(answer["retry-after"]) > 0


def test_a_web_process_loads_the_sdk_only_when_it_is_asked():
    """It takes a second, and memory that most processes have better uses for."""
    code = (
        "import sys, agentsite.asgi, agentsite.urls;"
        " print(sorted({'mcp', 'mcp_types', 'starlette'} & set(sys.modules)))"
    )

    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert loaded.stdout.strip() == "[]"
