"""The limits of a definition, each refused at its own place."""

import pytest

from apps.agents.api.shapes import NewAgent
from apps.core.api.shapes import Misshapen, read
from tests import make
from tests.agents import given

TOOLSET = {"type": "agent_toolset_20260401"}
SERVER = {"type": "url", "name": "crm", "url": "https://crm.example.com"}
USE = {"type": "mcp_toolset", "mcp_server_name": "crm"}
FETCH = {"name": "web_fetch"}


def custom(name="look_up", **fields):
    schema = {"type": "object"}
    return {"type": "custom", "name": name, "description": "d", "input_schema": schema} | fields


def configured(*configs):
    return {"tools": [TOOLSET | {"configs": list(configs)}]}


def only(*names, kind="only"):
    return {"type": kind, "tools": [{"type": "tool_reference", "name": name} for name in names]}


SHAPE = [
    ({"name": ""}, "name: string should have at least 1 character"),
    ({"name": "n" * 257}, "name: string should have at most 256 characters"),
    ({"model": ""}, "model: string should have at least 1 character"),
    ({"model": 5}, "model: give a string or an object"),
    ({"model": {}}, "model.id: this field is required"),
    ({"model": {"id": "m", "effort": "most"}}, "model.effort: input should be 'low', "),
    ({"model": {"id": "m", "effort": {"type": "most"}}}, "model.effort.type: input should be"),
    ({"model": {"id": "m", "speed": "slow"}}, "model.speed: input should be 'standard' or 'fast'"),
    ({"model": {"id": "m", "temperature": 1}}, "model.temperature: unknown field"),
    ({"description": "d" * 2049}, "description: string should have at most 2048 characters"),
    ({"system": "s" * 100_001}, "system: string should have at most 100000 characters"),
    ({"sytem": ""}, "sytem: unknown field"),
    ({"tools": {}}, "tools: input should be a valid list"),
    ({"tools": [{}]}, "tools.0: 'type' is required and says what this is"),
    ({"tools": [{"type": "x"}]}, "tools.0: 'type' must be one of 'agent_toolset_20260401', "),
    ({"tools": [custom(str(n)) for n in range(257)]}, "tools: list should have at most 256 items"),
    ({"tools": [custom("a b")]}, "tools.0.name: string should match pattern"),
    ({"tools": [custom("n" * 129)]}, "tools.0.name: string should match pattern"),
    ({"tools": [custom(description="")]}, "tools.0.description: string should have at least"),
    ({"tools": [custom(input_schema={})]}, "tools.0.input_schema.type: this field is required"),
    (
        {"tools": [custom(input_schema={"type": "array"})]},
        "tools.0.input_schema.type: input should be 'object'",
    ),
    (configured({"name": "rm"}), "tools.0.configs.0: 'name' must be one of 'bash', 'edit'"),
    (
        configured({"name": "bash", "type": "read"}),
        "tools.0.configs.0: type must be 'bash', as the name is",
    ),
    (
        configured({"name": "bash", "permission_policy": {"type": "never"}}),
        "tools.0.configs.0.permission_policy.type: input should be 'always_allow'",
    ),
    (
        configured(FETCH | {"allowed_domains": []}),
        "tools.0.configs.0.allowed_domains: list should have at least 1 item",
    ),
    (
        configured(FETCH | {"allowed_domains": ["https://a.example"]}),
        "tools.0.configs.0.allowed_domains.0: string should match pattern",
    ),
    (
        configured(FETCH | {"allowed_domains": ["a"], "blocked_domains": ["b"]}),
        "tools.0.configs.0: give allowed_domains or blocked_domains, not both",
    ),
    (
        configured(
            {"name": "web_search", "user_location": {"type": "approximate", "country": "c"}}
        ),
        "tools.0.configs.0.user_location.country: string should match pattern",
    ),
    (
        configured(FETCH | {"url_sources": {"user_input": "some"}}),
        "tools.0.configs.0.url_sources.user_input: input should be 'all' or 'none'",
    ),
    (
        configured(FETCH | {"url_sources": {"client_tool_results": only()}}),
        "tools.0.configs.0.url_sources.client_tool_results.tools: list should have at least 1",
    ),
    ({"mcp_servers": [SERVER] * 21}, "mcp_servers: list should have at most 20 items"),
    ({"mcp_servers": [SERVER | {"url": "crm"}]}, "mcp_servers.0.url: string should match pattern"),
    ({"skills": [{"type": "own"}]}, "skills.0.type: input should be 'anthropic' or 'custom'"),
    ({"metadata": {"k" * 65: "v"}}, f"metadata.{'k' * 65}: string should have at most 64"),
    ({"metadata": {"k": "v" * 513}}, "metadata.k: string should have at most 512 characters"),
    ({"metadata": {f"{n}": "" for n in range(17)}}, "metadata: dictionary should have at most 16"),
    ({"metadata": {"k": 1}}, "metadata.k: input should be a valid string"),
    ({"execution_identity": {"type": "root"}}, "execution_identity: 'type' must be one of"),
    ({"multiagent": {"type": "swarm"}}, "multiagent: 'type' must be one of 'coordinator', "),
    (
        {"multiagent": {"type": "coordinator", "agents": []}},
        "multiagent.agents: list should have at least 1 item",
    ),
    (
        {"multiagent": {"type": "coordinator", "agents": ["a"] * 21}},
        "multiagent.agents: list should have at most 20 items",
    ),
    (
        {
            "multiagent": {
                "type": "coordinator",
                "agents": [{"type": "agent", "id": "a", "version": 0}],
            }
        },
        "multiagent.agents.0.version: input should be greater than or equal to 1",
    ),
    (
        {"multiagent": {"type": "multiagent_20261001", "advisor": {"type": "enabled"}}},
        "multiagent.advisor.model: this field is required",
    ),
]
TOGETHER = [
    (
        {"tools": [TOOLSET, *(custom(str(n)) for n in range(249))]},
        "tools: these are 257 tools in all; at most 256",
    ),
    ({"tools": [custom(), custom()]}, "tools.1.name: 'look_up' is there twice"),
    ({"tools": [TOOLSET, custom("bash")]}, "tools.1.name: 'bash' is a built-in tool already"),
    ({"tools": [TOOLSET, TOOLSET]}, "tools.1: 'the built-in toolset' is there twice"),
    (
        configured({"name": "bash"}, {"name": "bash"}),
        "tools.0.configs.1.name: 'bash' is there twice",
    ),
    ({"tools": [USE]}, "tools.0.mcp_server_name: mcp_servers has no server 'crm'"),
    (
        {"tools": [USE, USE], "mcp_servers": [SERVER]},
        "tools.1.mcp_server_name: 'toolset of crm' is there twice",
    ),
    ({"mcp_servers": [SERVER]}, "mcp_servers.0: no mcp_toolset in tools uses the server 'crm'"),
    (
        {"mcp_servers": [SERVER, SERVER], "tools": [USE]},
        "mcp_servers.1.name: 'crm' is there twice",
    ),
    (
        configured(FETCH | {"url_sources": {"client_tool_results": only("nobody")}}),
        (
            "tools.0.configs.0.url_sources.client_tool_results.tools.0.name: "
            "'nobody' is not a custom tool of this agent"
        ),
    ),
    (
        configured(FETCH | {"url_sources": {"server_tool_results": only("bash", kind="except")}}),
        (
            "tools.0.configs.0.url_sources.server_tool_results.tools.0.name: "
            "'bash' is not web_search or web_fetch"
        ),
    ),
    (
        configured(
            FETCH
            | {
                "url_sources": {
                    "user_input": "none",
                    "client_tool_results": "none",
                    "server_tool_results": {"type": "none"},
                }
            }
        ),
        "tools.0.configs.0.url_sources: not all three can be 'none': nothing could be fetched",
    ),
]
FINE = [
    {"name": "n" * 256, "system": "s" * 100_000, "description": "d" * 2048},
    {"tools": [TOOLSET, *(custom(str(n)) for n in range(248))]},
    configured({"name": "bash", "enabled": False}) | {"metadata": {"k" * 64: "v" * 512}},
    {"tools": [TOOLSET | {"default_config": {"enabled": False}}, custom("bash")]},
    {"tools": [USE], "mcp_servers": [SERVER]},
    {"tools": None, "mcp_servers": None, "skills": None, "metadata": None, "multiagent": None},
    {"model": {"id": "m", "effort": {"type": "max"}, "speed": None, "inference_geo": None}},
]


def whole(fields):
    return {"name": "a", "model": "m"} | fields


@pytest.mark.parametrize(("fields", "said"), SHAPE, ids=[said[:60] for _, said in SHAPE])
def test_the_shape_refuses(fields, said):
    with pytest.raises(Misshapen) as refused:
        read(NewAgent, whole(fields))

    assert refused.value.message.startswith(said)


@pytest.mark.django_db
@pytest.mark.parametrize(("fields", "said"), TOGETHER, ids=[said[:60] for _, said in TOGETHER])
def test_what_cannot_be_together_is_refused(fields, said):
    with pytest.raises(Misshapen) as refused:
        given.agent(**fields)

    assert refused.value.message == said


@pytest.mark.django_db
@pytest.mark.parametrize("fields", FINE)
def test_what_is_within_the_limits_is_taken(fields):
    assert given.agent(**fields).version == 1


def test_a_name_and_a_model_are_required():
    with pytest.raises(Misshapen) as refused:
        read(NewAgent, {})

    assert [str(each) for each in refused.value.problems] == [
        "name: this field is required",
        "model: this field is required",
    ]


@pytest.mark.django_db
def test_every_problem_is_told_at_once():
    body = whole({"tools": [custom(), custom(), USE]})

    answer = make.api().post("/v1/agents", body, content_type="application/json")

    assert answer.json()["error"]["message"] == (
        "tools.1.name: 'look_up' is there twice; "
        "tools.2.mcp_server_name: mcp_servers has no server 'crm'"
    )
