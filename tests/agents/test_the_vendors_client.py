"""The vendor's own client, as strict as it can be, against a running server."""

import anthropic
import pytest

from tests import make


@pytest.fixture
def client(live_server):
    _, secret = make.key()
    with anthropic.Anthropic(
        base_url=live_server.url,
        api_key=secret,
        max_retries=0,
        _strict_response_validation=True,
    ) as client:
        yield client.beta


def test_a_team_is_defined_changed_listed_and_archived(client):
    helper = client.agents.create(name="helper", model="claude-haiku-4-5")
    lead = client.agents.create(
        name="lead",
        model={"id": "claude-opus-5-5", "effort": "high"},
        tools=[
            {"type": "agent_toolset_20260401", "configs": [{"name": "bash", "enabled": False}]},
            {"type": "mcp_toolset", "mcp_server_name": "crm"},
        ],
        mcp_servers=[{"type": "url", "name": "crm", "url": "https://crm.example.com/mcp"}],
        multiagent={"type": "coordinator", "agents": [helper.id, {"type": "self"}]},
    )
    helper = client.agents.update(helper.id, system="Help.", version=helper.version)

    assert [each.version for each in lead.multiagent.agents] == [1, 1]
    assert lead.tools[1].default_config.permission_policy.type == "always_ask"
    assert (helper.version, helper.system) == (2, "Help.")
    assert client.agents.retrieve(helper.id, version=1).system is None
    assert [each.id for each in client.agents.list(limit=1)] == [lead.id, helper.id]
    versions = client.agents.versions.list(helper.id, limit=1)
    assert [each.version for each in versions] == [2, 1]
    assert client.agents.archive(helper.id).archived_at is not None
    assert [each.id for each in client.agents.list(created_at_gte=helper.created_at)] == [lead.id]


def test_the_newer_form_of_a_roster(client):
    helper = client.agents.create(name="helper", model="claude-haiku-4-5")

    lead = client.agents.create(
        name="lead",
        model="claude-opus-5-5",
        multiagent={
            "type": "multiagent_20261001",
            "advisor": {"type": "enabled", "model": "claude-fable-5"},
            "subagents": {"type": "enabled", "predefined_agents": [helper.id, {"type": "self"}]},
            "workflows": {"type": "disabled"},
        },
    )

    assert lead.multiagent.advisor.model == "claude-fable-5"
    assert [each.id for each in lead.multiagent.subagents.predefined_agents] == [
        helper.id,
        lead.id,
    ]


def test_an_environment_from_its_making_to_its_end(client):
    made = client.environments.create(
        name="python",
        config={
            "type": "cloud",
            "networking": {"type": "limited", "allow_package_managers": True},
            "packages": {"pip": ["pandas"]},
        },
    )
    changed = client.environments.update(made.id, name="python 3", metadata={"team": "a"})

    assert (changed.name, changed.metadata) == ("python 3", {"team": "a"})
    assert changed.config.packages.pip == ["pandas"]
    assert client.environments.retrieve(made.id) == changed
    assert client.environments.archive(made.id).archived_at
    assert [each.id for each in client.environments.list(include_archived=True)] == [made.id]
    assert client.environments.delete(made.id).type == "environment_deleted"


def test_refusals_have_the_classes_that_the_client_knows(client):
    agent = client.agents.create(name="a", model="m")
    environment = client.environments.create(name="e", config={"type": "self_hosted"})

    with pytest.raises(anthropic.ConflictError) as conflict:
        client.agents.update(agent.id, version=9)
    with pytest.raises(anthropic.NotFoundError):
        client.agents.retrieve("string")
    with pytest.raises(anthropic.BadRequestError, match=r"multiagent\.agents\.0"):
        client.agents.create(
            name="a", model="m", multiagent={"type": "coordinator", "agents": ["nobody"]}
        )
    with pytest.raises(anthropic.BadRequestError) as changed:
        client.environments.update(environment.id, config={"type": "cloud"})
    client.environments.archive(environment.id)
    with pytest.raises(anthropic.BadRequestError) as archived:
        client.environments.update(environment.id, name="x")
    with pytest.raises(anthropic.NotFoundError) as unknown:
        client.environments.retrieve("x")

    assert conflict.value.request_id.startswith("req_")
    codes = [
        each.value.body["error"]["details"]["error_code"] for each in (changed, archived, unknown)
    ]
    assert codes == ["invalid_config_type_change", "environment_archived", "environment_not_found"]
