"""Dreams in a browser: asked for with a count that follows, watched to their end, scheduled."""

import pytest
from playwright.sync_api import expect

from apps.dreams import dreaming, engines
from apps.dreams.models import Dream
from apps.memory.actions import stores
from apps.memory.api.shapes import NewStore
from tests import make
from tests.browser.conftest import DESK, PHONE, overflows, violations
from tests.dreams.engine import MODEL, SIGN, PocketEngine

pytestmark = pytest.mark.usefixtures("person")
EVIL = "<img src=x onerror=alert(1)>"


@pytest.fixture(autouse=True)
def engine():
    engine = PocketEngine()
    engines.register(MODEL, engine)
    yield engine
    engines.forget(MODEL)


@pytest.fixture
def store(workspace):
    return stores.create_store(given=NewStore(name="Team notes"), by=make.actor(of=workspace))


@pytest.fixture
def sessions(workspace):
    for number in range(6):
        said = (make.event(text="Do it."), *make.call("t", {}, f"{SIGN}{EVIL} hot {number % 2}"))
        key = f"hurt-{number}"
        events = (
            type(each)(**{n: getattr(each, n) for n in each.__slots__} | {"session": key})
            for each in said
        )
        make.session(*events, key=key, of=workspace, agent="cook" if number < 4 else "waiter")


def test_a_dream_is_asked_for_and_watched_to_its_end(page, at, store, sessions, complaints):
    page.goto(at("dreams/"))
    page.get_by_role("link", name="New dream").click()
    expect(page.locator("#matching")).to_contain_text("6 sessions match")

    page.get_by_label("Agent").select_option(label="cook")
    expect(page.locator("#matching")).to_contain_text("4 sessions match")
    page.get_by_label("At most").fill("3")
    expect(page.locator("#matching")).to_contain_text("3 sessions of 4")
    page.get_by_label("At most").fill("100")
    page.get_by_label("Agent").select_option(label="All agents")
    page.get_by_label("Engine").select_option(MODEL)
    page.get_by_role("button", name="Dry run").click()
    expect(page.get_by_role("heading", name="Dry run")).to_be_visible()
    assert not Dream.objects.exists()

    page.get_by_role("button", name="Start the dream").click()
    expect(page.get_by_role("heading", name="Dream, ")).to_be_visible()
    dream = Dream.objects.get()
    [jobs, *_] = dreaming.attempt(dream.pk, holder="one")
    dreaming.read(dream.pk, jobs[:2], holder="one")
    expect(page.locator(".dream-steps")).to_contain_text("Observe: now 2 of 6")
    expect(page.get_by_role("button", name="keeps 2 sessions read")).to_be_visible()

    dreaming.read(dream.pk, [*dream.inputs.values_list("pk", flat=True)], holder="one")
    dreaming.dream_here(dream.pk)
    expect(page.get_by_role("link", name="Create").first).to_be_visible()
    expect(page.locator(".pattern-table tbody tr")).to_have_count(2)
    page.get_by_role("link", name="By effect").click()
    page.get_by_role("link", name="Review", exact=True).click()
    page.wait_for_url(f"**/reviews/*?dream={dream.pk}*")
    assert complaints == []


def test_the_next_runs_follow_what_is_typed(page, at, store, complaints):
    page.goto(at("dreams/schedules/new/"))
    expect(page.locator("#upcoming li")).to_have_count(5)

    page.get_by_label("When").fill("30 6 * * 1")
    expect(page.locator("#upcoming")).to_contain_text("At 06:30 on Monday")
    page.get_by_label("When").fill("99 * * * *")
    expect(page.locator("#upcoming")).to_contain_text("This names no moment")
    page.get_by_label("When").fill("0 2 * * *")
    page.get_by_label("Time zone").fill("Asia/Tokyo")
    expect(page.locator("#upcoming")).to_contain_text("JST")
    page.get_by_label("Name").fill(EVIL)
    page.get_by_role("button", name="Make the schedule").click()

    expect(page.get_by_role("heading", name=EVIL)).to_be_visible()
    page.get_by_role("button", name="Run now").click()
    expect(page.get_by_text("No dream: 0 new sessions")).to_be_visible()
    assert complaints == []


def test_keys_and_the_rail_lead_to_both(page, at, store):
    page.goto(at("sessions/"))
    page.keyboard.press("g")
    page.keyboard.press("d")
    page.wait_for_url("**/dreams/")
    page.keyboard.press("g")
    page.keyboard.press("o")
    page.wait_for_url("**/overview/")

    rail = page.get_by_role("navigation", name="Console")
    expect(rail.get_by_role("link", name="Overview")).to_have_attribute("aria-current", "page")
    rail.get_by_role("link", name="Dreams").click()
    page.wait_for_url("**/dreams/")


def test_every_page_is_accessible_and_fits(page, at, workspace, store, sessions):
    page.goto(at("dreams/new/"))
    page.get_by_label("Engine").select_option(MODEL)
    page.get_by_role("button", name="Start the dream").click()
    page.wait_for_url("**/dreams/drm_*/")
    dream = Dream.objects.get()
    pages = ["overview/", "dreams/", "dreams/new/", "dreams/schedules/", "dreams/schedules/new/"]
    dreaming.dream_here(dream.pk)

    for scheme, size in (("light", DESK), ("dark", PHONE)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        for path in (*pages, f"dreams/{dream.pk}/"):
            page.goto(at(path))
            assert violations(page) == [], (path, scheme)
            assert not overflows(page), (path, size)


def test_a_dream_is_started_without_scripts(
    browser, browser_context_args, context, at, store, sessions
):
    still = browser.new_context(
        **browser_context_args, java_script_enabled=False, storage_state=context.storage_state()
    )
    page = still.new_page()
    page.goto(at("dreams/new/"))
    page.get_by_label("These sessions").check()
    page.get_by_role("button", name="Start the dream").click()
    expect(page.locator("main")).to_contain_text("Name at least one session")

    page.get_by_label("By filter").check()
    page.get_by_role("button", name="Dry run").click()
    expect(page.get_by_role("heading", name="Dry run")).to_be_visible()
    expect(page.locator("#matching")).to_contain_text("6 sessions match")
    page.get_by_role("button", name="Start the dream").click()

    expect(page.locator("main")).to_contain_text("Waits for a worker")
    still.close()
