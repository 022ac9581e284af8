"""Entering a key for models, and seeing it tested."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.accounts.rights import Role
from apps.engine import checking, tasks
from apps.engine.models import DaySpend, JobSpend
from tests import make
from tests.browser.conftest import DESK, PHONE, overflows, violations
from tests.standin import StandIn


@pytest.fixture
def ada(person, monkeypatch):
    person.memberships.update(role=Role.ADMIN)
    monkeypatch.setattr(tasks.check_model_key, "apply_async", lambda **_: None)
    return person


def spend():
    workspace, today = make.workspace(), timezone.localdate()
    for days in range(0, 20, 2):
        for purpose, cost in (("dreams.observe", "0.81"), ("dreams.curate", "0.32")):
            DaySpend.objects.create(
                workspace=workspace,
                spent_on=today - timedelta(days=days),
                purpose=purpose,
                model="claude-opus-5-5",
                requests=12,
                input_tokens=120_000,
                output_tokens=8_000,
                cost_usd=Decimal(cost) * (days + 1),
            )
    for number in range(3):
        JobSpend.objects.create(
            workspace=workspace,
            job_kind="dream",
            job_id=f"drm_01JbQ2sPZ7yQ3nV8tKx9Lm4R{number}",
            requests=31,
            input_tokens=240_000,
            cost_usd=Decimal("1.84"),
        )


def test_a_key_is_entered_tested_and_removed(page, at, ada, complaints):
    spend()
    with StandIn() as there:
        page.goto(at("settings/models/"))
        expect(page.get_by_role("heading", name="No model is connected")).to_be_visible()
        page.get_by_label("API key").fill(there.key)
        page.get_by_label("Base URL").fill(there.url)
        page.get_by_role("button", name="Keep and test").click()
        expect(page.get_by_text("Testing", exact=True)).to_be_visible()
        checking.check(make.workspace().pk)
        expect(page.get_by_text("It works")).to_be_visible()

    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            page.goto(at("settings/models/"))
            assert violations(page) == []
            assert not overflows(page)

    page.get_by_role("link", name="Remove the key…").click()
    page.get_by_role("button", name="Remove the key").click()
    expect(page.get_by_role("heading", name="No model is connected")).to_be_visible()
    assert not complaints
