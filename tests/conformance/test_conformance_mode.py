"""The mode undoes all that it does, and refuses to be where that would be missed."""

import http.client

import pytest
from django.conf import settings as configured
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

import apps.conformance
from apps.accounts.models import ApiKey, User, Workspace
from apps.agents.models import Agent
from apps.conformance import seeding
from apps.conformance.apps import ConformanceConfig
from tests import make
from tests.web import Web

KEY = {"authorization": f"Bearer {seeding.KEY}"}
UNDOING = "apps.conformance.undoing.UndoingMiddleware"
AGENT = {"name": "Ada", "model": "claude-sonnet-4-6"}


def start():
    ConformanceConfig("apps.conformance", apps.conformance).ready()


@pytest.fixture
def api(settings):
    settings.MIDDLEWARE = [*configured.MIDDLEWARE, UNDOING]
    return Client(headers=KEY)


@pytest.mark.django_db
def test_the_rows_are_there_for_every_request_and_never_for_anybody_else(api, settings):
    for _ in range(2):
        assert api.get(f"/v1/sessions/{seeding.SESSION}").status_code == 200
        assert api.delete(f"/v1/sessions/{seeding.SESSION}").status_code == 200
    for each in seeding.AGENTS:
        assert api.get(f"/v1/agents/{each}").json()["id"] == each
    for each in seeding.ENVIRONMENTS:
        assert api.get(f"/v1/environments/{each}").json()["id"] == each
    for each in seeding.FILES:
        assert api.get(f"/v1/files/{each}").json()["id"] == each
    for each in seeding.STORES:
        assert api.get(f"/v1/memory_stores/{each}").json()["id"] == each
    store = f"/v1/memory_stores/{seeding.STORES[0]}"
    head = api.get(f"{store}/memories/{seeding.MEMORY}").json()["memory_version_id"]
    assert head != seeding.VERSION
    assert api.post(f"{store}/memory_versions/{seeding.VERSION}/redact").status_code == 200
    mine = f"/v1/sessions/{seeding.SESSION}"
    assert api.get(f"{mine}/threads/{seeding.THREAD}").status_code == 200
    assert api.get(f"{mine}/resources/{seeding.RESOURCE}").status_code == 200

    assert not Workspace.objects.filter(pk=seeding.WORKSPACE).exists()
    assert not ApiKey.objects.exists()
    settings.MIDDLEWARE = configured.MIDDLEWARE[:-1]
    assert Client(headers=KEY).get("/v1/agents").status_code == 401


@pytest.mark.django_db
def test_what_a_request_makes_is_told_and_undone(api):
    made = api.post("/v1/agents", AGENT, content_type="application/json")

    assert made.status_code == 200
    assert api.get(f"/v1/agents/{made.json()['id']}").status_code == 404
    assert not Agent.objects.exists()


@pytest.mark.django_db
def test_a_refused_request_is_undone_as_well(api):
    assert api.post("/v1/agents", {}, content_type="application/json").status_code == 400
    assert api.get("/v1/agents").status_code == 200


@pytest.mark.django_db
def test_pages_are_left_alone(api):
    make.user("ines", password="correct horse")

    api.post("/sign-in/", {"username": "ines", "password": "correct horse"})

    assert User.objects.get().last_login is not None


@pytest.mark.django_db(transaction=True)
def test_a_stream_begins_and_the_rows_are_gone(tmp_path):
    with Web(tmp_path / "web.log", AGENTSITE_CONFORMANCE="1") as web:
        client = http.client.HTTPConnection("127.0.0.1", web.port, timeout=20)
        client.request("GET", f"/v1/sessions/{seeding.SESSION}/events/stream", headers=KEY)
        answer = client.getresponse()
        client.close()

    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert not Workspace.objects.filter(pk=seeding.WORKSPACE).exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [("HTTPS", True), ("ALLOWED_HOSTS", ["agents.example.com"]), ("ALLOWED_HOSTS", ["*"])],
)
def test_it_refuses_to_start_in_production(settings, name, value):
    setattr(settings, name, value)

    with pytest.raises(ImproperlyConfigured, match=f"{name}.*in production"):
        start()


@pytest.mark.parametrize("host", ["db.example.com", "10.0.0.1", "2001:db8::1"])
def test_it_refuses_a_database_elsewhere(settings, monkeypatch, host):
    settings.ALLOWED_HOSTS = ["localhost"]
    monkeypatch.setitem(configured.DATABASES["default"], "HOST", host)

    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        start()


@pytest.mark.parametrize("host", ["", "/run/postgresql", "localhost", "127.0.0.1", "::1"])
def test_it_starts_beside_its_own_database(settings, monkeypatch, host):
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
    monkeypatch.setitem(configured.DATABASES["default"], "HOST", host)

    start()


@pytest.mark.django_db(transaction=True)
def test_a_server_in_production_does_not_come_up(tmp_path):
    log = tmp_path / "web.log"

    with pytest.raises(AssertionError, match="AGENTSITE_HTTPS says"):
        Web(log, AGENTSITE_CONFORMANCE="1", AGENTSITE_HTTPS="1").__enter__()
