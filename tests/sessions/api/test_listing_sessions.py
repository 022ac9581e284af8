"""`GET /v1/sessions`: filters, orders, and cursors that go both ways."""

from datetime import timedelta

import pytest

from apps.agents.actions.agents import update_agent
from apps.agents.api.shapes import AgentPatch
from apps.sessions.models import Session, Status
from tests import make
from tests.sessions.api.asking import new_agent

pytestmark = pytest.mark.django_db


def made(count, **fields):
    """So many sessions, a minute apart; their ids, oldest first."""
    at = [make.START + timedelta(minutes=n) for n in range(count)]
    return [make.session(created_at=each, **fields).public_id for each in at]


def listed(page):
    return [each["id"] for each in page["data"]]


def test_newest_first_unless_asked_otherwise(api):
    oldest_first = made(3)

    assert listed(api.get("sessions")) == oldest_first[::-1]
    assert listed(api.get("sessions", order="desc")) == oldest_first[::-1]
    assert listed(api.get("sessions", order="asc")) == oldest_first


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_cursors_walk_there_and_back_while_sessions_come_in(api, order):
    expected = made(7)[:: 1 if order == "asc" else -1]
    query = {"limit": 2, "order": order}

    first = api.get("sessions", **query)
    second = api.get("sessions", **query, page=first["next_page"])
    make.session(created_at=make.START - timedelta(days=1))
    make.session(created_at=make.START + timedelta(days=1))
    third = api.get("sessions", **query, page=second["next_page"])
    back = api.get("sessions", **query, page=third["prev_page"])
    start = api.get("sessions", **query, page=back["prev_page"])
    before = api.get("sessions", **query, page=start["prev_page"])

    seen = [listed(page) for page in (first, second, third)]
    assert seen == [expected[:2], expected[2:4], expected[4:6]]
    assert first["prev_page"] is None
    assert (listed(back), listed(start)) == (expected[2:4], expected[:2])
    assert len(listed(before)) == 1, "what came in before the first page"
    assert before["prev_page"] is None
    assert listed(api.get("sessions", **query, page=before["next_page"])) == expected[:2]


def test_the_last_page_says_that_it_is(api):
    made(3)

    page = api.get("sessions", limit=2)
    last = api.get("sessions", limit=2, page=page["next_page"])

    assert (len(last["data"]), last["next_page"]) == (1, None)
    assert api.get("sessions", limit=3)["next_page"] is None


def test_a_cursor_belongs_to_its_order(api):
    made(3)
    cursor = api.get("sessions", limit=1)["next_page"]

    refused = api.get("sessions", 400, limit=1, page=cursor, order="asc")

    assert refused["error"]["message"] == "page: this cursor belongs to the other `order`."


def test_a_cursor_belongs_within_its_bounds(api):
    made(3)
    cursor = api.get("sessions", limit=1)["next_page"]  # of the newest, at two minutes
    at = make.START + timedelta(minutes=2)
    bounds = {
        "gt": (at - timedelta(seconds=1), at),
        "gte": (at, at + timedelta(seconds=1)),
        "lt": (at + timedelta(seconds=1), at),
        "lte": (at, at - timedelta(seconds=1)),
    }

    for name, (within, without) in bounds.items():
        api.get("sessions", page=cursor, **{f"created_at[{name}]": within.isoformat()})
        query = {f"created_at[{name}]": without.isoformat()}
        said = api.get("sessions", 400, page=cursor, **query)["error"]["message"]
        assert said.startswith("page: this cursor lies outside")


@pytest.mark.parametrize("cursor", ["page", "a:b:c", "\x00"])
def test_what_is_no_cursor_is_refused(api, cursor):
    assert "page: " in api.get("sessions", 400, page=cursor)["error"]["message"]


def test_a_cursor_of_another_list_is_refused(api, neighbour, session):
    for _ in range(2):
        make.session(of=make.workspace("next-door"))
    theirs = neighbour.get("sessions", limit=1)["next_page"]

    api.get("sessions", 400, page=theirs)


def test_by_time(api):
    ids = made(4)
    at = (make.START + timedelta(minutes=1)).isoformat()
    until = (make.START + timedelta(minutes=2)).isoformat()

    def between(**bounds):
        query = {f"created_at[{name}]": value for name, value in bounds.items()}
        return listed(api.get("sessions", order="asc", **query))

    assert between(gt=at) == ids[2:]
    assert between(gte=at) == ids[1:]
    assert between(lt=at) == ids[:1]
    assert between(lte=at) == ids[:2]
    assert between(gte=at, lt=until) == ids[1:2]
    assert between(gt="2026-11-02T10:01:00+01:00") == ids[2:]
    assert between(gt="2026-11-02T09:01:00") == ids[2:], "no zone is UTC"


def test_by_agent_and_version(api, agent, ids):
    first = api.post("sessions", **ids)["id"]
    update_agent(agent=agent, patch=AgentPatch(system="New"), by=make.actor())
    second = api.post("sessions", **ids)["id"]
    api.post("sessions", **ids | {"agent": new_agent(name="other").public_id})

    assert listed(api.get("sessions", agent_id=agent.public_id)) == [second, first]
    assert listed(api.get("sessions", agent_id=agent.public_id, agent_version=1)) == [first]
    assert listed(api.get("sessions", agent_id=agent.public_id, agent_version=3)) == []
    assert len(listed(api.get("sessions", agent_version=1))) == 3, "counts only with an agent"
    assert listed(api.get("sessions", agent_id="agent_nowhere")) == []


def test_by_status_as_it_is_told(api):
    idle, running, over, archived = made(4)
    sessions = Session.objects
    sessions.filter(public_id=running).update(status=Status.RUNNING)
    sessions.filter(public_id=over).update(status=Status.TERMINATED)
    sessions.filter(public_id=archived).update(archived_at=make.START)

    def standing(*statuses, **query):
        page = api.get("sessions", order="asc", **{"statuses[]": statuses}, **query)
        assert {each["status"] for each in page["data"]} <= set(statuses)
        return listed(page)

    assert standing("idle") == [idle]
    assert standing("idle", "running") == [idle, running]
    assert standing("terminated") == [over]
    assert standing("terminated", include_archived="true") == [over, archived]
    assert standing("idle", include_archived="true") == [idle]
    assert standing("rescheduling") == []
    assert listed(api.get("sessions", statuses=["idle", "running"], order="asc")) == [idle, running]


def test_archived_ones_are_left_out_unless_asked_for(api):
    kept, archived = made(2)
    Session.objects.filter(public_id=archived).update(archived_at=make.START)

    assert listed(api.get("sessions")) == [kept]
    assert listed(api.get("sessions", include_archived="true")) == [archived, kept]
    assert api.get("sessions", include_archived="true")["data"][0]["status"] == "terminated"


def test_nothing_has_a_deployment_yet(api, session):
    assert listed(api.get("sessions", deployment_id="depl_1")) == []


WRONG = {
    "limit": {"limit": 0},
    "high limit": {"limit": 101},
    "order": {"order": "up"},
    "statuses": {"statuses[]": "sleeping"},
    "created_at[gt]": {"created_at[gt]": "yesterday"},
    "created_at[lt]": {"created_at[lt]": "0001-01-01T00:00:00+14:00"},
    "include_archived": {"include_archived": "maybe"},
    "agent_version": {"agent_version": "one"},
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_refused_by_name(api, case):
    query = WRONG[case]

    (name,) = query
    said = api.get("sessions", 400, **query)["error"]["message"]
    assert said.startswith(name.removesuffix("[]"))


def test_the_neighbour_sees_nothing_of_it(neighbour, session):
    assert neighbour.get("sessions", include_archived="true")["data"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same_however_long(api, ids, file, count, django_assert_num_queries):
    mount = {"type": "file", "file_id": file.pk}
    for _ in range(count):
        api.post("sessions", **ids, resources=[mount])

    with django_assert_num_queries(3):  # the key, the sessions, what they have mounted
        page = api.get("sessions")

    assert [len(each["resources"]) for each in page["data"]] == [1] * count
