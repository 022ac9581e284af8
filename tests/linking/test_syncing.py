"""What a linked workspace has is brought here whole, once, and kept up to date."""

import pytest

from apps.agents.models import Agent, AgentVersion, Environment
from apps.linking import tasks
from apps.linking.models import Link, LinkedSession
from apps.sessions.erasing import erase
from apps.sessions.models import Event, Session, Thread
from tests import make
from tests.linking.conftest import make_link, sync

pytestmark = pytest.mark.django_db


def texts(session):
    return [event.text for event in Event.objects.filter(session=session).order_by("sequence")]


def test_agents_come_with_every_version(there, link):
    there.agent("agent_a", version=2, name="renamed", archived_at="2026-11-21T00:00:00Z")

    sync(link)

    agent = Agent.objects.get(public_id="agent_a")
    assert (agent.name, agent.version, agent.archived_at.isoformat()) == (
        "renamed",
        2,
        "2026-11-21T00:00:00+00:00",
    )
    versions = AgentVersion.objects.filter(agent=agent).order_by("version")
    assert [each.definition["system"] for each in versions] == ["Version 1.", "Version 2."]
    assert "id" not in versions[0].definition


def test_what_is_no_definition_of_an_agent_is_as_if_it_were_not_said(there, link):
    there.agent("agent_b", tools="all", skills=[1, {"type": "custom"}], metadata=None, name=7)

    sync(link)

    definition = AgentVersion.objects.get(agent__public_id="agent_b").definition
    assert (definition["tools"], definition["metadata"]) == ([], {})
    assert definition["skills"] == [{"type": "custom"}]
    assert definition["name"] == "agent_b"


def test_environments_come_as_they_are(there, link):
    sync(link)

    environment = Environment.objects.get(public_id="env_a")
    assert environment.config == {"type": "cloud", "networking": {"type": "unrestricted"}}
    assert environment.metadata == {"team": "a"}


def test_sessions_keep_their_ids_and_events_every_byte(there, link):
    there.session("sesn_1", "Hello", title="A title", metadata={"k": "v"}, vault_ids=["vlt_1"])
    odd = there.say("sesn_1", "x", second=5, unknown={"z": 1, "a": [1.5, None]}, id="sevt_odd")

    sync(link)

    session = Session.objects.get()
    assert (session.public_id, session.source, session.title) == ("sesn_1", "linked", "A title")
    assert (session.metadata, session.vault_ids) == ({"k": "v"}, ["vlt_1"])
    assert (session.agent.public_id, session.environment.public_id) == ("agent_a", "env_a")
    assert session.agent_version == 1
    event = Event.objects.get(public_id="sevt_odd")
    assert list(event.payload.items()) == list(odd.items())
    assert link.result["events"] == 2


def test_threads_come_in_the_order_of_time_and_posted_events_once(there, link):
    there.session("sesn_1")
    there.thread("sesn_1", "sthr_child", name="writer", parent="sthr_sesn_1")
    there.say("sesn_1", "begin", second=1)
    there.say("sesn_1", "working", second=2, thread="sthr_child")
    there.say("sesn_1", "between", second=3)
    posted = there.say("sesn_1", second=4, thread="sthr_child", type="agent.custom_tool_use")
    there.events["sesn_1"].append(posted | {"session_thread_id": "sthr_child"})
    there.say("sesn_1", "end", second=5)

    sync(link)

    session = Session.objects.get()
    child = Thread.objects.get(public_id="sthr_child")
    assert (child.agent_name, child.parent.public_id) == ("writer", "sthr_sesn_1")
    assert texts(session) == ["begin", "working", "between", "", "end"]
    assert [event.text for event in child.events.order_by("sequence")] == ["working", ""]
    assert (
        Event.objects.get(type="agent.custom_tool_use").payload["session_thread_id"]
        == child.public_id
    )


def test_pages_are_followed_to_their_end(there, link):
    there.rows_per_page = 2
    for number in range(5):
        there.session(f"sesn_{number}", *"abcde", created=f"2026-11-1{number}T00:00:00Z")

    sync(link)

    assert {tuple(texts(each)) for each in Session.objects.all()} == {tuple("abcde")}
    assert link.result["sessions"] == 5
    assert link.result["events"] == 25


def test_syncing_again_adds_nothing_and_asks_little(there, link):
    there.session("sesn_1", "Hello")
    sync(link)
    before = list(Event.objects.values_list("pk", "payload"))
    there.asked.clear()

    sync(link)

    assert list(Event.objects.values_list("pk", "payload")) == before
    assert (AgentVersion.objects.count(), Session.objects.count()) == (1, 1)
    assert link.result.get("events", 0) == 0
    assert [path.split("?")[0] for path in there.asked] == [
        "/v1/agents",
        "/v1/environments",
        "/v1/sessions",
    ]


def test_what_changed_since_is_read_on(there, link):
    there.session("sesn_1", "one")
    sync(link)
    there.say("sesn_1", "two", second=9)
    there.change("sesn_1", title="Renamed")

    sync(link)

    session = Session.objects.get()
    assert texts(session) == ["one", "two"]
    assert session.title == "Renamed"
    assert link.result["events"] == 1


def test_what_still_runs_is_read_again_though_nothing_is_said_to_have_changed(there, link):
    there.session("sesn_1", "one", status="running")
    sync(link)
    there.say("sesn_1", "two", second=9)

    sync(link)

    assert texts(Session.objects.get()) == ["one", "two"]


def test_reading_on_begins_near_the_end(there, link):
    there.rows_per_page = 2
    there.session("sesn_1", *"abcdefghij")
    sync(link)
    there.say("sesn_1", "k", second=20)
    there.change("sesn_1")
    there.asked.clear()

    sync(link)

    assert texts(Session.objects.get()) == list("abcdefghijk")
    assert sum("/events" in path for path in there.asked) == 3


def test_a_cursor_that_is_none_any_more_means_from_the_start(there, link):
    there.rows_per_page = 2
    there.session("sesn_1", *"abcde")
    sync(link)
    LinkedSession.objects.update(streams={"": "expired"})
    there.say("sesn_1", "f", second=20)
    there.change("sesn_1")

    sync(link)

    assert texts(Session.objects.get()) == list("abcdef")
    assert link.status == Link.Status.IDLE


def test_a_queued_event_comes_once_it_has_its_time(there, link):
    there.session("sesn_1", "one", status="running")
    queued = there.say("sesn_1", "wait", processed_at=None)
    sync(link)
    assert texts(Session.objects.get()) == ["one"]
    queued["processed_at"] = "2026-11-20T10:05:00Z"
    there.change("sesn_1", status="idle")

    sync(link)

    assert texts(Session.objects.get()) == ["one", "wait"]
    assert Event.objects.get(text="wait").payload["processed_at"] == "2026-11-20T10:05:00Z"


def test_an_archived_session_is_archived_here(there, link):
    there.session("sesn_1", "one")
    sync(link)
    there.change("sesn_1", status="terminated", archived_at="2026-11-21T00:00:00Z")

    sync(link)

    session = Session.objects.get()
    assert session.archived_at is not None
    assert session.status == "terminated"


def test_what_is_deleted_there_stays_here(there, link):
    there.session("sesn_1", "one", status="running")
    sync(link)
    del there.threads["sesn_1"]
    del there.events["sesn_1"]

    sync(link)

    assert texts(Session.objects.get()) == ["one"]
    assert link.result["gone"] == 1
    assert link.status == Link.Status.IDLE


def test_what_is_deleted_here_does_not_come_back(there, link):
    there.session("sesn_1", "one")
    sync(link)
    erase(Session.objects.get(), by=make.actor())
    there.say("sesn_1", "two", second=9)
    there.change("sesn_1")

    sync(link)

    assert not Session.objects.exists()


def test_only_what_may_have_changed_is_listed_until_a_day_has_passed(there, link):
    there.session("sesn_old", "one", created="2024-01-01T00:00:00Z")
    there.session("sesn_new", "one", created="2024-06-01T00:00:00Z")
    sync(link)
    there.asked.clear()

    sync(link)

    assert "created_at%5Bgte%5D=2024-06-01" in next(p for p in there.asked if "sessions" in p)
    there.say("sesn_old", "late", second=9)
    there.change("sesn_old")
    Link.objects.update(looked_at_all_at="2026-01-01T00:00:00Z")
    link.refresh_from_db()
    sync(link)
    assert texts(Session.objects.get(public_id="sesn_old")) == ["one", "late"]


def test_an_old_session_that_runs_is_always_listed(there, link):
    there.session("sesn_old", "one", created="2024-01-01T00:00:00Z", status="running")
    there.session("sesn_new", "one", created="2024-06-01T00:00:00Z")
    sync(link)
    there.say("sesn_old", "late", second=9)

    sync(link)

    assert texts(Session.objects.get(public_id="sesn_old")) == ["one", "late"]


def test_rows_without_an_id_are_left_out_and_counted(there, link):
    there.session("sesn_1", "one")
    there.events["sesn_1"].append({"type": "agent.message"})
    there.sessions.append({"id": "a/b", "created_at": "2026-11-20T10:00:00Z"})

    sync(link)

    assert link.status == Link.Status.IDLE
    assert link.result["refused"] == 2
    assert Session.objects.count() == 1


def test_an_agent_changed_here_stays_as_it_is(there, link):
    Agent.objects.create(workspace=link.workspace, public_id="agent_a", name="ours", version=7)

    sync(link)

    assert Agent.objects.get(public_id="agent_a").name == "ours"


def test_two_workspaces_can_link_the_same(there, link):
    other = make_link(there.url, of=make.workspace("other"))
    there.session("sesn_1", "one")

    sync(link)
    sync(other)

    assert Session.objects.filter(public_id="sesn_1").count() == 2
    assert Event.objects.count() == 2


def test_versions_and_threads_have_pages_too(there, link):
    there.rows_per_page = 1
    for version in (2, 3):
        there.agent("agent_a", version=version)
    there.session("sesn_1", "begin")
    for name in ("writer", "reader"):
        there.thread("sesn_1", f"sthr_{name}", name=name, parent="sthr_sesn_1")
        there.say("sesn_1", name, second=5, thread=f"sthr_{name}")

    sync(link)

    assert list(AgentVersion.objects.order_by("version").values_list("version", flat=True)) == [
        1,
        2,
        3,
    ]
    names = Thread.objects.order_by("position").values_list("agent_name", flat=True)
    assert list(names) == ["a", "writer", "reader"]
    assert texts(Session.objects.get()) == ["begin", "writer", "reader"]


def test_definitions_without_an_id_are_left_out(there, link):
    there.agent("")
    there.agent("agent_b", version=0)
    there.environment("")

    sync(link)

    assert set(Agent.objects.values_list("public_id", flat=True)) == {"agent_a", "agent_b"}
    assert set(Environment.objects.values_list("public_id", flat=True)) == {"env_a"}
    assert list(AgentVersion.objects.values_list("agent__public_id", flat=True)) == ["agent_a"]


def test_a_version_that_is_no_number_is_left_out(there, link):
    there.agent("agent_a", version=2)
    there.agents.insert(0, there.agents[0] | {"version": "new"})

    sync(link)

    assert AgentVersion.objects.count() == 2


def test_a_thread_that_is_archived_there_is_archived_here(there, link):
    there.session("sesn_1", "one")
    there.thread("sesn_1", "sthr_child", name="writer", parent="sthr_sesn_1")
    sync(link)
    there.threads["sesn_1"][1]["archived_at"] = "2026-11-21T00:00:00Z"
    there.change("sesn_1")

    sync(link)

    assert Thread.objects.get(public_id="sthr_child").archived_at is not None
    assert Thread.objects.get(public_id="sthr_sesn_1").archived_at is None


def test_a_thread_that_is_gone_keeps_its_session_from_nothing(there, link):
    there.session("sesn_1", "one")
    there.thread("sesn_1", "sthr_child", name="writer", parent="sthr_sesn_1")
    del there.events["sesn_1/sthr_child"]

    sync(link)

    assert texts(Session.objects.get()) == ["one"]
    assert "gone" not in link.result


def test_the_schedule_hands_out_what_is_due_and_a_turn_hands_on(
    there, link, queue, settings, django_capture_on_commit_callbacks
):
    settings.LINK_REQUESTS_PER_MINUTE = 1
    make_link(there.url, is_paused=True)

    with django_capture_on_commit_callbacks(execute=True):
        tasks.sync_links()
    with django_capture_on_commit_callbacks(execute=True):
        tasks.sync_link(link_id=link.pk)

    (first, _, how), (second, again, later) = queue
    assert (first, how) == ("sync_link", {"headers": {}})
    assert (second, again) == ("sync_link", link.pk)
    assert 0 < later["countdown"] <= 60
