"""Many writes with one pen: whatever they are, they come to what they would one by one."""

import contextlib

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core.errors import DomainError
from apps.memory import verifying, writing
from apps.memory.authors import Author
from apps.memory.models import Memory, MemoryStore, MemoryVersion
from tests import make

pytestmark = pytest.mark.django_db
PATHS = st.sampled_from(["/a", "/a/b", "/b", "/b/c", "/c"])
WRITES = st.lists(
    st.tuples(
        st.sampled_from(["create", "update", "move", "delete", "revive"]),
        st.integers(0, 4),
        PATHS,
        st.sampled_from(["", "x", "y"]),
    ),
    max_size=12,
)


def store(name="Many"):
    return MemoryStore.objects.create(workspace=make.workspace(), name=name)


def write(pen, known, what, number, path, content):
    """One write with whichever memory it is; None if it is refused."""
    memory = known[number % len(known)] if known else None
    try:
        if what == "create":
            known.append(pen.create(path, content))
        elif memory is None:
            return None
        elif what == "update":
            pen.update(memory.pk, content=content)
        elif what == "move":
            pen.update(memory.pk, path=path, content=content)
        elif what == "delete":
            known[known.index(memory)] = pen.delete(memory.pk)
        elif memory.deleted_at is not None:
            pen.revive(memory, path=path, content=content)
    except DomainError as refused:
        return type(refused)
    return what


def said(store):
    """All that is kept, without what is another in any store."""
    ids = {}
    versions = MemoryVersion.objects.of(store).in_order()
    for each in versions:
        ids.setdefault(each.memory_id, len(ids))
    history = [(ids[v.memory_id], v.operation, v.path, v.content) for v in versions]
    live = Memory.objects.live().filter(store=store).order_by("path")
    now = [(ids[m.pk], m.path, m.content, m.content_sha256, m.content_size_bytes) for m in live]
    return history, now


@settings(max_examples=40, deadline=None)
@given(before=WRITES, writes=WRITES)
def test_they_come_to_the_same_as_one_by_one(before, writes):
    came = []
    for many in (False, True):
        one = store()
        with writing.writing(one.pk, by=Author()) as pen:
            known = []
            for each in before:
                write(pen, known, *each)
            if many:
                with pen.many(memory.pk for memory in known):
                    told = [write(pen, known, *each) for each in writes]
            else:
                told = [write(pen, known, *each) for each in writes]
        assert verifying.verify(one).faults == []
        one.refresh_from_db()
        came.append((told, said(one), one.memory_count, one.size_bytes, one.version_count))

    assert came[0] == came[1]


def test_a_thousand_take_a_statement_for_each_hundred():
    one = store()
    with writing.writing(one.pk, by=Author()) as pen:
        with (
            CaptureQueriesContext(
                connection,
            ) as creating,
            pen.many(),
        ):
            made = [pen.create(f"/{n % 7}/{n}", "old") for n in range(1_000)]
        with CaptureQueriesContext(connection) as changing, pen.many(each.pk for each in made):
            for each in made:
                pen.update(each.pk, content="new")

    assert len(creating) == 1 + 10
    assert len(changing) == 1 + 10 + 10
    assert MemoryVersion.objects.of(one).count() == 2_000
    assert verifying.verify(one).faults == []


def test_what_was_written_before_a_failure_is_kept_if_the_transaction_is():
    one = store()
    with (
        writing.writing(one.pk, by=Author()) as pen,
        contextlib.suppress(writing.PathTaken),
        pen.many(),
    ):
        pen.create("/a", "")
        pen.create("/a/b", "")

    assert [each.path for each in Memory.objects.filter(store=one)] == ["/a"]
    assert verifying.verify(one).faults == []
