"""The page of one memory: text, source, blame, changes, history; every state by its address."""

import pytest

from apps.memory import browsing
from apps.memory.actions import versions as redactions
from apps.memory.authors import Author
from tests import make
from tests.memory.pages.conftest import (
    TOM,
    at,
    body,
    change,
    delete,
    new_store,
    page_of,
    versions,
    words,
)

pytestmark = pytest.mark.django_db

INES = Author("user_actor", "user_ines", "ines")
EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def redact(version):
    redactions.redact_version(store_id=version.store_id, version_id=version.pk, by=make.actor())


def test_the_text_reads_as_it_means_with_who_wrote_which_part(client, write):
    memory = write(content="# Refunds\n\nAsk first.\n\n- One\n- Two\n", by=TOM)
    change(memory, "# Refunds\n\nAsk first.\n\n- One\n- Two or **three**\n", by=INES)

    answer = client.get(page_of(memory))

    shown = body(answer)
    assert "<h2>Refunds</h2>" in shown
    assert "<strong>three</strong>" in shown
    told = [(each.source.number, each.is_repeated) for each in answer.context["blocks"]]
    assert told == [(1, False), (1, True), (1, True), (2, False)]
    assert "v2 · ines" in words(answer)


def test_front_matter_stands_apart(client, write):
    memory = write(content="---\ntitle: Refunds\nowner: tom\n---\nAsk first.\n")

    answer = client.get(page_of(memory))

    assert answer.context["reading"].front.pairs == (("title", "Refunds"), ("owner", "tom"))
    assert "title Refunds owner tom" in words(answer)


@pytest.mark.parametrize("view", ["text", "source", "blame", "changes"])
def test_hostile_text_stays_text(client, write, view):
    memory = write("/team/<b>evil<b>.md", content=f"# {EVIL}\n\n{EVIL}\n")
    change(memory, f"{EVIL} and more\n", by=Author("user_actor", "u", EVIL), reason=EVIL)

    shown = body(client.get(page_of(memory), {"view": view}))

    assert "<script>alert" not in shown
    assert "<img src" not in shown
    assert "<b>evil" not in shown


def test_links_lead_to_other_memories_and_nothing_is_loaded_from_elsewhere(client, store, write):
    memory = write(
        content="[a](../other.md) ![chart](https://example.com/c.png) [x](javascript:alert)"
    )

    shown = body(client.get(page_of(memory)))

    assert f'href="{at("at", store, "other.md")}"' in shown
    assert (
        '<a href="https://example.com/c.png" rel="noopener noreferrer nofollow">chart</a>' in shown
    )
    assert "<img" not in shown
    assert 'href="javascript' not in shown


def test_the_source_has_its_line_numbers(client, write):
    shown = body(client.get(page_of(write(content="a\n\n  b  \n")) + "?view=source"))

    assert '<td class="text">  b  </td>' in shown
    assert 'id="L3"' in shown
    assert 'id="L4"' not in shown


def test_what_is_too_long_to_be_drawn_is_shown_as_its_source(client, write):
    answer = client.get(page_of(write(content="word " * 20_000)))

    assert "too long or too deeply nested to be drawn" in words(answer)
    assert 'id="L1"' in body(answer)


def test_blame_tells_who_wrote_each_line_when_and_why(client, write):
    memory = write(content="one\ntwo\nthree\n", by=TOM, reason="From the wiki")
    change(memory, "one\n2\nthree\n", by=INES, reason="Figures")

    answer = client.get(page_of(memory) + "?view=blame")

    told = [
        (passage.source.actor_name, passage.source.reason, [line.number for line in passage.lines])
        for passage in answer.context["passages"]
    ]
    assert told == [
        ("tom", "From the wiki", [1]),
        ("ines", "Figures", [2]),
        ("tom", "From the wiki", [3]),
    ]
    assert "Figures" in words(answer)


def test_the_history_tells_what_each_version_did(client, write):
    memory = write()
    change(memory, "Other\n", reason="Shorter")
    change(memory, path="/team/moved.md")
    change(memory, "Again\n", path="/team/back.md")
    redact(versions(memory)[1])

    answer = client.get(page_of(memory))

    rows = [(row.number, row.what, row.old_path) for row in answer.context["timeline"].rows]
    assert rows == [
        (4, "renamed and changed", "/team/moved.md"),
        (3, "changed", ""),
        (2, "redacted", ""),
        (1, "created", ""),
    ]


def test_a_move_alone_is_told_as_one(client, write):
    memory = write("/a.md")
    change(memory, path="/b.md")

    answer = client.get(page_of(memory) + "?view=changes")

    assert answer.context["timeline"].rows[0].what == "renamed"
    assert "Only the path changed: /a.md became /b.md" in words(answer)


def test_any_two_versions_are_compared(client, write):
    memory = write(content="a brown fox\n")
    change(memory, "a red fox\n")
    change(memory, "a red fox\nand a dog\n")
    first, second, third = versions(memory)

    shown = body(client.get(page_of(memory), {"view": "changes", "version": second.pk}))
    wider = client.get(page_of(memory), {"view": "changes", "from": first.pk, "version": third.pk})

    assert "<del>brown</del>" in shown
    assert "<ins>red</ins>" in shown
    assert "and a dog" not in shown
    assert "v1 to v3" in words(wider)
    assert wider.context["comparison"].counts == (2, 1)


def test_all_lines_around_a_change_can_be_seen(client, write):
    lines = [f"line {number}\n" for number in range(40)]
    memory = write(content="".join(lines))
    change(memory, "".join([*lines[:-1], "other\n"]))

    short = body(client.get(page_of(memory) + "?view=changes"))
    whole = body(client.get(page_of(memory) + "?view=changes&lines=all"))

    assert "36 lines the same" in short
    assert "line 3<" not in short
    assert "line 3<" in whole


def test_an_earlier_version_says_that_it_is_one(client, write):
    memory = write(content="First\n")
    change(memory, "Second\n")

    answer = client.get(page_of(memory), {"version": versions(memory)[0].pk})

    assert "Version 1 of 2" in words(answer)
    assert "First" in words(answer)
    assert page_of(memory, "restore", versions(memory)[0]) in body(answer)
    assert "Blame" not in words(answer)


def test_a_deleted_memory_shows_what_it_said_and_can_be_brought_back(client, write):
    memory = write(content="Ask first.\n")
    delete(memory)

    answer = client.get(page_of(memory))

    assert "Deleted just now" in words(answer)
    assert "Ask first." in words(answer)
    assert page_of(memory, "restore", versions(memory)[0]) in body(answer)
    assert page_of(memory, "edit") not in body(answer)
    deletion = client.get(page_of(memory), {"version": versions(memory)[1].pk})
    assert "Version 2 deleted it" in words(deletion)


def test_what_was_redacted_is_told_as_gone(client, write):
    memory = write(content="Secret\n")
    change(memory, "Open\n")
    first, second = versions(memory)
    redact(first)

    alone = words(client.get(page_of(memory), {"version": first.pk}))
    compared = words(client.get(page_of(memory), {"view": "changes", "version": second.pk}))

    assert "Version 1 was redacted" in alone
    assert "nothing to compare" in compared
    assert "Secret" not in alone + compared


def test_a_deleted_memory_of_which_nothing_is_left_says_so(client, write):
    memory = write(content="Secret\n")
    delete(memory)
    redact(versions(memory)[0])

    answer = client.get(page_of(memory))

    assert "What it said was redacted" in words(answer)
    assert "Bring it back" not in words(answer)


@pytest.mark.parametrize(
    ("view", "said"),
    [
        ("text", "This version is empty."),
        ("source", "This version is empty."),
        ("blame", "It is empty."),
        ("changes", "What v1 began with"),
    ],
)
def test_an_empty_memory_says_so(client, write, view, said):
    assert said in words(client.get(page_of(write(content="")), {"view": view}))


def test_a_long_history_is_shown_page_by_page(client, write):
    memory = write()
    for number in range(70):
        change(memory, f"{number}\n")

    url, numbers = page_of(memory), []
    while url:
        timeline = client.get(url).context["timeline"]
        numbers += [row.number for row in timeline.rows]
        url = f"{page_of(memory)}?before={timeline.older}" if timeline.older else ""

    assert numbers == list(range(71, 0, -1))
    assert client.get(page_of(memory) + "?before=x").context["timeline"].is_newest


def test_the_tree_shows_what_lies_beside_it_and_beside_each_folder_around_it(client, write):
    for path in ("/a.md", "/other/b.md", "/team/eu/c.md", "/team/z.md", "/zz/d.md"):
        write(path)
    memory = write("/team/eu/refunds.md")

    answer = client.get(page_of(memory))

    told = [(each.path, each.depth, each.count, each.is_open) for each in answer.context["tree"]]
    assert told == [
        ("/a.md", 0, 0, False),
        ("/other/", 0, 1, False),
        ("/team/", 0, 3, True),
        ("/team/eu/", 1, 2, True),
        ("/team/eu/c.md", 2, 0, False),
        ("/team/eu/refunds.md", 2, 0, False),
        ("/team/z.md", 1, 0, False),
        ("/zz/", 0, 1, False),
    ]
    assert body(answer).count('aria-current="page">') == 1


def test_a_memory_is_in_its_tree_however_much_lies_before_it(write, store):
    for path in ("/a.md", "/b.md", "/c.md", "/d/a.md", "/d/b.md"):
        write(path)
    memory = write("/d/z.md")

    def shown():
        branches = browsing.tree(store, memory, size=2)
        return ["…" if each.next_page else each.path for each in branches]

    assert shown() == ["/a.md", "/b.md", "/d/", "/d/a.md", "/d/b.md", "/d/z.md", "…", "…"]
    delete(memory)
    memory.refresh_from_db()
    assert shown() == ["/a.md", "/b.md", "/d/", "/d/a.md", "/d/b.md", "…"]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_costs_the_same_however_long_its_history(
    client, write, rows, django_assert_num_queries
):
    memory = write()
    for number in range(rows):
        change(memory, f"{number}\n")
        write(f"/team/{number}.md")
    client.get(page_of(memory))

    with django_assert_num_queries(17):
        client.get(page_of(memory))


@pytest.mark.parametrize("query", ["version=none", "view=changes&from=none", "version=a%00b"])
def test_a_version_of_another_memory_is_not_there(client, write, query):
    memory = write()

    assert client.get(f"{page_of(memory)}?{query}").status_code == 404
    other = versions(write("/b.md"))[0]
    assert client.get(page_of(memory), {"version": other.pk}).status_code == 404


def test_an_unknown_view_is_the_text(client, write):
    assert client.get(page_of(write()) + "?view=none").context["shown"].view == "text"


def test_the_neighbours_memory_is_not_there(client, store, write):
    memory = write()
    version = versions(memory)[0]
    theirs = new_store(of=make.workspace("next-door"))

    for name in ("memory", "edit", "rename", "delete"):
        assert client.get(at(name, theirs, memory)).status_code == 404
        assert client.get(at(name, new_store("Other"), memory)).status_code == 404
    for name in ("restore", "redact"):
        assert client.get(at(name, theirs, memory, version)).status_code == 404
        assert client.get(at(name, store, write(f"/{name}.md"), version)).status_code == 404


def test_in_an_archived_store_nothing_is_offered_that_writes(client, store, write):
    memory = write()
    client.post(at("archive_store", store))

    shown = body(client.get(page_of(memory)))

    assert page_of(memory, "edit") not in shown
    assert page_of(memory, "rename") not in shown
    assert page_of(memory, "delete") in shown
