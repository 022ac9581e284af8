"""`POST /v1/sessions/{id}`: what may change, when, and the event that tells of it."""

import pytest

from apps.accounts.models import AuditEntry
from apps.sessions.models import Session, Status
from tests import make
from tests.sessions.api.asking import happens, row

pytestmark = pytest.mark.django_db


def budget(cents):
    return {"type": "limit", "max_list_cost": {"amount": str(cents), "currency": "USD"}}


def updates(api, session):
    """What `session.updated` said, without what every event has."""
    events = api.get(f"sessions/{session['id']}/events", **{"types[]": "session.updated"})["data"]
    assert all(each.pop("id") and each.pop("processed_at") for each in events)
    return [{name: value for name, value in each.items() if name != "type"} for each in events]


def test_a_title_and_metadata_change_and_are_told(api, session):
    path = f"sessions/{session['id']}"

    named = api.post(path, title="Order 1234", metadata={"team": "support", "tier": "gold"})
    patched = api.post(path, metadata={"team": None, "tier": "silver"})
    cleared = api.post(path, title=None, metadata=None)

    assert (named["title"], named["metadata"]) == (
        "Order 1234",
        {"team": "support", "tier": "gold"},
    )
    assert (patched["title"], patched["metadata"]) == ("Order 1234", {"tier": "silver"})
    assert (cleared["title"], cleared["metadata"]) == (None, {})
    assert updates(api, session) == [
        {"title": "Order 1234", "metadata": {"team": "support", "tier": "gold"}},
        {"metadata": {"tier": "silver"}},
        {"title": None},
    ]
    assert cleared["updated_at"] > named["updated_at"]


def test_what_changes_nothing_is_no_update(api, session):
    api.post(f"sessions/{session['id']}", title="Same")
    before = api.get(f"sessions/{session['id']}")

    after = api.post(f"sessions/{session['id']}", title="Same", metadata={}, agent={})
    nothing = api.post(f"sessions/{session['id']}")

    assert after["updated_at"] == nothing["updated_at"] == before["updated_at"]
    assert len(updates(api, session)) == 1
    assert AuditEntry.objects.filter(action="session.updated").count() == 1


def test_tools_and_servers_are_replaced_as_a_whole(api, session):
    path = f"sessions/{session['id']}"
    server = {"type": "url", "name": "crm", "url": "https://crm.example/mcp"}
    tools = [
        {"type": "mcp_toolset", "mcp_server_name": "crm"},
        {"type": "custom", "name": "ask", "description": "Ask", "input_schema": {"type": "object"}},
    ]

    both = api.post(path, agent={"tools": tools, "mcp_servers": [server]})
    without = api.post(path, agent={"tools": []})

    assert [each["type"] for each in both["agent"]["tools"]] == ["mcp_toolset", "custom"]
    assert both["agent"]["tools"][0]["default_config"]["permission_policy"]["type"] == "always_ask"
    assert (without["agent"]["tools"], without["agent"]["mcp_servers"]) == ([], [server])
    assert (without["agent"]["id"], without["agent"]["version"]) == (session["agent"]["id"], 1)
    first, second = updates(api, session)
    assert (first, second) == ({"agent": both["agent"]}, {"agent": without["agent"]})
    (thread,) = api.get(f"{path}/threads")["data"]
    assert thread["agent"]["tools"] == [], "the primary thread runs the session's agent"


def test_tools_wait_for_the_session_to_stand_still(api, session):
    Session.objects.update(status=Status.RUNNING)

    assert "Interrupt it first" in api.refused(f"sessions/{session['id']}", agent={"tools": []})
    assert api.post(f"sessions/{session['id']}", title="While it runs")["title"]


def test_tools_of_a_server_that_is_not_there_are_refused(api, session):
    tools = [{"type": "mcp_toolset", "mcp_server_name": "crm"}]

    said = api.refused(f"sessions/{session['id']}", agent={"tools": tools})

    assert said.startswith("agent.tools.0.mcp_server_name: ")
    assert updates(api, session) == []


def test_a_budget_is_raised_or_removed_and_never_added(api, ids, session):
    capped = api.post("sessions", **ids, budget=budget(10))
    path = f"sessions/{capped['id']}"
    happens(capped, *make.request(tokens=(1_000_000, 0, 0, 0)))  # 300 cents of claude-sonnet-4-5

    refused = api.post(path, 400, budget=budget(300))["error"]
    raised = api.post(path, budget=budget(301))
    removed = api.post(path, budget=None)
    again = api.post(path, 400, budget=budget(500))["error"]
    added = api.post(f"sessions/{session['id']}", 400, budget=budget(500))["error"]

    assert refused["details"] == {"error_code": "budget_not_raised"}
    assert raised["usage"]["list_cost"]["amount"] == "300"
    assert (raised["budget"], removed["budget"]) == (budget(301), None)
    assert again["details"] == added["details"] == {"error_code": "budget_create_only"}
    assert updates(api, capped) == [{"budget": budget(301)}, {"budget": None}]


WRONG = {
    "title": ({"title": ""}, "title: "),
    "long title": ({"title": "x" * 501}, "title: "),
    "key": ({"metadata": {"k" * 65: "v"}}, "metadata."),
    "value": ({"metadata": {"k": "v" * 513}}, "metadata.k: "),
    "vaults": ({"vault_ids": []}, "vault_ids: the vaults of a session cannot be changed"),
    "model": ({"agent": {"model": "claude-opus-4-5"}}, "agent.model: unknown field"),
    "null tools": ({"agent": {"tools": None}}, "agent.tools: "),
    "null agent": ({"agent": None}, "agent: "),
    "status": ({"status": "running"}, "status: unknown field"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_refused_by_name(api, session, case):
    given, said = WRONG[case]

    assert api.refused(f"sessions/{session['id']}", **given).startswith(said)
    assert api.get(f"sessions/{session['id']}") | {"stats": 0} == session | {"stats": 0}


def test_metadata_stays_within_its_limit_after_a_patch(api, session):
    path = f"sessions/{session['id']}"
    api.post(path, metadata={str(n): "" for n in range(16)})

    error = api.post(path, 400, metadata={"one more": ""})["error"]
    swapped = api.post(path, metadata={"0": None, "one more": ""})

    assert error["details"] == {"error_code": "invalid_metadata"}
    assert len(swapped["metadata"]) == 16


@pytest.mark.parametrize("ended", [{"archived_at": make.START}, {"status": Status.TERMINATED}])
def test_what_has_ended_stays_as_it_is(api, session, ended):
    Session.objects.update(**ended)

    assert "archived or terminated" in api.refused(f"sessions/{session['id']}", title="No")


def test_the_record_of_work_done_elsewhere_gets_no_event(api):
    imported = make.session(make.event())

    told = api.post(f"sessions/{imported.public_id}", title="Better name", metadata={"a": "b"})

    assert (told["title"], told["metadata"]) == ("Better name", {"a": "b"})
    assert Session.objects.get().event_count == 1


def test_the_log_has_before_and_after(api, session):
    api.post(f"sessions/{session['id']}", title="After")

    entry = AuditEntry.objects.get(action="session.updated")
    assert (entry.before, entry.after) == ({"title": ""}, {"title": "After"})
    assert entry.object_id == row(session).public_id
