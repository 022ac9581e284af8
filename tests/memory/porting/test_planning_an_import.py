"""A plan says what would happen to each file, and why not; what was planned is what is done."""

import pytest

from apps.accounts.models import AuditEntry
from apps.memory import writing
from apps.memory.actions.importing import PlanOutdated
from apps.memory.models import MemoryVersion
from apps.memory.porting import telling
from apps.memory.porting.planning import Options
from tests.memory.porting.conftest import (
    held,
    imported,
    planned,
    refusals,
    steps,
    write,
)

pytestmark = pytest.mark.django_db


def test_each_file_is_new_changed_or_as_it_was(store):
    write(store, "/a.md", "one")
    write(store, "/b.md", "old\n")

    plan = planned(store, [("a.md", b"one"), ("b.md", b"new\n"), ("c/d.md", b"")])

    assert steps(plan) == [
        ("unchanged", "/a.md"),
        ("modified", "/b.md"),
        ("created", "/c/d.md"),
    ]
    assert "-old\n+new" in telling.plan_object(plan)["steps"][0]["diff"]
    assert str(plan) == "1 new · 1 changed · 1 unchanged · 0 deleted · 0 refused · 0 left out"
    assert held(store) == {"/a.md": b"one", "/b.md": b"old\n"}


def test_doing_it_writes_what_was_planned(store):
    write(store, "/b.md", "old")

    plan = imported(store, [("a.md", b"one"), ("b.md", b"new")])

    assert held(store) == {"/a.md": b"one", "/b.md": b"new"}
    assert plan.writes == 2
    newest = MemoryVersion.objects.order_by("-sequence")[:2]
    assert {version.reason for version in newest} == {"Imported from notes.zip"}
    entry = AuditEntry.objects.get(action="memory_store.imported")
    assert (entry.object_id, entry.after["created"], entry.after["modified"]) == (store.pk, 1, 1)


def test_the_second_time_nothing_is_written(store):
    imported(store, [("a.md", b"one")])

    imported(store, [("a.md", b"one")])

    assert MemoryVersion.objects.count() == 1
    assert AuditEntry.objects.filter(action="memory_store.imported").count() == 1


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("logo.png", b"\x89PNG\xff", "it is not UTF-8 text"),
        ("latin.txt", "café".encode("latin-1"), "it is not UTF-8 text"),
        ("nul.txt", b"a\x00b", "it is binary: it holds a NUL character"),
        ("big.md", b"x" * 102_401, "it has more than 102,400 bytes"),
        ("a//b.md", b"", "a path has no empty segments, and none that is '.' or '..'"),
        ("./b.md", b"", "a path has no empty segments, and none that is '.' or '..'"),
        ("a\u200bb.md", b"", "a path has no control, format or line-separator characters"),
        ("/".join("abcdefghijklmnopqrstu"), b"", "a path has at most 20 segments"),
        ("é" * 600, b"", "a path has at most 1,024 bytes"),
    ],
)
def test_what_is_no_memory_is_refused_with_the_reason_and_the_rest_goes_in(store, name, data, why):
    plan = imported(store, [(name, data), ("fine.md", b"yes")])

    assert refusals(plan) == {f"/{name}": why}
    assert held(store) == {"/fine.md": b"yes"}


def test_a_path_is_a_file_or_a_folder_and_never_both(store):
    write(store, "/team")
    write(store, "/desk/notes.md")

    plan = imported(store, [("team/a.md", b""), ("desk", b""), ("x", b""), ("x/y", b"")])

    assert refusals(plan) == {
        "/desk": "there is a folder of memories of this name",
        "/team/a.md": "/team is a memory, and no folder",
        "/x/y": "/x is a memory, and no folder",
    }
    assert "/x" in held(store)


def test_a_full_store_takes_changes_and_no_more_files(store, settings):
    settings.MEMORIES_PER_STORE = 2
    write(store, "/a.md", "old")

    plan = imported(store, [("a.md", b"new"), ("b.md", b"")])
    assert refusals(plan) == {}
    plan = imported(store, [("a.md", b"newer"), ("c.md", b"")])

    assert refusals(plan) == {"/c.md": "the memory store holds as many memories as it may"}
    assert held(store) == {"/a.md": b"newer", "/b.md": b""}


def test_names_as_a_mac_writes_them_are_normalised_and_it_says_so(store):
    plan = imported(store, [("cafe\u0301.md", b"x")])

    assert held(store) == {"/caf\u00e9.md": b"x"}
    assert plan.steps[0].remark == "its name is kept in Unicode's form NFC"


def test_two_files_that_come_to_one_path_are_told_apart(store):
    plan = imported(store, [("cafe\u0301.md", b"one"), ("caf\u00e9.md", b"two")])

    assert refusals(plan) == {"/caf\u00e9.md": "another file comes to the same path"}
    assert held(store) == {"/caf\u00e9.md": b"one"}


def test_what_tools_leave_in_folders_is_left_out_with_a_word(store):
    files = [
        (".git/HEAD", b"ref"),
        ("__MACOSX/._a.md", b"\x00"),
        ("b/._a.md", b"\x00"),
        ("b/.DS_Store", b"\x00"),
        (".claude/a.md", b"kept"),
    ]

    plan = imported(store, files)

    assert held(store) == {"/.claude/a.md": b"kept"}
    assert {(step.source, step.remark) for step in plan.of("left_out")} == {
        (".git/HEAD", "it is kept by Git"),
        ("__MACOSX/._a.md", "it is kept by macOS"),
        ("b/._a.md", "it is kept by macOS"),
        ("b/.DS_Store", "it is kept by macOS"),
    }


def test_a_folder_of_the_store_can_be_named(store):
    imported(store, [("a.md", b"")], "/team/x/")

    assert held(store) == {"/team/x/a.md": b""}


@pytest.mark.parametrize(
    ("prefix", "why"),
    [
        ("/team", "prefix: ends with '/', as in /team/"),
        ("team/", "prefix: begins with '/', as in /team/notes.md"),
        ("/a/../", "prefix: has no empty segments, and none that is '.' or '..'"),
    ],
)
def test_a_folder_that_is_none_is_refused(prefix, why):
    with pytest.raises(writing.paths.BadPath) as refused:
        Options.checked(prefix)

    assert refused.value.message == why


def test_deleting_takes_only_what_lies_in_the_folder_and_was_not_brought(store):
    for path in ("/team/a.md", "/team/b.md", "/other.md"):
        write(store, path)

    plan = imported(store, [("a.md", b"text")], "/team/", deletes=True)

    assert steps(plan) == [("unchanged", "/team/a.md"), ("deleted", "/team/b.md")]
    assert held(store) == {"/team/a.md": b"text", "/other.md": b"text"}


def test_nothing_is_deleted_unless_it_was_asked_for(store):
    write(store, "/b.md")

    plan = planned(store, [("a.md", b"")])

    assert steps(plan) == [("created", "/a.md")]


def test_a_file_that_is_refused_or_left_out_is_not_one_that_is_missing(store):
    write(store, "/grown.md", "small")
    write(store, "/.git/notes", "ours")

    plan = imported(store, [("grown.md", b"x" * 102_401)], deletes=True)

    assert steps(plan) == [("refused", "/grown.md")]
    assert held(store) == {"/grown.md": b"small", "/.git/notes": b"ours"}


def test_what_is_deleted_makes_room_for_what_comes(store, settings):
    settings.MEMORIES_PER_STORE = 1
    write(store, "/a", "file")

    imported(store, [("a/b", b"folder")], deletes=True)

    assert held(store) == {"/a/b": b"folder"}


def test_a_plan_that_has_become_another_writes_nothing_and_tells_the_new_one(store):
    files = [("a.md", b"mine"), ("b.md", b"mine")]
    plan = planned(store, files)
    write(store, "/a.md", "somebody else's")

    with pytest.raises(PlanOutdated) as outdated:
        imported(store, files, expecting=plan.sha256)

    assert outdated.value.status == 409
    assert steps(outdated.value.plan) == [("modified", "/a.md"), ("created", "/b.md")]
    assert outdated.value.extra["plan"]["id"] == outdated.value.plan.sha256 != plan.sha256
    assert held(store) == {"/a.md": b"somebody else's"}
    imported(store, files, expecting=outdated.value.plan.sha256)
    assert held(store) == {"/a.md": b"mine", "/b.md": b"mine"}


def test_a_change_elsewhere_leaves_the_plan_as_it_is(store):
    plan = planned(store, [("a.md", b"mine")])
    write(store, "/b.md")

    imported(store, [("a.md", b"mine")], expecting=plan.sha256)

    assert "/a.md" in held(store)


def test_an_archived_store_has_no_plan(store):
    store.archived_at = store.created_at
    store.save(update_fields=["archived_at"])

    for do in (planned, imported):
        with pytest.raises(writing.StoreArchived):
            do(store, [("a.md", b"")])


def test_what_a_terminal_would_obey_is_not_printed(store):
    plan = planned(store, [("a\x1b[2J.md", b"")])

    assert list(telling.lines(plan)) == [
        "! /a\ufffd[2J.md (a path has no control, format or line-separator characters)"
    ]


def test_a_plan_is_made_with_as_many_queries_for_three_files_as_for_one(
    store, django_assert_num_queries
):
    for name in "abc":
        write(store, f"/{name}", "old")

    with django_assert_num_queries(4):
        planned(store, [("a", b"new")])
    with django_assert_num_queries(4):
        planned(store, [("a", b"new"), ("b", b"new"), ("c", b"new")])
