"""Stores over the API: limits, archiving, deleting, neighbours, and what is written down."""

import pytest

from apps.accounts.models import AuditEntry
from apps.memory.models import Memory, MemoryStore, MemoryVersion
from tests.sessions.api.asking import Api

pytestmark = pytest.mark.django_db


def entries(object_id):
    found = AuditEntry.objects.filter(object_id=object_id).order_by("created_at", "pk")
    return [(each.action, each.before, each.after) for each in found]


def test_what_a_store_says_at_first(api):
    store = api.post("memory_stores", name="Team notes")

    assert store["id"].startswith("memstore_01")
    assert store["created_at"] == store["updated_at"]
    assert store["created_at"].endswith("Z")
    assert (store["description"], store["metadata"], store["archived_at"]) == ("", {}, None)


WRONG = {
    "no name": ({}, "name: this field is required"),
    "empty name": ({"name": ""}, "name: string should have at least 1"),
    "long name": ({"name": "x" * 256}, "name: string should have at most 255"),
    "control": ({"name": "a\nb"}, "name: control characters are not allowed"),
    "description": ({"name": "x", "description": "x" * 1025}, "description: string should have"),
    "null description": ({"name": "x", "description": None}, "description: "),
    "pairs": ({"name": "x", "metadata": {str(n): "" for n in range(17)}}, "metadata: "),
    "key": ({"name": "x", "metadata": {"k" * 65: ""}}, "metadata.k"),
    "empty key": ({"name": "x", "metadata": {"": ""}}, "metadata"),
    "value": ({"name": "x", "metadata": {"k": "v" * 513}}, "metadata.k: "),
    "unknown": ({"name": "x", "size": 1}, "size: unknown field"),
}


@pytest.mark.parametrize("name", sorted(WRONG))
def test_what_no_store_is(api, name):
    body, told = WRONG[name]

    assert told in api.refused("memory_stores", **body)
    assert not MemoryStore.objects.exists()


def test_the_longest_store(api):
    given = {
        "name": "é" * 255,
        "description": "d" * 1024,
        "metadata": {f"{n:064}": "v" * 512 for n in range(16)},
    }

    store = api.post("memory_stores", **given)

    assert {name: store[name] for name in given} == given


def test_an_update_keeps_what_it_does_not_name(api):
    store = api.post("memory_stores", name="a", description="b", metadata={"k": "v", "l": "w"})
    path = f"memory_stores/{store['id']}"

    assert api.post(path, metadata={"k": None, "m": ""})["metadata"] == {"l": "w", "m": ""}
    assert api.post(path, name="c")["description"] == "b"
    assert api.post(path, description=None)["description"] == ""
    assert api.post(path, name=None, metadata=None)["name"] == "c"
    assert "at most 16" in api.refused(path, metadata={str(n): "x" for n in range(15)})


def test_only_a_change_moves_its_time(api, store, at, write):
    write("/a")
    assert api.post(at, name="Team notes", description="", metadata={}) == store
    assert api.get(at) == store

    assert api.post(at, description="new")["updated_at"] > store["updated_at"]
    assert [action for action, *_ in entries(store["id"])] == [
        "memory_store.created",
        "memory_store.updated",
    ]


def test_an_archived_store_is_read_and_emptied_alone(api, at, write):
    memory, other = write("/a", "one"), write("/b")
    api.post(f"{at}/memories/{memory['id']}", content="two")
    archived = api.post(f"{at}/archive")

    assert archived["archived_at"] == archived["updated_at"]
    assert api.post(f"{at}/archive") == archived
    for path, body in (
        (at, {"name": "x"}),
        (f"{at}/memories", {"path": "/c", "content": ""}),
        (f"{at}/memories/{memory['id']}", {"content": "three"}),
    ):
        assert "is archived" in api.refused(path, **body)
    assert api.get(f"{at}/memories/{memory['id']}")["content"] == "two"
    api.delete(f"{at}/memories/{other['id']}")
    api.post(f"{at}/memory_versions/{memory['memory_version_id']}/redact")
    assert api.delete(at)["type"] == "memory_store_deleted"


def test_a_deleted_store_leaves_nothing_but_the_log(api, store, at, write):
    memory = write("/a", "secret")
    api.post(f"{at}/memories/{memory['id']}", content="secret too")

    assert api.delete(at) == {"id": store["id"], "type": "memory_store_deleted"}

    for model in (MemoryStore, Memory, MemoryVersion):
        assert not model.objects.exists()
    for path in (at, f"{at}/memories", f"{at}/memory_versions"):
        api.get(path, 404)
    api.delete(at, 404)
    action, before, _ = entries(store["id"])[-1]
    assert (action, before["memories"], before["versions"]) == ("memory_store.deleted", 1, 2)
    assert "secret" not in str(AuditEntry.objects.values_list("before", "after"))


def test_a_store_of_others_is_neither_seen_nor_touched(api, neighbour, store, at):
    assert neighbour.get("memory_stores")["data"] == []
    neighbour.get(at, 404)
    neighbour.post(at, 404, name="mine")
    neighbour.post(f"{at}/archive", 404)
    neighbour.delete(at, 404)

    assert api.get(at) == store


def test_a_read_key_changes_nothing(store, at):
    reading = Api("read")

    assert reading.get(at) == store
    reading.post("memory_stores", 403, name="x")
    reading.post(at, 403, name="x")
    reading.delete(at, 403)


@pytest.mark.parametrize("store_id", ["memstore_nowhere", "x", "%00", "a%00b", "é" * 300])
def test_ids_that_are_none(api, store_id):
    api.get(f"memory_stores/{store_id}", 404)
    api.post(f"memory_stores/{store_id}", 404, name="x")
    api.delete(f"memory_stores/{store_id}", 404)


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same_however_long(api, count, django_assert_num_queries):
    for _ in range(count):
        api.post("memory_stores", name="x")

    with django_assert_num_queries(2):
        page = api.get("memory_stores")

    assert (len(page["data"]), page["next_page"]) == (count, None)


def test_what_comes_in_between_shifts_no_page(api):
    made = [api.post("memory_stores", name=str(n))["id"] for n in range(4)]

    first = api.get("memory_stores", limit=2)
    api.post("memory_stores", name="later")
    second = api.get("memory_stores", limit=2, page=first["next_page"])

    assert [each["id"] for each in first["data"] + second["data"]] == made[::-1]
    assert second["next_page"] is None
    api.get("memory_stores", 400, limit=0)
    api.get("memory_stores", 400, limit=101)
    api.get("memory_stores", 400, page="x")
