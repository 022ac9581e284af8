"""The wire of agents: what is made, what is answered, what a change does."""

import json
from pathlib import Path

import jsonschema
import pytest
from django.db import connection

from apps.accounts.models import AuditEntry
from apps.agents.api.answers import Agent as Answer
from apps.agents.models import Agent, AgentVersion
from tests import make
from tests.agents import given

SPEC = Path(__file__).parents[3] / "shared/spec/sdk-2.12.0-response-schemas.json"
TOOLSET = {"type": "agent_toolset_20260401"}
ALLOW, ASK, AUTO = ({"type": each} for each in ("always_allow", "always_ask", "auto"))
EVERYTHING = {
    "name": "everything",
    "model": {"id": "claude-opus-5-5", "effort": "xhigh", "speed": "fast", "inference_geo": "eu"},
    "description": "All that can be said.",
    "system": "Be brief.",
    "tools": [
        TOOLSET
        | {
            "default_config": {"permission_policy": AUTO},
            "configs": [
                {"name": "bash", "enabled": False},
                {
                    "name": "web_fetch",
                    "type": "web_fetch",
                    "allowed_domains": ["docs.example.com"],
                    "max_content_tokens": 1000,
                    "url_sources": {
                        "user_input": "none",
                        "client_tool_results": {
                            "type": "only",
                            "tools": [{"type": "tool_reference", "name": "look_up"}],
                        },
                    },
                },
                {
                    "name": "web_search",
                    "blocked_domains": ["ads.example.com/path"],
                    "user_location": {"type": "approximate", "country": "CH"},
                },
            ],
        },
        {
            "type": "mcp_toolset",
            "mcp_server_name": "crm",
            "configs": [{"name": "search", "permission_policy": ALLOW}],
        },
        {
            "type": "custom",
            "name": "look_up",
            "description": "Looks an order up.",
            "input_schema": {
                "type": "object",
                "properties": {"order": {"type": "string"}},
                "required": ["order"],
                "additionalProperties": False,
            },
        },
    ],
    "mcp_servers": [{"type": "url", "name": "crm", "url": "https://crm.example.com/mcp"}],
    "skills": [
        {"type": "anthropic", "skill_id": "xlsx"},
        {"type": "custom", "skill_id": "skill_1", "version": "3"},
    ],
    "metadata": {"team": "support"},
    "execution_identity": {"type": "aws_role", "role_arn": "arn:aws:iam::1:role/T"},
}
CLEARABLE = (
    "description",
    "system",
    "tools",
    "mcp_servers",
    "skills",
    "multiagent",
    "execution_identity",
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def api():
    return make.api()


def post(api, path, body=None):
    data = "" if body is None else json.dumps(body)
    return api.post(f"/v1/{path}", data, content_type="application/json")


def made(api, **fields):
    body = {"name": "refunds", "model": "claude-sonnet-5"} | fields
    answer = post(api, "agents", body)
    assert answer.status_code == 200, answer.json()
    return answer.json()


def refused(answer, status=400):
    assert answer.status_code == status, answer.json()
    return answer.json()["error"]["message"]


def test_a_name_and_a_model_are_enough(api):
    agent = made(api)

    assert agent == {
        "id": agent["id"],
        "type": "agent",
        "version": 1,
        "name": "refunds",
        "model": {"id": "claude-sonnet-5", "effort": {"type": "high"}, "speed": "standard"},
        "description": None,
        "system": None,
        "tools": [],
        "mcp_servers": [],
        "skills": [],
        "multiagent": None,
        "metadata": {},
        "execution_identity": {"type": "service_account"},
        "created_at": agent["created_at"],
        "updated_at": agent["created_at"],
        "archived_at": None,
    }
    assert agent["id"].startswith("agent_01")
    assert agent["created_at"].endswith("Z")


def test_every_default_is_answered_resolved(api):
    tools = made(api, **EVERYTHING)["tools"]

    web_fetch = tools[0]["configs"][1]
    assert tools[0]["default_config"] == {"enabled": True, "permission_policy": AUTO}
    assert tools[0]["configs"][0] == {
        "type": "bash",
        "name": "bash",
        "enabled": False,
        "permission_policy": AUTO,
    }
    assert web_fetch["url_sources"]["user_input"] == {"type": "none"}
    assert web_fetch["permission_policy"] == AUTO
    assert tools[1]["default_config"] == {"enabled": True, "permission_policy": ASK}
    assert tools[1]["configs"][0]["permission_policy"] == ALLOW
    assert tools[2] == EVERYTHING["tools"][2]


def test_what_is_answered_can_be_sent_back_and_changes_nothing(api):
    agent = made(api, **EVERYTHING)
    told = {name: agent[name] for name in EVERYTHING}

    again = post(api, f"agents/{agent['id']}", told | {"version": 1})

    assert again.json() == agent
    assert AgentVersion.objects.count() == 1


@pytest.mark.skipif(not SPEC.exists(), reason="needs the contract beside the repository")
def test_answers_keep_the_contract(api):
    helper = made(api)
    everything = made(
        api, **EVERYTHING, multiagent={"type": "coordinator", "agents": [helper["id"]]}
    )
    schema = json.loads(SPEC.read_text())["BetaManagedAgentsAgent"]

    for agent in (helper, everything):
        jsonschema.validate(agent, schema)
        answer = Answer.model_validate(agent)
        assert answer.model_dump(mode="json", exclude_unset=True) == agent


def test_omitted_keys_keep_and_null_clears(api):
    agent = made(api, **EVERYTHING)

    kept = post(api, f"agents/{agent['id']}", {"description": "Other."}).json()
    cleared = post(
        api,
        f"agents/{agent['id']}",
        dict.fromkeys(CLEARABLE),
    ).json()

    assert kept == agent | {
        "description": "Other.",
        "version": 2,
        "updated_at": kept["updated_at"],
    }
    assert [cleared[name] for name in ("tools", "mcp_servers", "skills")] == [[], [], []]
    assert cleared["description"] is cleared["system"] is cleared["multiagent"] is None
    assert cleared["execution_identity"] == {"type": "service_account"}
    assert cleared["version"] == 3
    assert cleared["metadata"] == {"team": "support"}


def test_empty_text_clears_too(api):
    agent = made(api, system="Be brief.")

    assert post(api, f"agents/{agent['id']}", {"system": ""}).json()["system"] is None


@pytest.mark.parametrize("field", ["name", "model"])
def test_a_name_and_a_model_cannot_be_cleared(api, field):
    agent = made(api)

    assert refused(post(api, f"agents/{agent['id']}", {field: None})).startswith(field)
    assert refused(post(api, f"agents/{agent['id']}", {field: ""})).startswith(field)


def test_a_model_is_replaced_as_a_whole_but_for_its_effort(api):
    agent = made(api, **EVERYTHING)

    changed = post(api, f"agents/{agent['id']}", {"model": "claude-haiku-4-5"}).json()

    assert changed["model"] == {
        "id": "claude-haiku-4-5",
        "effort": {"type": "xhigh"},
        "speed": "standard",
    }


def test_metadata_is_merged_key_by_key(api):
    agent = made(api, metadata={"team": "support", "tier": "1"})

    changed = post(api, f"agents/{agent['id']}", {"metadata": {"tier": None, "desk": "a"}})

    assert changed.json()["metadata"] == {"team": "support", "desk": "a"}


def test_merged_metadata_keeps_the_limit(api):
    agent = made(api, metadata={f"k{n}": "v" for n in range(16)})

    message = refused(post(api, f"agents/{agent['id']}", {"metadata": {"one": "more"}}))
    swapped = post(api, f"agents/{agent['id']}", {"metadata": {"one": "more", "k0": None}})

    assert message == "metadata: these are 17 pairs; at most 16"
    assert swapped.status_code == 200


def test_another_version_than_the_newest_is_a_conflict_even_if_nothing_would_change(api):
    agent = made(api)
    post(api, f"agents/{agent['id']}", {"name": "second"})

    answer = post(api, f"agents/{agent['id']}", {"name": "second", "version": 1})

    assert "at version 2 by now, not at 1" in refused(answer, 409)
    assert answer.json()["error"]["type"] == "conflict_error"
    assert answer["x-should-retry"] == "false"


def test_every_version_can_be_read(api):
    agent = made(api)
    post(api, f"agents/{agent['id']}", {"name": "second"})

    first = api.get(f"/v1/agents/{agent['id']}?version=1").json()
    newest = api.get(f"/v1/agents/{agent['id']}").json()

    assert (first["name"], first["version"]) == ("refunds", 1)
    assert first["updated_at"] == agent["updated_at"]
    assert (newest["name"], newest["version"]) == ("second", 2)
    assert "has no version 3" in refused(api.get(f"/v1/agents/{agent['id']}?version=3"), 404)
    assert refused(api.get(f"/v1/agents/{agent['id']}?version=0")).startswith("version")


def test_archiving_is_for_good_and_may_be_repeated(api):
    agent = made(api)

    archived = post(api, f"agents/{agent['id']}/archive").json()

    assert archived["archived_at"]
    assert post(api, f"agents/{agent['id']}/archive").json() == archived
    assert api.get(f"/v1/agents/{agent['id']}").json() == archived
    assert "archived" in refused(post(api, f"agents/{agent['id']}", {"name": "x"}))
    assert "archived" in refused(post(api, f"agents/{agent['id']}", {}))


def test_agents_are_listed_newest_first_without_the_archived(api):
    old, new, gone = (given.agent(name=name) for name in ("old", "new", "gone"))
    given.archived(gone)
    make.session(agent="known from a transcript")

    listed = api.get("/v1/agents").json()
    everything = api.get("/v1/agents?include_archived=true").json()

    assert [each["id"] for each in listed["data"]] == [new.public_id, old.public_id]
    assert [each["name"] for each in everything["data"]] == ["gone", "new", "old"]


def test_a_list_can_be_kept_to_a_span_of_time(api):
    agents = [given.agent(name=name) for name in "abc"]
    stamps = [each.created_at.isoformat() for each in agents]

    shown = api.get("/v1/agents", {"created_at[gte]": stamps[1], "created_at[lte]": stamps[1]})

    assert [each["name"] for each in shown.json()["data"]] == ["b"]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_the_same_however_long(api, rows, django_assert_num_queries):
    for number in range(rows):
        given.agent(name=f"a{number}")

    api.get("/v1/agents")  # the key's use is noted once
    with django_assert_num_queries(3):
        listed = api.get("/v1/agents").json()

    assert len(listed["data"]) == rows


def test_lists_are_paged(api):
    agent = given.agent()
    for number in range(4):
        given.agent(name=f"a{number}")
        agent = given.changed(agent, system=f"{number}")

    for path, key in (("agents", "id"), (f"agents/{agent.public_id}/versions", "version")):
        seen, cursor = [], ""
        while cursor is not None:
            page = api.get(f"/v1/{path}", {"limit": 2, "page": cursor}).json()
            seen += [each[key] for each in page["data"]]
            cursor = page["next_page"]
        assert len(seen) == len(set(seen)) == 5
    assert refused(api.get("/v1/agents?page=page")).startswith("page")


@pytest.mark.parametrize("rows", [1, 3])
def test_versions_are_listed_newest_first_at_one_price(api, rows, django_assert_num_queries):
    agent = given.agent()
    for number in range(rows - 1):
        agent = given.changed(agent, system=f"{number}")

    api.get("/v1/agents")  # the key's use is noted once
    with django_assert_num_queries(4):
        listed = api.get(f"/v1/agents/{agent.public_id}/versions").json()

    assert [each["version"] for each in listed["data"]] == list(range(rows, 0, -1))


def test_a_cursor_belongs_to_one_agents_versions(api):
    one, other = given.changed(given.agent(), system="x"), given.changed(given.agent(), system="x")
    cursor = api.get(f"/v1/agents/{one.public_id}/versions?limit=1").json()["next_page"]

    answer = api.get(f"/v1/agents/{other.public_id}/versions", {"page": cursor})

    assert refused(answer).startswith("page")


def test_what_is_known_from_transcripts_alone_is_no_agent_of_the_api(api):
    session = make.session(agent="refunds")

    assert refused(api.get(f"/v1/agents/{session.agent.public_id}"), 404)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", ""),
        ("get", "?version=1"),
        ("post", ""),
        ("post", "/archive"),
        ("get", "/versions"),
    ],
)
def test_a_neighbours_agent_does_not_exist(api, method, path):
    theirs = given.agent(of=make.workspace("neighbour"))
    address = f"/v1/agents/{theirs.public_id}{path}"

    answer = getattr(api, method)(address, content_type="application/json")

    refused(answer, 404)
    assert api.get("/v1/agents").json()["data"] == []
    assert Agent.objects.get().archived_at is None


@pytest.mark.parametrize("agent_id", ["x", "string", "agent_\x00", "ä" * 300])
def test_an_id_is_looked_up_and_never_judged(api, agent_id):
    refused(api.get(f"/v1/agents/{agent_id}"), 404)


def test_changes_are_noted_and_repetitions_are_not(api):
    agent = made(api)
    for _ in range(2):
        post(api, f"agents/{agent['id']}", {"system": "Be brief."})
    for _ in range(2):
        post(api, f"agents/{agent['id']}/archive")

    noted = AuditEntry.objects.filter(object_id=agent["id"]).order_by("pk")
    assert [each.action for each in noted] == ["agent.created", "agent.updated", "agent.archived"]
    assert (noted[1].before, noted[1].after) == ({"system": None}, {"system": "Be brief."})


def test_reading_takes_read_and_changing_takes_write():
    agent = given.agent()
    reader = make.api("read")

    assert reader.get(f"/v1/agents/{agent.public_id}").status_code == 200
    for path in ("agents", f"agents/{agent.public_id}", f"agents/{agent.public_id}/archive"):
        refused(post(reader, path, {}), 403)


def test_text_that_no_database_holds_is_kept_as_far_as_it_goes(api):
    agent = made(api, name="a\x00b", system="\ud800", metadata={"k\x00": "\x00"})

    assert (agent["name"], agent["system"]) == ("a␀b", "?")
    assert agent["metadata"] == {"k␀": "␀"}


def test_a_version_never_changes():
    given.agent()

    with pytest.raises(Exception, match="never changes"), connection.cursor() as cursor:
        cursor.execute("UPDATE agents_agentversion SET version = 2")
