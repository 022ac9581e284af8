"""Members and invites, as people use them."""

import re

import pytest
from playwright.sync_api import expect

from apps.accounts.models import Invite, Member, User
from apps.accounts.rights import Role
from tests import make
from tests.browser.conftest import PHONE, overflows, violations

NAME = "Maximiliane Anastasia von Hohenstein-Wolkenkuckucksheim <b>bold</b>"


@pytest.fixture
def admin(person):
    """`person`, as an admin, among others."""
    person.memberships.update(role=Role.ADMIN)
    make.user("tom", role=Role.VIEWER)
    long = make.user("maximiliane.hohenstein", role=Role.REVIEWER)
    User.objects.filter(pk=long.pk).update(
        first_name=NAME, email="maximiliane.hohenstein@a-rather-long-domain.example.com"
    )
    return person


def said(page, text):
    """Wait for the toast."""
    page.locator("#toasts").get_by_text(text).wait_for()


def test_a_role_is_changed_and_a_member_removed_by_keys_alone(page, at, admin, complaints):
    page.goto(at("sessions/"))
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_url("**/settings/members/")

    page.get_by_label("Role of tom: Viewer").focus()
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    said(page, "tom is operator now.")

    page.get_by_label("Role of tom: Operator").press("Enter")
    page.get_by_role("link", name="Remove from the workspace…").press("Enter")
    page.get_by_role("button", name="Remove", exact=True).press("Enter")
    said(page, "tom is no member any longer.")

    assert not Member.objects.filter(user__username="tom").exists()
    assert complaints == []


def test_an_invite_is_made_followed_and_spent(page, at, admin, context, complaints):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(at("settings/members/"))
    page.get_by_role("link", name="Invite").click()
    page.get_by_label("Whom it is for").fill("Nele")
    page.get_by_label("Role").select_option("viewer")
    page.get_by_role("button", name="Make a link").click()
    page.get_by_role("button", name="Copy").click()
    said(page, "Copied the link.")
    link = page.evaluate("navigator.clipboard.readText()")
    page.reload()
    expect(page.get_by_label("Link of the invite")).to_have_count(0)

    context.clear_cookies()
    page.goto(link)
    page.get_by_label("Username").fill("nele")
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Create account and join").click()
    page.get_by_text("This password is too short.").wait_for()
    assert violations(page) == []
    page.get_by_label("Password").fill("a long new one")
    page.get_by_role("button", name="Create account and join").click()
    page.wait_for_url("**/w/default/sessions/")

    assert Invite.objects.get().used_by == User.objects.get(username="nele")
    # The browser tells of the form that was refused; nothing else.
    assert [each for each in complaints if "422" not in each] == []


def test_the_pages_are_accessible_in_both_themes_and_on_a_phone(page, at, admin, live_server):
    _, token = Invite.issue(make.workspace(), role=Role.VIEWER, note=NAME, by=admin)
    tom = User.objects.get(username="tom")
    pages = [
        at("settings/members/"),
        at("settings/members/invites/"),
        at(f"settings/members/{tom.public_id}/remove"),
        f"{live_server.url}/invite/{token}",
    ]

    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for each in pages:
            page.goto(each)
            assert violations(page) == []

    page.set_viewport_size(PHONE)
    for each in pages:
        page.goto(each)
        assert not overflows(page)
        assert violations(page) == []


def test_without_scripts_everything_is_there(browser, context, at, admin):
    with browser.new_context(
        java_script_enabled=False, storage_state=context.storage_state()
    ) as plain:
        page = plain.new_page()
        page.goto(at("settings/members/"))
        page.get_by_label("Role of tom: Viewer").click()
        page.get_by_role("button", name="Reviewer", exact=True).and_(
            page.locator(":visible")
        ).click()
        page.get_by_text("tom is reviewer now.").wait_for()
        page.get_by_role("link", name="Invite").click()
        page.get_by_role("button", name="Make a link").click()

        link = page.get_by_label("Link of the invite").input_value()

    assert re.search(r"/invite/[\w-]{32}$", link)
