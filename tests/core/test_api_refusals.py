"""Whatever goes wrong under /v1 is told in one envelope, with the request's id."""

import pytest
from django.test import Client

from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.wire")]
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW"]


def refused(answer, status, kind):
    """The message, once it is clear that this is the envelope."""
    body = answer.json()
    assert (answer.status_code, body["type"], body["error"]["type"]) == (status, "error", kind)
    assert answer["content-type"] == "application/json"
    assert body["request_id"] == answer["request-id"]
    assert body["request_id"].startswith("req_")
    return body["error"]["message"]


@pytest.mark.parametrize(
    ("way", "status", "kind"),
    [
        ("conflict", 409, "conflict_error"),
        ("missing", 404, "not_found_error"),
        ("denied", 403, "permission_error"),
        ("money", 402, "billing_error"),
        ("precondition", 412, "invalid_request_error"),
        ("overloaded", 529, "overloaded_error"),
    ],
)
def test_a_failure_has_the_type_of_its_status(way, status, kind):
    assert refused(make.api().get(f"/v1/failing/{way}"), status, kind)


def test_a_conflict_says_what_it_is_with_and_is_not_to_be_repeated():
    answer = make.api().get("/v1/failing/conflict")

    assert refused(answer, 409, "conflict_error") == "Version 3 is not the newest."
    assert answer.json()["error"]["conflicting_path"] == "/P"
    assert answer["x-should-retry"] == "false"
    assert "x-should-retry" not in make.api().get("/v1/failing/overloaded")


def test_a_code_stands_in_the_details():
    error = make.api().get("/v1/failing/precondition").json()["error"]

    assert error["details"] == {"error_code": "heartbeat_precondition_failed"}


def test_a_crash_shows_nothing_of_itself_and_is_in_the_log(caplog):
    client = make.api()
    client.raise_request_exception = False

    answer = client.get("/v1/failing/crash")

    refused(answer, 500, "api_error")
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert "a secret in a trace" in caplog.text


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("path", ["/v1", "/v1/", "/v1/nothing", "/v1/agents/x/nothing/", "/v1/%00"])
def test_an_unknown_address_is_a_404_for_whoever_asks(path, method):
    for client in (make.api(), Client(enforce_csrf_checks=True)):
        answer = client.generic(method, path, b"{}", content_type="application/json")

        assert answer.status_code == 404
        assert answer["request-id"]
        if method != "HEAD":
            refused(answer, 404, "not_found_error")


def test_a_method_that_is_not_there_is_refused_with_those_that_are():
    for method in ("PUT", "PATCH", "DELETE", "TRACE", "BREW"):
        answer = make.api().generic(method, "/v1/boats")

        assert method in refused(answer, 405, "invalid_request_error")
        assert answer["allow"] == "GET, POST, HEAD, OPTIONS"


@pytest.mark.parametrize("path", ["/v1/openapi.json", "/v1/docs"])
def test_what_is_only_to_read_says_so_without_a_key_or_a_token(path):
    client = Client(enforce_csrf_checks=True)

    assert client.get(path).status_code == 200
    answer = client.post(path, {}, content_type="application/json")

    refused(answer, 405, "invalid_request_error")
    assert answer["allow"] == "GET, HEAD"


def test_head_answers_as_get_does_without_a_body():
    answer = make.api().head("/v1/boats")

    assert (answer.status_code, answer.content) == (200, b"")


def test_options_says_what_there_is():
    answer = make.api("read").options("/v1/boats")

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer["allow"] == "GET, POST, HEAD, OPTIONS"
    assert "content-type" not in answer


def test_every_answer_has_an_id_of_its_own():
    client = make.api()
    client.raise_request_exception = False
    paths = ("boats", "streamed", "failing/crash", "failing/conflict", "nothing", "audit_entries")

    ids = [client.get(f"/v1/{path}")["request-id"] for path in paths]

    assert len(set(ids)) == len(paths)


def test_a_form_from_another_site_needs_no_token_where_a_key_is_asked_for():
    _, secret = make.key()
    client = Client(enforce_csrf_checks=True, headers={"x-api-key": secret})

    answer = client.post("/v1/boats", {"name": "Ark"}, content_type="application/json")

    assert answer.status_code == 200


def test_a_session_of_the_console_is_no_way_into_the_api():
    client = Client()
    client.force_login(make.user())

    refused(client.get("/v1/boats"), 401, "authentication_error")


def test_a_strange_host_is_refused_in_the_envelope(caplog):
    answer = make.api().get("/v1/boats", headers={"host": "evil.example"})

    refused(answer, 400, "invalid_request_error")


def test_too_many_parameters_are_refused_in_the_envelope(caplog):
    answer = make.api().get("/v1/boats?" + "&".join(["ids[]=x"] * 1001))

    refused(answer, 400, "invalid_request_error")
