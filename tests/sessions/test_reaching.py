"""How far a memory reaches: who read a path, a version, a store; and the pages that tell it."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.memory import writing
from apps.memory.authors import Author
from apps.memory.models import MemoryVersion
from apps.sessions import reaching, recording
from apps.sessions.models import MemoryUse
from tests import make
from tests.sessions import mounting

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}


@pytest.fixture
def reader(client):
    client.force_login(make.user("ines"))
    return client


@pytest.fixture
def rules():
    return mounting.store("rules")


@pytest.fixture
def refunds(rules):
    return mounting.memory(rules, "/refunds.md", "1\n")


def reads(name, store, *uses, tool="read", of=None):
    """A session of this name that used paths of the store, each so long ago."""
    session = make.session(make.event("user.message", "Hi", key=name), title=name, of=of)
    [mount] = mounting.mount(session, store)
    for path, ago in uses:
        events = make.call(tool, {"file_path": f"{mount.mount_path}{path}"}, "text", key=name)
        recording.record(session.pk, events)
        newest = MemoryUse.objects.filter(session=session).order_by("-sequence")[:1]
        MemoryUse.objects.filter(pk__in=newest).update(at=timezone.now() - ago)
    return session


def days(number):
    return timedelta(days=number, minutes=1)


def words(answer):
    plain = unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))
    return re.sub(r"\s+", " ", plain)


def page(memory, query="", workspace="default"):
    address = reverse("sessions:of_memory", args=[workspace, memory.store_id, memory.pk])
    return f"{address}{query}"


def test_readers_of_a_path_are_counted_once_each_and_only_lately(rules, refunds):
    reads("twice", rules, ("/refunds.md", days(1)), ("/refunds.md", days(2)))
    reads("once", rules, ("/refunds.md", days(6)))
    reads("long ago", rules, ("/refunds.md", days(8)))
    reads("another", rules, ("/other.md", days(1)))
    reads("writer", rules, ("/refunds.md", days(1)), tool="write")
    reads("of another store", mounting.store("rules"), ("/refunds.md", days(1)))

    assert reaching.count_readers(rules, "/refunds.md", days=7) == 2
    assert reaching.count_readers(rules, "/refunds.md", days=30) == 3


def test_a_read_that_failed_is_none(rules, refunds):
    session = reads("s", rules)
    read = make.call("read", {"file_path": "/mnt/memory/rules/refunds.md"}, "no", is_error=True)
    recording.record(session.pk, read)

    assert reaching.count_readers(rules, "/refunds.md", days=10_000) == 0


def test_a_neighbour_who_names_our_store_does_not_count(rules, refunds):
    theirs = make.session(make.event("user.message", "Hi", key="t"), of=make.workspace("next-door"))
    MemoryUse.objects.create(
        session=theirs,
        sequence=1,
        at=timezone.now(),
        memory_store_id=rules.pk,
        path="/refunds.md",
        kind="read",
    )

    assert reaching.count_readers(rules, "/refunds.md", days=7) == 0
    assert reaching.lately(refunds).rows == []
    assert not reaching.that_read(refunds.versions.get())


def test_a_version_was_read_while_it_stood(rules, refunds):
    began = refunds.versions.get().created_at
    with writing.writing(rules.pk, by=Author()) as pen:
        pen.update(refunds.pk, content="2\n")
    first, second = refunds.versions.order_by("sequence")
    before, during = reads("before", rules), reads("during", rules)
    after, both = reads("after", rules), reads("both", rules)
    between = first.created_at + (second.created_at - first.created_at) / 2
    early, late = began - timedelta(hours=1), second.created_at + timedelta(hours=1)
    for session, *times in ((before, early), (during, between), (after, late), (both, early, late)):
        for number, at in enumerate(times, start=1):
            MemoryUse.objects.create(
                session=session,
                sequence=number,
                at=at,
                memory_store_id=rules.pk,
                path="/refunds.md",
                kind="read",
            )

    def titles(version, **how):
        return {each.title for each in reaching.that_read(version, **how)}

    assert titles(first) == {"during"}
    assert titles(second) == {"after", "both"}
    assert titles(first, or_later=True) == {"during", "after", "both"}


def test_what_came_of_a_version_is_followed_through_a_rename(rules, refunds):
    first = refunds.versions.get()
    with writing.writing(rules.pk, by=Author()) as pen:
        pen.update(refunds.pk, path="/moved.md")
    reads("s", rules, ("/moved.md", -days(1)))

    assert not reaching.that_read(first)
    assert [each.title for each in reaching.that_read(first, or_later=True)] == ["s"]


def test_nobody_is_known_to_have_read_what_was_redacted(rules, refunds):
    with writing.writing(rules.pk, by=Author()) as pen:
        pen.update(refunds.pk, content="2\n")
    first = refunds.versions.order_by("sequence")[0]
    make.api().post(f"/v1/memory_stores/{rules.pk}/memory_versions/{first.pk}/redact")
    reads("s", rules, ("/refunds.md", days(0)))

    assert not reaching.that_read(MemoryVersion.objects.get(pk=first.pk))


def test_the_page_of_a_memory_tells_who_used_it(reader, rules, refunds):
    reads("early reader", rules, ("/refunds.md", days(3)), ("/refunds.md", days(2)))
    writer = reads("writer", rules, ("/refunds.md", days(1)), tool="edit")
    with writing.writing(rules.pk, by=Author.session(writer.public_id)) as pen:
        pen.update(refunds.pk, content="2\n")
    only = make.session(make.event("user.message", "Hi", key="o"), title="told by versions alone")
    with writing.writing(rules.pk, by=Author.session(only.public_id)) as pen:
        pen.update(refunds.pk, content="3\n")
    reads("elsewhere", rules, ("/other.md", days(1)))

    answer = reader.get(page(refunds))

    said = words(answer)
    assert "read by 1 session in 7 days" in said
    assert re.search(r"told by versions alone coordinator Idle 0 1 0", said)
    assert re.search(r"writer coordinator Idle 0 1 0", said)
    assert re.search(r"early reader coordinator Idle 2 0 0", said)
    assert "elsewhere" not in said
    assert said.index("told by versions") < said.index("early reader")
    last = MemoryUse.objects.filter(session__title="early reader").order_by("-sequence")[0]
    event = last.session.events.get(sequence=last.sequence)
    assert f"?event={event.public_id}" in answer.content.decode()


def test_how_many_read_it_comes_alone_for_the_page_beside(reader, rules, refunds):
    reads("a", rules, ("/refunds.md", days(1)))

    answer = reader.get(page(refunds), headers=PART)
    memory = reader.get(reverse("memory:memory", args=["default", rules.pk, refunds.pk]))

    assert words(answer).strip() == "read by 1 session in 7 days"
    assert f'hx-get="{page(refunds)}"' in memory.content.decode()


def test_an_unread_memory_says_how_it_comes_to_be_read(reader, rules, refunds):
    said = words(reader.get(page(refunds)))

    assert "not read in 7 days" in said
    assert "No session used it in 90 days" in said


def used_once_each(memory, count):
    """So many sessions, each of which read the memory a minute before the one before it."""
    for number in range(count):
        MemoryUse.objects.create(
            session=make.session(title=f"run {number:02}"),
            sequence=1,
            at=timezone.now() - timedelta(minutes=number),
            memory_store_id=memory.store_id,
            path=memory.path,
            kind="read",
        )


def test_pages_follow_each_other_without_loss_or_repeat(reader, refunds):
    used_once_each(refunds, 2 * reaching.SHOWN + 1)

    found, sizes, address = [], [], page(refunds)
    while address:
        html = reader.get(address).content.decode()
        shown = re.findall(r">(run \d+)<", html)
        found += shown
        sizes.append(len(shown))
        older = re.search(r'href="(\?page=[^"]+)" rel="next"', html)
        address = page(refunds, unescape(older[1])) if older else ""

    assert sizes == [reaching.SHOWN, reaching.SHOWN, 1]
    assert found == [f"run {number:02}" for number in range(2 * reaching.SHOWN + 1)]


def test_a_damaged_page_and_a_page_of_another_memory_are_refused(reader, rules, refunds):
    other = mounting.memory(rules, "/other.md")
    used_once_each(refunds, reaching.SHOWN + 1)
    cursor = reaching.lately(refunds).older

    assert reader.get(page(refunds), {"page": cursor}).status_code == 200
    assert reader.get(page(other), {"page": cursor}).status_code == 400
    assert reader.get(page(refunds), {"page": "damaged"}).status_code == 400


def test_the_neighbours_memory_is_not_there(reader):
    theirs = mounting.memory(mounting.store("x", of=make.workspace("next-door")), "/x.md")

    assert reader.get(page(theirs)).status_code == 404
    assert reader.get(page(theirs, workspace="next-door")).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_is_fixed(reader, rules, refunds, count, django_assert_num_queries):
    for number in range(count):
        reads(f"run {number}", rules, ("/refunds.md", days(number)))

    with django_assert_num_queries(9):
        answer = reader.get(page(refunds))

    assert len(re.findall(r">run \d<", answer.content.decode())) == count


def test_the_stores_sessions_tell_reads_and_writes(reader, rules, refunds):
    reads("reader", rules, ("/refunds.md", days(1)), ("/other.md", days(1)))
    reads("writer", rules, ("/a.md", days(1)), ("/b.md", days(1)), tool="write")

    said = words(reader.get(reverse("sessions:of_memory_store", args=["default", rules.pk])))

    assert "reader coordinator Idle read and write 2 0" in said
    assert "writer coordinator Idle read and write 0 2" in said
