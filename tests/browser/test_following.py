"""A session and the list, while others write to them."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from apps.sessions import erasing, recording
from tests import make
from tests.browser.conftest import PHONE, overflows, violations
from tests.web import Web

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def web(django_db_setup, tmp_path_factory):
    """Django's own server for tests is of the synchronous kind, and cannot keep a stream open."""
    folder = tmp_path_factory.mktemp("web")
    with Web(folder / "log", STATIC_ROOT=str(folder / "nothing collected")) as running:
        yield running


@pytest.fixture
def workspace():
    return make.workspace()


@pytest.fixture
def at(web, workspace):
    return lambda path: f"{web.address}/w/{workspace.slug}/{path}"


@pytest.fixture
def person(workspace, context, web, client):
    person = make.user("ines", of=workspace)
    client.force_login(person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    given = {"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": web.address}
    context.add_cookies([given])
    return person


def going_on(*, key="on", length=40, **fields):
    events = [make.event("agent.message", f"step {n}", key=key, after=n) for n in range(length)]
    return make.session(*events, public_id=f"sesn_{key}", title="Goes on", **fields)


def say(session, *texts, key="on", after=100.0):
    events = [make.event("agent.message", text, key=key, after=after) for text in texts]
    recording.record(session.pk, events)


def follow(page):
    return page.get_by_role("button", name="Follow")


def pill(page):
    return page.locator("#new-events")


@pytest.fixture
def opened(page, at, person, complaints):
    """A page that is longer than the window, read from its beginning."""
    session = going_on()
    page.goto(at("sessions/sesn_on/"))
    expect(follow(page)).to_have_attribute("aria-pressed", "false")
    yield page, session
    assert complaints == []


def test_who_reads_further_up_stays_there_and_is_told_how_much_is_new(opened):
    page, session = opened
    before = page.get_by_text("step 0", exact=True).bounding_box()

    say(session, "one", "two", "three")
    expect(pill(page)).to_have_text("3 new events")
    expect(page.locator(".session-stat-events dd")).to_have_text("43")

    assert page.get_by_text("step 0", exact=True).bounding_box() == before
    assert violations(page) == []
    pill(page).click()
    expect(page.get_by_text("three", exact=True)).to_be_in_viewport()
    expect(pill(page)).to_be_hidden()
    expect(follow(page)).to_have_attribute("aria-pressed", "true")


def test_who_is_at_the_end_sees_what_comes_without_doing_anything(opened):
    page, session = opened
    page.keyboard.press("f")
    expect(page.get_by_text("step 39", exact=True)).to_be_in_viewport()

    for word in ("one", "two", "three"):
        say(session, word)
        expect(page.get_by_text(word, exact=True)).to_be_in_viewport()

    expect(pill(page)).to_be_hidden()
    page.locator("#events").evaluate("list => list.scrollTo(0, 0)")
    expect(follow(page)).to_have_attribute("aria-pressed", "false")


def test_rows_lanes_and_figures_follow(opened):
    page, session = opened
    use, result = make.call("bash", {"command": "ls"}, "out", key="on", after=101, took=3)
    page.keyboard.press("f")

    recording.record(session.pk, [use])
    last = page.locator(".event").last
    expect(last).to_contain_text("bash")
    expect(page.locator("#chip-tools")).to_contain_text("1")
    recording.record(session.pk, [result, *make.request(key="on", after=110)])

    expect(page.locator(".event", has_text="bash")).to_contain_text("ok · 3.0 s")
    expect(page.locator(".session-stats")).to_contain_text("tokens")
    expect(page.locator(".m3").first).to_be_attached()
    expect(page.get_by_role("slider", name="Timeline")).to_have_attribute("aria-valuemax", "44")


def test_what_is_open_and_selected_stays_so(opened):
    page, session = opened
    page.keyboard.press("f")
    say(session, "line\n" * 30 + "the end")
    page.get_by_role("link", name="more").click()
    page.locator(".event", has_text="step 38").click()
    page.locator(".event", has_text="step 38").locator(".event-at").focus()

    say(session, "another")
    expect(page.get_by_text("another", exact=True)).to_be_attached()

    expect(page.locator('.event[aria-current="true"]')).to_contain_text("step 38")
    expect(page.locator('.event[aria-current="true"] .event-at')).to_be_focused()
    expect(page.get_by_role("link", name="less")).to_be_attached()


def test_a_flood_ends_at_its_end(opened):
    page, session = opened
    page.keyboard.press("f")

    say(session, *(f"flood {n}" for n in range(700)))

    expect(page.get_by_text("flood 699", exact=True)).to_be_in_viewport()
    page.wait_for_function("document.querySelectorAll('.event').length < 400")


def test_a_narrowed_list_is_told_only_of_what_it_shows(page, at, person):
    session = going_on()
    page.goto(at("sessions/sesn_on/?types=messages"))
    expect(follow(page)).to_be_visible()

    recording.record(session.pk, make.request(key="on", after=100))
    expect(page.locator(".session-stat-events dd")).to_have_text("42")
    expect(pill(page)).to_be_hidden()
    say(session, "said", after=200)
    expect(pill(page)).to_have_text("New events")


def test_a_page_that_comes_back_to_the_front_catches_up(opened, context):
    page, session = opened
    page.keyboard.press("f")
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )
    say(session, "meanwhile")
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {value: false, configurable: true});"
        "document.dispatchEvent(new Event('visibilitychange'))"
    )

    expect(page.get_by_text("meanwhile", exact=True)).to_be_in_viewport()


def test_a_session_that_is_deleted_is_said_to_be(opened):
    page, session = opened

    erasing.erase(session, by=make.actor())

    expect(page.locator("#toasts")).to_contain_text("This session was deleted.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_it_is_as_easy(page, at, person, scheme):
    session = going_on()
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(PHONE)
    page.goto(at("sessions/sesn_on/"))
    expect(follow(page)).to_be_attached()
    say(session, "one")

    expect(pill(page)).to_be_visible()
    assert violations(page) == []
    assert not overflows(page)
    pill(page).click()
    expect(page.get_by_text("one", exact=True)).to_be_in_viewport()


def test_the_list_keeps_its_rows_true_and_offers_new_sessions(page, at, person, complaints):
    session = going_on(created_at=None)
    page.goto(at("sessions/"))
    row = page.locator("tbody tr", has_text="Goes on")
    expect(row).to_contain_text("40")

    running = make.event("session.status_running", key="on", after=101)
    recording.record(session.pk, [running])
    expect(row).to_contain_text("41")
    expect(row).to_contain_text("Running")

    make.session(make.event(key="fresh"), key="fresh", title="Just begun", created_at=None)
    offer = page.get_by_role("link", name="1 new session — show")
    expect(offer).to_be_visible()
    expect(page.get_by_text("Just begun")).to_have_count(0)
    assert violations(page) == []
    offer.click()
    expect(page.locator("tbody tr").first).to_contain_text("Just begun")
    expect(offer).to_have_count(0)
    assert complaints == []


def test_the_list_says_which_session_was_deleted(page, at, person):
    session = going_on(created_at=None)
    going_on(key="stays", length=1, created_at=None)
    page.goto(at("sessions/"))
    expect(page.locator("tbody tr")).to_have_count(2)

    erasing.erase(session, by=make.actor())

    expect(page.locator("tr.is-gone")).to_have_attribute("title", "This session was deleted")
    expect(page.locator("tr:not(.is-gone)")).to_have_count(2)  # the head's, and the other
