"""Making, editing, moving, deleting, restoring and redacting on pages; nothing typed is lost."""

import re
from html import unescape

import pytest

from apps.memory.authors import Author
from apps.memory.models import Memory
from apps.memory.writing import LARGEST
from tests import make
from tests.memory.pages.conftest import (
    at,
    body,
    change,
    delete,
    page_of,
    versions,
    words,
)

pytestmark = pytest.mark.django_db


def typed(response):
    """What stands in the editor, as a browser has it."""
    found = re.search(
        r"<textarea name=\"content\".*?>\n(.*?)</textarea>", body(response), re.DOTALL
    )
    return unescape(found[1]).replace("\r\n", "\n")


def expected(response):
    return re.search(r'name="expected" value="(\w+)"', body(response))[1]


def save(client, memory, content, **more):
    given = {"content": content, "expected": memory.content_sha256} | more
    return client.post(page_of(memory, "edit"), given)


def test_a_memory_is_written(client, store):
    asked = client.get(at("new_memory", store) + "?prefix=/team/")
    assert 'value="/team/"' in body(asked)

    answer = client.post(at("new_memory", store), {"path": "/team/a.md", "content": "\r\nOne\r\n"})

    memory = Memory.objects.get()
    assert answer.url == page_of(memory)
    assert (memory.path, memory.content) == ("/team/a.md", "\nOne\n")
    assert versions(memory)[0].actor_name == "ines"


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("", 422, "Say where it lies"),
        ("team", 422, "Begins with '/'"),
        ("/a/../b", 422, "no empty segments"),
        ("/taken.md", 409, "/taken.md is there already. Choose another path"),
        ("/taken.md/below", 409, "nothing can lie below it at /taken.md/"),
        ("/folder", 409, "So /folder is a folder"),
        ("/a\x00b", 422, "Null characters are not allowed"),
    ],
)
def test_a_path_that_will_not_do_keeps_what_was_typed(client, store, write, path, status, said):
    write("/taken.md")
    write("/folder/in.md")

    answer = client.post(at("new_memory", store), {"path": path, "content": "Kept\r\nall"})

    assert answer.status_code == status
    assert said in words(answer)
    assert typed(answer) == "Kept\nall"
    assert Memory.objects.count() == 2


def test_a_text_that_is_too_long_is_kept_in_the_editor(client, write):
    memory = write()
    content = "x" * (LARGEST + 1)

    answer = save(client, memory, content)

    assert answer.status_code == 422
    assert "at most 102,400 bytes" in words(answer)
    assert typed(answer) == content


def test_what_is_saved_is_a_version_by_who_saved_it(client, write):
    memory = write(content="One\n")
    asked = client.get(page_of(memory, "edit"))
    assert (typed(asked), expected(asked)) == ("One\n", memory.content_sha256)

    answer = save(client, memory, "Two\r\n")

    assert answer.url == page_of(memory)
    assert [(each.content, each.actor_name) for each in versions(memory)] == [
        ("One\n", "tom"),
        ("Two\n", "ines"),
    ]


def test_saving_the_same_writes_nothing(client, write):
    memory = write(content="One\n")

    answer = client.post(
        page_of(memory, "edit"),
        {"content": "One\r\n", "expected": memory.content_sha256},
        follow=True,
    )

    assert "Nothing changed" in words(answer)
    assert len(versions(memory)) == 1


def test_lines_keep_the_ends_that_they_had(client, write):
    memory = write(content="one\r\ntwo\nthree\r\nfour\r\n")

    save(client, memory, "one\r\ntwo\r\nnew\r\nfour\r\n")

    memory.refresh_from_db()
    assert memory.content == "one\r\ntwo\nnew\r\nfour\r\n"


def test_a_preview_saves_nothing(client, store, write):
    memory = write(content="One\n")

    shown = save(client, memory, "# Two\r\n<script>", preview="1")
    new = client.post(at("new_memory", store), {"path": "", "content": "**b**", "preview": "1"})
    long = save(client, memory, "x" * (LARGEST + 1), preview="1")

    assert "<h2>Two</h2>" in body(shown)
    assert typed(shown) == "# Two\n<script>"
    assert expected(shown) == memory.content_sha256
    assert "<strong>b</strong>" in body(new)
    assert "Say where it lies" not in words(new)
    assert "It is too long to be saved" in words(long)
    assert len(versions(memory)) == 1


def test_whoever_saves_second_sees_both_changes_brought_together(client, write):
    memory = write(content="one\ntwo\nthree\nfour\nfive\n")
    change(memory, "1\ntwo\nthree\nfour\nfive\n")

    answer = save(client, memory, "one\r\ntwo\r\nthree\r\nfour\r\n5\r\n")

    assert answer.status_code == 409
    assert "tom saved this memory just now , while you were writing" in words(answer)
    assert typed(answer) == "1\ntwo\nthree\nfour\n5\n"
    assert len(versions(memory)) == 2
    memory.refresh_from_db()
    assert expected(answer) == memory.content_sha256
    assert save(client, memory, typed(answer)).status_code == 302
    assert versions(memory)[-1].content == "1\ntwo\nthree\nfour\n5\n"


def test_the_same_line_changed_twice_is_never_merged_by_guess(client, write):
    memory = write(content="one\ntwo\n")
    change(memory, "one\ntheirs\n")

    answer = save(client, memory, "one\nmine\n")

    merged = "one\n<<<<<<< yours\nmine\n=======\ntheirs\n>>>>>>> theirs\n"
    assert answer.status_code == 409
    assert typed(answer) == merged
    assert "You both changed the same lines in 1 place" in words(answer)
    memory.refresh_from_db()
    undecided = save(client, memory, merged, merging="1")
    assert undecided.status_code == 422
    assert "Decide what stands between" in words(undecided)
    assert typed(undecided) == merged
    assert save(client, memory, "one\nboth\n", merging="1").status_code == 302


def test_a_conflict_after_what_one_began_with_was_redacted_loses_nothing(client, write):
    memory = write(content="one\n")
    before = memory.content_sha256
    memory = change(memory, "theirs\n")
    client.post(page_of(memory, "redact", versions(memory)[0]))

    answer = client.post(page_of(memory, "edit"), {"content": "mine\n", "expected": before})

    assert answer.status_code == 409
    assert "What you began with is not there any more" in words(answer)
    assert "mine\n" in typed(answer)
    assert "theirs\n" in typed(answer)


def test_a_memory_that_was_deleted_meanwhile_leaves_what_was_typed(client, store, write):
    memory = write(content="one\n")
    delete(memory)

    answer = save(client, memory, "mine\n")

    assert answer.status_code == 409
    assert "Somebody deleted this memory while you were writing" in words(answer)
    assert typed(answer) == "mine\n"
    assert f'formaction="{at("new_memory", store)}"' in body(answer)
    assert client.get(page_of(memory, "edit")).status_code == 404


def test_what_an_archived_store_refuses_keeps_what_was_typed(client, store, write):
    memory = write()
    client.post(at("archive_store", store))

    answer = save(client, memory, "mine\n")

    assert answer.status_code == 422
    assert "This memory store is archived" in words(answer)
    assert typed(answer) == "mine\n"


def test_a_memory_is_moved(client, write):
    memory = write("/a.md")
    write("/taken.md")

    assert "/a.md" in body(client.get(page_of(memory, "rename")))
    taken = client.post(page_of(memory, "rename"), {"path": "/taken.md"})
    bad = client.post(page_of(memory, "rename"), {"path": "a"})
    moved = client.post(page_of(memory, "rename"), {"path": "/team/cafe\u0301.md"})

    assert (taken.status_code, bad.status_code, moved.status_code) == (409, 422, 302)
    assert "/taken.md is there already" in words(taken)
    memory.refresh_from_db()
    assert memory.path == "/team/caf\u00e9.md"


def test_deleting_asks_first_and_deletes_only_what_was_seen(client, write):
    memory = write()
    asked = client.get(page_of(memory, "delete"))
    change(memory, "Somebody wrote\n")

    stale = client.post(page_of(memory, "delete"), {"expected": expected(asked)})

    assert stale.status_code == 409
    assert "Nothing was done" in words(stale)
    answer = client.post(page_of(memory, "delete"), {"expected": expected(stale)})
    assert answer.status_code == 302
    memory.refresh_from_db()
    assert memory.deleted_at is not None
    assert client.get(page_of(memory, "rename")).status_code == 404


def plan_of(response):
    return re.search(r'name="plan" value="(\w+)"', body(response))[1]


def test_a_version_is_restored_as_it_was_shown(client, write):
    memory = write("/a.md", "First\n")
    change(memory, "Second\n", path="/b.md")
    path = page_of(memory, "restore", versions(memory)[0])

    asked = client.get(path)
    assert "moves from /b.md back to /a.md" in words(asked)
    assert "+ First" in words(asked)
    answer = client.post(path, {"plan": plan_of(asked)})

    assert answer.url == page_of(memory)
    memory.refresh_from_db()
    assert (memory.path, memory.content) == ("/a.md", "First\n")
    assert "says this already" in words(client.get(page_of(memory, "restore", versions(memory)[2])))


def test_a_restore_that_would_do_something_else_by_now_is_shown_again(client, write):
    memory = write(content="First\n")
    change(memory, "Second\n")
    path = page_of(memory, "restore", versions(memory)[0])
    asked = client.get(path)
    change(memory, "Third\n")

    answer = client.post(path, {"plan": plan_of(asked)})

    assert answer.status_code == 409
    assert "somebody wrote meanwhile" in words(answer)
    assert "Third" in words(answer)
    assert plan_of(answer) != plan_of(asked)


def test_a_deleted_memory_comes_back_unless_its_path_is_taken(client, write):
    memory = write("/a.md", "First\n")
    delete(memory)
    path = page_of(memory, "restore", versions(memory)[0])
    other = write("/a.md", "Other\n")

    blocked = client.get(path)
    assert "/a.md is in the way" in words(blocked)
    assert page_of(other) in body(blocked)
    assert "Bring it back" not in words(blocked)
    assert client.post(path, {"plan": plan_of(blocked)}).status_code == 409

    delete(other)
    assert client.post(path, {"plan": plan_of(client.get(path))}).status_code == 302
    memory.refresh_from_db()
    assert (memory.deleted_at, memory.content) == (None, "First\n")


def test_a_deletion_is_nothing_to_bring_back(client, write):
    memory = write()
    delete(memory)

    answer = client.get(page_of(memory, "restore", versions(memory)[1]))

    assert "there is no text in it to bring back" in words(answer)


def test_a_version_is_redacted_once_it_is_not_what_is_said(client, write):
    memory = write(content="Secret\n")
    first = versions(memory)[0]
    refused = client.post(page_of(memory, "redact", first))
    assert refused.status_code == 422
    assert "This is what the memory says now" in words(refused)
    change(memory, "Open\n")

    asked = words(client.get(page_of(memory, "redact", first)))
    client.post(page_of(memory, "redact", first))

    assert "gone for good" in asked
    first.refresh_from_db()
    assert first.content is None
    assert page_of(memory, "redact", first) not in body(client.get(page_of(memory)))


def test_a_store_goes_back_to_a_time(client, store, write):
    memory = write("/team/a.md", "First\n")
    then = versions(memory)[0].created_at
    change(memory, "Second\n")
    write("/team/new.md")
    write("/other.md")
    url = at("restore_store", store)
    asked = {"at": then.isoformat(timespec="microseconds"), "folder": "team"}

    began = client.get(url, {"prefix": "/team/"})
    assert "Show what would change" in words(began)
    assert began.context["form"]["folder"].value() == "/team/"
    shown = client.get(url, asked)
    assert "2 memories change" in words(shown)
    assert '<td class="text">Second</td>' in body(shown)
    assert "/other.md" not in words(shown)
    answer = client.post(url, asked | {"plan": plan_of(shown)})

    assert answer.url == at("activity", store)
    memory.refresh_from_db()
    assert memory.content == "First\n"
    assert {each.path for each in Memory.objects.live()} == {"/team/a.md", "/other.md"}
    assert "It is as it was then" in words(client.get(url, asked))


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ({"at": "no time"}, 422, "This is no time"),
        ({"at": "2001-01-01T00:00"}, 422, "nothing had been written"),
        ({"at": "2126-01-01T00:00", "folder": "a//b"}, 422, "A folder has no empty segments"),
    ],
)
def test_a_time_that_will_not_do_is_told(client, store, write, asked, status, said):
    write()

    answer = client.get(at("restore_store", store), asked)

    assert answer.status_code == status
    assert said in words(answer)


def test_a_store_that_was_written_to_meanwhile_is_not_restored_unseen(client, store, write):
    memory = write(content="First\n")
    then = versions(memory)[0].created_at.isoformat(timespec="microseconds")
    change(memory, "Second\n")
    url = at("restore_store", store)
    plan = plan_of(client.get(url, {"at": then}))
    change(memory, "Third\n")

    answer = client.post(url, {"at": then, "plan": plan})

    assert answer.status_code == 409
    assert "somebody wrote meanwhile" in words(answer)
    memory.refresh_from_db()
    assert memory.content == "Third\n"


def test_an_agent_that_wrote_is_linked_to_its_session(client, write):
    session = make.session(title="night run")
    memory = write(by=Author.session(session.public_id, "coordinator"))

    shown = body(client.get(page_of(memory) + "?view=changes"))

    assert f"/sessions/{session.public_id}/" in shown
