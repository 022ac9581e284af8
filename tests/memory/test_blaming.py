"""Which version brought each line, through all that may become of a memory."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.memory import blaming, matching, redacting, writing
from apps.memory.authors import Author
from apps.memory.blaming import Origin, origins
from apps.memory.models import MemoryStore, MemoryVersion
from tests import make

INES = Author("user_actor", "user_1", "ines")
OMAR = Author("session_actor", "sesn_1", "omar")


def indexes(*contents):
    return [each.index if each.is_known else (each.since, each.index) for each in origins(contents)]


@pytest.mark.parametrize(
    ("contents", "found"),
    [
        (["a\nb\n"], [0, 0]),
        (["a\nb\n", "a\nx\nb\n"], [0, 1, 0]),
        (["a\nb\n", "b\n", "a\nb\n"], [2, 0]),  # written again
        (["a\n", "", "a\n"], [2]),  # deleted, and back
        (["a\n", "a\n", "a\nb\n"], [0, 2]),  # renamed between
        (["a", "a\n"], [1]),
        (["a\n", ""], []),
        ([], []),
        (["a\n", None, "a\nb\n"], [0, (0, 2)]),
        ([None, "a\n"], [(-1, 1)]),
        ([None, None, "a\n", "a\nb\n"], [(-1, 2), 3]),
        (["a\n", None, None, "a\nb\n", "a\nb\nc\n"], [0, (0, 3), 4]),
        (["a\n", None, "a\n"], [0]),
        (["a\n", None, "", "a\n"], [3]),
    ],
)
def test_where_lines_come_from(contents, found):
    assert indexes(*contents) == found


@given(st.lists(st.text(alphabet="ab\n", max_size=20), min_size=1, max_size=8))
def test_a_line_is_in_the_version_it_comes_from_and_in_all_since(contents):
    found = origins(contents)
    lines = matching.lines(contents[-1])

    assert len(found) == len(lines)
    for line, origin in zip(lines, found, strict=True):
        assert all(line in matching.lines(each) for each in contents[origin.index :])


@given(st.lists(st.text(alphabet="ab\n", max_size=20), min_size=2, max_size=8))
def test_only_new_lines_come_with_the_newest_version(contents):
    last = len(contents) - 1
    fresh = sum(origin == Origin(last) for origin in origins(contents))
    kept = sum(
        block.size
        for block in matching.blocks(matching.lines(contents[-2]), matching.lines(contents[-1]))
    )

    assert fresh == len(matching.lines(contents[-1])) - kept


def test_five_hundred_versions_take_no_time():
    lines = [f"Line {each} is here to say something of some length.\n" for each in range(200)]
    contents = []
    for number in range(500):
        lines[number * 37 % len(lines)] = (
            f"Version {number} wrote this line anew, to say something else.\n"
        )
        contents.append("".join(lines))
    assert len(contents[-1]) > 10_000
    began = time.process_time()

    found = origins(contents)

    assert found[499 * 37 % 200] == Origin(499)
    assert time.process_time() - began < 0.5


@pytest.mark.django_db
class TestOfAMemory:
    @pytest.fixture
    def store(self):
        return MemoryStore.objects.create(workspace=make.workspace(), name="Team notes")

    def write(self, store, verb, *given, by=INES, reason="", **named):
        with writing.writing(store.pk, by=by, reason=reason) as pen:
            return getattr(pen, verb)(*given, **named)

    def test_each_line_names_its_version(self, store):
        memory = self.write(store, "create", "/a", "one\ntwo\n")
        self.write(store, "create", "/other", "text")
        self.write(store, "update", memory.pk, path="/b")
        memory = self.write(
            store, "update", memory.pk, content="one\r\ntwo\nthree", by=OMAR, reason="tidying"
        )

        lines = blaming.blame(memory)

        assert [(line.number, line.text, line.end) for line in lines] == [
            (1, "one", "\r\n"),
            (2, "two", "\n"),
            (3, "three", ""),
        ]
        assert [(line.source.number, line.source.sequence) for line in lines] == [
            (3, 4),
            (1, 1),
            (3, 4),
        ]
        source = lines[0].source
        assert source.id == memory.memory_version_id
        assert (source.actor_type, source.actor_id, source.actor_name, source.reason) == (
            "session_actor",
            "sesn_1",
            "omar",
            "tidying",
        )
        assert source.created_at == memory.updated_at

    def test_a_memory_that_came_back_was_written_by_who_brought_it(self, store):
        memory = self.write(store, "create", "/a", "one\n")
        gone = self.write(store, "delete", memory.pk)
        assert blaming.blame(gone) == []
        back = self.write(store, "revive", gone, path="/a", content="one\n", by=OMAR)

        (line,) = blaming.blame(back)

        assert (line.source.number, line.source.actor_name) == (3, "omar")

    def test_what_a_redacted_version_may_have_brought_is_not_known(self, store):
        memory = self.write(store, "create", "/a", "one\n")
        self.write(store, "update", memory.pk, content="one\nsecret\n")
        memory = self.write(store, "update", memory.pk, content="one\ntwo\n")
        secret = MemoryVersion.objects.get(sequence=2)
        redacting.redact(secret.pk, store_id=store.pk, by=INES)

        lines = blaming.blame(memory)

        assert [(line.source.number, line.is_known) for line in lines] == [(1, True), (3, False)]
