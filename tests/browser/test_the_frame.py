"""What every page has around it: the palette, the keys, the theme; and the page without scripts."""

import pytest
from playwright.sync_api import expect

from tests import make
from tests.browser.conftest import PHONE, overflows, violations

pytestmark = pytest.mark.usefixtures("person")


def test_the_palette_finds_a_session_and_opens_it_by_keys_alone(page, at, complaints):
    session = make.session(title="Refund for the Lisbon flight")

    page.goto(at("import/"))
    page.keyboard.press("Control+k")
    page.keyboard.type("lisbon")
    chosen = page.locator("dialog [role=option][aria-selected=true]")
    expect(chosen).to_contain_text("Refund for the Lisbon flight")
    assert violations(page) == []
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{session.public_id}/")

    assert complaints == []


def test_enter_waits_for_what_the_words_find(page, held, at):
    session = make.session(title="Refund for the Lisbon flight")
    page.goto(at("import/"))
    page.keyboard.press("Control+k")
    expect(page.locator("dialog [role=option][aria-selected=true]")).to_be_visible()

    with held("**q=lisbon*") as found:
        page.keyboard.type("lisbon")
        found.wait()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()

    page.wait_for_url(f"**/{session.public_id}/")


def test_escape_closes_the_palette_at_once(page, at):
    page.goto(at("sessions/"))
    page.keyboard.press("Control+k")
    page.keyboard.type("lisbon")
    page.keyboard.press("Escape")

    expect(page.locator("dialog[open]")).to_have_count(0)


def test_g_and_a_letter_go_to_a_page(page, at):
    page.goto(at("sessions/"))
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_url("**/import/")
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url("**/sessions/")


def test_keys_do_nothing_where_a_person_types(page, at):
    page.goto(at("sessions/"))
    page.keyboard.press("/")
    page.keyboard.type("gi?")

    expect(page.locator("#list-q")).to_have_value("gi?")
    expect(page.locator("dialog[open]")).to_have_count(0)


def test_a_question_mark_shows_the_keys(page, at):
    page.goto(at("sessions/"))
    page.keyboard.press("?")

    expect(page.locator("dialog[open]").get_by_text("Close what is open")).to_be_visible()
    assert violations(page) == []


def test_the_chosen_theme_is_there_before_the_first_paint_of_the_next_page(page, at):
    page.emulate_media(color_scheme="light")
    page.goto(at("sessions/"))
    page.get_by_role("button", name="Dark theme").click()
    page.goto(at("import/"))

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


@pytest.mark.parametrize("path", ["sessions/", "import/", "sessions/{id}/"])
def test_a_reader_without_scripts_reads_and_goes_on(browser, at, context, path):
    session = make.session(make.event(text="Where is my refund?"), title="Refund")
    still = browser.new_context(
        java_script_enabled=False, viewport=PHONE, storage_state=context.storage_state()
    )
    page = still.new_page()

    page.goto(at(path.format(id=session.public_id)))
    shown = page.inner_text("main")
    page.get_by_role("link", name="Sessions").first.click()

    assert "Refund" in shown or "Drop" in shown or "Choose" in shown
    assert page.url.endswith("/sessions/")
    still.close()


@pytest.mark.parametrize("path", ["sessions/", "import/"])
def test_a_phone_shows_it_without_scrolling_sideways(page, at, path):
    make.session(title="W" * 200)
    page.set_viewport_size(PHONE)

    page.goto(at(path))

    assert not overflows(page)
