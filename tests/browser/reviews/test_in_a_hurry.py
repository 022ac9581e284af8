"""Keys and clicks that come while an answer is on its way: they act on what was seen, or say so."""

import pytest
from playwright.sync_api import expect

from apps.reviews.models import Decision, Proposal
from tests.browser.reviews.conftest import row, title, toast

pytestmark = pytest.mark.django_db(transaction=True)
NOT_SENT = "Not sent: what you did before is still on its way."


def verdicts():
    found = Decision.objects.order_by("created_at").values_list("proposal__path", "verdict")
    return list(found)


def test_while_a_decision_is_on_its_way_nothing_else_is_sent(
    page, held, at, person, queue, complaints
):
    page.goto(at("reviews/"))
    expect(title(page)).to_have_text("rules.md")

    with held("**/decide/*") as decide:
        page.keyboard.press("a")
        decide.wait()
        for key in ("a", "j", "s", "e", "c", "u", "r", "1"):
            page.keyboard.press(key)
        expect(toast(page)).to_contain_text(NOT_SENT)
        page.locator(".accept").click()
        page.locator("[data-hunk] .tick").first.click()
        row(page, queue[3]).click()
        expect(page.locator("[data-hunk] .tick").first).to_be_checked()
        expect(title(page)).to_have_text("rules.md")

    expect(title(page)).to_have_text("old.md")
    expect(toast(page)).to_contain_text("Accepted. rules.md is now version 2.")
    expect(row(page, queue[1]).locator(".row-link")).to_have_attribute("aria-current", "true")
    page.keyboard.press("u")
    expect(toast(page)).to_contain_text("Undone by 1 new version.")
    assert verdicts() == [("/rules.md", "accept"), ("/rules.md", "revert")]
    assert complaints == []


def test_two_presses_in_a_breath_are_one(page, at, person, queue):
    page.clock.install(time=0)
    page.goto(at("reviews/"))
    expect(title(page)).to_have_text("rules.md")
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    page.clock.pause_at(3600)

    page.keyboard.press("a")
    expect(title(page)).to_have_text("old.md")
    page.keyboard.press("a")
    expect(toast(page)).to_contain_text("this one has only just come")
    page.locator(".accept").dispatch_event("click", {"detail": 2})
    page.keyboard.press("j")
    expect(title(page)).to_have_text("a.md")

    assert [url.split("/")[-2] for url in sent] == ["decide"]


def test_going_on_overtakes_itself(page, held, at, person, queue):
    page.goto(at("reviews/"))
    expect(title(page)).to_have_text("rules.md")
    third = row(page, queue[2]).locator(".row-link")

    with held(f"**/{queue[1].pk}/") as opened:
        page.keyboard.press("j")
        opened.wait()
        page.keyboard.press("a")
        expect(toast(page)).to_contain_text("Not sent: the next one was not there yet.")
        page.keyboard.press("j")
        expect(third).to_have_attribute("aria-current", "true")
        expect(title(page)).to_have_text("a.md")

    expect(title(page)).to_have_text("a.md")
    expect(page).to_have_url(at(f"reviews/{queue[2].pk}/"))
    assert verdicts() == []


def test_what_is_typed_before_the_editor_is_there_is_no_key(page, held, at, person, queue):
    page.goto(at(f"reviews/{queue[2].pk}/"))

    with held("**/?edit=1") as editor:
        page.keyboard.press("e")
        editor.wait()
        page.keyboard.type("jkars")
        expect(toast(page)).to_contain_text("Not sent")

    expect(page.locator("#edit-content")).to_be_focused()
    expect(title(page)).to_have_text("a.md")
    assert verdicts() == []


def test_a_claim_is_asked_for_once_and_let_go_as_seen(page, held, at, person, queue):
    page.goto(at(f"reviews/{queue[2].pk}/"))

    with held("**/claim/") as claim:
        page.keyboard.press("c")
        claim.wait()
        page.keyboard.press("c")
        expect(toast(page)).to_contain_text("Not sent")
        page.keyboard.press("j")
        expect(title(page)).to_have_text("b.md")

    expect(row(page, queue[2])).to_contain_text("you")
    expect(page.locator("#claim")).to_contain_text("Claim")
    expect(page.locator("#claim form")).to_have_attribute("hx-post", f"{path(page)}claim/")


def path(page):
    return page.evaluate("location.pathname")


def test_a_claim_by_working_that_comes_late_says_nothing_of_the_next(page, held, at, person, queue):
    page.clock.install()
    page.goto(at(f"reviews/{queue[2].pk}/"))
    page.clock.fast_forward("02")

    with held("**/claim/") as claim:
        page.keyboard.press("n")
        claim.wait()
        page.keyboard.press("j")
        expect(title(page)).to_have_text("b.md")

    expect(row(page, queue[2])).to_contain_text("you")
    expect(page.locator("#claim form")).to_have_attribute("hx-post", f"{path(page)}claim/")
    expect(page.locator("#claim")).not_to_contain_text("Yours")


def test_a_connection_that_drops_in_the_middle(page, held, at, person, store, queue):
    """Whether it had arrived or not, sending it again does it once."""
    page.goto(at("reviews/"))
    expect(title(page)).to_have_text("rules.md")
    page.locator("[data-hunk] .tick").nth(1).uncheck()

    with held("**/decide/*") as decide:
        page.keyboard.press("a")
        decide.wait()
        decide.arrive_and_drop()
    expect(toast(page)).to_contain_text("The server cannot be reached. What you see is kept")
    expect(page.locator(".accept")).to_contain_text("Accept 1 of 2 hunks")
    page.locator(".accept").click()

    expect(title(page)).to_have_text("old.md")
    expect(toast(page)).to_contain_text("rules.md is accepted: it had arrived before.")
    assert verdicts() == [("/rules.md", "accept")]
    page.keyboard.press("u")
    expect(toast(page)).to_contain_text("Undone by 1 new version.")
    assert Proposal.objects.get(pk=queue[0].pk).status == "reverted"


def test_whoever_is_looked_over_the_shoulder_is_told_and_can_go_on(page, other, at, person, queue):
    page.goto(at(f"reviews/{queue[2].pk}/"))
    other.goto(at(f"reviews/{queue[2].pk}/"))

    page.keyboard.press("c")
    expect(other.locator(".accept")).to_have_attribute("title", "ines is looking at it.")
    other.keyboard.press("a")
    expect(toast(other)).to_contain_text("ines is looking at it.")
    page.keyboard.press("c")

    expect(page.locator("#claim")).to_contain_text("Claim")
    expect(other.locator(".accept")).not_to_have_attribute("aria-disabled", "true")
    other.keyboard.press("a")
    expect(title(other)).to_have_text("b.md")
    assert verdicts() == [("/a.md", "accept")]


def test_going_back_finds_the_page_at_work(page, at, person, queue):
    page.goto(at("reviews/"))
    expect(title(page)).to_have_text("rules.md")
    page.keyboard.press("j")
    expect(title(page)).to_have_text("old.md")

    page.go_back()
    expect(title(page)).to_have_text("rules.md")
    expect(page.locator("[data-card].is-current")).to_be_visible()  # by the script: keys are heard
    page.keyboard.press("x")
    expect(page.locator("#batch")).to_be_visible()
    page.keyboard.press("s")
    expect(title(page)).to_have_text("old.md")
    page.keyboard.press("a")
    expect(toast(page)).to_contain_text("Accepted.")
