"""Who gets into /v1: a usable key, in either header, within its scopes and its workspace."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from apps.accounts.models import ApiKey
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.wire")]


def ask(**headers):
    return Client().get(
        "/v1/boats", headers={name.replace("_", "-"): headers[name] for name in headers}
    )


@pytest.mark.parametrize("header", ["Bearer {}", "bearer {}", "BEARER  {} "])
def test_a_bearer_token_lets_in(header):
    _, secret = make.key("read")

    assert ask(authorization=header.format(secret)).status_code == 200


def test_the_header_of_older_clients_lets_in():
    _, secret = make.key("read")

    assert ask(x_api_key=secret).status_code == 200
    assert ask(x_api_key=secret, authorization="Basic x").status_code == 200


@pytest.mark.parametrize("version", ["2023-06-01", "2026-10-21", "next year's", ""])
@pytest.mark.parametrize("beta", ["managed-agents-2026-04-01", "a,b ,agent-memory-2026-07-22", ""])
def test_any_version_and_any_beta_will_do(version, beta):
    _, secret = make.key("read")

    answer = Client().get(
        "/v1/boats?beta=true&unheard=of",
        headers={
            "x-api-key": secret,
            "anthropic-version": version,
            "anthropic-beta": beta,
            "x-stainless-timeout": "NOT_GIVEN",
        },
    )

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer"},
        {"authorization": "Bearer sk-agentsite-wrong"},
        {"authorization": "Basic c2VjcmV0"},
        {"x-api-key": "sk-agentsite-\xe9"},
        {"x-api-key": " "},
    ],
)
def test_without_a_key_nobody_gets_in(headers):
    answer = Client().get("/v1/boats", headers=headers)

    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "authentication_error"


@pytest.mark.parametrize("end", ["expires_at", "revoked_at"])
def test_a_key_that_has_ended_lets_nobody_in(end):
    _, secret = make.key("read", **{end: timezone.now()})

    answer = ask(x_api_key=secret)

    assert answer.status_code == 401
    assert answer.json()["error"]["message"] == "This API key is unknown, expired or revoked."


def test_a_key_lets_in_until_the_moment_it_expires():
    now = timezone.now()
    _, secret = make.key("read", expires_at=now + timedelta(hours=1))

    with time_machine.travel(now + timedelta(minutes=59)):
        assert ask(x_api_key=secret).status_code == 200
    with time_machine.travel(now + timedelta(minutes=61)):
        assert ask(x_api_key=secret).status_code == 401


def test_the_answer_names_the_workspace_and_another_may_not_be_asked_for():
    key, secret = make.key("read")
    other = make.workspace("neighbour")

    mine = ask(x_api_key=secret, anthropic_workspace_id=key.workspace_id)
    theirs = ask(x_api_key=secret, anthropic_workspace_id=other.pk)

    assert mine["anthropic-workspace-id"] == key.workspace_id
    assert theirs.status_code == 403
    assert theirs.json()["error"]["type"] == "permission_error"


def test_a_reading_key_cannot_write_and_is_told_which_scope_that_takes():
    client = make.api("read", "review")

    answer = client.post("/v1/boats", {"name": "Ark"}, content_type="application/json")

    assert answer.status_code == 403
    assert answer.json()["error"]["message"] == (
        "This API key has the scopes read, review; this takes 'write'. Make a key with that scope."
    )
    assert client.get("/v1/boats").status_code == 200


def test_a_writing_key_without_read_cannot_read():
    client = make.api("write")

    assert client.get("/v1/boats").status_code == 403
    assert client.head("/v1/boats").status_code == 403
    assert client.post("/v1/raw", {}, content_type="application/json").status_code == 200


def test_admin_may_do_everything():
    client = make.api("admin")

    assert client.get("/v1/boats").status_code == 200
    assert client.post("/v1/raw", {}, content_type="application/json").status_code == 200


def test_a_key_is_found_in_one_query_and_its_use_noted_once_a_minute(django_assert_num_queries):
    key, secret = make.key("read")
    client = Client(headers={"x-api-key": secret})
    start = timezone.now()

    with time_machine.travel(start, tick=False):
        with django_assert_num_queries(2):
            client.get("/v1/boats")
        with django_assert_num_queries(1):
            client.get("/v1/boats")
    key.refresh_from_db()
    assert key.last_used_at == start

    later = start + timedelta(seconds=61)
    with time_machine.travel(later, tick=False), django_assert_num_queries(2):
        client.get("/v1/boats")
    key.refresh_from_db()
    assert key.last_used_at == later


def test_what_is_found_is_the_key_and_its_workspace_whole():
    key, secret = make.key("read", "write", expires_at=timezone.now() + timedelta(days=1))

    found = ApiKey.presented(secret)

    assert ApiKey.objects.filter(pk=found.pk).values().get() == {
        field.attname: getattr(found, field.attname) for field in ApiKey._meta.concrete_fields
    }
    assert (found.workspace.pk, found.workspace.slug) == (key.workspace_id, "default")
