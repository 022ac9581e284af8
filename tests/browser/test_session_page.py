"""The page of one session, as a person reads it."""

import random
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from apps.core.ids import derived_id
from tests import make
from tests.browser.conftest import PHONE, overflows, violations

TABLET = {"width": 1000, "height": 760}


def trip(key="trip"):
    """Two threads, a failure, a pause, and a verdict."""
    where = {"key": key}
    return make.session(
        make.event("session.status_running", **where),
        make.event(text="Rebook a party of four", id="sevt_asked", **where),
        *make.request(after=1, tokens=(300, 412, 17_900, 0), **where),
        make.event("agent.message", "line\n" * 30 + "the end", after=3, id="sevt_long", **where),
        make.event(
            "agent.thread_message_sent",
            "Find fares",
            after=4,
            to_session_thread_id="sthr_fares",
            **where,
        ),
        make.event(
            "agent.thread_message_received",
            "Find fares",
            after=5,
            thread="sthr_fares",
            from_session_thread_id=derived_id("sthr", "native", key),
            **where,
        ),
        *make.call("search", {"to": "LIS"}, "TP 202", after=6, thread="sthr_fares", **where),
        *make.call(
            "update",
            {"card": 8113},
            "Card 8113 declined",
            after=9,
            is_error=True,
            thread="sthr_fares",
            **where,
        ),
        make.event("session.status_idle", after=12, **where),
        make.event("session.status_running", after=590, **where),
        make.event(text="Any news?", after=590, id="sevt_news", **where),
        make.event("agent.message", "Rebooked on TP 202", after=600, id="sevt_last", **where),
        make.event("session.status_idle", after=601, **where),
        threads=[make.thread("sthr_fares", name="fares", **where)],
        title="Rebook after LH 441",
        public_id=f"sesn_{key}",
    )


def long(length, key="long"):
    chance = random.Random(7)
    events = []
    for n in range(length // 4):
        at = n * 6
        events.append(make.event("agent.message", f"step {n}", key=key, after=at, id=f"sevt_m{n}"))
        fails = chance.random() < 0.01
        events += make.call("bash", {"n": n}, "out", key=key, after=at + 1, is_error=fails)
        events.append(make.event(text=f"go on {n}", key=key, after=at + 3))
    return make.session(*events, public_id=f"sesn_{key}")


def query(page):
    return {name: value[0] for name, value in parse_qs(urlsplit(page.url).query).items()}


def rows(page):
    return page.locator(".event")


def current(page):
    return page.locator('.event[aria-current="true"]')


@pytest.fixture
def opened(page, at, person, complaints):
    trip()
    page.goto(at("sessions/sesn_trip/"))
    expect(page.locator("#map-plot svg").first).to_be_visible()
    yield page
    assert complaints == []


def test_the_conversation_is_read_from_top_to_bottom(opened):
    expect(rows(opened)).to_have_count(8)
    expect(rows(opened).nth(3)).to_contain_text("Delegates to fares: “Find fares”")
    expect(rows(opened).nth(5)).to_contain_text("update failed. Card 8113 declined")
    expect(opened.locator(".idle")).to_have_text("idle 9 min 40 s, waiting for the user")


def test_keys_walk_through_events_and_the_address_follows(opened):
    opened.keyboard.press("j")
    expect(current(opened)).to_contain_text("Rebook a party of four")
    opened.keyboard.press("ArrowDown")
    expect(current(opened)).to_contain_text("Model request")
    opened.keyboard.press("k")
    expect(current(opened)).to_contain_text("Rebook a party of four")

    assert query(opened) == {"event": "sevt_asked"}
    expect(opened.locator("#inspector h2").first).to_have_text("User message")


def test_e_goes_to_the_next_error_and_says_when_there_is_none(opened):
    opened.keyboard.press("e")
    expect(current(opened)).to_contain_text("update failed.")
    expect(opened.locator("#inspector")).to_contain_text("Card 8113 declined")

    opened.keyboard.press("e")
    expect(opened.locator("#toasts")).to_contain_text("No error after this one.")


def test_t_shows_every_event_and_the_conversation_again(opened):
    opened.keyboard.press("t")
    expect(rows(opened)).to_have_count(16)
    assert query(opened)["view"] == "debug"

    opened.go_back()
    expect(rows(opened)).to_have_count(8)


def test_brackets_go_from_thread_to_thread(opened):
    opened.keyboard.press("]")
    opened.wait_for_url("**/?thread=*")
    opened.keyboard.press("]")
    expect(rows(opened)).to_have_count(3)
    assert query(opened)["thread"] == "sthr_fares"
    expect(opened.locator('.map-name[aria-current="true"]')).to_have_text("fares")

    opened.keyboard.press("]")
    expect(rows(opened)).to_have_count(8)


def test_keys_stay_out_of_fields(opened):
    opened.keyboard.press("/")
    opened.keyboard.type("jet")

    expect(opened.locator("#inside")).to_have_value("jet")
    expect(opened.locator(".events-none")).to_contain_text("Nothing here mentions “jet”.")
    opened.keyboard.press("Escape")
    expect(rows(opened)).to_have_count(8)


def test_words_are_found_and_walked_through(opened):
    opened.keyboard.press("/")
    opened.keyboard.type("tp 202")
    opened.keyboard.press("Enter")

    expect(opened.locator(".event mark").first).to_be_visible()
    expect(current(opened)).to_contain_text("search answered TP 202")
    opened.keyboard.press("n")
    expect(current(opened)).to_contain_text("Rebooked on TP 202")
    assert query(opened) == {"q": "tp 202", "event": "sevt_last"}

    opened.keyboard.press("Escape")
    expect(rows(opened)).to_have_count(8)


def test_a_long_text_opens_and_is_open_the_next_time(opened):
    text = opened.locator(".event", has_text="line line").locator(".event-text")
    clamped = text.bounding_box()["height"]

    opened.get_by_role("link", name="more").click()
    expect(opened.get_by_role("link", name="less")).to_be_visible()
    assert text.bounding_box()["height"] > 4 * clamped
    opened.reload()

    expect(opened.get_by_role("link", name="less")).to_be_visible()
    assert text.bounding_box()["height"] > 4 * clamped


def test_a_link_to_an_event_is_copied_and_leads_back(opened, context, at):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened.keyboard.press("e")
    expect(current(opened)).to_be_visible()
    opened.keyboard.press("y")
    expect(opened.locator("#toasts")).to_contain_text("Link to this event copied.")

    opened.goto(opened.evaluate("navigator.clipboard.readText()"))

    expect(current(opened)).to_contain_text("update failed.")


def test_a_range_is_extended_copied_and_shown(opened, context):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened.keyboard.press("j")
    opened.keyboard.press("Shift+J")
    opened.keyboard.press("Shift+J")
    expect(opened.locator(".is-ranged")).to_have_count(3)
    opened.keyboard.press("Shift+Y")
    expect(opened.locator("#toasts")).to_contain_text("Link to these events copied.")

    opened.goto(opened.evaluate("navigator.clipboard.readText()"))

    expect(opened.locator(".is-ranged")).to_have_count(3)
    assert query(opened) == {"event": "sevt_asked", "to": "sevt_long"}


def test_the_timeline_is_driven_by_keys_alone(opened):
    timeline = opened.get_by_role("slider", name="Timeline")
    timeline.focus()
    opened.keyboard.press("End")
    expect(current(opened)).to_contain_text("Rebooked on TP 202")
    opened.keyboard.press("ArrowLeft")
    expect(current(opened)).to_contain_text("Any news?")
    opened.keyboard.press("Home")
    expect(current(opened)).to_contain_text("Rebook a party of four")
    opened.keyboard.press("Shift+ArrowRight")

    expect(current(opened)).to_contain_text("update failed.")
    expect(timeline).to_have_attribute(
        "aria-valuetext", "0:09 fares update failed. Card 8113 declined failed · 1.0 s"
    )


def test_a_click_on_a_lane_seeks_there(opened):
    triangle = opened.locator(".m9").first.bounding_box()

    opened.mouse.click(triangle["x"] + triangle["width"] / 2, triangle["y"] + 6)

    expect(current(opened)).to_contain_text("update failed.")
    expect(opened.locator(".map-name.is-beside")).to_have_text("fares")


def test_hovering_a_lane_says_what_is_there(opened):
    triangle = opened.locator(".m9").first.bounding_box()

    opened.mouse.move(triangle["x"] + triangle["width"] / 2, triangle["y"] + 6)

    expect(opened.locator(".map-tip")).to_contain_text("fares · 2 tool events")
    expect(opened.locator(".map-tip")).to_contain_text("1 failed")


def test_filters_dim_the_lanes(opened):
    opened.locator("#chip-messages").click()

    expect(rows(opened)).to_have_count(4)
    expect(opened.locator(".m4.is-dimmed").first).to_be_attached()
    expect(opened.locator(".m2.is-dimmed")).to_have_count(0)
    assert query(opened) == {"types": "messages"}

    opened.get_by_role("link", name="Show all").click()
    expect(rows(opened)).to_have_count(8)


def test_tabs_of_the_inspector_are_in_the_address(opened):
    opened.keyboard.press("e")
    opened.get_by_role("link", name="Raw").click()
    expect(opened.locator("#raw-text")).to_contain_text('"type": "agent.tool_use"')
    assert query(opened)["tab"] == "raw"

    opened.keyboard.press("j")
    expect(opened.locator("#raw-text")).to_contain_text('"type": "user.message"')
    opened.reload()
    expect(opened.locator("#raw-text")).to_contain_text('"type": "user.message"')


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("query", ["", "?view=debug&event=sevt_asked", "?q=TP&tab=thread"])
def test_nothing_stands_in_a_readers_way(page, at, person, scheme, query):
    trip()
    page.emulate_media(color_scheme=scheme)
    page.goto(at(f"sessions/sesn_trip/{query}"))
    expect(page.locator("#map-plot svg").first).to_be_visible()

    assert violations(page) == []
    assert not overflows(page)


def test_what_happened_is_as_easy_to_read(page, at, person):
    trip()
    page.goto(at("sessions/sesn_trip/what-happened/"))

    expect(page.get_by_role("heading", name="What went wrong")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="update failed").click()
    expect(current(page)).to_contain_text("update failed.")


def test_on_a_phone_the_inspector_is_a_sheet(page, at, person):
    trip()
    page.set_viewport_size(PHONE)
    page.goto(at("sessions/sesn_trip/?event=sevt_asked"))
    sheet = page.locator("#inspector")

    assert sheet.bounding_box()["height"] < 90
    assert not overflows(page)
    page.get_by_role("button", name="All details").click()
    expect(sheet.get_by_role("link", name="Raw")).to_be_visible()
    assert sheet.bounding_box()["height"] > 200
    assert violations(page) == []


def test_between_phone_and_desk_the_inspector_is_a_tab_of_the_list(page, at, person):
    trip()
    page.set_viewport_size(TABLET)
    page.goto(at("sessions/sesn_trip/?event=sevt_asked"))
    expect(page.locator("#inspector")).to_be_hidden()

    page.get_by_role("button", name="Details").click()
    expect(page.locator("#reading")).to_be_hidden()
    expect(page.locator("#inspector")).to_contain_text("Rebook a party of four")

    page.locator("[data-inspect-back]").click()
    expect(current(page)).to_be_visible()


def test_it_reads_without_scripts(browser, at, person, context):
    trip()
    plain = browser.new_context(java_script_enabled=False, storage_state=context.storage_state())
    page = plain.new_page()
    page.goto(at("sessions/sesn_trip/"))

    expect(page.locator(".map-still")).to_contain_text("errors")
    page.locator(".event-at").nth(5).click()
    expect(page.locator("#inspector")).to_contain_text("Card 8113 declined")
    page.locator("#chip-errors").click()
    expect(rows(page)).to_have_count(1)
    plain.close()


def test_ten_thousand_events_are_a_few_hundred_rows_at_a_time(page, at, person, complaints):
    long(10_000)
    page.goto(at("sessions/sesn_long/"))
    expect(rows(page).first).to_be_visible()

    for _ in range(40):
        page.locator("#events").evaluate("list => list.scrollBy(0, 1400)")
        page.wait_for_timeout(60)
    expect(page.locator(".window")).not_to_have_count(1)

    assert rows(page).count() < 400
    assert page.locator(".window").count() > 5
    page.locator("#events").evaluate("list => list.scrollTo(0, 0)")
    expect(page.get_by_text("step 0", exact=True)).to_be_in_viewport()

    page.get_by_role("slider", name="Timeline").focus()
    page.keyboard.press("End")
    expect(current(page)).to_contain_text("go on 2499")
    assert rows(page).count() < 400
    assert complaints == []


def test_scrolling_up_from_a_link_keeps_what_is_looked_at(page, at, person):
    long(2_000)
    page.goto(at("sessions/sesn_long/?event=sevt_m250"))
    expect(current(page)).to_be_in_viewport()
    before = current(page).bounding_box()["y"]
    page.wait_for_timeout(500)

    assert abs(current(page).bounding_box()["y"] - before) < 2
    assert page.locator(".window").count() > 1
