"""`POST /v1/sessions`: all of it, or nothing."""

import pytest

from apps.accounts.models import AuditEntry
from apps.agents.actions.agents import archive_agent, update_agent
from apps.agents.actions.environments import archive_environment
from apps.agents.api.shapes import AgentPatch
from apps.files.models import File
from apps.sessions.models import Event, Session, Thread
from tests import make
from tests.sessions.api.asking import Api, message, new_agent, new_environment, outcome, row

pytestmark = pytest.mark.django_db
BUDGET = {"type": "limit", "max_list_cost": {"amount": "2500", "currency": "USD"}}


def test_a_session_begins_idle_with_its_primary_thread(api, agent, ids):
    told = api.post("sessions", **ids, title="Order 1234", metadata={"team": "support"})

    assert told["id"].startswith("sesn_01")
    assert (told["type"], told["status"], told["title"]) == ("session", "idle", "Order 1234")
    assert told["metadata"] == {"team": "support"}
    assert told["environment_id"] == ids["environment_id"]
    assert (told["agent"]["id"], told["agent"]["version"]) == (agent.public_id, 1)
    assert told["resources"] == told["vault_ids"] == told["outcome_evaluations"] == []
    assert told["usage"]["list_cost"] == {"amount": "0", "currency": "USD"}
    assert told["budget"] is told["deployment_id"] is told["archived_at"] is None
    assert (row(told).source, row(told).thread_count) == ("api", 1)
    (thread,) = api.get(f"sessions/{told['id']}/threads")["data"]
    assert (thread["parent_thread_id"], thread["agent"]["name"]) == (None, "helper")
    assert api.get(f"sessions/{told['id']}")["id"] == told["id"]


def test_it_is_in_the_log_who_created_it(api, ids):
    told = api.post("sessions", **ids, title="Order 1234")

    entry = AuditEntry.objects.get(action="session.created")
    assert (entry.object_id, entry.actor_type) == (told["id"], "api_actor")
    assert entry.after["title"] == "Order 1234"


def test_the_agent_stays_as_it_was_when_the_session_began(api, agent, ids):
    update_agent(agent=agent, patch=AgentPatch(system="New"), by=make.actor())
    newest = api.post("sessions", **ids)
    first = {"type": "agent", "id": agent.public_id, "version": 1}
    older = api.post("sessions", **ids | {"agent": first})
    update_agent(agent=agent, patch=AgentPatch(system="Newer"), by=make.actor())

    assert (newest["agent"]["version"], newest["agent"]["system"]) == (2, "New")
    assert (older["agent"]["version"], older["agent"]["system"]) == (1, None)
    assert api.get(f"sessions/{newest['id']}")["agent"] == newest["agent"]


def test_overrides_hold_for_this_session_alone(api, agent, ids):
    given = {
        "type": "agent_with_overrides",
        "id": agent.public_id,
        "model": "claude-opus-4-5",
        "system": "Be brief",
        "tools": [{"type": "agent_toolset_20260401"}],
    }

    told = api.post("sessions", **ids | {"agent": given})["agent"]

    assert (told["id"], told["version"]) == (agent.public_id, 1)
    assert (told["model"]["id"], told["system"]) == ("claude-opus-4-5", "Be brief")
    assert told["tools"][0]["default_config"]["enabled"] is True
    assert api.post("sessions", **ids)["agent"]["system"] is None


def test_initial_events_are_there_in_their_order(api, ids, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as woken:
        told = api.post("sessions", **ids, initial_events=[message("One"), outcome()])

    events = api.get(f"sessions/{told['id']}/events")["data"]
    assert [each["type"] for each in events] == ["user.message", "user.define_outcome"]
    assert events[0]["content"] == [{"type": "text", "text": "One"}]
    (evaluation,) = told["outcome_evaluations"]
    assert (evaluation["outcome_id"], evaluation["result"]) == (events[1]["outcome_id"], "pending")
    assert told["status"] == "idle", "nothing runs it yet"
    assert len(woken) == 1


def test_what_cannot_be_sent_leaves_nothing_at_all(api, ids, file):
    rubric = {"type": "file", "file_id": "file_nowhere"}
    mount = {"type": "file", "file_id": file.pk}

    said = api.refused(
        "sessions", 404, **ids, resources=[mount], initial_events=[outcome(rubric=rubric)]
    )

    assert "file_nowhere" in said
    assert not Session.objects.exists()
    assert not Thread.objects.exists()
    assert not Event.objects.exists()
    assert list(File.objects.all()) == [file]


def test_a_read_key_creates_nothing(ids):
    assert "read" in Api("read").refused("sessions", 403, **ids)


_TEXT = {"type": "text", "text": "x"}
WRONG = {
    "agent": ({"agent": None}, 400, "agent: give a string, or an object whose type is"),
    "agent type": ({"agent": {"type": "robot"}}, 400, "agent: give a string, or an object"),
    "agent id": ({"agent": "agent_nowhere"}, 404, "There is no agent 'agent_nowhere'"),
    "agent with nul": ({"agent": "a\x00"}, 404, "There is no agent"),
    "environment": ({"environment_id": "env_no"}, 404, "There is no environment 'env_no'"),
    "environment empty": ({"environment_id": ""}, 400, "environment_id: "),
    "title": ({"title": "x" * 501}, 400, "title: string should have at most 500"),
    "title type": ({"title": 5}, 400, "title: input should be a valid string"),
    "metadata": ({"metadata": {str(n): "" for n in range(17)}}, 400, "metadata: "),
    "metadata key": ({"metadata": {"k" * 65: ""}}, 400, "metadata.k"),
    "metadata value": ({"metadata": {"k": "v" * 513}}, 400, "metadata.k: "),
    "metadata type": ({"metadata": {"k": 1}}, 400, "metadata.k: "),
    "vaults": ({"vault_ids": ["vlt_1"]}, 400, "vault_ids: this server keeps no vaults yet"),
    "memory": (
        {"resources": [{"type": "memory_store", "memory_store_id": "memstore_1"}]},
        404,
        "There is no memory store 'memstore_1'",
    ),
    "resource": ({"resources": [{"type": "disk"}]}, 400, "resources.0: "),
    "events": ({"initial_events": [message()] * 51}, 400, "initial_events: list should have at"),
    "two outcomes": ({"initial_events": [outcome()] * 2}, 400, "initial_events: there can be one"),
    "event type": ({"initial_events": [{"type": "user.interrupt"}]}, 400, "initial_events.0: "),
    "no content": (
        {"initial_events": [{"type": "user.message", "content": []}]},
        400,
        "initial_events.0.content: ",
    ),
    "unknown in a block": (
        {"initial_events": [{"type": "user.message", "content": [_TEXT | {"size": 1}]}]},
        400,
        "initial_events.0.content.0.size: unknown field",
    ),
    "budget": ({"budget": BUDGET | {"type": "none"}}, 400, "budget.type: "),
    "amount": (
        {"budget": {"type": "limit", "max_list_cost": {"amount": "0", "currency": "USD"}}},
        400,
        "budget.max_list_cost.amount: ",
    ),
    "amount in dollars": (
        {"budget": {"type": "limit", "max_list_cost": {"amount": "1.5", "currency": "USD"}}},
        400,
        "budget.max_list_cost.amount: ",
    ),
    "currency": (
        {"budget": {"type": "limit", "max_list_cost": {"amount": "1", "currency": "EUR"}}},
        400,
        "budget.max_list_cost.currency: ",
    ),
    "unknown": ({"colour": "red"}, 400, "colour: unknown field"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_refused_by_name(api, ids, case):
    given, status, said = WRONG[case]

    assert api.refused("sessions", status, **ids | given).startswith(said)
    assert not Session.objects.exists()


def test_limits_themselves_are_within(api, ids):
    told = api.post(
        "sessions",
        **ids,
        title="x" * 500,
        metadata={"k" * 64: "v" * 512} | {str(n): "" for n in range(15)},
        initial_events=[message()] * 50,
        vault_ids=[],
        budget=BUDGET,
    )

    assert (len(told["metadata"]), told["budget"]) == (16, BUDGET)
    assert row(told).event_count == 50


def test_archived_agents_and_environments_start_nothing(api, agent, environment, ids):
    archive_environment(environment=environment, by=make.actor())
    assert api.post("sessions", 400, **ids)["error"]["details"] == {
        "error_code": "environment_archived"
    }

    archive_agent(agent=agent, by=make.actor())
    assert "is archived" in api.refused("sessions", 400, **ids)


def test_what_transcripts_alone_know_starts_nothing(api, environment, ids):
    known = make.session(make.event())

    assert api.post("sessions", 404, **ids | {"agent": known.agent.public_id})
    elsewhere = known.environment.public_id
    assert "elsewhere" in api.refused("sessions", 400, **ids | {"environment_id": elsewhere})


def test_a_budget_needs_list_prices_of_every_model(api, ids, environment):
    nameless = new_agent(model="somebody-elses-model")
    plain = {"agent": nameless.public_id, "environment_id": environment.public_id}
    roster = {"type": "coordinator", "agents": [nameless.public_id]}
    coordinator = plain | {"agent": new_agent(multiagent=roster).public_id}

    for given in (plain, coordinator):
        error = api.post("sessions", 400, **given, budget=BUDGET)["error"]
        assert error["details"] == {"error_code": "model_not_budgetable"}
        assert "somebody-elses-model" in error["message"]
        assert api.post("sessions", **given)["budget"] is None
    assert api.post("sessions", **ids, budget=BUDGET)["budget"] == BUDGET


def test_the_neighbours_things_do_not_exist(api, ids):
    theirs = make.workspace("next-door")
    agent, environment = new_agent(of=theirs), new_environment(of=theirs)

    api.post("sessions", 404, **ids | {"agent": agent.public_id})
    api.post("sessions", 404, **ids | {"environment_id": environment.public_id})


def test_creating_costs_a_fixed_number_of_statements(api, ids, django_assert_num_queries):
    api.get("sessions")  # the key notes that it is in use

    for events in (1, 3):
        with django_assert_num_queries(19):
            api.post("sessions", **ids, initial_events=[message()] * events)
