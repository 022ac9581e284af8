"""The threads of a session."""

import pytest

from apps.accounts.models import AuditEntry
from apps.sessions.models import Session, Source, Status, Thread
from tests import make
from tests.sessions.api.asking import happens, starts_thread, uses

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(session):
    return f"sessions/{session['id']}/threads"


def test_the_primary_is_listed_first_and_is_nobodys_child(api, session, path):
    child = starts_thread(session)

    primary, second = api.get(path)["data"]

    assert primary["id"].startswith("sthr_01")
    assert (primary["parent_thread_id"], second["parent_thread_id"]) == (None, primary["id"])
    assert (second["id"], second["session_id"]) == (child.public_id, session["id"])
    assert second["type"] == "session_thread"
    assert (primary["agent"]["id"], primary["agent"]["version"]) == (session["agent"]["id"], 1)
    assert "multiagent" not in primary["agent"]
    assert api.get(f"{path}/{child.public_id}") | {"stats": 0} == second | {"stats": 0}


def test_an_advisor_is_told_as_such(api, session, path):
    advisor = {"type": "advisor", "model": "claude-opus-4-5"}
    starts_thread(session, agent_snapshot=advisor)

    assert api.get(path)["data"][1]["agent"] == advisor


def test_by_status(api, session, path):
    starts_thread(session, "sthr_running", status=Status.RUNNING)

    def standing(*statuses):
        return len(api.get(path, **{"statuses[]": statuses})["data"])

    assert (standing("idle"), standing("running"), standing("idle", "running")) == (1, 1, 2)
    assert standing("terminated") == 0
    api.get(path, 400, **{"statuses[]": "asleep"})


def test_a_list_comes_a_page_at_a_time(api, session, path):
    for n in range(4):
        starts_thread(session, f"sthr_{n}")

    first = api.get(path, limit=2)
    starts_thread(session, "sthr_4")
    second = api.get(path, limit=3, page=first["next_page"])
    third = api.get(path, page=second["next_page"])

    ids = [each["id"] for page in (first, second, third) for each in page["data"]]
    assert ids[1:] == [f"sthr_{n}" for n in range(5)]
    assert third["next_page"] is None


def test_an_idle_thread_is_archived_also_when_it_waits_for_the_client(api, session, path):
    child = starts_thread(session)
    happens(session, uses(evaluated_permission="ask", thread=child.public_id))

    archived = api.post(f"{path}/{child.public_id}/archive")
    again = api.post(f"{path}/{child.public_id}/archive")

    assert archived["archived_at"]
    assert again["archived_at"] == archived["archived_at"]
    entry = AuditEntry.objects.get(action="session_thread.archived")
    assert (entry.object_id, entry.after["session_id"]) == (child.public_id, session["id"])


@pytest.mark.parametrize("status", [Status.RUNNING, Status.RESCHEDULING, Status.TERMINATED])
def test_only_an_idle_thread_is_archived(api, session, path, status):
    child = starts_thread(session, status=status)

    assert "Only an idle thread" in api.refused(f"{path}/{child.public_id}/archive")
    assert not Thread.objects.exclude(archived_at=None).exists()


def test_threads_of_another_session_are_not_here(api, ids, session, path):
    other = api.post("sessions", **ids)
    (theirs,) = api.get(f"sessions/{other['id']}/threads")["data"]

    for missing in (theirs["id"], "x", "%00"):
        api.get(f"{path}/{missing}", 404)
        api.get(f"{path}/{missing}/events", 404)
        api.post(f"{path}/{missing}/archive", 404)


def test_threads_of_transcripts_are_told_alike(api):
    imported = make.session(
        make.event(),
        *make.request(thread="sthr_child", tokens=(100, 20, 300, 4)),
        threads=[make.thread("sthr_child")],
    )

    _, child = api.get(f"sessions/{imported.public_id}/threads")["data"]

    assert child["agent"]["name"] == "refunds"
    assert child["usage"]["cache_read_input_tokens"] == 300
    assert child["usage"]["cache_creation"]["ephemeral_5m_input_tokens"] == 4
    assert Session.objects.get().source == Source.NATIVE


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same_however_long(api, session, path, count, django_assert_num_queries):
    for n in range(count):
        starts_thread(session, f"sthr_{n}")

    with django_assert_num_queries(3):  # the key, the session, its threads
        assert len(api.get(path)["data"]) == count + 1
