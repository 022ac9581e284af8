"""API keys and the audit log, as an admin uses them."""

import re

import pytest
from playwright.sync_api import expect

from apps.accounts.acting import Actor, note
from apps.accounts.actions import keys
from apps.accounts.models import ApiKey
from apps.accounts.rights import Role
from tests.browser.conftest import PHONE, overflows, violations

NAME = "Nightly exporter of the staging cluster in eu-west <b>bold</b> " + "x" * 30


@pytest.fixture
def admin(person):
    person.memberships.update(role=Role.ADMIN)
    return person


@pytest.fixture
def acted(admin):
    """Keys in every state, and changes with long values."""
    by = Actor.member(admin.memberships.select_related("user", "workspace").get())
    keys.create(name="dashboards", scopes=["read"], by=by)
    key, _ = keys.create(name=NAME, scopes=["read", "write", "review"], by=by)
    keys.revoke(keys.create(name="leaked", scopes=["admin"], by=by)[0], by=by)
    key.workspace = by.workspace
    note(
        Actor.key(key),
        "agent.updated",
        "agent_" + "x" * 60,
        before={"system": "Be brief.\n" + "y" * 200, "tools": []},
        after={
            "system": "Be kind.\n" + "y" * 200,
            "tools": [{"type": "<script>alert(1)</script>"}],
        },
    )
    return key


def test_a_key_is_made_copied_and_revoked(page, at, admin, context, complaints):
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(at("settings/keys/"))
    page.get_by_role("link", name="Make a key").click()
    page.get_by_label("Name").fill("exporter")
    page.get_by_label("write Define").check()
    page.get_by_role("button", name="Make the key").click()

    page.get_by_role("button", name="Copy", exact=True).click()
    page.locator("#toasts").get_by_text("Copied the key.").wait_for()
    secret = page.evaluate("navigator.clipboard.readText()")
    assert ApiKey.presented(secret).scopes == ["read", "write"]
    page.get_by_role("button", name="Copy the lines for a shell").click()
    page.wait_for_function(
        "async () => (await navigator.clipboard.readText()).includes('ANTHROPIC_BASE_URL')"
    )
    assert page.evaluate("navigator.clipboard.readText()").startswith(
        f"export ANTHROPIC_API_KEY={secret}\nexport ANTHROPIC_BASE_URL=http"
    )

    page.reload()
    page.wait_for_url("**/settings/keys/")
    assert secret not in page.content()
    page.get_by_role("link", name="Revoke exporter…").click()
    page.get_by_role("button", name="Revoke the key").click()
    page.locator("#toasts").get_by_text("exporter is revoked and lets nobody in.").wait_for()

    assert ApiKey.presented(secret) is None
    assert complaints == []


def test_an_entry_opens_to_its_values_by_keys_alone(page, at, acted, complaints):
    page.goto(at("settings/audit/"))
    page.locator(".audit-list summary").first.focus()
    page.keyboard.press("Enter")

    page.locator(".audit-diff ins", has_text="Be kind.").wait_for()
    expect(page.locator(".audit-diff del").first).to_have_text("Be brief.")
    expect(page.get_by_text("<script>alert(1)</script>")).to_have_count(1)
    assert violations(page) == []

    page.get_by_role("link", name="all its changes").click()
    page.wait_for_url(re.compile(r"actor=apikey_"))
    expect(page.locator(".audit-list li")).to_have_count(1)
    assert complaints == []


def test_the_pages_are_accessible_in_both_themes_and_on_a_phone(page, at, acted):
    paths = ("keys/", "keys/new/", f"keys/{acted.pk}/revoke", "audit/", "audit/?since=x&action=y")

    for size, scheme in ((None, "light"), (None, "dark"), (PHONE, "dark")):
        page.emulate_media(color_scheme=scheme)
        if size:
            page.set_viewport_size(size)
        for path in paths:
            page.goto(at(f"settings/{path}"))
            assert not overflows(page), path
            assert violations(page) == [], path


def test_without_scripts_an_entry_is_a_page_of_its_own(browser, context, at, acted):
    with browser.new_context(
        java_script_enabled=False, storage_state=context.storage_state()
    ) as plain:
        page = plain.new_page()
        page.goto(at("settings/audit/"))
        page.locator(".audit-list summary").first.click()
        page.get_by_role("link", name="What changed").first.click()

        expect(page.locator(".audit-diff ins").first).to_have_text("Be kind.")
