"""Linking a workspace, and watching it being read."""

import pytest
from playwright.sync_api import expect

from apps.accounts.rights import Role
from apps.linking import syncing, tasks
from apps.linking.models import Link
from apps.sessions.models import Session
from tests.browser.conftest import DESK, PHONE, overflows, violations
from tests.linking.conftest import make_link
from tests.linking.standin import KEY, Fault, StandIn


@pytest.fixture
def there():
    with StandIn() as standing:
        standing.agent("agent_a")
        standing.environment("env_a")
        for number in range(3):
            created = f"2026-11-1{number}T00:00:00Z"
            standing.session(f"sesn_{number}", "Hello", created=created)
        yield standing


@pytest.fixture
def queue(monkeypatch):
    """What was handed to the workers: none works by itself here."""
    sent = []
    for task in (tasks.sync_link, tasks.check_link):
        monkeypatch.setattr(task, "apply_async", lambda kwargs, **_: sent.append(kwargs["link_id"]))
    return sent


@pytest.fixture
def ada(person):
    person.memberships.update(role=Role.ADMIN)
    return person


def test_a_workspace_is_linked_read_and_unlinked(page, at, ada, queue, there, complaints):
    page.goto(at("settings/links/"))
    page.get_by_label("Name").fill("Production")
    page.get_by_label("API key").fill("sk-ant-wrong-0123456789")
    page.get_by_label("Base URL").fill(there.url)
    page.get_by_role("button", name="Link and sync").click()

    expect(page.get_by_role("heading", name="Waits for a worker")).to_be_visible()
    link = Link.objects.get()
    syncing.attempt(link.pk, tasks.vendor)
    expect(page.get_by_text("It needs a new key", exact=True)).to_be_visible()
    page.get_by_label("New API key").fill(KEY)
    page.get_by_role("button", name="Replace and sync").click()

    there.faults.append(Fault("sesn_1/events", 429, {"retry-after": "60"}))
    syncing.attempt(link.pk, tasks.vendor)
    expect(page.get_by_text("1 of 3 · 1 events added")).to_be_visible()
    expect(page.get_by_text("The other side asked us to wait.")).to_be_visible()
    Link.objects.update(due_at=link.created_at)
    syncing.attempt(link.pk, tasks.vendor)
    expect(page.get_by_role("link", name="Show linked sessions")).to_be_visible()
    assert Session.objects.count() == 3

    page.get_by_role("button", name="Test the key").click()
    expect(page.get_by_text("Testing")).to_be_visible()
    syncing.check(link.pk, tasks.vendor)
    expect(page.get_by_text("It works")).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("heading", name="Paused")).to_be_visible()
    page.get_by_role("link", name="Unlink…").click()
    page.get_by_role("button", name="Unlink — keeps what it brought").click()

    expect(page.locator("#toasts").get_by_text("Production is unlinked")).to_be_visible()
    assert not Link.objects.exists()
    assert Session.objects.count() == 3
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_pages_are_readable_by_everyone(page, at, ada, scheme):
    page.emulate_media(color_scheme=scheme)
    link = make_link(
        "https://a-rather-long-name-of-a-host.of.some.company.example.com/claude",
        status=Link.Status.FAILED,
        error="It answered 500: " + "the server is not well and says so at length, " * 4,
        synced_at="2026-11-20T10:00:00Z",
        result={
            "sessions": 12345,
            "events": 9876543,
            "waits": 3,
            "set_aside": 1,
            "troubles": [{"session": "sesn_011CZkZAtmR3yMPDzynEDxu7", "error": "It answered 500."}],
        },
    )

    for viewport in (DESK, PHONE):
        page.set_viewport_size(viewport)
        for path in ("settings/links/", f"settings/links/{link.pk}/"):
            page.goto(at(path))
            assert violations(page) == []
            assert not overflows(page)


def test_without_scripts_it_is_forms(browser, browser_context_args, context, at, ada, queue, there):
    still = browser.new_context(
        **browser_context_args, java_script_enabled=False, storage_state=context.storage_state()
    )
    page = still.new_page()
    link = make_link(there.url)
    page.goto(at(f"settings/links/{link.pk}/"))

    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("heading", name="Paused")).to_be_visible()
    page.get_by_role("button", name="Resume").click()
    expect(page.get_by_role("heading", name="Waits for a worker")).to_be_visible()
    syncing.attempt(link.pk, tasks.vendor)
    page.reload()
    page.get_by_role("button", name="Sync now").click()

    expect(page.get_by_role("heading", name="Waits for a worker")).to_be_visible()
    still.close()
