"""What our own format promises: everything is kept as it is."""

import json

from apps.core.ids import derived_id
from tests.sessions.formats.transcripts import (
    children,
    events,
    ndjson,
    read,
    refusals,
    sessions,
    types,
)

SESSION = {
    "type": "session",
    "id": "sesn_1",
    "agent": {"type": "agent", "id": "agent_1", "name": "clerk", "model": {"id": "claude-opus-5"}},
    "environment_id": "env_1",
    "status": "terminated",
    "title": "Count the cents",
    "metadata": {"team": "ledger", "rank": 3},
    "created_at": "2026-11-02T09:00:00Z",
    "archived_at": "2026-11-03T09:00:00Z",
}
THREAD = {
    "type": "session_thread",
    "id": "sthr_2",
    "session_id": "sesn_1",
    "agent": {"name": "counter"},
    "status": "idle",
    "parent_thread_id": "sthr_1",
    "created_at": "2026-11-02T09:00:01Z",
    "archived_at": None,
}
PRIMARY = {**THREAD, "id": "sthr_1", "parent_thread_id": None, "agent": {"name": "clerk"}}
MESSAGE = {
    "type": "user.message",
    "id": "sevt_1",
    "content": [{"type": "text", "text": "Count"}],
    "processed_at": None,
}
ANSWER = {
    "type": "agent.message",
    "id": "sevt_2",
    "content": [{"type": "text", "text": "Two"}],
    "processed_at": "2026-11-02T09:00:05.250Z",
}


def native(lines, name="export.jsonl"):
    return read(lines, format="native", name=name)


def test_a_session_keeps_what_it_says_of_itself():
    (session,) = sessions(native([SESSION]))

    assert (session.key, session.public_id, session.source) == ("sesn_1", "sesn_1", "native")
    assert session.agent == SESSION["agent"]
    assert session.metadata == {"team": "ledger", "rank": "3"}
    assert (session.title, session.status) == ("Count the cents", "terminated")
    assert session.environment_id == "env_1"
    assert session.created_at.isoformat() == "2026-11-02T09:00:00+00:00"
    assert session.archived_at.isoformat() == "2026-11-03T09:00:00+00:00"
    assert session.timed is True


def test_events_are_kept_word_for_word():
    records = native([SESSION, MESSAGE, ANSWER])

    assert [each.payload for each in events(records)] == [MESSAGE, ANSWER]
    assert [each.public_id for each in events(records)] == ["sevt_1", "sevt_2"]


def test_the_envelopes_session_id_is_taken_off_again():
    records = native([SESSION, {**ANSWER, "session_id": "sesn_1"}])

    assert [each.payload for each in events(records)] == [ANSWER]


def test_an_event_without_a_time_happened_after_the_one_before():
    records = native([SESSION, MESSAGE, ANSWER, {**MESSAGE, "id": "sevt_3"}])

    assert [each.occurred_at.isoformat() for each in events(records)] == [
        "2026-11-02T09:00:00+00:00",
        "2026-11-02T09:00:05.250000+00:00",
        "2026-11-02T09:00:05.250000+00:00",
    ]


def test_threads_and_their_events_find_each_other():
    theirs = {**ANSWER, "session_thread_id": "sthr_2"}

    records = native([SESSION, PRIMARY, THREAD, theirs])

    (child,) = children(records)
    assert (child.public_id, child.parent, child.agent) == ("sthr_2", "sthr_1", {"name": "counter"})
    assert [each.thread for each in events(records)] == ["sthr_2"]


def test_a_threads_creation_is_the_sessions_and_its_status_its_own():
    about = {"session_thread_id": "sthr_2", "agent_name": "counter"}
    lines = [
        SESSION,
        PRIMARY,
        {"type": "session.thread_created", "id": "e1", **about},
        {"type": "session.thread_status_running", "id": "e2", **about},
        {"type": "session.thread_status_idle", "id": "e3", **about},
    ]

    records = native(lines)

    assert [each.thread for each in events(records)] == ["", "sthr_2", "sthr_2"]
    assert [(each.public_id, each.parent, each.agent) for each in children(records)] == [
        ("sthr_2", "sthr_1", {"name": "counter"})
    ]


def test_sessions_may_be_interleaved():
    lines = [
        SESSION,
        {**SESSION, "id": "sesn_2"},
        {**MESSAGE, "session_id": "sesn_1"},
        {**MESSAGE, "id": "sevt_9", "session_id": "sesn_2"},
        {**MESSAGE, "id": "sevt_8"},
    ]

    assert [each.session for each in events(native(lines))] == ["sesn_1", "sesn_2", "sesn_2"]


def test_a_list_of_events_alone_is_a_session_of_the_files_name():
    records = native([ANSWER, MESSAGE], name="/exports/audit-run.jsonl.gz")

    (session,) = sessions(records)
    assert (session.key, session.public_id, session.timed) == ("audit-run", "", True)
    assert session.created_at.isoformat() == "2026-11-02T09:00:05.250000+00:00"
    assert {each.session for each in events(records)} == {"audit-run"}


def test_events_that_name_an_unknown_session_make_it():
    (session,) = sessions(native([{**ANSWER, "session_id": "sesn_7"}]))

    assert (session.key, session.public_id) == ("sesn_7", "sesn_7")


def test_events_without_any_time_have_no_clock():
    (session,) = sessions(native([MESSAGE]))

    assert session.timed is False


def test_an_array_and_a_page_of_the_api_are_read_like_lines():
    lines = [SESSION, MESSAGE, ANSWER]
    expected = native(lines)

    assert native(json.dumps(lines).encode()) == expected
    assert native(json.dumps(lines, indent=2).encode()) == expected
    assert native(json.dumps({"data": lines, "next_page": None}).encode()) == expected
    assert native(json.dumps({"data": lines, "next_page": None}, indent=2).encode()) == expected


def test_an_event_without_an_id_gets_one_from_what_it_says_and_where():
    nameless = {key: MESSAGE[key] for key in MESSAGE if key != "id"}

    once = events(native([SESSION, nameless, nameless]))
    grown = events(native([SESSION, nameless, nameless, ANSWER]))

    assert grown[:2] == once
    assert once[0].public_id != once[1].public_id
    assert once[0].payload["id"] == once[0].public_id


def test_types_of_tomorrow_are_kept_and_other_things_refused():
    lines = [
        SESSION,
        {"type": "agent.hologram", "id": "e1", "processed_at": "2026-11-02T09:00:00Z"},
        {"type": "event_delta", "id": "e2"},
        {"id": "e3"},
        ["nested"],
        {"type": "session"},
        {"type": "session_thread", "session_id": "sesn_1"},
    ]

    records = native(lines)

    assert types(records) == ["agent.hologram"]
    assert [(each.line, each.reason) for each in refusals(records)] == [
        (3, "unknown record type 'event_delta'"),
        (4, "an object without a type"),
        (5, "not a JSON object"),
        (6, "a session without an id"),
        (7, "a thread without an id"),
    ]


def test_a_broken_line_is_refused_alone():
    data = ndjson([SESSION, MESSAGE]) + b'{"type": "user.mess\n\n' + ndjson([ANSWER])

    records = native(data)

    assert [each.line for each in refusals(records)] == [3]
    assert types(records) == ["user.message", "agent.message"]


def test_a_session_may_say_that_it_has_no_clock():
    assert sessions(native([{**SESSION, "timed": False}]))[0].timed is False


def test_an_undescribed_primary_thread_has_the_id_that_others_expect():
    told = {**ANSWER, "session_thread_id": "sthr_2"}

    (child,) = children(native([SESSION, told]))

    assert child.parent == derived_id("sthr", "native", "sesn_1")
