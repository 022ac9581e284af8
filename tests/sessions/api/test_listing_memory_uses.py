"""`GET /v1/memory_stores/{id}/memory_uses`: what sessions read and wrote in a store."""

import pytest

from apps.sessions import recording
from apps.sessions.api.memory_uses import MemoryUseAnswer
from tests import make
from tests.sessions import mounting

pytestmark = pytest.mark.django_db


@pytest.fixture
def rules():
    return mounting.store("rules")


def used(store, key, *paths, tool="read", of=None):
    session = make.session(make.event("user.message", "Hi", key=key), of=of)
    mounting.mount(session, store)
    events = []
    for after, path in enumerate(paths):
        given = {"file_path": f"/mnt/memory/rules{path}"}
        events += make.call(tool, given, "text", key=key, after=after)
    recording.record(session.pk, events)
    return session


def uses(store, api=None, **query):
    answer = (api or make.api()).get(f"/v1/memory_stores/{store.pk}/memory_uses", query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_each_says_who_touched_what_where_and_when(rules):
    session = used(rules, "s", "/a.md")

    [told] = uses(rules)["data"]

    assert MemoryUseAnswer.model_validate(told)
    assert told == {
        "type": "memory_use",
        "memory_store_id": rules.pk,
        "path": "/a.md",
        "kind": "read",
        "has_failed": False,
        "session_id": session.public_id,
        "event_id": session.events.get(sequence=2).public_id,
        "occurred_at": "2026-11-02T09:00:00Z",
    }


def test_by_path_session_and_kind(rules):
    used(rules, "reader", "/a.md", "/b.md")
    writer = used(rules, "writer", "/a.md", tool="write")

    def told(**query):
        return [(each["kind"], each["path"]) for each in uses(rules, **query)["data"]]

    assert sorted(told(path="/a.md")) == [("read", "/a.md"), ("write", "/a.md")]
    assert told(session_id=writer.public_id) == [("write", "/a.md")]
    assert told(kind="read", path="/b.md") == [("read", "/b.md")]
    assert told(path="/\u202e") == told(session_id="x") == []


@pytest.mark.parametrize("rows", [1, 3])
def test_latest_first_in_pages_of_a_fixed_number_of_queries(rules, rows, django_assert_num_queries):
    used(rules, "s", *(f"/{number}.md" for number in range(rows)))
    api = make.api()
    uses(rules, api)

    with django_assert_num_queries(4):
        whole = uses(rules, api)

    found, cursor = [], ""
    while cursor is not None:
        page = uses(rules, api, limit=1, **({"page": cursor} if cursor else {}))
        found += page["data"]
        cursor = page["next_page"]
    assert found == whole["data"]
    assert [each["path"] for each in found] == [f"/{number}.md" for number in range(rows)][::-1]


def test_the_neighbours_are_not_there(rules):
    next_door = make.workspace("next-door")
    used(rules, "s", "/a.md")
    theirs = mounting.store("rules", of=next_door)
    used(theirs, "t", "/theirs.md", of=next_door)

    answer = make.api(of=next_door).get(f"/v1/memory_stores/{rules.pk}/memory_uses")

    assert answer.status_code == 404
    assert [each["path"] for each in uses(rules)["data"]] == ["/a.md"]
    assert [each["path"] for each in uses(theirs, make.api(of=next_door))["data"]] == ["/theirs.md"]
