"""The vendor's own client raises its own exceptions at our refusals."""

import anthropic
import httpx2
import pytest
from django.test import Client

from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.wire")]


@pytest.fixture
def client():
    """A client of this process: what it sends goes through every middleware."""
    _, secret = make.key("read", "write")
    return connected(secret)


class InThisProcess(httpx2.BaseTransport):
    """Hands requests to the test client: through every middleware, in the test's transaction."""

    def __init__(self):
        self.asked = []

    def handle_request(self, request):
        self.asked.append(request)
        answer = Client(raise_request_exception=False, enforce_csrf_checks=True).generic(
            request.method,
            request.url.raw_path.decode(),
            request.read(),
            content_type=request.headers.get("content-type", ""),
            headers=dict(request.headers),
        )
        return httpx2.Response(answer.status_code, headers=answer.headers, content=answer.content)


def connected(secret, *, max_retries=0):
    transport = InThisProcess()
    made = anthropic.Anthropic(
        api_key=secret,
        base_url="http://testserver",
        max_retries=max_retries,
        http_client=anthropic.DefaultHttpxClient(transport=transport),
    )
    made.asked = transport.asked
    return made


@pytest.mark.parametrize(
    ("path", "expected", "kind"),
    [
        ("boats?limit=0", anthropic.BadRequestError, "invalid_request_error"),
        ("failing/money", anthropic.PaymentRequiredError, "billing_error"),
        ("failing/denied", anthropic.PermissionDeniedError, "permission_error"),
        ("audit_entries", anthropic.PermissionDeniedError, "permission_error"),
        ("failing/missing", anthropic.NotFoundError, "not_found_error"),
        ("nothing", anthropic.NotFoundError, "not_found_error"),
        ("failing/conflict", anthropic.ConflictError, "conflict_error"),
        ("failing/precondition", anthropic.PreconditionFailedError, "invalid_request_error"),
        ("failing/crash", anthropic.InternalServerError, "api_error"),
        ("failing/overloaded", anthropic.OverloadedError, "overloaded_error"),
    ],
)
def test_a_refusal_is_the_exception_of_its_status(client, path, expected, kind):
    with pytest.raises(expected) as caught:
        client.get(f"/v1/{path}", cast_to=object)

    error = caught.value
    assert type(error) is expected or path == "failing/precondition"
    assert error.type == kind
    assert error.request_id == error.response.headers["request-id"]
    assert error.request_id.startswith("req_")
    assert error.body["error"]["message"] in str(error)


def test_without_a_usable_key_it_is_an_authentication_error():
    with pytest.raises(anthropic.AuthenticationError) as caught:
        connected("sk-agentsite-wrong").get("/v1/boats", cast_to=object)

    assert caught.value.request_id.startswith("req_")


def test_a_body_that_is_too_large_is_its_own_error(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    with pytest.raises(anthropic.APIStatusError) as caught:
        client.post("/v1/boats", cast_to=object, body={"name": "x" * 1000})

    assert (caught.value.status_code, caught.value.type) == (413, "request_too_large")


def test_a_throttled_client_is_told_how_long_to_wait(client, settings):
    settings.API_READS_PER_MINUTE = 1
    client.get("/v1/boats", cast_to=object)

    with pytest.raises(anthropic.RateLimitError) as caught:
        client.get("/v1/boats", cast_to=object)

    assert 1 <= int(caught.value.response.headers["retry-after"]) <= 60


def test_a_conflict_is_not_asked_again_though_the_client_would():
    _, secret = make.key("read")
    client = connected(secret, max_retries=2)

    with pytest.raises(anthropic.ConflictError):
        client.get("/v1/failing/conflict", cast_to=object)

    assert len(client.asked) == 1


def test_a_request_without_a_body_and_one_with_everything_come_through(client):
    made = client.post("/v1/boats", cast_to=object, body={"name": "Ark", "extra": {"a": None}})
    asked = client.get(
        "/v1/boats",
        cast_to=object,
        options={
            "params": {"kinds": ["sail", "row"], "sunk": True, "created_at": {"gte": make.START}}
        },
    )

    assert made["extra"] == {"a": None}
    assert client.post("/v1/raw", cast_to=object) == {}
    assert asked["created_since"] == "2026-11-02T09:00:00Z"
    assert (asked["kinds"], asked["sunk"]) == (["sail", "row"], True)
    assert "kinds%5B%5D=sail" in str(client.asked[-2].url)
