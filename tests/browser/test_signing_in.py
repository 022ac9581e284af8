"""Signing in, as a person does it."""

from tests import make
from tests.browser.conftest import PHONE, overflows, violations


def test_signing_in_with_a_password_leads_to_the_overview(page, live_server, complaints):
    make.user("ines", of=make.workspace(), password="correct horse")

    page.goto(live_server.url)
    page.get_by_label("Username").fill("ines")
    page.get_by_label("Password").fill("correct horse")
    page.keyboard.press("Enter")
    page.wait_for_url("**/w/default/overview/")

    assert complaints == []


def test_the_sign_in_page_is_accessible_in_both_themes_and_on_a_phone(page, live_server):
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(live_server.url)
        assert violations(page) == []

    page.set_viewport_size(PHONE)
    assert not overflows(page)
