"""A session leaves as a file that the native format reads back, and nothing is added by that."""

import io
import json

import pytest

from apps.sessions import exporting, importing, wire
from apps.sessions.formats import native
from apps.sessions.models import Event, Session
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    client.force_login(make.user("ines"))
    return client


def two_threads(**fields):
    return make.session(
        make.event("session.status_running"),
        make.event(text="Rebook us"),
        *make.request(after=1, tokens=(100, 20, 300, 0)),
        make.event("agent.message", "Looking", after=3, thread="sthr_child"),
        *make.call("bash", {"command": "ls"}, "no", after=4, is_error=True, thread="sthr_child"),
        make.event("user.define_outcome", after=8, outcome_id="outc_1", description="All four"),
        make.event(
            "span.outcome_evaluation_end",
            after=9,
            outcome_id="outc_1",
            result="satisfied",
            iteration=0,
        ),
        make.event("session.status_idle", after=10, stop_reason={"type": "end_turn"}),
        threads=[make.thread("sthr_child")],
        **fields,
    )


def exported(reader, session, extension):
    response = reader.get(f"{session.get_absolute_url()}export.{extension}")
    return response, b"".join(response.streaming_content)


def read_back(data, **options):
    return importing.take(native.read(io.BytesIO(data), name="export"), **options)


def facts(session):
    events = Event.objects.filter(session=session).in_order()
    return (
        list(events.values_list("sequence", "public_id", "type", "occurred_at", "kind", "closes")),
        session.token_cost,
        session.active_seconds,
        session.error_count,
        session.outcome_result,
        [(each.public_id, each.agent_name) for each in session.threads.as_lanes()],
    )


@pytest.mark.parametrize("extension", ["ndjson", "json"])
def test_importing_an_export_again_adds_nothing(reader, extension):
    session = two_threads()

    _response, data = exported(reader, session, extension)
    tally = read_back(data, workspace=make.workspace())

    assert (tally.sessions, tally.threads, tally.events, tally.refused) == (0, 0, 0, 0)
    assert tally.skipped == session.event_count


@pytest.mark.parametrize("extension", ["ndjson", "json"])
@pytest.mark.parametrize("timed", [True, False])
def test_another_workspace_gets_the_same_session(reader, extension, timed):
    session = two_threads(timed=timed)
    elsewhere = make.workspace("elsewhere")

    _response, data = exported(reader, session, extension)
    read_back(data, workspace=elsewhere)

    copy = Session.objects.get(workspace=elsewhere)
    assert facts(copy)[1:] == facts(session)[1:]
    assert [row[:3] for row in facts(copy)[0]] == [row[:3] for row in facts(session)[0]]
    assert copy.timed is timed
    if timed:
        assert facts(copy)[0] == facts(session)[0]


def test_objects_are_the_contracts(reader):
    session = two_threads()

    response, data = exported(reader, session, "ndjson")
    lines = [json.loads(line) for line in data.splitlines()]

    assert response["Content-Type"] == "application/x-ndjson"
    assert response["Content-Disposition"].endswith(f'{session.public_id}.ndjson"')
    assert [line["type"] for line in lines[:3]] == ["session", "session_thread", "session_thread"]
    assert len(lines) == 3 + session.event_count
    first, primary, child = lines[:3]
    assert first["stats"] == {"active_seconds": 10.0, "duration_seconds": 10.0}
    assert first["usage"]["cache_read_input_tokens"] == 300
    assert first["outcome_evaluations"][0]["result"] == "satisfied"
    assert first["resources"] == first["vault_ids"] == []
    assert (primary["parent_thread_id"], child["parent_thread_id"]) == (None, primary["id"])
    assert child["session_id"] == session.public_id


def test_events_of_a_child_name_their_thread_and_the_rest_is_verbatim(reader):
    session = two_threads()

    _response, data = exported(reader, session, "ndjson")
    lines = data.decode().splitlines()[3:]

    kept = dict(Event.objects.filter(session=session).values_list("sequence", "payload"))
    for sequence, line in enumerate(lines, 1):
        named = json.loads(line)
        thread = named.pop("session_thread_id", None)
        assert named == kept[sequence]
        assert thread == (
            "sthr_child" if "Looking" in line or named["type"].startswith("agent.tool") else None
        )


def test_an_event_that_tells_no_time_is_given_the_one_it_was_kept_with():
    given = wire.with_keys('{"type": "x"}', {"created_at": "2026-11-02T09:00:00Z"})

    assert json.loads(given) == {"created_at": "2026-11-02T09:00:00Z", "type": "x"}
    assert json.loads(wire.with_keys("{ }", {"a": 1})) == {"a": 1}


def test_rows_leave_as_they_come(django_assert_num_queries):
    session = Session.objects.all().for_page().get(pk=two_threads().pk)
    pieces = exporting.as_ndjson(session)

    with django_assert_num_queries(2):  # its threads and its resources
        assert next(pieces).startswith("{")
