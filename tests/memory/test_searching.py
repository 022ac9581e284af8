"""What a search in a store finds, in which order, and what of it is marked."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.memory import searching, writing
from apps.memory.authors import Author
from apps.memory.searching import MOST_RANKED, Filters, Way
from tests.memory.pages.conftest import TOM, change, delete, new_store

pytestmark = pytest.mark.django_db


@pytest.fixture
def store():
    return new_store()


@pytest.fixture
def write(store):
    def written(path, content, by=TOM):
        with writing.writing(store.pk, by=by) as pen:
            return pen.create(path, content)

    return written


def paths(store, words, **filters):
    found = searching.search(store, words, filters=Filters(**filters))
    return [hit.memory.path for hit in found.hits]


def marked(pieces):
    return "".join(f"[{each.text}]" if each.is_match else each.text for each in pieces)


def test_words_are_found_in_any_of_their_forms(store, write):
    write("/a.md", "A refund takes three days.")
    write("/b.md", "Nothing of the kind.")

    assert paths(store, "refunding") == ["/a.md"]


def test_a_word_of_the_path_counts_more_than_one_of_the_text(store, write):
    write("/other.md", "One word on refunds, and another on refunds.")
    write("/team/refunds.md", "Ask first.")

    assert paths(store, "refunds") == ["/team/refunds.md", "/other.md"]


@pytest.mark.parametrize(
    "words",
    [
        "registry.corvid.internal",
        "corvid",
        "style-guide.md",
        "purge --node bx-07",
        "OUT_DIR",
    ],
)
def test_code_is_found_whole_and_by_its_parts(store, write, words):
    write("/a.md", "In OUT_DIR, not the registry.corvid.internal: see style-guide.md")
    write("/b.md", "cachectl purge --node bx-07 <node>")
    write("/both.md", "`registry.corvid.internal` style-guide.md purge --node bx-07 OUT_DIR=<node>")
    write("/none.md", "The guide to internal style is in another registry; the purge node is 7.")

    found = paths(store, words)

    assert "/both.md" in found
    assert "/none.md" not in found


def test_quotes_keep_together_a_minus_leaves_out_and_or_takes_either(store, write):
    write("/apart.md", "Link all the jobs.")
    write("/together.md", "Two link jobs.")
    write("/flaky.md", "Link jobs are flaky.")

    assert set(paths(store, '"link jobs"')) == {"/flaky.md", "/together.md"}
    assert paths(store, "jobs -flaky -two") == ["/apart.md"]
    assert set(paths(store, "two or flaky")) == {"/flaky.md", "/together.md"}
    assert paths(store, "-flaky") == []


@pytest.mark.parametrize(
    ("words", "way", "mark"),
    [
        ("Encod", Way.BEGINNINGS, "[EncoderTest].IndexPulse"),
        ("encodertset", Way.SPELLINGS, "[EncoderTest].IndexPulse"),
        ("the encodertset", Way.SPELLINGS, "[EncoderTest].IndexPulse"),
        ("xpuls", Way.LETTERS, "EncoderTest.Inde[xPuls]e"),
        ("codertest.indexp", Way.LETTERS, "En[coderTest.IndexP]ulse"),
        ("%_", Way.WORDS, None),
        ("the", Way.LETTERS, None),
    ],
)
def test_what_nothing_says_is_looked_for_more_loosely(store, write, words, way, mark):
    write("/flaky.md", "EncoderTest.IndexPulse")

    found = searching.search(store, words)

    assert found.way is way
    assert [marked(hit.excerpts[0].pieces) for hit in found.hits] == ([mark] if mark else [])


def test_the_lines_that_say_most_are_shown_and_long_ones_around_it(store, write):
    lines = ["nothing", "one refund", "refunds and cache", "a cache", f"{'x ' * 200}refund"]
    write("/a.md", "\r\n".join(lines))

    (hit,) = searching.search(store, "refunds cache").hits

    told = [(line.number, marked(line.pieces)) for line in hit.excerpts]
    assert told == [(2, "one [refund]"), (3, "[refunds] and [cache]"), (4, "a [cache]")]
    (hit,) = searching.search(store, "refund").hits
    *_, (number, last) = [(line.number, line.text) for line in hit.excerpts]
    assert (number, last[0], last[-6:]) == (5, "…", "refund")
    assert len(last) < 240


def test_where_only_the_path_says_it_the_text_begins(store, write):
    write("/refunds.md", "\nAsk first.\nThen pay.")

    (hit,) = searching.search(store, "refund").hits

    assert marked(hit.path) == "/[refunds].md"
    assert [(line.number, marked(line.pieces)) for line in hit.excerpts] == [(2, "Ask first.")]


def test_filters_by_folder_author_and_time(store, write):
    ines = Author("user_actor", "user_ines", "ines")
    write("/team/a.md", "refund", by=ines)
    write("/teams.md", "refund")
    changed = write("/team/b.md", "refund", by=ines)
    change(changed, content="refund again")
    now = timezone.now()

    assert paths(store, "refund", prefix="/team/") == ["/team/a.md", "/team/b.md"]
    assert paths(store, "refund", author="user_ines") == ["/team/a.md"]
    assert paths(store, "refund", before=now - timedelta(hours=1)) == []
    assert len(paths(store, "refund", since=now - timedelta(hours=1), before=now)) == 3


def test_what_is_said_no_more_is_not_found(store, write):
    changed, gone = write("/a.md", "refund"), write("/b.md", "refund")
    write("/c.md", "unrelated")
    change(changed, content="something else")
    delete(gone)
    neighbour = new_store("Other")
    with writing.writing(neighbour.pk, by=TOM) as pen:
        pen.create("/d.md", "refund")

    assert paths(store, "refund") == []
    assert paths(store, "refnud") == []


def test_pages_go_on_and_are_of_one_search_only(store):
    with writing.writing(store.pk, by=TOM) as pen:
        for number in range(12):
            pen.create(f"/{number}.md", "refund " * (1 + number % 4))

    seen, cursor = [], ""
    while cursor is not None:
        page = searching.search(store, "refund", limit=5, cursor=cursor)
        seen += [(-hit.score, hit.memory.pk) for hit in page.hits]
        cursor = page.next_page

    assert len(seen) == 12
    assert seen == sorted(seen)
    first = searching.search(store, "refund", limit=5)
    with pytest.raises(searching.InvalidRequest, match="no cursor of this search"):
        searching.search(store, "cache", cursor=first.next_page)


def test_so_many_are_ranked_and_no_more(store):
    with writing.writing(store.pk, by=TOM) as pen:
        for number in range(MOST_RANKED + 2):
            pen.create(f"/{number}.md", "refund")

    found = searching.search(store, "refund", limit=100)

    assert (found.is_capped, len(found.hits)) == (True, 100)


@pytest.mark.parametrize(
    "content",
    [
        "x" * 102_400,
        " ".join(f"w{number}" for number in range(14_000)),
        "\x01\x02\x03 'a' \\ :* & | !",
        "é" * 50_000,
    ],
    ids=["one word", "many words", "signs", "accents"],
)
def test_whatever_is_written_can_be_indexed(store, write, content):
    write("/odd.md", content)

    assert paths(store, "odd") == ["/odd.md"]


@pytest.mark.parametrize(
    "words", ["'", "a & b | !", ":*", "\x00", "\ud800", "( )", '"', "-", "<->"]
)
def test_no_search_is_an_error(store, write, words):
    write("/a.md", "text")

    assert paths(store, words) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_it_costs_the_same_however_much_is_found(store, write, rows, django_assert_num_queries):
    for number in range(rows):
        write(f"/{number}.md", "refund")
    paths(store, "refund")  # stems are asked for once

    with django_assert_num_queries(2):
        assert len(paths(store, "refund")) == rows
