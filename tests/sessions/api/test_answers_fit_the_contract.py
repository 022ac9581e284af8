"""Every answer against the vendor's schema, and against our own document of it."""

import jsonschema
import pytest
from pydantic import TypeAdapter

from apps.core.api.documenting import Listed, ListedBothWays
from apps.sessions.api import answers
from apps.sessions.models import Source
from apps.sessions.records import ThreadRecord
from tests import make
from tests.sessions.api.asking import happens, message, new_agent, outcome, starts_thread, uses

pytestmark = pytest.mark.django_db
PREFIX = "BetaManagedAgents"


@pytest.fixture
def fits(schemas):
    """Whether an answer is what the vendor and we say it is."""

    def check(answer, name, model, *, of=None):
        schema = schemas[name if name in schemas else f"{PREFIX}{name}"]
        for each in answer["data"] if of else [answer]:
            jsonschema.validate(each, schema)
        adapter = TypeAdapter(of[model] if of else model)
        adapter.validate_python(answer)
        known = set(adapter.json_schema()["properties"])
        assert answer.keys() <= known, "our document says all that there is"

    return check


@pytest.fixture
def busy(api, environment, file):
    """A session with a little of everything."""
    specialist = new_agent(name="specialist", system="You know refunds")
    coordinator = new_agent(
        model={"id": "claude-opus-4-5", "effort": "high", "speed": "fast"},
        tools=[{"type": "agent_toolset_20260401"}],
        multiagent={"type": "coordinator", "agents": [specialist.public_id, {"type": "self"}]},
    )
    told = api.post(
        "sessions",
        agent=coordinator.public_id,
        environment_id=environment.public_id,
        title="Order 1234",
        metadata={"a": "b"},
        budget={"type": "limit", "max_list_cost": {"amount": "2500", "currency": "USD"}},
        initial_events=[message(), outcome()],
        resources=[
            {"type": "file", "file_id": file.pk},
            {
                "type": "github_repository",
                "url": "https://github.com/acme/site",
                "checkout": {"type": "commit", "sha": "0a1b2c3d"},
            },
        ],
    )
    child = starts_thread(told, agent_snapshot={"name": "specialist", "id": specialist.public_id})
    use = uses(evaluated_permission="ask", thread=child.public_id)
    happens(
        told,
        make.event("session.status_running"),
        *make.request(),
        make.event("agent.message", "Looking"),
        use,
        uses("agent.custom_tool_use", id="sevt_custom"),
        make.event(
            "session.status_idle",
            stop_reason={"type": "requires_action", "event_ids": ["sevt_use", "sevt_custom"]},
        ),
    )
    return told


def test_sessions(api, busy, fits):
    path = f"sessions/{busy['id']}"

    fits(busy, "Session", answers.Session)
    fits(api.get(path), "Session", answers.Session)
    fits(api.post(path, title="New", agent={"tools": []}), "Session", answers.Session)
    fits(api.get("sessions"), "Session", answers.Session, of=ListedBothWays)
    fits(api.post(f"{path}/archive"), "Session", answers.Session)
    fits(api.delete(path), "DeletedSession", answers.SessionDeleted)


def test_events(api, busy, fits):
    path = f"sessions/{busy['id']}"
    api.post(path, title="New", metadata={"a": None, "c": "d"})
    sent = api.post(
        f"{path}/events",
        events=[
            {"type": "user.interrupt"},
            {"type": "user.tool_confirmation", "tool_use_id": "sevt_use", "result": "allow"},
            {
                "type": "user.custom_tool_result",
                "custom_tool_use_id": "sevt_custom",
                "content": [{"type": "text", "text": "42"}],
            },
            {"type": "system.message", "content": [{"type": "text", "text": "Be brief"}]},
        ],
    )

    fits(sent, "SendSessionEvents", answers.EventsSent)
    listed = api.get(f"{path}/events", limit=100)
    assert len(listed["data"]) == 15  # the last one says that its outcome was given up
    assert listed["data"][-1]["result"] == "interrupted"
    fits(listed, "SessionEvent", answers.SessionEvent, of=Listed)
    for thread in api.get(f"{path}/threads")["data"]:
        own = api.get(f"{path}/threads/{thread['id']}/events")
        fits(own, "SessionEvent", answers.SessionEvent, of=Listed)


def test_every_kind_of_event_that_can_be_sent(api, busy, fits):
    sent = api.post(f"sessions/{busy['id']}/events", events=[message()])
    began = api.get(f"sessions/{busy['id']}/events", **{"types[]": "user.define_outcome"})

    fits(sent, "SendSessionEvents", answers.EventsSent)
    fits({"data": began["data"]}, "SendSessionEvents", answers.EventsSent)


def test_a_mounted_memory_store(api, ids, fits):
    store = api.post("memory_stores", name="Team notes")
    mount = {"type": "memory_store", "memory_store_id": store["id"]}

    told = api.post("sessions", **ids, resources=[mount])

    fits(told, "Session", answers.Session)
    [resource] = told["resources"]
    fits(resource, "SessionResource", answers.MemoryStoreResource)


def test_resources(api, busy, file, fits):
    path = f"sessions/{busy['id']}/resources"
    _, repository = busy["resources"]

    fits(api.get(path), "SessionResource", answers.SessionResource, of=Listed)
    one = f"{path}/{repository['id']}"
    fits(api.get(one), "ResourceRetrieveResponse", answers.RepositoryResource)
    rotated = api.post(one, authorization_token="new")
    fits(rotated, "ResourceUpdateResponse", answers.RepositoryResource)
    added = api.post(path, type="file", file_id=file.pk, mount_path="b")
    fits(added, "FileResource", answers.FileResource)
    fits(api.delete(one), "DeleteSessionResource", answers.ResourceDeleted)


def test_threads(api, busy, fits):
    path = f"sessions/{busy['id']}/threads"
    starts_thread(busy, "sthr_a", agent_snapshot={"type": "advisor", "model": "claude-opus-4-5"})

    listed = api.get(path)
    fits(listed, "SessionThread", answers.SessionThread, of=Listed)
    for thread in listed["data"]:
        fits(api.get(f"{path}/{thread['id']}"), "SessionThread", answers.SessionThread)
    fits(api.post(f"{path}/sthr_a/archive"), "SessionThread", answers.SessionThread)


ODD = {
    "bare": {},
    "no clock": {"timed": False},
    "no title": {"title": ""},
}


@pytest.mark.parametrize("case", ODD)
def test_sessions_of_elsewhere(api, fits, case):
    odd = ThreadRecord("s", "sthr_1", {"name": "x", "model": "m", "tools": "none", "id": 5}, "p")
    imported = make.session(
        make.event(),
        make.event("agent.message", "Hi", thread="sthr_1"),
        make.event("user.define_outcome", outcome_id="outc_1", description="A"),
        make.event("span.outcome_evaluation_end", outcome_id="outc_1", result="needs_revision"),
        threads=[odd],
        **ODD[case],
    )
    path = f"sessions/{imported.public_id}"

    fits(api.get(path), "Session", answers.Session)
    fits(api.get(f"{path}/threads"), "SessionThread", answers.SessionThread, of=Listed)
    assert imported.source == Source.NATIVE
