"""One workspace of this server links another: what is exported here is what is exported there."""

import json
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from apps.agents.models import AgentVersion
from apps.core import payloads
from apps.demo.calendar import midnight
from apps.demo.scenarios import legal
from apps.demo.script import play
from apps.linking.models import Link
from apps.sessions import importing, recording
from apps.sessions.exporting import as_ndjson
from apps.sessions.models import Event, Session
from tests import make
from tests.linking.conftest import make_link, sync

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ALIKE = (
    "title",
    "status",
    "created_at",
    "thread_count",
    "event_count",
    "error_count",
    "input_tokens",
    "output_tokens",
    "token_cost",
    "outcome_result",
)
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def there(live_server):
    """A workspace with sessions of many threads, and a key that may read it."""
    place = make.workspace("there")
    for script in legal.AMENDING[:2] + legal.TEAMWORK[:1]:
        importing.take(play(script, midnight(NOW)).records(), workspace=place)
    return place


@pytest.fixture
def link(there, live_server):
    _, secret = make.key("read", of=there)
    return make_link(live_server.url, key=secret, of=make.workspace("here"))


def exported(session):
    """Threads and events by id, without a thread's seconds: times on the wire are rounded."""
    told = [json.loads(line) for line in as_ndjson(session)][1:]
    derived = {"stats", "usage", "updated_at"}
    return {
        each["id"]: {name: value for name, value in each.items() if name not in derived}
        for each in told
    }


def in_threads(session):
    """The events of each thread, in their order."""
    order = session.events.order_by("thread__public_id", "sequence")
    return list(order.values_list("thread__public_id", "public_id"))


def both(public_id):
    found = Session.objects.filter(public_id=public_id).select_related("agent", "environment")
    return found.get(workspace__slug="there"), found.get(workspace__slug="here")


def count(link):
    return Event.objects.filter(session__workspace=link.workspace).count()


def test_every_session_is_the_same_event_by_event(there, link):
    sync(link)

    assert (link.status, link.error) == (Link.Status.IDLE, "")
    ids = list(there.sessions.values_list("public_id", flat=True))
    assert any(each.thread_count > 3 for each in there.sessions.all())
    for public_id in ids:
        original, copy = both(public_id)
        assert exported(copy) == exported(original)
        assert in_threads(copy) == in_threads(original)
        times = list(copy.events.order_by("sequence").values_list("occurred_at", flat=True))
        assert times == sorted(times)
        for name in ALIKE:
            assert getattr(copy, name) == getattr(original, name), name
    assert link.workspace.sessions.count() == len(ids)


def test_syncing_again_adds_nothing(there, link):
    sync(link)
    events = count(link)

    sync(link)

    assert count(link) == events
    assert link.result.get("events", 0) == 0
    assert link.result["requests"] == 3


def test_what_is_new_comes_with_the_next_sync(there, link):
    sync(link)
    before = count(link)
    original = there.sessions.order_by("created_at").first()
    said = make.event(text="One more thing", key=original.external_id, after=9)
    recording.record(original.pk, [said])
    make.session(make.event(text="Hello", key="new"), key="new", of=there)

    sync(link)

    assert count(link) == before + 2
    assert exported(both(original.public_id)[1]) == exported(both(original.public_id)[0])


def test_what_a_client_sends_there_comes_too(there, link):
    api = make.api(of=there)
    agent = api.post(
        "/v1/agents",
        {"name": "writer", "model": "claude-sonnet-4-5", "system": "One."},
        content_type="application/json",
    ).json()
    api.post(
        f"/v1/agents/{agent['id']}",
        {"system": "Two.", "version": 1},
        content_type="application/json",
    )
    environment = api.post(
        "/v1/environments", {"name": "sandbox"}, content_type="application/json"
    ).json()
    session = api.post(
        "/v1/sessions",
        {"agent": agent["id"], "environment_id": environment["id"], "title": "Live"},
        content_type="application/json",
    ).json()
    say = {"type": "user.message", "content": [{"type": "text", "text": "Begin"}]}
    api.post(
        f"/v1/sessions/{session['id']}/events", {"events": [say]}, content_type="application/json"
    )

    sync(link)

    copy = both(session["id"])[1]
    assert (copy.title, copy.agent.public_id) == ("Live", agent["id"])
    assert [each.text for each in copy.events.filter(type="user.message")] == ["Begin"]
    here = AgentVersion.objects.filter(agent__workspace=link.workspace)
    assert [each.definition["system"] for each in here.order_by("version")] == ["One.", "Two."]
    of_here, of_there = (
        make.api(of=place).get(f"/v1/agents/{agent['id']}").json()
        for place in (link.workspace, there)
    )
    assert of_here == of_there


def test_a_worker_that_is_killed_is_followed_by_one_that_goes_on(there, link):
    """`kill -9` in the middle: what was read stays, nothing is kept twice, nothing is missing."""
    Link.objects.update(due_at=timezone.now())
    worker = subprocess.Popen(
        [sys.executable, "-c", _WORKER, link.pk, connection.settings_dict["NAME"]], cwd=ROOT
    )
    deadline = time.monotonic() + 60
    while not count(link) and time.monotonic() < deadline:
        assert worker.poll() is None
        time.sleep(0.01)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    link.refresh_from_db()
    assert link.status == Link.Status.RUNNING
    read_before = link.progress["requests"]
    Link.objects.update(lease_expires_at=timezone.now())

    sync(link)

    assert link.status == Link.Status.IDLE
    for public_id in there.sessions.values_list("public_id", flat=True):
        original, copy = both(public_id)
        assert exported(copy) == exported(original)
    assert link.result["requests"] > read_before


_WORKER = """
import sys
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[2]
django.setup()
from apps.linking import syncing, tasks
syncing.attempt(sys.argv[1], tasks.vendor)
"""


def test_payloads_keep_numbers_and_text_of_any_kind(there, link):
    odd = {"big": 12345678901234567890, "text": "nul \x00, lone \ud800, emoji 🎉", "n": 1.50}
    session = make.session(make.event(key="odd", input=odd), key="odd", of=there)

    sync(link)

    copy = both(session.public_id)[1]
    assert payloads.dump(copy.events.get().payload) == payloads.dump(session.events.get().payload)
