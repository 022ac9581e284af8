"""The snapshot of an agent: resolved, overridden, or pieced together from a transcript."""

import json
from pathlib import Path

import jsonschema
import pytest

from apps.agents import finding, resolving
from apps.agents.api.answers import SessionAgent, ThreadAgent
from apps.agents.api.shapes import AgentRef
from apps.agents.models import Environment
from apps.core.api.shapes import Misshapen, Shape, read
from tests import make
from tests.agents import given

SPEC = Path(__file__).parents[3] / "shared/spec/sdk-2.12.0-response-schemas.json"
SELF = {"type": "self"}
SERVER = {"type": "url", "name": "crm", "url": "https://crm.example.com"}
USE = {"type": "mcp_toolset", "mcp_server_name": "crm"}

pytestmark = pytest.mark.django_db


class Started(Shape):
    agent: AgentRef


def resolved(reference, of=None):
    agent = read(Started, {"agent": reference}).agent
    return resolving.resolve_agent(of or make.workspace(), agent)


def with_overrides(agent, **fields):
    return {"type": "agent_with_overrides", "id": agent.public_id, **fields}


def test_an_id_is_the_newest_version():
    agent = given.changed(given.agent(description="Refunds."), system="Second.")

    taken = resolved(agent.public_id)

    assert (taken.agent, taken.version) == (agent, 2)
    assert taken.snapshot == {
        "id": agent.public_id,
        "type": "agent",
        "version": 2,
        "name": "refunds",
        "model": {"id": "claude-sonnet-5", "effort": {"type": "high"}, "speed": "standard"},
        "description": "Refunds.",
        "system": "Second.",
        "tools": [],
        "mcp_servers": [],
        "skills": [],
        "multiagent": None,
        "execution_identity": {"type": "service_account"},
    }


def test_a_reference_can_name_a_version():
    agent = given.changed(given.agent(), system="Second.")

    taken = resolved({"type": "agent", "id": agent.public_id, "version": 1})

    assert (taken.version, taken.snapshot["system"]) == (1, None)
    with pytest.raises(finding.AgentNotFound, match="no version 3"):
        resolved({"type": "agent", "id": agent.public_id, "version": 3})


def test_overrides_replace_each_field_as_a_whole():
    agent = given.agent(
        model={"id": "m", "effort": "low", "speed": "fast"},
        system="Be brief.",
        tools=[USE],
        mcp_servers=[SERVER],
        skills=[{"type": "anthropic", "skill_id": "xlsx"}],
    )

    taken = resolved(
        with_overrides(
            agent, model="other", system=None, tools=[{"type": "agent_toolset_20260401"}]
        )
    )

    snapshot = taken.snapshot
    assert (snapshot["id"], snapshot["version"]) == (agent.public_id, 1)
    assert snapshot["model"] == {"id": "other", "effort": {"type": "high"}, "speed": "standard"}
    assert snapshot["system"] is None
    assert [each["type"] for each in snapshot["tools"]] == ["agent_toolset_20260401"]
    assert snapshot["mcp_servers"] == [SERVER]
    assert snapshot["skills"][0]["version"] == "latest"


def test_overrides_reach_the_coordinator_and_its_copies_alone():
    helper = given.agent(name="helper", system="Help.")
    lead = given.coordinator(helper, SELF, {"type": "advisor", "model": "a"}, system="Lead.")

    roster = resolved(with_overrides(lead, system="Other.")).snapshot["multiagent"]["agents"]

    assert [each.get("system") for each in roster] == ["Help.", "Other.", None]
    assert "multiagent" not in roster[1]
    assert roster[2] == {"type": "advisor", "model": "a"}


def test_a_pinned_member_is_taken_as_it_was_also_after_its_end():
    helper = given.agent(name="helper", system="First.")
    lead = given.coordinator(helper)
    given.archived(given.changed(helper, system="Second."))

    [member] = resolved(lead.public_id).snapshot["multiagent"]["agents"]

    assert (member["version"], member["system"]) == (1, "First.")


def test_the_newer_form_takes_whole_definitions_too():
    helper = given.agent()
    lead = given.agent(
        multiagent={
            "type": "multiagent_20261001",
            "subagents": {"type": "enabled", "predefined_agents": [helper.public_id, SELF]},
            "workflows": {"type": "disabled"},
        }
    )

    taken = resolved(lead.public_id).snapshot

    members = taken["multiagent"]["subagents"]["predefined_agents"]
    assert [each["id"] for each in members] == [helper.public_id, lead.public_id]
    SessionAgent.model_validate(taken)


def test_a_model_cannot_be_taken_away():
    with pytest.raises(resolving.ModelRequired) as refused:
        resolved(with_overrides(given.agent(), model=None))

    assert refused.value.code == "agent_model_required"
    assert refused.value.message.startswith("agent.model: ")


def test_overrides_that_do_not_go_together_are_refused_at_their_place():
    agent = given.agent(tools=[USE], mcp_servers=[SERVER])

    with pytest.raises(Misshapen) as refused:
        resolved(with_overrides(agent, mcp_servers=[]))

    assert refused.value.message == (
        "agent.tools.0.mcp_server_name: mcp_servers has no server 'crm'"
    )
    assert resolved(with_overrides(agent, tools=[])).snapshot["tools"] == []


def test_nobody_starts_what_is_archived_unknown_or_a_neighbours():
    theirs = given.agent(of=make.workspace("neighbour"))

    with pytest.raises(finding.AgentArchived, match="agent: "):
        resolved(given.archived(given.agent()).public_id)
    for unknown in ("nobody", "\x00", theirs.public_id, make.session().agent.public_id):
        with pytest.raises(finding.AgentNotFound):
            resolved(unknown)


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        (5, "agent: give a string, or an object whose type is 'agent' or 'agent_with_overrides'"),
        ("", "agent: string should have at least 1 character"),
        ({"type": "agent"}, "agent.id: this field is required"),
        (
            {"type": "agent", "id": "a", "system": "x"},
            "agent.system: unknown field",
        ),
        (
            {"type": "agent_with_overrides", "id": "a", "tools": [{"type": "x"}]},
            "agent.tools.0: 'type' must be one of 'agent_toolset_20260401', ",
        ),
    ],
)
def test_a_reference_has_a_shape(reference, said):
    with pytest.raises(Misshapen) as refused:
        resolved(reference)

    assert refused.value.message.startswith(said)


@pytest.mark.parametrize(
    "snapshot",
    [
        {},
        {"name": "n"},
        {"name": "n", "model": "a string", "tools": ["Bash"], "skills": None, "version": "1"},
        {"name": 5, "model": {"id": None}, "multiagent": {"type": "swarm"}, "system": ["x"]},
        {"id": None, "type": "assistant", "execution_identity": {}, "mcp_servers": {}},
    ],
)
def test_a_transcripts_agent_is_answered_whole(snapshot):
    session, thread = resolving.session_agent(snapshot), resolving.thread_agent(snapshot)

    SessionAgent.model_validate(session, strict=True)
    ThreadAgent.model_validate(thread, strict=True)
    assert session["version"] == 0
    assert session["model"] == {"id": "unknown"}


def test_what_a_transcript_does_say_is_kept():
    told = {"name": "n", "model": {"id": "m"}, "system": "Be brief.", "version": 3, "odd": 1}

    answered = resolving.session_agent(told)

    assert {name: answered[name] for name in told if name != "odd"} == {
        name: value for name, value in told.items() if name != "odd"
    }
    assert "odd" not in answered


@pytest.mark.skipif(not SPEC.exists(), reason="needs the contract beside the repository")
def test_snapshots_keep_the_contract():
    lead = given.coordinator(given.agent(), SELF, {"type": "advisor", "model": "a"})
    schema = json.loads(SPEC.read_text())["BetaManagedAgentsSession"]
    agent = {"$defs": schema["$defs"], "$ref": "#/$defs/BetaManagedAgentsSessionAgent"}

    for answer in (resolved(lead.public_id).snapshot, {}):
        jsonschema.validate(resolving.session_agent(answer), agent)


def test_a_whole_snapshot_is_answered_as_it_is():
    lead = given.coordinator(given.agent(), SELF)
    snapshot = resolved(lead.public_id).snapshot

    assert resolving.session_agent(snapshot) == snapshot


def test_an_environment_is_usable_until_it_is_archived_or_deleted():
    workspace = make.workspace()
    environment = given.environment()
    theirs = given.environment(of=make.workspace("neighbour"))

    assert resolving.usable_environment(workspace, environment.public_id) == environment
    for unknown in ("nobody", "\x00", theirs.public_id):
        with pytest.raises(finding.EnvironmentNotFound):
            resolving.usable_environment(workspace, unknown)
    Environment.objects.of_record(workspace)
    with pytest.raises(resolving.NothingRunsThere):
        resolving.usable_environment(workspace, Environment.ELSEWHERE)
