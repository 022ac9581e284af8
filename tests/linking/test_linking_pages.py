"""The pages on which an admin makes, follows, changes and ends links."""

from datetime import timedelta

import pytest
from django.utils import timezone
from kombu.exceptions import OperationalError

from apps.accounts.rights import Role
from apps.linking import tasks
from apps.linking.models import Link, LinkedSession
from apps.sessions.models import Session
from tests import make
from tests.linking.conftest import entries, make_link, sync
from tests.linking.standin import KEY

pytestmark = pytest.mark.django_db
PAGE = "/w/default/settings/links/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ada(client):
    person = make.user("ada", role=Role.ADMIN)
    client.force_login(person)
    return person


def given(**more):
    return {
        "name": "Prod",
        "key": KEY,
        "base_url": "https://api.example.com",
        "every_minutes": 60,
    } | more


def test_a_link_is_made_and_synced_at_once(client, ada, queue, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(PAGE, given())

    link = Link.objects.get()
    assert response["location"] == f"{PAGE}{link.pk}/"
    assert [(name, link_id) for name, link_id, _ in queue] == [("sync_link", link.pk)]
    assert (link.key, link.key_hint, link.every_minutes) == (KEY, "…cdef", 60)
    assert KEY not in link.sealed_key


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "Enter a name."),
        ({"key": ""}, "Enter a key of the other workspace."),
        ({"key": "two words"}, "A key is one line"),
        ({"key": "schlüssel"}, "A key is one line"),
        ({"base_url": "ftp://example.com"}, "A base URL is https:// and a host"),
        ({"base_url": "http://example.com"}, "by https only"),
        ({"base_url": "https://10.0.0.1"}, "private network"),
        ({"every_minutes": "7"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_stays_typed(client, ada, wrong, said):
    response = client.post(PAGE, given(name="<b>Mine</b>") | wrong)

    html = response.content.decode()
    assert response.status_code == 422
    assert said in html
    assert KEY not in html
    assert not Link.objects.exists()
    if "name" not in wrong:
        assert "&lt;b&gt;Mine&lt;/b&gt;" in html


@pytest.mark.django_db(transaction=True)
def test_without_a_queue_the_link_waits(client, ada, monkeypatch):
    def away(**_):
        raise OperationalError

    monkeypatch.setattr(tasks.sync_link, "apply_async", away)

    response = client.post(PAGE, given())

    assert response.status_code == 302
    assert Link.objects.due().exists()


@pytest.mark.parametrize("size", [1, 3])
def test_the_list_takes_as_many_queries_for_three_as_for_one(
    client, ada, django_assert_num_queries, size
):
    for number in range(size):
        make_link(f"https://{number}.example.com")

    with django_assert_num_queries(5):
        html = client.get(PAGE).content.decode()

    assert html.count("row-link") == size


def test_the_list_goes_on_by_key(client, ada):
    for number in range(21):
        make_link(f"https://{number}.example.com")

    first = client.get(PAGE).content.decode()
    cursor = first.split("?cursor=")[1].split('"')[0]
    second = client.get(f"{PAGE}?cursor={cursor}").content.decode()

    assert (first.count("row-link"), second.count("row-link")) == (20, 1)
    assert client.get(f"{PAGE}?cursor=broken").status_code == 400


def test_without_links_the_page_says_what_a_link_is(client, ada):
    html = client.get(PAGE).content.decode()

    assert "Reading writes nothing there" in html
    assert "https://api.anthropic.com" in html


@pytest.mark.parametrize(
    ("fields", "said", "polls"),
    [
        ({}, "Waits for a worker", True),
        (
            {
                "due_at": -timedelta(minutes=5),
                "updated_at": -timedelta(minutes=5),
            },
            "No worker has taken it yet",
            True,
        ),
        ({"stage": "agents"}, "Reading agents", True),
        ({"stage": "sessions", "progress": {"listed": 1234}}, "1,234 looked at", True),
        (
            {"stage": "transcripts", "progress": {"read": 3, "wanted": 9, "events": 1500}},
            "3 of 9 · 1,500 events added",
            True,
        ),
        (
            {
                "stage": "transcripts",
                "waits_for": "The other side asked us to wait.",
                "due_at": timedelta(minutes=1),
            },
            "The other side asked us to wait. It goes on",
            True,
        ),
        (
            {
                "status": "running",
                "stage": "agents",
                "lease_expires_at": -timedelta(minutes=1),
            },
            "Another one goes on within a minute",
            True,
        ),
        (
            {"status": "needs_key", "error": "It is <b>wrong</b>."},
            "It is &lt;b&gt;wrong&lt;/b&gt;.",
            False,
        ),
        (
            {"status": "failed", "error": "It answered 500."},
            "It answered 500. The next try is",
            False,
        ),
        ({"is_paused": True, "stage": "agents"}, "continues where it stopped", False),
        (
            {"status": "idle", "synced_at": timedelta(0), "result": {"events": 2}},
            "Show linked sessions",
            False,
        ),
        (
            {
                "status": "idle",
                "synced_at": timedelta(0),
                "result": {
                    "set_aside": 1,
                    "troubles": [{"session": "sesn_x", "error": "It is odd."}],
                },
            },
            "It is odd.",
            False,
        ),
        ({"status": "idle", "check_asked_at": timedelta(0)}, "Testing", True),
        (
            {"status": "idle", "checked_at": timedelta(0), "check_error": "It is wrong."},
            "It is wrong.",
            False,
        ),
        ({"status": "idle", "checked_at": timedelta(0)}, "It works", False),
    ],
)
def test_the_page_says_how_it_is(client, ada, fields, said, polls):
    """A span among the fields is counted from now."""
    now = timezone.now()
    fields = {
        name: now + value if isinstance(value, timedelta) else value
        for name, value in fields.items()
    }
    link = make_link("https://api.example.com", **fields)

    html = client.get(f"{PAGE}{link.pk}/").content.decode()
    part = client.get(f"{PAGE}{link.pk}/", headers=HTMX).content.decode()

    assert said in html
    assert said in part
    assert "<html" not in part
    assert ('hx-trigger="every 1s"' in part) == polls
    assert KEY not in html


def test_it_can_be_paused_and_resumed(client, ada, queue, django_capture_on_commit_callbacks):
    link = make_link("https://api.example.com")

    client.post(f"{PAGE}{link.pk}/pause")
    assert not Link.objects.due().exists()
    refused = client.post(f"{PAGE}{link.pk}/sync", follow=True).content.decode()
    assert "This link is paused" in refused
    with django_capture_on_commit_callbacks(execute=True):
        shown = client.post(f"{PAGE}{link.pk}/resume", headers=HTMX).content.decode()

    assert "Waits for a worker" in shown
    assert Link.objects.due().exists()
    assert [name for name, _, _ in queue] == ["sync_link"]
    assert entries() == [
        ("link.updated", {"is_paused": False}, {"is_paused": True}),
        ("link.updated", {"is_paused": True}, {"is_paused": False}),
    ]


def test_sync_now_looks_at_everything(client, ada, queue, django_capture_on_commit_callbacks):
    link = make_link(
        "https://api.example.com",
        status=Link.Status.FAILED,
        error="It answered 500.",
        due_at=timezone.now() + timedelta(hours=1),
        looked_at_all_at=timezone.now(),
    )

    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{PAGE}{link.pk}/sync")

    link.refresh_from_db()
    assert (link.status, link.error, link.looked_at_all_at) == (Link.Status.PENDING, "", None)
    assert [name for name, _, _ in queue] == ["sync_link"]


def test_sync_now_shortens_no_wait_that_was_asked_for(client, ada):
    later = timezone.now() + timedelta(minutes=10)
    link = make_link("https://api.example.com", due_at=later)

    client.post(f"{PAGE}{link.pk}/sync")

    link.refresh_from_db()
    assert link.due_at == later


def test_a_new_key_begins_anew(client, ada, queue, django_capture_on_commit_callbacks):
    link = make_link(
        "https://api.example.com",
        status=Link.Status.NEEDS_KEY,
        error="It is wrong.",
        stage="sessions",
        cursor={"page": "x"},
    )

    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{PAGE}{link.pk}/key", {"key": "sk-ant-another-key-9999"})

    link.refresh_from_db()
    assert (link.key, link.key_hint) == ("sk-ant-another-key-9999", "…9999")
    assert (link.status, link.error, link.stage, link.cursor) == ("pending", "", "", {})
    assert [name for name, _, _ in queue] == ["sync_link"]
    assert entries() == [
        ("link.updated", {"key_hint": "…cdef"}, {"key_hint": "…9999", "key": "replaced"})
    ]


@pytest.mark.parametrize("key", ["", "two words"])
def test_a_key_that_is_none_replaces_none(client, ada, key):
    link = make_link("https://api.example.com")

    response = client.post(f"{PAGE}{link.pk}/key", {"key": key})

    assert response.status_code == 422
    assert Link.objects.get().key == KEY


def test_name_and_schedule_can_be_changed(client, ada):
    link = make_link("https://api.example.com", every_minutes=7)
    assert "Every 7 minutes" in client.get(f"{PAGE}{link.pk}/").content.decode()

    client.post(f"{PAGE}{link.pk}/", {"name": "Staging", "every_minutes": "7"})

    assert Link.objects.get().name == "Staging"
    wrong = client.post(f"{PAGE}{link.pk}/", {"name": "", "every_minutes": "8"})
    assert wrong.status_code == 422


def test_unlinking_asks_and_keeps_what_was_brought(client, ada, there):
    link = make_link(there.url)
    there.session("sesn_1", "one")
    sync(link)

    asked = client.get(f"{PAGE}{link.pk}/unlink").content.decode()
    client.post(f"{PAGE}{link.pk}/unlink")

    assert "stay, with their events and ids" in asked
    assert not Link.objects.exists()
    assert not LinkedSession.objects.exists()
    assert Session.objects.get().event_count == 1
    assert entries()[-1][0] == "link.deleted"


def test_the_key_can_be_tested_alone(client, ada, there, queue, django_capture_on_commit_callbacks):
    link = make_link(there.url, is_paused=True)
    with django_capture_on_commit_callbacks(execute=True):
        part = client.post(f"{PAGE}{link.pk}/check", headers=HTMX).content.decode()
    assert "Testing" in part
    assert [name for name, _, _ in queue] == ["check_link"]

    tasks.check_link(link_id=link.pk)

    assert "It works" in client.get(f"{PAGE}{link.pk}/").content.decode()
    assert [path.split("&")[0] for path in there.asked] == ["/v1/agents?include_archived=true"]


def test_a_key_that_does_not_work_is_said(client, ada, there):
    link = make_link(there.url, key="sk-ant-wrong-0000")

    tasks.check_link(link_id=link.pk)
    tasks.check_link(link_id="wlink_gone")

    link.refresh_from_db()
    assert "wrong, expired or revoked" in link.check_error
    assert not link.is_being_checked


def test_a_test_that_got_lost_is_not_waited_for_for_ever(link):
    link.check_asked_at = timezone.now() - timedelta(minutes=3)

    assert not link.is_being_checked


@pytest.mark.parametrize("path", ["", "pause", "resume", "sync", "check", "key", "unlink"])
def test_the_neighbours_link_does_not_exist(client, ada, path):
    link = make_link("https://api.example.com", of=make.workspace("other"))
    before = Link.objects.values().get()

    response = client.post(f"{PAGE}{link.pk}/{path}", {"key": KEY})

    assert response.status_code == 404
    assert Link.objects.values().get() == before


@pytest.mark.parametrize("role", [Role.VIEWER, Role.REVIEWER, Role.OPERATOR])
def test_only_admins_come_in(client, role):
    link = make_link("https://api.example.com")
    client.force_login(make.user("ina", role=role))

    pages = [PAGE, f"{PAGE}{link.pk}/", f"{PAGE}{link.pk}/unlink"]
    acts = [f"{PAGE}{link.pk}/{act}" for act in ("sync", "pause", "check", "key", "unlink")]

    assert {client.get(page).status_code for page in pages} == {403}
    assert {client.post(act).status_code for act in acts} == {403}
    assert Link.objects.exists()
