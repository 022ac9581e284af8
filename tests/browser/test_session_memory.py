"""What a session did to memory, and who uses one: by keyboard, in either light, on a phone."""

import pytest
from playwright.sync_api import expect

from apps.memory import writing
from apps.memory.authors import Author
from apps.sessions import recording
from tests import make
from tests.browser.conftest import PHONE, overflows, violations
from tests.sessions import mounting

OLD = "# Refunds\n\nAsk the customer first.\nThen pay.\n"
NEW = "# Refunds\n\nAsk the lawyer first, in writing.\nThen pay.\n"


@pytest.fixture
def rules(person):
    return mounting.store("rules")


@pytest.fixture
def memory(rules):
    return mounting.memory(rules, "/team/refunds-of-partner-airlines.md", OLD)


@pytest.fixture
def session(rules, memory):
    """It read a memory, and changed it."""
    made = make.session(make.event("user.message", "Hello"))
    mounting.mount(made, rules, instructions="Look here first.")
    given = {"file_path": f"/mnt/memory/rules{memory.path}"}
    events = [*make.call("read", given, OLD, after=1), *make.call("edit", given, "ok", after=3)]
    recording.record(made.pk, events)
    with writing.writing(rules.pk, by=Author.session(made.public_id, "coordinator")) as pen:
        pen.update(memory.pk, content=NEW)
    return made


def test_the_tab_shows_the_change_and_leads_to_the_event(page, at, session, complaints):
    page.goto(at(f"sessions/{session.public_id}/"))
    page.get_by_role("link", name="Memory", exact=True).last.press("Enter")
    inspector = page.locator("#inspector")
    expect(inspector.locator("ins").first).to_be_visible()
    assert "tab=memory" in page.url

    assert (violations(page), overflows(page)) == ([], False)
    inspector.get_by_role("link", name="read", exact=True).press("Enter")

    expect(inspector.get_by_role("heading", level=2)).to_have_text("Tool call")
    expect(inspector.get_by_text("/mnt/memory/rules/team").first).to_be_visible()
    assert "event=" in page.url
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["sessions/{session}/?tab=memory", "memory/{memory}/sessions/"])
def test_it_fits_a_phone_in_either_light(page, at, session, memory, scheme, path, complaints):
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(PHONE)

    page.goto(
        at(path.format(session=session.public_id, memory=f"{memory.store_id}/memories/{memory.pk}"))
    )

    assert (violations(page), overflows(page), complaints) == ([], False, [])


def test_a_memory_says_how_many_read_it(page, at, session, memory, complaints):
    page.goto(at(f"memory/{memory.store_id}/memories/{memory.pk}/"))

    page.get_by_role("link", name="in 7 days").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("refunds-of-partner-airlines.md")
    assert complaints == []
