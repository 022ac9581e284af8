"""Comparing dreams in a browser: watched, judged by keys and without scripts, handed in."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from apps.dreams import engines
from apps.dreams.comparing import actions
from apps.dreams.comparing.beginning import ComparisonPlan, Contender
from apps.dreams.models import ComparisonPick
from apps.memory.actions import stores
from apps.memory.api.shapes import NewStore
from apps.reviews.models import Proposal
from tests import make
from tests.browser.conftest import DESK, PHONE, overflows, violations
from tests.dreams.comparing.conftest import RIVAL, RivalEngine, dream_both
from tests.dreams.engine import MODEL, SIGN, PocketEngine

pytestmark = pytest.mark.usefixtures("person")
EVIL = "<img src=x onerror=alert(1)>"


@pytest.fixture
def comparison(workspace, settings):
    """Two rows in which both differ, and one in which they agree; nobody has dreamt yet."""
    settings.DREAM_MIN_SESSIONS = 1
    rival = RivalEngine()
    rival.edit = lambda draft: (
        draft if "cup" in draft.path else replace(draft, content=f"{EVIL}\n", title=EVIL)
    )
    engines.register(MODEL, PocketEngine())
    engines.register(RIVAL, rival)
    by = make.actor(of=workspace)
    store = stores.create_store(given=NewStore(name="Team notes"), by=by)
    ids = []
    for said in ("cup", "knife", "stove"):
        events = (make.event(text="Do it.", key=said), *make.call("t", {}, SIGN + said, key=said))
        ids.append(make.session(*events, key=said, of=workspace).public_id)
    plan = ComparisonPlan(store.pk, ids, Contender(MODEL), Contender(RIVAL, "Be brief."))
    yield actions.create_comparison(plan, by=by)
    engines.forget(MODEL)
    engines.forget(RIVAL)


def test_a_comparison_is_watched_judged_by_keys_and_handed_in(page, at, comparison, complaints):
    page.goto(at("dreams/"))
    page.get_by_role("link", name="Comparisons").click()
    page.get_by_role("link", name="pocket-1 and rival-1").click()
    expect(page.get_by_role("heading", name="Both dream")).to_be_visible()

    dream_both(comparison)
    expect(page.locator("[data-row]")).to_have_count(3)
    expect(page.locator("#compare-progress")).to_contain_text("0 of 2 judged")
    page.keyboard.press("j")
    page.keyboard.press("1")
    expect(page.locator("#compare-progress")).to_contain_text("1 of 2 judged")
    expect(page.locator("#row-1")).to_be_focused()
    expect(page.get_by_text("Hand in what is good")).to_have_count(0)
    page.keyboard.press("j")
    page.keyboard.press("3")
    expect(page.get_by_role("heading", name="Hand in what is good")).to_be_visible()

    assert list(
        ComparisonPick.objects.order_by("row__number").values_list("choice", "is_blind")
    ) == [
        (comparison.shown_first.value, True),
        ("both", True),
    ]
    for scheme, size in (("light", DESK), ("dark", PHONE)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        for path in (f"dreams/comparisons/{comparison.pk}/", "dreams/comparisons/"):
            page.goto(at(path))
            assert violations(page) == [], (path, scheme)
            assert not overflows(page), (path, size)
    page.goto(at("dreams/comparisons/new/"))
    assert violations(page) == []
    assert not overflows(page)
    page.goto(at(f"dreams/comparisons/{comparison.pk}/"))
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("Handed in by ines")).to_be_visible()
    assert Proposal.objects.waiting().count() == 2
    assert complaints == []


def test_a_comparison_is_judged_without_scripts(
    browser, browser_context_args, context, at, comparison
):
    dream_both(comparison)
    still = browser.new_context(
        **browser_context_args, java_script_enabled=False, storage_state=context.storage_state()
    )
    page = still.new_page()
    page.goto(at(f"dreams/comparisons/{comparison.pk}/"))
    for number in (1, 2):
        page.locator(f"#row-{number}").get_by_role("button", name="The second").click()
        page.wait_for_url(f"**#row-{number}")

    expect(page.locator("main")).to_contain_text("Hand in what is good")
    still.close()
