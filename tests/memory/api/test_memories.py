"""Memories over the API: what is kept, what is refused, and what is written down."""

import hashlib

import pytest
from django.test import Client

from apps.accounts.models import AuditEntry
from apps.memory.models import MemoryVersion
from tests import make
from tests.sessions.api.asking import Api

pytestmark = pytest.mark.django_db

HERE = {
    "/a": "/a",
    "/a.md": "/a.md",
    "/Team/Refunds & more.md": "/Team/Refunds & more.md",
    "/é": "/é",
    "/日本語/メモ": "/日本語/メモ",
    "/...": "/...",
    "/ ": "/ ",
    "/%00": "/%00",
    "/a\\b": "/a\\b",
    "/\N{GRINNING FACE}": "/\N{GRINNING FACE}",
    "twenty": "/a" * 20,
    "1,024 bytes": f"/{'x' * 1023}",
}
NOT_HERE = {
    "empty": "",
    "root": "/",
    "relative": "a",
    "folder": "/a/",
    "double": "/a//b",
    "dot": "/./a",
    "dots": "/a/..",
    "newline": "/a\nb",
    "nul": "/a\x00b",
    "delete": "/a\x7f",
    "c1": "/a\x85",
    "zero width": "/a\u200bb",
    "soft hyphen": "/a\u00adb",
    "right to left": "/a\u202eb",
    "byte order mark": "/\ufeffa",
    "line separator": "/a\u2028b",
    "paragraph separator": "/a\u2029b",
    "not in NFC": "/e\u0301",
    "half a pair": "/\ud800",
    "1,025 bytes": f"/{'x' * 1024}",
    "1,026 bytes": f"/{'é' * 513}",
    "twenty-one": "/a" * 21,
    "null": None,
    "number": 7,
}


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("name", sorted(HERE))
def test_a_path_that_is_one(api, at, write, name):
    made = write(HERE[name])

    assert made["path"] == HERE[name]
    assert [each["path"] for each in api.get(f"{at}/memories")["data"]] == [HERE[name]]


@pytest.mark.parametrize("name", sorted(NOT_HERE))
def test_a_path_that_is_none(api, at, write, name):
    memory = write("/there")

    for where in (f"{at}/memories", f"{at}/memories/{memory['id']}"):
        if NOT_HERE[name] is not None or where.endswith("memories"):
            assert "path: " in api.refused(where, path=NOT_HERE[name], content="x")
    assert api.get(f"{at}/memories/{memory['id']}")["path"] == "/there"
    assert MemoryVersion.objects.count() == 1


def test_what_a_memory_says_at_first(api, store, at, write):
    made = write("/a.md", "Ünïcode\r\n\ttext ")

    assert made == {
        "id": made["id"],
        "type": "memory",
        "memory_store_id": store["id"],
        "path": "/a.md",
        "content": None,
        "content_sha256": sha256("Ünïcode\r\n\ttext "),
        "content_size_bytes": 17,
        "memory_version_id": made["memory_version_id"],
        "created_at": made["created_at"],
        "updated_at": made["created_at"],
    }
    assert made["id"].startswith("mem_01")
    read = api.get(f"{at}/memories/{made['id']}")
    assert read == made | {"content": "Ünïcode\r\n\ttext "}


def test_a_view_is_chosen_in_the_query(at):
    client = make.api()
    path = f"/v1/{at}/memories"
    body = {"path": "/a", "content": "one"}

    made = client.post(f"{path}?view=full", body, content_type="application/json").json()
    one = f"{path}/{made['id']}"
    changed = client.post(f"{one}?view=full", {"content": "two"}, content_type="application/json")

    assert (made["content"], changed.json()["content"]) == ("one", "two")
    assert client.get(f"{one}?view=basic").json()["content"] is None
    assert client.get(path).json()["data"][0]["content"] is None
    assert client.get(f"{path}?view=full").json()["data"][0]["content"] == "two"
    assert client.get(f"{one}?view=whole").status_code == 400


@pytest.mark.parametrize(
    "content", ["", " ", "\r\n", "e\u0301", "\ufeffx", "x" * 102_400, "é" * 51_200]
)
def test_a_content_is_kept_to_the_byte(api, at, write, content):
    made = write("/a", content)

    read = api.get(f"{at}/memories/{made['id']}")
    assert (read["content"], read["content_sha256"]) == (content, sha256(content))
    assert read["content_size_bytes"] == len(content.encode())


@pytest.mark.parametrize("content", ["x" * 102_401, "é" * 51_201, "a\x00b", "\ud800", None, 5])
def test_a_content_that_is_none(api, at, write, content):
    memory = write("/there", "as it was")

    assert "content: " in api.refused(f"{at}/memories", path="/a", content=content)
    if content is not None:
        assert "content: " in api.refused(f"{at}/memories/{memory['id']}", content=content)
    assert MemoryVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "content or path is required"),
        ({"content": None, "path": None}, "content or path is required"),
        ({"precondition": {"type": "content_sha256", "content_sha256": "x"}}, "content or path"),
        ({"content": "x", "precondition": {"type": "content_sha256"}}, "precondition.content"),
        ({"content": "x", "precondition": {"type": "etag"}}, "precondition"),
        ({"content": "x", "view": "full"}, "view: unknown field"),
    ],
)
def test_an_update_that_is_none(api, at, write, body, told):
    memory = write("/a", "one")

    assert told in api.refused(f"{at}/memories/{memory['id']}", **body)
    assert api.get(f"{at}/memories/{memory['id']}")["content"] == "one"


def test_a_rename_keeps_the_id_and_the_content(api, at, write):
    memory = write("/a", "one")

    renamed = api.post(f"{at}/memories/{memory['id']}", path="/a/b", content=None)

    assert (renamed["id"], renamed["path"]) == (memory["id"], "/a/b")
    assert renamed["content_sha256"] == memory["content_sha256"]
    assert renamed["memory_version_id"] != memory["memory_version_id"]
    assert renamed["updated_at"] > memory["updated_at"]


def test_what_is_there_already_is_no_version(api, at, write):
    memory = write("/a", "one")
    stale = {"type": "content_sha256", "content_sha256": sha256("something else")}

    for body in ({"content": "one"}, {"path": "/a"}, {"content": "one", "path": "/a"}):
        assert api.post(f"{at}/memories/{memory['id']}", **body) == memory
        assert api.post(f"{at}/memories/{memory['id']}", **body, precondition=stale) == memory

    assert MemoryVersion.objects.count() == 1
    assert AuditEntry.objects.filter(object_id=memory["id"]).count() == 1


def test_a_precondition_is_of_the_content_also_in_a_rename(api, at, write):
    memory = write("/a", "one")
    right = {"type": "content_sha256", "content_sha256": sha256("one")}
    wrong = {"type": "content_sha256", "content_sha256": sha256("two")}
    path = f"{at}/memories/{memory['id']}"

    refused = api.post(path, 409, path="/b", precondition=wrong)
    assert refused["error"]["type"] == "memory_precondition_failed_error"
    assert refused["error"]["current_sha256"] == sha256("one")
    assert api.post(path, path="/b", precondition=right)["path"] == "/b"
    api.post(path, 409, content="x", precondition=right | {"content_sha256": right["type"].upper()})


def test_a_deletion_expects_what_is_there(api, at, write):
    memory = write("/a", "one")
    path = f"{at}/memories/{memory['id']}"

    api.delete(f"{path}?expected_content_sha256={sha256('two')}", 409)
    api.delete(f"{path}?expected_content_sha256=", 409)
    told = api.delete(f"{path}?expected_content_sha256={sha256('one')}")

    assert told == {"id": memory["id"], "type": "memory_deleted"}
    for _ in range(2):
        api.get(path, 404)
        api.delete(path, 404)
        api.post(path, 404, content="x")


@pytest.mark.parametrize(("there", "path"), [("/a/b", "/a/b"), ("/a/b", "/a"), ("/a", "/a/b/c")])
def test_a_path_that_is_taken(api, at, write, there, path):
    first, second = write(there), write("/z")

    for answer in (
        api.post(f"{at}/memories", 409, path=path, content="x"),
        api.post(f"{at}/memories/{second['id']}", 409, path=path),
    ):
        error = answer["error"]
        assert error["type"] == "memory_path_conflict_error"
        assert (error["conflicting_path"], error["conflicting_memory_id"]) == (there, first["id"])


def test_a_conflict_is_not_to_be_repeated(at, write):
    write("/a")

    refused = make.api().post(
        f"/v1/{at}/memories", {"path": "/a", "content": ""}, content_type="application/json"
    )

    assert (refused.status_code, refused.headers["x-should-retry"]) == (409, "false")


def test_a_full_store_takes_changes_alone(api, at, write, settings):
    settings.MEMORIES_PER_STORE = 1
    memory = write("/a", "one")

    assert "as many memories" in api.refused(f"{at}/memories", path="/b", content="")
    assert api.post(f"{at}/memories/{memory['id']}", path="/b")["path"] == "/b"
    api.delete(f"{at}/memories/{memory['id']}")
    assert write("/c")["path"] == "/c"


def test_the_log_says_what_was_done_and_not_what_it_says(api, store, at, write):
    memory = write("/a", "a secret")
    renamed = api.post(f"{at}/memories/{memory['id']}", path="/b", content="a secret too")
    api.delete(f"{at}/memories/{memory['id']}")

    found = AuditEntry.objects.filter(object_id=memory["id"]).order_by("created_at", "pk")
    assert [(each.action, each.after["path"], each.after["operation"]) for each in found] == [
        ("memory.created", "/a", "created"),
        ("memory.updated", "/b", "modified"),
        ("memory.deleted", "/b", "deleted"),
    ]
    versions = [each.after["memory_version_id"] for each in found]
    assert versions[:2] == [memory["memory_version_id"], renamed["memory_version_id"]]
    assert {each.after["memory_store_id"] for each in found} == {store["id"]}
    assert "secret" not in str(AuditEntry.objects.values_list("before", "after"))


def test_a_memory_of_others_is_neither_seen_nor_touched(api, neighbour, at, write):
    memory = write("/a", "one")
    path = f"{at}/memories/{memory['id']}"
    own = neighbour.post("memory_stores", name="Next door")
    in_mine = f"memory_stores/{own['id']}/memories"

    for where in (path, f"{in_mine}/{memory['id']}"):
        neighbour.get(where, 404)
        neighbour.post(where, 404, content="mine")
        neighbour.delete(where, 404)
    neighbour.get(f"{at}/memories", 404)
    neighbour.post(f"{at}/memories", 404, path="/b", content="mine")
    assert api.get(path)["content"] == "one"
    assert neighbour.get(in_mine)["data"] == []


def test_a_memory_of_another_store_is_not_there(api, at, write):
    memory = write("/a")
    other = api.post("memory_stores", name="Others")

    told = api.get(f"memory_stores/{other['id']}/memories/{memory['id']}", 404)
    assert "no such memory in this store" in told["error"]["message"]
    told = api.get(f"memory_stores/memstore_x/memories/{memory['id']}", 404)
    assert "no such memory store" in told["error"]["message"]


@pytest.mark.parametrize("memory_id", ["mem_nowhere", "%00", "x" * 300])
def test_ids_that_are_none(api, at, memory_id):
    api.get(f"{at}/memories/{memory_id}", 404)
    api.post(f"{at}/memories/{memory_id}", 404, content="x")
    api.delete(f"{at}/memories/{memory_id}", 404)


def test_a_read_key_changes_nothing(at, write):
    reading, memory = Api("read"), write("/a")

    reading.get(f"{at}/memories/{memory['id']}")
    reading.post(f"{at}/memories", 403, path="/b", content="")
    reading.post(f"{at}/memories/{memory['id']}", 403, content="")
    reading.delete(f"{at}/memories/{memory['id']}", 403)


def test_what_comes_as_something_else_is_told_so(at):
    _, secret = make.key()
    client = Client(headers={"x-api-key": secret})

    refused = client.post(f"/v1/{at}/memories", "path=/a", content_type="text/plain")

    assert refused.status_code == 400
    assert "send JSON" in refused.json()["error"]["message"]


def test_each_call_costs_a_fixed_number_of_statements(api, at, write, django_assert_num_queries):
    memory = write("/warm")
    path = f"{at}/memories/{memory['id']}"

    with django_assert_num_queries(6):
        write("/a")
    with django_assert_num_queries(2):
        api.get(path)
    with django_assert_num_queries(6):
        api.post(path, content="new")
    with django_assert_num_queries(7):
        api.post(path, path="/b")
    with django_assert_num_queries(6):
        api.delete(path)
