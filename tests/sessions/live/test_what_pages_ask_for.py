"""A page that hears of something asks for what it shows of it."""

import pytest

from apps.accounts.acting import NotAllowed
from apps.accounts.models import Member
from apps.accounts.rights import Role
from apps.sessions import recording
from apps.sessions.models import Session
from apps.sessions.views import live
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    client.force_login(make.user(role=Role.VIEWER))
    return client


def ask(reader, path, /, **query):
    answer = reader.get(f"/w/default/sessions/{path}", query, headers={"HX-Request": "true"})
    return answer.status_code, answer.content.decode()


def later(number):
    return make.session(
        make.event(key=f"n{number}"),
        title=f"Newer {number}",
        created_at=make.START.replace(day=3, minute=number),
    )


def test_news_of_a_session_hold_its_figures_lanes_and_chips(reader):
    session = make.session(make.event(text="hello"), make.event(text="there", after=5))

    status, told = ask(reader, f"{session.public_id}/news/", since=1)

    assert status == 200
    assert 'data-last="2"' in told
    for piece in ("session-head", "map-names", "map-costs", "tools-chips"):
        assert f'class="{piece}' in told or f" {piece}" in told


def test_news_name_the_events_that_have_ended_since(reader):
    use, result = make.call("bash", {"command": "ls"}, "out", after=1)
    session = make.session(make.event(), use, make.event(after=1))
    recording.record(session.pk, [result, *make.request(after=9)])

    _, told = ask(reader, f"{session.public_id}/news/", since=3)
    _, nothing = ask(reader, f"{session.public_id}/news/", since=6)

    assert 'data-last="6" data-ended="2"' in told
    assert 'data-ended=""' in nothing


@pytest.mark.parametrize("since", ["", "x", "-1", "99999999999999999999"])
def test_an_odd_place_in_the_session_is_no_reason_to_fail(reader, since):
    session = make.session(*make.call("bash", {}, "out"))

    status, told = ask(reader, f"{session.public_id}/news/", since=since)

    assert (status, 'data-ended=""' in told) == (200, True)


def test_rows_are_drawn_for_what_is_shown_as_it_is_now(reader):
    runs = make.session(make.event("session.status_running", key="runs"), title="Runs")
    make.session(key="other", title="Other")

    status, told = ask(reader, "rows/", shown=f"{runs.public_id},sesn_gone")

    assert status == 200
    assert told.count("<tr") == 1
    assert f'data-session="{runs.public_id}"' in told
    assert "status-running" in told
    assert "new session" not in told


@pytest.mark.parametrize("count", [1, 3])
def test_rows_cost_the_same_however_many(reader, count, django_assert_num_queries):
    made = [make.session(make.event(key=f"k{n}")) for n in range(count)]
    shown = ",".join(each.public_id for each in made)
    ask(reader, "rows/", shown=shown)

    with django_assert_num_queries(6):
        _, told = ask(reader, "rows/", shown=shown, newest=made[0].public_id)

    assert told.count("<tr") == count


def test_newer_sessions_are_offered_and_not_drawn(reader):
    shown = make.session(key="old", created_at=make.START)
    later(1)
    later(2)
    make.session(key="older", created_at=make.START.replace(day=1))

    _, told = ask(reader, "rows/", newest=shown.public_id)

    assert "2 new sessions — show" in told
    assert "<tr" not in told


def test_only_what_passes_the_filters_is_new(reader):
    shown = make.session(key="old", created_at=make.START)
    fails = later(1)
    Session.objects.filter(pk=fails.pk).update(error_count=1)
    later(2)

    _, told = ask(reader, "rows/", newest=shown.public_id, errors="1")

    assert "1 new session — show" in told
    assert "?errors=1" in told


def test_an_empty_list_is_told_of_the_first_session(reader):
    later(1)

    _, told = ask(reader, "rows/", newest="")

    assert "1 new session — show" in told


def test_the_neighbours_sessions_are_neither_drawn_nor_counted(reader):
    other = make.session(make.event(), of=make.workspace("next-door"), public_id="sesn_next")

    _, told = ask(reader, "rows/", shown=other.public_id, newest="")
    status, _ = ask(reader, "rows/", newest=other.public_id)

    assert "<tr" not in told
    assert "new session" not in told
    assert status == 404
    for path in ("news/", "stream"):
        assert ask(reader, f"{other.public_id}/{path}")[0] == 404


@pytest.mark.parametrize("path", ["stream", "sesn_s/stream"])
def test_where_nothing_can_stay_open_the_browser_is_told_not_to_ask_again(reader, path):
    make.session(make.event(), public_id="sesn_s")

    assert ask(reader, path) == (204, "")


def test_the_api_says_where_streams_are_to_be_had():
    make.session(make.event(), public_id="sesn_s")

    answer = make.api().get("/v1/sessions/sesn_s/events/stream")

    assert answer.status_code == 501
    assert "python -m agentsite.web" in answer.json()["error"]["message"]


def test_who_is_no_member_any_more_may_not_go_on(rf):
    person = make.user("ines")
    request = rf.get("/")
    request.user, request.workspace = person, make.workspace()
    live.require_member(request)
    Member.objects.filter(user=person).delete()

    with pytest.raises(NotAllowed):
        live.require_member(request)
