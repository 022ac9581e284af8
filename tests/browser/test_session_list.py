"""The session list, as a person uses it."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests import make
from tests.browser.conftest import NEXT_FRAME, PHONE, overflows, violations


@pytest.fixture
def sessions(person):
    make.session(
        *make.call("book", {}, "payment amount does not add up", is_error=True, key="a"),
        title="Book a flight to Lisbon",
        agent="bookings",
    )
    make.session(
        make.event(text="a refund for basic economy", key="b"),
        title="Refund",
        agent="refunds",
        created_at=make.START + timedelta(hours=1),
    )


def rows(page):
    return page.locator(".sessions .row-link")


def query(page):
    return urlsplit(page.url).query


def test_filters_change_the_list_and_the_address(page, at, sessions, complaints):
    page.goto(at("sessions/"))
    expect(rows(page)).to_have_count(2)

    page.locator("#filter-agent").click()
    page.get_by_role("link", name="bookings").click()

    expect(rows(page)).to_have_text(["Book a flight to Lisbon"])
    assert query(page).startswith("agent=agent_")
    page.get_by_role("link", name=re.compile("Remove the filter Agent")).click()
    expect(rows(page)).to_have_count(2)
    assert query(page) == ""
    page.go_back()
    expect(rows(page)).to_have_count(1)
    assert complaints == []


def test_searching_leaves_empty_fields_out_of_the_address(page, at, sessions, complaints):
    page.goto(at("sessions/"))

    page.keyboard.press("/")
    page.keyboard.type("economy")
    page.keyboard.press("Enter")

    expect(rows(page)).to_have_text(["Refund"])
    assert query(page) == "q=economy"
    expect(page.locator("#list-q")).to_be_focused()
    assert complaints == []


def test_an_error_is_found_by_its_text(page, at, sessions):
    page.goto(at("sessions/"))

    page.locator("#filter-error").click()
    page.get_by_label("Error text").fill("does not add up")
    page.keyboard.press("Enter")

    expect(rows(page)).to_have_text(["Book a flight to Lisbon"])


def test_by_keyboard_alone(page, at, sessions):
    page.goto(at("sessions/"))

    page.locator("#filter-status").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".filter.is-on")).to_have_count(1)
    expect(page.locator("#filter-status")).to_be_focused()

    page.keyboard.press("j")
    expect(rows(page).nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(rows(page).nth(1)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sessions/sesn_*/")


def test_a_view_is_saved_named_once_and_deleted(page, at, sessions, complaints):
    page.goto(at("sessions/?errors=1&tool=book"))

    page.get_by_text("Save view…").click()
    page.get_by_label("Name of this view").fill("Booking trouble")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Booking trouble")).to_have_attribute(
        "aria-current", "true"
    )

    page.goto(at("sessions/?tool=book"))
    page.get_by_text("Save view…").click()
    page.get_by_label("Name of this view").fill("Booking trouble")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You have a view of this name")).to_be_visible()
    expect(page.get_by_label("Name of this view")).to_have_value("Booking trouble")

    page.get_by_role("link", name="Booking trouble").click()
    page.get_by_role("button", name="Delete view").click()
    expect(page.get_by_role("link", name="Booking trouble")).to_have_count(0)
    assert [each for each in complaints if "422" not in each] == []


def test_without_scripts(browser, browser_context_args, context, at, sessions):
    still = browser.new_context(
        **browser_context_args, java_script_enabled=False, storage_state=context.storage_state()
    )
    page = still.new_page()

    page.goto(at("sessions/?agent=none"))
    expect(page.get_by_text("filters nothing")).to_be_visible()
    page.goto(at("sessions/?source=native"))
    page.locator("#list-q").fill("economy")
    page.keyboard.press("Enter")

    expect(rows(page)).to_have_text(["Refund"])
    assert "source=native" in query(page)
    page.locator("#filter-error summary, summary#filter-error").click()
    expect(page.get_by_label("Error text")).to_be_visible()
    still.close()


@pytest.mark.parametrize("path", ["sessions/", "sessions/?errors=1&q=book", "sessions/?q=none"])
def test_it_is_accessible_in_both_themes_and_on_a_phone(page, at, sessions, path):
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(at(path))
        assert violations(page) == []

    page.locator("#filter-created").click()
    assert violations(page) == []
    page.set_viewport_size(PHONE)
    page.goto(at(path))
    assert violations(page) == []
    assert not overflows(page)
    page.locator("#filter-status").click()
    expect(page.get_by_role("link", name="Terminated")).to_be_in_viewport()
    assert not overflows(page)


def test_a_menu_at_the_edge_opens_inwards(page, at, sessions):
    page.set_viewport_size({"width": 1000, "height": 800})
    page.goto(at("sessions/?tool=book"))

    for name in ("created", "tool", "error"):
        page.locator(f"#filter-{name}").click()
        page.evaluate(NEXT_FRAME)  # the browser tells of an open menu a moment later
        assert not overflows(page)


def test_with_nothing_in_it_it_is_accessible_too(page, at, person):
    page.goto(at("sessions/"))

    expect(page.get_by_role("heading", name="No sessions yet")).to_be_visible()
    assert violations(page) == []
    page.set_viewport_size(PHONE)
    assert not overflows(page)


def test_the_palette_opens_a_session(page, at, sessions, complaints):
    page.goto(at("sessions/"))

    page.keyboard.press("Control+k")
    page.keyboard.type("lisbon")
    expect(page.get_by_role("option", name=re.compile("Lisbon")).first).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Enter")

    page.wait_for_url("**/sessions/sesn_*/")


def test_markup_in_a_transcript_does_nothing(page, at, person, complaints):
    evil = '"><img src=x onerror="window.hit=1"><script>window.hit=1</script>'
    make.session(*make.call(evil, {}, evil, is_error=True, key="x"), title=evil, agent=evil)

    page.goto(at("sessions/?tool=%22%3E%3Cscript%3Ewindow.hit%3D1%3C/script%3E"))
    page.goto(at("sessions/"))
    page.locator("#filter-tool").click()

    assert page.evaluate("window.hit") is None
    assert complaints == []
