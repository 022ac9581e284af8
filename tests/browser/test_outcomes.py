"""Outcomes in a browser: a rubric is written, its grid walked by keys, a verdict disagreed with."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.outcomes import actions
from apps.outcomes.models import HumanLabel, Rubric
from tests import make
from tests.browser.conftest import DESK, PHONE, overflows, violations
from tests.outcomes import making

pytestmark = pytest.mark.usefixtures("person")
WORK = "Dear Ms Okafor,\n\nthe total is 420 USD. <img src=x onerror=alert(1)>\n\nRegards"


@pytest.fixture
def graded(workspace, person):
    """Two iterations of an outcome: the second still fails on its total."""
    rubric = actions.create_rubric(
        name="Replies",
        content="# Tone\n\n- It is polite.\n- It names the total. {weight=2}",
        by=make.actor(person, of=workspace),
    )
    session = make.session(make.event(text="Refund me."), of=workspace, title="A refund")
    for iteration in range(2):
        found = making.evaluation(
            rubric.versions.get(), artifact=WORK, status="completed", result="needs_revision",
            score=0.4, ended_at=timezone.now(), session=session, outcome_id="outc_1",
            iteration=iteration, agent_name="support", agent_version=1,
        )  # fmt: skip
        for criterion in rubric.versions.get().criteria.order_by("position"):
            quote = ("Dear Ms Okafor", "420 USD")[criterion.position]
            start = WORK.index(quote)
            making.verdict(
                found, criterion, verdict=("pass", "fail")[criterion.position], quote=quote,
                start=start, end=start + len(quote), reason=f"See {quote}.",
            )  # fmt: skip
    return found


def test_the_grid_is_walked_by_keys_and_disagreed_with_in_one(page, at, graded, complaints):
    page.goto(at(f"outcomes/evaluations/{graded.pk}/"))
    expect(page.locator("#verdict")).to_contain_text("See 420 USD.")
    expect(page.locator("#quote")).to_have_text("420 USD")

    page.keyboard.press("k")
    expect(page.locator("#quote")).to_have_text("Dear Ms Okafor")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.locator("th.is-here")).to_contain_text("Iteration 1")
    page.keyboard.press("j")
    expect(page.locator("#quote")).to_have_text("420 USD")

    page.keyboard.press("1")
    expect(page.locator(".said-by")).to_be_visible()
    expect(page.locator("#toasts")).to_contain_text("you say “pass”, the grader said “fail”")
    assert HumanLabel.objects.get().verdict.evaluation.iteration == 0
    for size, scheme in ((DESK, "light"), (PHONE, "dark")):
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        assert not overflows(page)
        assert violations(page) == []
    page.keyboard.press("u")
    expect(page.locator(".said-by")).to_have_count(0)
    assert complaints == []


def test_a_rubric_is_written_while_its_criteria_are_shown(page, at, complaints):
    page.goto(at("outcomes/rubrics/new/"))
    page.get_by_label("Name").fill("Minutes")
    page.get_by_role("textbox", name="Criteria").fill("- Decisions have an owner. {weigth=2}")
    expect(page.locator("#preview")).to_contain_text("did you mean weight?")
    page.get_by_role("textbox", name="Criteria").fill(
        "- Decisions have an owner. {weight=2}\n- Short."
    )
    expect(page.locator("#preview")).to_contain_text("2 criteria")
    assert violations(page) == []
    page.set_viewport_size(PHONE)
    assert not overflows(page)

    page.get_by_role("button", name="Keep the rubric").click()
    expect(page.get_by_role("heading", name="2 criteria")).to_be_visible()
    assert Rubric.objects.get().name == "Minutes"
    assert complaints == []


def test_a_session_shows_its_grid_in_a_tab_of_its_own(page, at, graded, complaints):
    page.goto(at(f"sessions/{graded.session.public_id}/"))
    page.get_by_role("link", name="Outcome", exact=True).click()
    expect(page.locator(".criteria-grid")).to_contain_text("Iteration 2")
    page.locator(".criteria-grid").get_by_role("link", name="Fail").first.click()
    expect(page.locator("#verdict")).to_contain_text("It names the total.")
    assert complaints == []


def test_without_scripts_a_label_is_a_form(browser, at, graded, context):
    plain = browser.new_context(java_script_enabled=False)
    plain.add_cookies(context.cookies())
    page = plain.new_page()
    page.goto(at(f"outcomes/evaluations/{graded.pk}/"))
    page.get_by_role("row", name="It is polite.").get_by_role("link", name="Pass").nth(1).click()
    page.get_by_role("button", name="Unclear").click()
    expect(page.locator(".said-by")).to_be_visible()
    page.get_by_role("button", name="Take back").click()
    expect(page.locator(".said-by")).to_have_count(0)
    plain.close()
