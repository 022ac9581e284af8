"""The pages of agents: define, edit in two ways, compare, look around."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.rights import Role
from apps.agents import finding, wire
from apps.agents.models import Agent
from tests import make
from tests.agents import given
from tests.agents.test_defining_over_the_api import EVERYTHING

pytestmark = pytest.mark.django_db

EVIL = "<script>alert(1)</script>"
FORM = {
    "name": "refunds",
    "model": "claude-sonnet-5",
    "effort": "high",
    "speed": "standard",
    "description": "",
    "system": "",
} | {
    f"tool_{name}": "off"
    for name in ("bash", "edit", "read", "write", "glob", "grep", "web_fetch", "web_search")
}


@pytest.fixture
def client():
    return signed_in()


def signed_in(role=Role.OPERATOR, name="ines"):
    client = Client()
    client.force_login(make.user(name, role=role))
    return client


def at(name, *args):
    return reverse(f"agents:{name}", args=["default", *args])


def page_of(agent, name="agent"):
    return at(name, agent.public_id)


def newest(agent):
    return finding.agent(agent.workspace, agent.public_id)


def body(response):
    return response.content.decode()


def typed(response):
    """What stands in the editor."""
    return re.search(r"<textarea name=\"text\".*?>\n(.*?)</textarea>", body(response), re.DOTALL)[1]


def test_an_empty_workspace_says_what_to_do_next(client):
    shown = body(client.get(at("list")))

    assert "No agents yet" in shown
    assert at("new") in shown


def test_the_list_tells_model_version_roster_and_runs(client):
    helper = given.changed(given.agent(name="helper"), system="Help.")
    given.coordinator(helper, {"type": "self"}, name="lead")
    given.archived(given.agent(name="gone"))
    make.session(agent="seen elsewhere")

    shown = re.sub(r"<[^>]+>|\s+", " ", body(client.get(at("list"))))

    assert re.search(r"lead\s+claude-sonnet-5\s+1\s+2\s+0\s+never", shown)
    assert re.search(r"helper\s+claude-sonnet-5\s+2\s+–\s+0\s+never", shown)
    assert "gone" not in shown
    assert "seen elsewhere" not in shown
    assert "gone" in body(client.get(at("list") + "?show=archived"))
    recorded = body(client.get(at("list") + "?show=recorded"))
    assert "seen elsewhere" in recorded
    assert "Define it" in recorded


@pytest.mark.parametrize("show", ["", "archived", "recorded"])
@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_the_same_however_long(client, rows, show, django_assert_num_queries):
    for number in range(rows):
        agent = given.coordinator(given.agent(name=f"h{number}"), name=f"a{number}")
        make.session(agent=f"seen {number}")
        if show == "archived":
            given.archived(agent)

    client.get(at("list"))
    with django_assert_num_queries(5):
        client.get(at("list"), {"show": show})


def test_an_address_of_another_list_is_told(client):
    answer = client.get(at("list") + "?cursor=damaged")

    assert answer.status_code == 400
    assert "damaged" in body(answer)


def test_an_agent_is_defined_from_text(client):
    text = "name: refunds\r\nmodel: m\r\nsystem: |\r\n  Be brief.\r\n  Ask.\r\n"

    answer = client.post(at("new"), {"text": text})

    agent = Agent.objects.get()
    assert answer.url == page_of(agent)
    assert newest(agent).definition["system"] == "Be brief.\nAsk.\n"
    assert newest(agent).newest_versions[0].created_by == "ines"


@pytest.mark.parametrize("kind", ["", "coordinator"])
def test_the_examples_can_be_saved_as_they_are(client, kind):
    given.agent(name="helper\n: odd")

    text = typed(client.get(at("new"), {"example": kind}))
    answer = client.post(at("new"), {"text": text})

    assert answer.status_code == 302
    roster = Agent.objects.order_by("pk").last()
    assert bool(newest(roster).definition["multiagent"]) == (kind == "coordinator")


def test_what_is_wrong_stands_at_its_line_and_what_was_typed_stays(client):
    text = f"name: refunds\nmodel: m\nsytem: {EVIL}\nskills: no\n"

    answer = client.post(at("new"), {"text": text})

    shown = body(answer)
    assert answer.status_code == 422
    assert 'href="#line-3"' in shown
    assert "unknown field (did you mean" in shown
    assert 'class="is-wrong" id="line-4"' in shown
    assert "&lt;script&gt;" in typed(answer)
    assert EVIL not in shown
    assert not Agent.objects.exists()


def test_what_the_domain_refuses_stands_at_its_line_too(client):
    text = "name: a\nmodel: m\nmultiagent:\n  type: coordinator\n  agents:\n    - nobody\n"

    answer = client.post(at("new"), {"text": text})

    assert 'class="is-wrong" id="line-6"' in body(answer)


def test_an_agent_is_defined_from_the_form(client):
    helper = given.agent(name="helper")

    client.post(
        at("new"),
        FORM
        | {
            "system": "Be\r\nbrief.",
            "tool_bash": "always_ask",
            "tool_read": "always_allow",
            "calls": [helper.public_id, "self"],
        },
    )

    definition = newest(Agent.objects.get(name="refunds")).definition
    assert definition["system"] == "Be\nbrief."
    assert definition["multiagent"]["agents"] == [
        {"type": "agent", "id": helper.public_id, "version": 1},
        {"type": "self"},
    ]
    [toolset] = definition["tools"]
    configs = {each["name"]: each for each in toolset["configs"]}
    assert configs["bash"]["permission_policy"] == {"type": "always_ask"}
    assert configs["web_fetch"]["enabled"] is False
    assert "read" not in configs


def test_a_form_with_a_fault_keeps_what_was_typed(client):
    answer = client.post(at("new"), FORM | {"name": "", "system": "Typed."})
    damaged = client.post(at("new"), FORM | {"calls": ["nobody"]})

    assert answer.status_code == damaged.status_code == 422
    assert "Typed." in body(answer)
    assert "cannot be called any more" in body(damaged)
    assert not Agent.objects.exists()


def test_saving_either_half_unchanged_makes_no_version(client):
    agent = given.agent(**EVERYTHING)
    page = client.get(page_of(agent))
    fields = {field.html_name: field.value() for field in page.context["form"]}

    for sent in ({"text": page.context["editor"].text}, fields):
        answer = client.post(page_of(agent), sent | {"version": 1}, follow=True)
        assert "Nothing changed" in body(answer)
    assert newest(agent).version == 1


def test_the_form_keeps_what_it_does_not_show(client):
    agent = given.agent(**EVERYTHING)
    page = client.get(page_of(agent))
    fields = {field.html_name: field.value() for field in page.context["form"]}

    client.post(page_of(agent), fields | {"version": 1, "tool_bash": "always_ask"})

    before, after = agent.definition, newest(agent).definition
    assert after["tools"][1:] == before["tools"][1:]
    configs = {each["name"]: each for each in after["tools"][0]["configs"]}
    assert configs["web_fetch"]["max_content_tokens"] == 1000
    assert configs["bash"]["permission_policy"] == {"type": "always_ask"}
    assert configs["grep"]["permission_policy"] == {"type": "auto"}
    assert {name: after[name] for name in after if name != "tools"} == {
        name: before[name] for name in before if name != "tools"
    }


def test_nobody_is_offered_twice_as_whom_it_may_call(client):
    helper, lead = given.agent(name="helper"), given.agent(name="lead")

    form = client.get(page_of(lead)).context["form"]

    assert [value for value, _ in form.fields["calls"].choices] == ["self", helper.public_id]


def test_all_tools_off_takes_the_toolset_away(client):
    agent = given.agent(tools=[{"type": "agent_toolset_20260401"}])

    client.post(page_of(agent), FORM | {"version": 1})

    assert newest(agent).definition["tools"] == []


def test_the_text_is_the_whole_definition(client):
    agent = given.agent(system="Be brief.", metadata={"k": "v"}, model={"id": "m", "effort": "low"})

    client.post(page_of(agent), {"text": "name: other\nmodel: m", "version": 1})

    definition = newest(agent).definition
    assert (definition["system"], definition["metadata"]) == (None, {})
    assert definition["model"]["effort"] == {"type": "high"}


@pytest.mark.parametrize("half", ["text", "form"])
def test_whoever_saves_second_sees_both_and_loses_nothing(client, half):
    agent = given.agent(system="First.")
    given.changed(agent, system="Theirs.")
    sent = FORM | {"system": "Mine."}
    if half == "text":
        sent = {"text": "name: refunds\nmodel: claude-sonnet-5\nsystem: Mine."}

    clash = client.post(page_of(agent), sent | {"version": 1})
    saved = client.post(page_of(agent), sent | {"version": clash.context["agent"].version})

    shown = body(clash)
    assert clash.status_code == 409
    assert "saved version 2 while you were editing" in shown
    assert "Save over version 2" in shown
    assert re.search(r"system: <del>Theirs</del>", shown)
    assert re.search(r"system: <ins>Mine</ins>", shown)
    assert saved.status_code == 302
    assert newest(agent).definition["system"] == "Mine."


@pytest.mark.parametrize("version", ["", "x", "99999999999999999999", "-1"])
def test_a_damaged_version_is_a_clash_and_no_crash(client, version):
    agent = given.agent()

    answer = client.post(page_of(agent), {"text": "name: a\nmodel: m", "version": version})

    assert answer.status_code == 409


def test_an_archived_agent_is_read_and_not_changed(client):
    agent = given.agent()

    asked = body(client.get(page_of(agent, "archive")))
    client.post(page_of(agent, "archive"))

    assert "cannot be undone" in asked
    assert newest(agent).archived_at is not None
    assert "Save the" not in body(client.get(page_of(agent)))
    refused = client.post(page_of(agent), {"text": "name: a\nmodel: m", "version": 1})
    assert refused.status_code == 422
    assert "archived: it can be read" in body(refused)


def test_an_agent_from_transcripts_gets_the_definition_that_they_tell(client):
    session = make.session(agent="seen")
    session.agent_snapshot = {"name": "seen", "model": {"id": "m"}, "system": "Be brief."}
    session.save(update_fields=["agent_snapshot"])
    address = at("new") + f"?define={session.agent.public_id}"

    offered = typed(client.get(address))
    client.post(address, {"text": offered})

    assert offered == "name: seen\nmodel: m\nsystem: Be brief.\n"
    agent = Agent.objects.get()
    assert (agent.public_id, agent.version) == (session.agent.public_id, 1)
    assert client.get(address).status_code == 404


def test_an_id_that_no_address_holds_is_not_offered_and_refused(client):
    session = make.session(agent="seen")
    Agent.objects.update(public_id="agent/odd")

    assert "Define it" not in body(client.get(at("list") + "?show=recorded"))
    answer = client.post(at("new") + "?define=agent%2Fodd", {"text": "name: a\nmodel: m"})
    assert "cannot stand in an address" in body(answer)
    session.agent.refresh_from_db()
    assert session.agent.version == 0


def test_versions_show_what_changed_between_any_two(client):
    agent = given.agent(system="Be brief.")
    for text in ("Be very brief.", "Be very brief and kind."):
        agent = given.changed(agent, system=text)

    newest_change = body(client.get(page_of(agent, "versions")))
    whole = body(client.get(page_of(agent, "versions"), {"from": "1", "to": "3"}))

    assert "What version 3 changed" in newest_change
    assert "<ins> and kind</ins>" in newest_change
    assert "from version 1" in whole
    assert "<ins>very </ins>" in whole


@pytest.mark.parametrize(
    "query", [{"from": "x"}, {"to": "0"}, {"from": "9" * 30}, {"until": "-1"}, {"to": "1"}]
)
def test_an_odd_choice_of_versions_shows_some_that_are_there(client, query):
    agent = given.changed(given.agent(), system="Second.")

    assert client.get(page_of(agent, "versions"), query).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_versions_cost_the_same_however_many(client, rows, django_assert_num_queries):
    agent = given.changed(given.agent(), system="x")
    for number in range(rows - 1):
        agent = given.changed(agent, system=f"{number}")

    client.get(page_of(agent))
    with django_assert_num_queries(8):
        client.get(page_of(agent, "versions"))


def test_many_versions_come_in_pages(client, settings):
    agent = given.agent()
    for number in range(54):
        agent = given.changed(agent, system=f"{number}")

    first = client.get(page_of(agent, "versions")).context
    second = client.get(page_of(agent, "versions"), {"until": first["older"]}).context

    shown = [each.version for each in (*first["rows"], *second["rows"])]
    assert shown == list(range(55, 0, -1))


def test_a_roster_tells_pins_and_who_calls(client):
    helper = given.agent(name="helper")
    lead = given.coordinator(
        helper, {"type": "self"}, {"type": "advisor", "model": "adv"}, name="lead"
    )
    given.changed(helper, system="Second.")

    shown = body(client.get(page_of(lead, "roster")))
    called = body(client.get(page_of(helper, "roster")))

    assert "version 1" in shown
    assert "Version 2 exists" in shown
    assert "adv" in shown
    assert f'href="{page_of(lead)}"' in called


def test_a_pin_is_updated_alone_or_with_all_others(client):
    helpers = [given.agent(name=f"h{number}") for number in range(2)]
    lead = given.coordinator(*helpers)
    for helper in helpers:
        given.changed(helper, system="Second.")

    client.post(page_of(lead, "renew"), {"member": helpers[0].public_id})
    one = [each["version"] for each in wire.agent_object(newest(lead))["multiagent"]["agents"]]
    client.post(page_of(lead, "renew"))
    both = [each["version"] for each in wire.agent_object(newest(lead))["multiagent"]["agents"]]
    again = client.post(page_of(lead, "renew"), follow=True)

    assert (one, both) == ([2, 1], [2, 2])
    assert "Nothing changed" in body(again)


def test_a_pin_that_cannot_be_updated_says_why(client):
    helper = given.agent(name="helper")
    lead = given.coordinator(helper)
    given.archived(given.changed(helper, system="Second."))

    answer = client.post(page_of(lead, "renew"), follow=True)

    assert "is archived" in body(answer)
    assert newest(lead).version == 1


def test_the_newer_form_has_a_roster_too(client):
    helper = given.agent(name="helper")
    lead = given.agent(
        name="lead",
        multiagent={
            "type": "multiagent_20261001",
            "advisor": {"type": "enabled", "model": "adv"},
            "workflows": {"type": "enabled", "predefined_agents": [helper.public_id]},
        },
    )

    assert "helper" in body(client.get(page_of(lead, "roster")))
    assert "lead" in body(client.get(page_of(helper, "roster")))
    assert "three parts" in body(client.get(page_of(lead)))


@pytest.mark.parametrize("rows", [1, 3])
def test_a_roster_costs_the_same_however_many(client, rows, django_assert_num_queries):
    lead = given.coordinator(*(given.agent(name=f"h{number}") for number in range(rows)))

    client.get(page_of(lead))
    with django_assert_num_queries(8):
        client.get(page_of(lead, "roster"))


@pytest.mark.parametrize("rows", [1, 3])
def test_runs_are_its_newest_sessions_at_one_price(client, rows, django_assert_num_queries):
    agent = given.agent(name="refunds")
    for number in range(rows):
        make.session(key=f"s{number}", agent="refunds", title=f"Run {number}")

    client.get(page_of(agent))
    with django_assert_num_queries(7):
        shown = body(client.get(page_of(agent, "runs")))

    assert shown.count("Run ") == rows
    assert f"?agent={agent.public_id}" in shown


def test_an_agent_can_be_taken_along(client):
    agent = given.agent(name="refunds", system="Be brief.")

    as_json = client.get(page_of(agent) + "definition.json")
    as_yaml = client.get(page_of(agent) + "definition.yaml")

    assert as_json.json() == wire.agent_object(agent)
    assert as_yaml.content == b"name: refunds\nmodel: claude-sonnet-5\nsystem: Be brief.\n"
    assert f'filename="{agent.public_id}-v1.yaml"' in as_yaml["Content-Disposition"]


def test_a_viewer_looks_and_changes_nothing():
    viewer = signed_in(Role.VIEWER, "tom")
    helper = given.agent(name="helper", system="Be brief.")
    lead = given.coordinator(helper)
    given.changed(helper, system="Second.")

    for name in ("agent", "versions", "roster", "runs"):
        shown = body(viewer.get(page_of(lead, name)))
        assert "Save" not in shown
        assert "Update pin" not in shown
        assert "Archive…" not in shown
    assert "New agent" not in body(viewer.get(at("list")))
    for refused in (
        viewer.get(at("new")),
        viewer.post(page_of(lead), {"text": "name: a\nmodel: m", "version": 1}),
        viewer.post(page_of(lead, "renew")),
        viewer.post(page_of(lead, "archive")),
    ):
        assert refused.status_code == 403


@pytest.mark.parametrize("name", ["agent", "versions", "roster", "runs", "archive"])
def test_a_neighbours_agent_does_not_exist(client, name):
    theirs = given.agent(of=make.workspace("neighbour"))

    assert client.get(page_of(theirs, name)).status_code == 404
    assert client.get(page_of(theirs) + "definition.json").status_code == 404
    assert client.post(page_of(theirs), {"text": "name: a\nmodel: m"}).status_code == 404
    assert client.post(page_of(theirs, "renew")).status_code == 404
    assert theirs.name not in body(client.get(at("list")))


def test_hostile_text_is_shown_as_text(client):
    agent = given.agent(name=EVIL, system=EVIL, description=EVIL, model=EVIL[:200])
    lead = given.coordinator(agent, name=EVIL)
    given.changed(agent, system=f"{EVIL} {EVIL}")

    for page in (
        page_of(agent),
        page_of(agent, "versions"),
        page_of(agent, "roster"),
        page_of(lead, "roster"),
        page_of(agent, "archive"),
        at("list"),
        at("new") + "?example=coordinator",
    ):
        assert EVIL not in body(client.get(page))
