"""The events of a session and of one thread: verbatim, in order, a page at a time."""

from datetime import timedelta

import pytest

from apps.sessions import recording
from apps.sessions.models import Session
from apps.sessions.records import EventRecord
from tests import make
from tests.sessions.api.asking import happens, message, starts_thread, uses

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(session):
    return f"sessions/{session['id']}/events"


def numbers(page):
    return [int(each["id"].removeprefix("sevt_")) for each in page["data"]]


def happened(session, count, start=1):
    numbered = [make.event(id=f"sevt_{n}", after=n) for n in range(start, start + count)]
    happens(session, *numbered)


def test_as_it_happened_or_backwards(api, session, path):
    happened(session, 5)

    assert numbers(api.get(path)) == [1, 2, 3, 4, 5]
    assert numbers(api.get(path, order="desc")) == [5, 4, 3, 2, 1]


@pytest.mark.parametrize(("order", "expected"), [("asc", [3, 4]), ("desc", [5, 4])])
def test_pages_go_on_where_they_ended_whatever_comes_in(api, session, path, order, expected):
    happened(session, 7 if order == "desc" else 4)
    first = api.get(path, limit=2, order=order)

    happened(session, 2, start=8)
    second = api.get(path, limit=2, order=order, page=first["next_page"])

    assert numbers(second) == expected
    said = api.get(path, 400, order="asc" if order == "desc" else "desc", page=first["next_page"])
    assert "other `order`" in said["error"]["message"]


def test_a_cursor_is_of_this_session_alone(api, ids, session, path):
    happened(session, 2)
    cursor = api.get(path, limit=1)["next_page"]
    other = api.post("sessions", **ids)

    api.get(f"sessions/{other['id']}/events", 400, page=cursor)


def test_by_type_and_time(api, session, path):
    happens(
        session,
        make.event(id="sevt_1"),
        make.event("agent.message", "Yes", id="sevt_2", after=1),
        make.event(id="sevt_3", after=2),
    )
    at = (make.START + timedelta(seconds=1)).isoformat()

    assert numbers(api.get(path, **{"types[]": "agent.message"})) == [2]
    assert numbers(api.get(path, types=["agent.message", "user.message"])) == [1, 2, 3]
    assert numbers(api.get(path, **{"created_at[gt]": at})) == [3]
    assert numbers(api.get(path, **{"created_at[gte]": at})) == [2, 3]
    assert numbers(api.get(path, **{"created_at[lt]": at})) == [1]
    assert numbers(api.get(path, **{"created_at[lte]": at})) == [1, 2]
    assert "types.0" in api.get(path, 400, **{"types[]": "user.thought"})["error"]["message"]


def test_a_payload_is_told_as_it_came(api, session, path):
    odd = uses(input={"b": 1, "a": [None, 1.50, {"id": "sevt_x"}], "processed_at": "no"})
    happens(session, odd)

    (told,) = api.get(path)["data"]

    assert told == odd.payload
    text = api.client.get(f"/v1/{path}").content.decode()
    assert '"b":1,"a":[null,1.5,' in text


def test_what_a_payload_does_not_say_is_added(api, session, path):
    bare = {"type": "agent.message", "content": [], "note": {"processed_at": 1, "id": 2}}
    record = EventRecord("", "agent.message", "sevt_1", bare, make.START)
    happens(session, record)

    assert api.get(path)["data"] == [
        bare | {"id": "sevt_1", "processed_at": "2026-11-02T09:00:00Z"}
    ]


def test_of_child_threads_the_session_hears_what_they_post(api, session, path):
    child = starts_thread(session)
    where = {"thread": child.public_id}
    happens(
        session,
        make.event("agent.message", "To itself", id="sevt_1", **where),
        uses(id="sevt_2", **where),
        uses(id="sevt_3", evaluated_permission="ask", **where),
        uses("agent.custom_tool_use", id="sevt_4", **where),
        make.event(
            "session.thread_status_idle", id="sevt_5", session_thread_id=child.public_id, **where
        ),
        make.event(id="sevt_6"),
    )

    told = api.get(path)["data"]
    own = api.get(f"sessions/{session['id']}/threads/{child.public_id}/events")["data"]
    (primary,) = Session.objects.get().threads.filter(position=0)
    main = api.get(f"sessions/{session['id']}/threads/{primary.public_id}/events")

    assert [each["id"] for each in told] == ["sevt_3", "sevt_4", "sevt_5", "sevt_6"]
    assert [each.get("session_thread_id") for each in told] == ["sthr_child"] * 3 + [None]
    assert [each["id"] for each in own] == [f"sevt_{n}" for n in range(1, 6)]
    assert ["session_thread_id" in each for each in own] == [False] * 4 + [True]
    assert numbers(main) == [6]


def test_a_childs_own_list_drops_the_name_that_came_with_a_payload(api, session):
    child = starts_thread(session)
    named = uses(thread=child.public_id, session_thread_id=child.public_id, input={"a": 1})
    happens(session, named)

    (own,) = api.get(f"sessions/{session['id']}/threads/{child.public_id}/events")["data"]

    expected = dict(named.payload)
    del expected["session_thread_id"]
    assert own == expected


def test_a_threads_events_come_a_page_at_a_time(api, session):
    child = starts_thread(session)
    path = f"sessions/{session['id']}/threads/{child.public_id}/events"
    happens(session, *(make.event(id=f"sevt_{n}", thread=child.public_id) for n in range(5)))

    first = api.get(path, limit=3)
    second = api.get(path, limit=3, page=first["next_page"])

    assert numbers(first) + numbers(second) == [0, 1, 2, 3, 4]
    assert second["next_page"] is None


def test_sessions_of_elsewhere_are_told_alike(api):
    untimed = make.session(make.event("agent.message", "Hi"), timed=False)
    record = EventRecord("", "user.message", "sevt_q", message() | {"id": "sevt_q"}, None)
    recording.record(untimed.pk, [record])

    told = api.get(f"sessions/{untimed.public_id}/events")["data"]

    assert [each["type"] for each in told] == ["agent.message", "user.message"]
    assert all(each["processed_at"] for each in told), "nothing waits in what is over"


def test_an_empty_session_has_an_empty_list(api, path):
    assert api.get(path) == {"data": [], "next_page": None}


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same_however_long(api, session, path, count, django_assert_num_queries):
    child = starts_thread(session)
    happened(session, count)
    happens(
        session,
        *(uses("agent.custom_tool_use", id=f"c{n}", thread=child.public_id) for n in range(count)),
    )

    with django_assert_num_queries(3):  # the key, the session, its events
        assert len(api.get(path)["data"]) == 2 * count
    own = f"sessions/{session['id']}/threads/{child.public_id}/events"
    with django_assert_num_queries(4):
        assert len(api.get(own)["data"]) == count
