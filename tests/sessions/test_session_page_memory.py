"""The Memory tab of a session's page: what the session read and wrote in the stores it mounts."""

import re
from html import unescape

import pytest

from apps.memory import writing
from apps.memory.actions import stores
from apps.memory.authors import Author
from apps.sessions import recording
from apps.sessions.memories import MOST_DIFFS, MOST_USES
from tests import make
from tests.sessions import mounting

pytestmark = pytest.mark.django_db
RULES = "/mnt/memory/rules"


@pytest.fixture
def reader(client):
    client.force_login(make.user("ines"))
    return client


@pytest.fixture
def rules(db):
    return mounting.store("rules")


@pytest.fixture
def session(rules):
    return make.session(make.event("user.message", "Hello"))


def tab(reader, session):
    query = "?tab=memory&part=inspector"
    answer = reader.get(session.get_absolute_url() + query, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return answer.content.decode()


def words(html):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def shown(reader, session):
    return words(tab(reader, session))


def writes(session, memory, *contents):
    """The session changes a memory through its mount."""
    by = Author.session(session.public_id, "coordinator")
    for content in contents:
        with writing.writing(memory.store_id, by=by) as pen:
            pen.update(memory.pk, content=content)


def reads(session, *paths, root=RULES, tool="read"):
    for path in paths:
        events = make.call(tool, {"file_path": f"{root}{path}"}, "text")
        recording.record(session.pk, events)


def test_without_a_store_it_says_how_one_comes(reader, session):
    assert "No memory store is mounted in this session" in shown(reader, session)


def test_a_store_that_was_not_touched_says_so(reader, session, rules):
    mounting.mount(session, rules, access="read_only", instructions="Look here first.")

    said = shown(reader, session)

    assert "rules read /mnt/memory/rules Look here first. The session has not touched it." in said


def test_it_tells_what_was_read_and_written_and_leads_to_both(reader, session, rules):
    memory = mounting.memory(rules, "/refunds.md", "Ask first.\n")
    mounting.mount(session, rules)
    reads(session, "/refunds.md", "/refunds.md", "/gone.md", "/team/")
    events = make.call("edit", {"file_path": f"{RULES}/refunds.md"}, "no", is_error=True)
    recording.record(session.pk, events)

    html = tab(reader, session)

    said = words(html)
    assert "/refunds.md wrote, failed read 2×" in said
    assert "/gone.md read" in said
    assert f'data-event="{events[0].public_id}"' in html
    assert f"/memory/{rules.pk}/memories/{memory.pk}/" in html
    assert "?prefix=/team/" in unescape(html).replace("%2F", "/")


def test_it_shows_word_for_word_what_the_session_changed(reader, session, rules):
    memory = mounting.memory(rules, "/refunds.md", "Ask the customer first.\nThen pay.\n")
    mounting.mount(session, rules)
    writes(session, memory, "Ask the lawyer first.\nThen pay.\n")

    html = tab(reader, session)

    assert "<del>customer</del>" in html
    assert "<ins>lawyer</ins>" in html
    assert "Changed /refunds.md +1 −1 v2" in words(html)
    assert "Then pay." in html


def test_what_somebody_else_wrote_is_not_told(reader, session, rules):
    other = make.session(make.event("user.message", "Hello", key="other"))
    memory = mounting.memory(rules, "/refunds.md")
    mounting.mount(session, rules)
    writes(other, memory, "Theirs.\n")

    assert "Theirs" not in tab(reader, session)


def test_a_store_of_a_neighbour_is_neither_named_nor_read(reader, session, rules):
    """A mount can only be of one's own store; a row that says otherwise still tells nothing."""
    theirs = mounting.store("theirs", of=make.workspace("next-door"))
    memory = mounting.memory(theirs, "/secret.md", "secret\n")
    [mount] = mounting.mount(session, rules)
    mount.memory_store_id = theirs.pk
    mount.save(update_fields=["memory_store_id"])
    writes(session, memory, "secret of theirs\n")
    reads(session, "/secret.md")

    html = tab(reader, session)

    assert "secret of theirs" not in html
    assert memory.pk not in html
    assert theirs.pk not in html


def test_a_redacted_and_a_deleted_one_and_a_store_that_is_gone(reader, session, rules):
    memory = mounting.memory(rules, "/refunds.md")
    mounting.mount(session, rules)
    writes(session, memory, "A secret.\n", "Nothing.\n")
    version = memory.versions.order_by("sequence")[1]
    make.api().post(f"/v1/memory_stores/{rules.pk}/memory_versions/{version.pk}/redact")
    with writing.writing(rules.pk, by=Author.session(session.public_id)) as pen:
        pen.delete(memory.pk)
    reads(session, "/refunds.md")

    said = shown(reader, session)
    assert "Deleted /refunds.md" in said
    assert "Redacted /refunds.md" in said
    assert "secret" not in said

    stores.delete_store(store_id=rules.pk, by=make.actor())
    said = shown(reader, session)
    assert "the store was deleted since" in said
    assert "/refunds.md read" in said


def test_hostile_names_are_text(reader, session):
    store = mounting.store("<script>alert(1)</script>")
    [mount] = mounting.mount(session, store, instructions="<img src=x onerror=alert(1)>")
    path = "/<b>&'\".md"
    memory = mounting.memory(store, path)
    writes(session, memory, "<script>alert(2)</script>\n")
    reads(session, path, "/\u202e\x00.md", "/%00?x#y", root=mount.mount_path)

    html = tab(reader, session)

    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "&lt;b&gt;&amp;&#x27;&quot;.md" in html


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_is_fixed(reader, session, count, django_assert_num_queries):
    for number in range(count):
        store = mounting.store(f"rules {number}")
        mounting.mount(session, store)
        for path in ("/a.md", "/b.md", "/c.md")[:count]:
            writes(session, mounting.memory(store, path), "1\n", "2\n")
            reads(session, path, root=store.mount_path.rstrip("/"))

    with django_assert_num_queries(13):
        html = tab(reader, session)

    assert html.count("memory-change") == 2 * count * count
    assert html.count('<span class="done">') == count * count


def test_the_longest_lists_are_cut_and_say_so(reader, session, rules):
    mounting.mount(session, rules)
    memory = mounting.memory(rules, "/a.md")
    command = " ".join(f"{RULES}/{number}.md" for number in range(50))
    for tool in ("cat", "rm"):
        events = make.call("bash", {"command": f"{tool} {command}"}, "")
        recording.record(session.pk, events)
    writes(session, memory, *(f"{number}\n" for number in range(MOST_DIFFS + 2)))

    html = tab(reader, session)

    assert html.count('data-event="') >= MOST_USES
    assert html.count('<table class="diff">') == MOST_DIFFS
    assert "These are the last; there was more" in words(html)
