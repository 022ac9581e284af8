"""Differences, blame, the chain and its checks over the API."""

import json

import pytest

from apps.core.api.documenting import Listed
from apps.memory import tasks
from apps.memory.api import history
from apps.memory.models import MemoryVersion
from tests import make

pytestmark = pytest.mark.django_db


def versions(api, at, memory):
    """Ids, oldest first."""
    listed = api.get(f"{at}/memory_versions", memory_id=memory["id"])["data"]
    return [each["id"] for each in listed[::-1]]


def test_two_versions_are_compared_with_each_other(api, at, write):
    memory = write("/a", "one\ntwo\n")
    api.post(f"{at}/memories/{memory['id']}", content="one\nthree\n")
    first, second = versions(api, at, memory)

    answer = api.get(f"{at}/diff", **{"from": first, "to": second})

    Listed[history.MemoryChange].model_validate(answer)
    assert answer == {
        "data": [
            {
                "type": "memory_change",
                "operation": "modified",
                "memory_id": memory["id"],
                "from_path": "/a",
                "to_path": "/a",
                "from_memory_version_id": first,
                "to_memory_version_id": second,
                "diff": "@@ -1,2 +1,2 @@\n one\n-two\n+three\n",
            }
        ],
        "next_page": None,
    }
    assert api.get(f"{at}/diff", **{"from": first, "to": first})["data"] == []


def test_a_deletion_compares_as_nothing(api, at, write):
    memory = write("/a", "one\n")
    api.delete(f"{at}/memories/{memory['id']}")
    first, second = versions(api, at, memory)

    (gone,) = api.get(f"{at}/diff", **{"from": first, "to": second})["data"]
    (back,) = api.get(f"{at}/diff", **{"from": second, "to": first})["data"]

    assert (gone["operation"], gone["to_path"]) == ("deleted", None)
    assert (back["operation"], back["diff"]) == ("created", "@@ -0,0 +1,1 @@\n+one\n")


def test_a_store_is_compared_from_one_time_to_another(api, at, write):
    changed, moved, gone = write("/a", "one\n"), write("/b"), write("/team/c")
    then = MemoryVersion.objects.get(memory=gone["id"]).created_at.isoformat()
    api.post(f"{at}/memories/{changed['id']}", content="two\n")
    api.post(f"{at}/memories/{moved['id']}", path="/team/b")
    api.delete(f"{at}/memories/{gone['id']}")
    write("/z", "new\n")

    answer = api.get(f"{at}/diff", **{"from": then})

    Listed[history.MemoryChange].model_validate(answer)
    told = [(each["operation"], each["from_path"], each["to_path"]) for each in answer["data"]]
    assert told == [
        ("modified", "/a", "/a"),
        ("renamed", "/b", "/team/b"),
        ("deleted", "/team/c", None),
        ("created", None, "/z"),
    ]
    assert answer["data"][3]["diff"] == "@@ -0,0 +1,1 @@\n+new\n"
    folder = api.get(f"{at}/diff", **{"from": then, "path_prefix": "/team/"})["data"]
    assert [each["memory_id"] for each in folder] == [moved["id"], gone["id"]]


def test_changes_come_in_pages(api, at, write):
    first = write("/0")
    names = [f"/{each}" for each in "edcab"]
    for name in names:
        write(name)
    asked = {"from": first["memory_version_id"], "to": "2999-01-01T00:00:00Z", "limit": 2}

    seen, page = [], ""
    while page is not None:
        answer = api.get(f"{at}/diff", **asked, page=page)
        seen += [each["to_path"] for each in answer["data"]]
        page = answer["next_page"]

    assert seen == sorted(names)
    other = api.get(f"{at}/diff", **asked)["next_page"]
    api.get(f"{at}/diff", 400, **(asked | {"limit": 3, "path_prefix": "/x/"}), page=other)


def test_a_page_of_changes_costs_the_same_whatever_it_holds(
    api, at, write, django_assert_num_queries
):
    first = write("/0")
    write("/1")
    with django_assert_num_queries(6):
        api.get(f"{at}/diff", **{"from": first["memory_version_id"]})
    write("/2")
    write("/3")

    with django_assert_num_queries(6):
        answer = api.get(f"{at}/diff", **{"from": first["memory_version_id"]})

    assert len(answer["data"]) == 3


@pytest.mark.parametrize("said", ["yesterday", "memver_none", "999999999999999999", "\ud800"])
def test_what_is_no_time_and_no_version_is_refused(api, at, said):
    answer = api.get(f"{at}/diff", 400, **{"from": said.encode("utf-8", "surrogatepass")})

    assert answer["error"]["message"].startswith("from: this is neither a time")


def test_a_redacted_version_compares_to_nothing_known(api, at, write):
    memory = write("/a", "secret\n")
    api.post(f"{at}/memories/{memory['id']}", content="fine\n")
    first, second = versions(api, at, memory)
    api.post(f"{at}/memory_versions/{first}/redact")

    (change,) = api.get(f"{at}/diff", **{"from": first, "to": second})["data"]

    assert (change["operation"], change["diff"], change["from_path"]) == ("redacted", None, None)


def test_blame_names_the_version_of_each_line(api, at, write):
    memory = write("/a", "one\r\ntwo\n")
    api.post(f"{at}/memories/{memory['id']}", content="one\r\ntwo\nthree")
    first, second = versions(api, at, memory)

    answer = api.get(f"{at}/memories/{memory['id']}/blame")

    history.MemoryBlame.model_validate(answer)
    assert (answer["memory_id"], answer["memory_version_id"]) == (memory["id"], second)
    assert answer["ranges"] == [
        {
            "first_line": 1,
            "last_line": 2,
            "content": "one\r\ntwo\n",
            "memory_version_id": first,
            "is_known": True,
        },
        {
            "first_line": 3,
            "last_line": 3,
            "content": "three",
            "memory_version_id": second,
            "is_known": True,
        },
    ]
    told = [(each["memory_version_id"], each["number"]) for each in answer["versions"]]
    assert told == [(first, 1), (second, 2)]
    assert answer["versions"][0]["created_by"]["type"] == "api_actor"


def test_blame_takes_as_many_queries_for_three_versions_as_for_one(
    api, at, write, django_assert_num_queries
):
    memory = write("/a", "one\n")
    blame = f"{at}/memories/{memory['id']}/blame"
    with django_assert_num_queries(4):
        api.get(blame)
    for text in ("one\ntwo\n", "one\ntwo\nthree\n"):
        api.post(f"{at}/memories/{memory['id']}", content=text)

    with django_assert_num_queries(4):
        assert len(api.get(blame)["versions"]) == 3


def test_a_memory_comes_back_as_a_version_had_it(api, at, write):
    memory = write("/a", "one")
    one = f"{at}/memories/{memory['id']}"
    api.post(one, content="two", path="/b")
    asked = {"memory_version_id": memory["memory_version_id"]}

    plan = api.post(f"{one}/restore", 200, **asked, dry_run=True)
    assert api.get(one)["content"] == "two"
    done = api.post(f"{one}/restore", 200, **asked, plan=plan["id"])

    assert done == plan
    assert plan["steps"] == [
        {
            "type": "memory_restore_step",
            "operation": "update",
            "memory_id": memory["id"],
            "from_path": "/b",
            "to_path": "/a",
            "memory_version_id": memory["memory_version_id"],
        }
    ]
    back = api.get(one)
    assert (back["path"], back["content"]) == ("/a", "one")


def test_a_deleted_memory_comes_back_and_a_taken_path_is_named(api, at, write):
    memory = write("/a", "one")
    one = f"{at}/memories/{memory['id']}"
    asked = {"memory_version_id": memory["memory_version_id"]}
    api.delete(one)
    other = write("/a", "other")

    error = api.post(f"{one}/restore", 409, **asked)["error"]
    assert error["type"] == "memory_path_conflict_error"
    assert error["conflicting_memory_id"] == other["id"]
    (conflict,) = api.post(f"{one}/restore", 200, **asked, dry_run=True)["conflicts"]
    assert conflict["conflicting_path"] == "/a"
    api.delete(f"{at}/memories/{other['id']}")

    api.post(f"{one}/restore", 200, **asked)

    assert api.get(one)["content"] == "one"


def test_a_memory_is_not_restored_from_anothers_version(api, at, write):
    one, other = write("/a"), write("/b")

    api.post(
        f"{at}/memories/{one['id']}/restore",
        404,
        memory_version_id=other["memory_version_id"],
    )


def test_a_store_comes_back_as_it_was(api, at, write):
    memory = write("/team/a", "one")
    api.post(f"{at}/memories/{memory['id']}", content="two")
    write("/b")
    asked = {"at": memory["memory_version_id"]}
    plan = api.post(f"{at}/restore", 200, **asked, dry_run=True)
    write("/c")

    stale = api.post(f"{at}/restore", 409, **asked, plan=plan["id"])
    folder = api.post(f"{at}/restore", 200, **asked, path_prefix="/team/")
    whole = api.post(f"{at}/restore", 200, **asked)

    assert stale["error"]["type"] == "conflict_error"
    assert [each["operation"] for each in plan["steps"]] == ["delete", "update"]
    assert [each["to_path"] for each in folder["steps"]] == ["/team/a"]
    assert [each["from_path"] for each in whole["steps"]] == ["/b", "/c"]
    assert [each["path"] for each in api.get(f"{at}/memories")["data"]] == ["/team/a"]


def test_nothing_is_restored_from_before_the_first_version(api, at, write):
    write("/a")

    said = api.refused(f"{at}/restore", at="2020-01-01T00:00:00Z")

    assert said == "at: nothing had been written to this memory store by then."
    assert api.refused(f"{at}/restore", at="x\x00").startswith("at: this is neither")
    assert api.refused(f"{at}/restore", at="2999-01-01", path_prefix="team").startswith("path_")


def test_a_key_that_only_reads_restores_nothing(api, at, write):
    memory = write("/a")
    reader = make.api("read")

    for path, body in (
        (f"{at}/restore", {"at": memory["memory_version_id"]}),
        (
            f"{at}/memories/{memory['id']}/restore",
            {"memory_version_id": memory["memory_version_id"]},
        ),
        (f"{at}/history_checks", {}),
    ):
        answer = reader.post(f"/v1/{path}", json.dumps(body), content_type="application/json")
        assert answer.status_code == 403


def test_the_chain_is_one_object_per_line(api, at, write):
    memory = write("/a", "one")
    api.delete(f"{at}/memories/{memory['id']}")

    answer = api.client.get(f"/v1/{at}/chain")
    links = [json.loads(line) for line in answer.getvalue().splitlines()]

    assert answer["content-type"] == "application/x-ndjson"
    assert [each["sequence"] for each in links] == [1, 2]
    assert links[1]["previous"] == links[0]["hash"]
    assert links[0]["version_id"] == memory["memory_version_id"]
    assert "content" not in links[0]


def test_a_check_is_made_and_listed(api, at, write):
    write("/a")

    made = api.post(f"{at}/history_checks")

    history.HistoryCheckAnswer.model_validate(made)
    assert (made["has_passed"], made["version_count"], made["faults"]) == (True, 1, [])
    listed = api.get(f"{at}/history_checks")
    Listed[history.HistoryCheckAnswer].model_validate(listed)
    assert listed == {"data": [made], "next_page": None}


def test_a_long_check_is_listed_under_its_id_once_it_is_over(api, at, write, monkeypatch):
    write("/a")
    monkeypatch.setattr("apps.memory.actions.verifying.SHORT", 0)
    monkeypatch.setattr(tasks.verify_history, "apply_async", lambda kwargs, headers: None)

    begun = api.post(f"{at}/history_checks")

    history.HistoryCheckAnswer.model_validate(begun)
    assert begun["has_passed"] is None
    assert api.get(f"{at}/history_checks")["data"] == []
    tasks.verify_history(store_id=begun["memory_store_id"], check_id=begun["id"])
    (told,) = api.get(f"{at}/history_checks")["data"]
    assert (told["id"], told["has_passed"]) == (begun["id"], True)


def test_checks_cost_the_same_however_many(api, at, django_assert_num_queries):
    api.post(f"{at}/history_checks")
    with django_assert_num_queries(3):
        api.get(f"{at}/history_checks")
    api.post(f"{at}/history_checks")
    api.post(f"{at}/history_checks")

    with django_assert_num_queries(3):
        assert len(api.get(f"{at}/history_checks")["data"]) == 3


def test_nothing_of_this_is_the_neighbours(neighbour, at, write):
    memory = write("/a")
    version = memory["memory_version_id"]

    for path in ("diff", "chain", "history_checks", f"memories/{memory['id']}/blame"):
        neighbour.get(f"{at}/{path}", 404, **{"from": version})
    neighbour.post(f"{at}/history_checks", 404)
    neighbour.post(f"{at}/restore", 404, at=version)
    neighbour.post(f"{at}/memories/{memory['id']}/restore", 404, memory_version_id=version)
