"""Versions over the API: finding them, and taking back what they say."""

from datetime import timedelta

import pytest
import time_machine

from apps.accounts.models import AuditEntry
from apps.memory.models import Memory, MemoryVersion
from tests import make
from tests.sessions.api.asking import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def history(api, at, write):
    """A memory that said three things, and another: versions by number, oldest first."""
    with time_machine.travel(make.START, tick=False):
        memory = write("/a", "one")
    for number, content in enumerate(["two", "three"], 1):
        with time_machine.travel(make.START + timedelta(hours=number), tick=False):
            api.post(f"{at}/memories/{memory['id']}", content=content)
    with time_machine.travel(make.START + timedelta(hours=3), tick=False):
        write("/b")
    return list(MemoryVersion.objects.in_order())


def shown(page):
    return [each["id"] for each in page["data"]]


def ids(versions):
    return [each.pk for each in versions]


def test_newest_first(api, at, history):
    page = api.get(f"{at}/memory_versions")

    assert (shown(page), page["next_page"]) == (ids(history)[::-1], None)
    assert {each["content"] for each in page["data"]} == {None}
    full = api.get(f"{at}/memory_versions", view="full")
    assert [each["content"] for each in full["data"]] == ["text", "three", "two", "one"]


def test_one_version(api, at, history):
    path = f"{at}/memory_versions/{history[0].pk}"

    told = api.get(path)

    assert told == {
        "id": history[0].pk,
        "type": "memory_version",
        "memory_id": history[0].memory_id,
        "memory_store_id": history[0].store_id,
        "operation": "created",
        "path": "/a",
        "content": "one",
        "content_sha256": history[0].content_sha256,
        "content_size_bytes": 3,
        "created_by": {"type": "api_actor", "api_key_id": history[0].actor_id},
        "created_at": "2026-11-02T09:00:00Z",
        "redacted_at": None,
        "redacted_by": None,
    }
    assert api.get(path, view="basic") == told | {"content": None}


def test_asking_for_some(api, at, history):
    one, two, three, other = ids(history)
    memory_id = history[0].memory_id

    def found(**query):
        return shown(api.get(f"{at}/memory_versions", **query))

    assert found(memory_id=memory_id) == [three, two, one]
    assert found(memory_id="mem_nowhere") == []
    assert found(operation="modified") == [three, two]
    assert found(operation="modified", memory_id=history[3].memory_id) == []
    assert found(api_key_id=history[0].actor_id) == [other, three, two, one]
    assert found(session_id=history[0].actor_id) == []
    assert found(**{"created_at[gte]": "2026-11-02T10:00:00Z"}) == [other, three, two]
    assert found(**{"created_at[lte]": "2026-11-02T10:00:00Z"}) == [two, one]
    assert found(
        memory_id=memory_id,
        **{"created_at[gte]": "2026-11-02T10:00:00Z", "created_at[lte]": "2026-11-02T10:00:00Z"},
    ) == [two]
    api.get(f"{at}/memory_versions", 400, operation="renamed")
    api.get(f"{at}/memory_versions", 400, view="whole")
    api.get(f"{at}/memory_versions", 400, memory_id="\x00")


@pytest.mark.parametrize("of_one", [True, False])
def test_what_comes_in_between_shifts_no_page(api, at, history, of_one):
    memory_id = history[0].memory_id
    query = {"memory_id": memory_id} if of_one else {}
    expected = ids(history[:3] if of_one else history)[::-1]

    first = api.get(f"{at}/memory_versions", limit=2, **query)
    api.post(f"{at}/memories/{memory_id}", content="four")
    second = api.get(f"{at}/memory_versions", limit=2, page=first["next_page"], **query)

    assert shown(first) + shown(second) == expected
    assert second["next_page"] is None
    api.get(f"{at}/memory_versions", 400, page=first["next_page"], memory_id="mem_other")


def test_of_one_moment_they_come_in_the_order_of_the_chain(api, at, write):
    with time_machine.travel(make.START, tick=False):
        memory = write("/a", "0")
        for number in range(1, 5):
            api.post(f"{at}/memories/{memory['id']}", content=str(number))

    page = api.get(f"{at}/memory_versions", memory_id=memory["id"], view="full")

    assert [each["content"] for each in page["data"]] == ["4", "3", "2", "1", "0"]


def test_a_page_in_full_has_twenty_rows_at_most(api, at, write):
    for number in range(21):
        write(f"/{number}")

    assert len(api.get(f"{at}/memory_versions", view="full", limit=100)["data"]) == 20
    assert len(api.get(f"{at}/memory_versions", limit=100)["data"]) == 21


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same_however_long(api, at, write, count, django_assert_num_queries):
    for number in range(count):
        write(f"/{number}")

    with django_assert_num_queries(3):
        page = api.get(f"{at}/memory_versions")

    assert len(page["data"]) == count


def test_the_versions_outlive_their_memory(api, at, write):
    memory = write("/a", "one")
    api.delete(f"{at}/memories/{memory['id']}")

    page = api.get(f"{at}/memory_versions", memory_id=memory["id"], view="full")

    deleted, created = page["data"]
    assert (created["content"], created["path"]) == ("one", "/a")
    assert (deleted["operation"], deleted["path"]) == ("deleted", "/a")
    assert (deleted["content"], deleted["content_sha256"]) == (None, None)
    assert deleted["content_size_bytes"] is None


def test_a_redaction_empties_a_version_and_keeps_who_and_when(api, at, history):
    path = f"{at}/memory_versions/{history[0].pk}"
    before = api.get(path)

    told = api.post(f"{path}/redact")

    emptied = dict.fromkeys(("path", "content", "content_sha256", "content_size_bytes"))
    by = {"redacted_by": before["created_by"], "redacted_at": told["redacted_at"]}
    assert told == before | emptied | by
    assert api.get(path) == api.post(f"{path}/redact") == told
    entry = AuditEntry.objects.get(object_id=history[0].pk)
    assert entry.action == "memory_version.redacted"
    kept = MemoryVersion.objects.get(pk=history[0].pk)
    assert (kept.hash, kept.previous_hash, kept.seal) == (
        history[0].hash,
        history[0].previous_hash,
        history[0].seal,
    )


def test_what_a_memory_says_now_is_not_redacted(api, at, history):
    head = Memory.objects.get(path="/a").memory_version_id
    path = f"{at}/memory_versions/{head}/redact"

    assert "what the memory says now" in api.refused(path)
    api.delete(f"{at}/memories/{history[0].memory_id}")
    assert api.post(path)["redacted_at"] is not None


def test_a_version_of_others_is_neither_seen_nor_touched(api, neighbour, at, history):
    own = neighbour.post("memory_stores", name="Next door")

    for store in (at, f"memory_stores/{own['id']}"):
        neighbour.get(f"{store}/memory_versions/{history[0].pk}", 404)
        neighbour.post(f"{store}/memory_versions/{history[0].pk}/redact", 404)
    neighbour.get(f"{at}/memory_versions", 404)
    Api("read").post(f"{at}/memory_versions/{history[0].pk}/redact", 403)
    assert api.get(f"{at}/memory_versions/{history[0].pk}")["content"] == "one"


@pytest.mark.parametrize("version_id", ["memver_nowhere", "%00", "x" * 300])
def test_ids_that_are_none(api, at, version_id):
    api.get(f"{at}/memory_versions/{version_id}", 404)
    api.post(f"{at}/memory_versions/{version_id}/redact", 404)
