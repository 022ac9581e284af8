"""Agents and environments, as a person uses them.

The browser complains of every answer that is no success; those that are meant are left out.
"""

import re

import pytest
from playwright.sync_api import expect

from apps.agents.models import Agent, Environment
from tests.agents import given
from tests.browser.conftest import DESK, PHONE, overflows, violations

WRONG = """\
name: refunds
model: claude-sonnet-5
sytem: Be brief.
tools:
  - type: agent_toolset_20260401
    configs:
      - name: bash
        enabled: off
"""


@pytest.fixture
def editor(page):
    return page.get_by_label("Definition as YAML")


def test_an_agent_is_written_corrected_changed_and_compared(page, at, person, editor, complaints):
    page.goto(at("agents/"))
    page.get_by_role("link", name="Define an agent").click()
    editor.fill(WRONG)
    page.get_by_role("button", name="Define from the YAML").click()

    expect(page.get_by_role("alert")).to_contain_text("did you mean 'system'?")
    expect(page.locator(".editor-numbers .is-wrong")).to_have_text(["3", "8"])
    page.get_by_role("link", name="Line 8").click()
    expect(editor).to_be_focused()
    page.keyboard.type("false")
    page.get_by_role("link", name="Line 3").click()
    page.keyboard.type("system: Be brief.")
    page.get_by_role("button", name="Define from the YAML").click()

    expect(page.get_by_role("heading", name="refunds")).to_be_visible()
    page.get_by_label("System prompt").fill("Be very brief.")
    page.get_by_role("button", name="Save the form").click()
    expect(editor).to_have_value(re.compile("system: Be very brief."))
    page.get_by_role("link", name="Versions").click()
    expect(page.locator(".diff ins")).to_have_text("very ")
    assert Agent.objects.get().version == 2
    assert [each for each in complaints if "422" not in each] == []


def test_the_numbers_follow_what_is_typed(page, at, person, editor, complaints):
    page.goto(at("agents/new/"))
    numbers = page.locator(".editor-numbers > span")

    editor.fill("a: 1\nb: 2\nc: 3")
    expect(numbers).to_have_count(3)
    editor.press("End")
    editor.press("Enter")

    expect(numbers).to_have_count(4)
    assert complaints == []


def test_whoever_saves_second_keeps_what_they_wrote(page, at, person, editor, complaints):
    agent = given.agent(system="First.")
    page.goto(at(f"agents/{agent.public_id}/"))
    given.changed(agent, system="Theirs.")

    editor.fill("name: refunds\nmodel: claude-sonnet-5\nsystem: Mine.\n")
    page.get_by_role("button", name="Save the YAML").click()

    expect(page.get_by_role("alert")).to_contain_text("saved version 2 while you were editing")
    expect(editor).to_have_value(re.compile("system: Mine."))
    assert violations(page) == []
    page.get_by_role("button", name="Save over version 2").click()
    expect(page.locator(".notices")).to_contain_text("Saved as version 3.")
    assert [each for each in complaints if "409" not in each] == []


def test_an_environment_asks_only_for_what_it_needs(page, at, person, complaints):
    page.goto(at("environments/"))
    page.get_by_role("link", name="Make an environment").click()
    hosts = page.get_by_label("Allowed hosts")

    expect(hosts).to_be_hidden()
    page.get_by_label("Name").fill("python")
    page.get_by_label("Only what is listed").check()
    hosts.fill("api.example.com")
    page.get_by_role("button", name="Make the environment").click()

    expect(page.get_by_role("heading", name="python")).to_be_visible()
    networking = Environment.objects.get().config["networking"]
    assert networking["allowed_hosts"] == ["api.example.com"]
    assert complaints == []


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_sound(page, at, person, size, theme, complaints):
    helper = given.agent(name="helper with quite a long name, as names may be " * 2)
    lead = given.coordinator(helper, {"type": "self"}, system="A long line. " * 40 + "\nShort.")
    given.changed(helper, system="Second.")
    given.changed(lead, system="A long line, changed. " * 40)
    environment = given.environment(description="What it is for. " * 20)
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=theme)

    for path in (
        "agents/",
        "agents/new/?example=coordinator",
        f"agents/{lead.public_id}/",
        f"agents/{lead.public_id}/versions/",
        f"agents/{lead.public_id}/roster/",
        f"agents/{lead.public_id}/runs/",
        f"agents/{helper.public_id}/archive/",
        "environments/",
        f"environments/{environment.public_id}/",
        f"environments/{environment.public_id}/delete/",
    ):
        page.goto(at(path))
        assert violations(page) == [], path
        assert not overflows(page), path
    assert complaints == []
