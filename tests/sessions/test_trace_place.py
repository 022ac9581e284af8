"""The address holds everything a reader chose, and nothing that says nothing."""

import pytest
from django.http import QueryDict

from apps.sessions.models.event import Kind
from apps.sessions.trace.place import LONGEST_QUESTION, Place


def read(query):
    return Place.read(QueryDict(query))


def test_a_plain_page_has_a_plain_address():
    assert read("").query() == ""


def test_what_is_not_known_is_as_if_it_were_not_there():
    assert read("view=odd&types=tools,nothing&tab=x&archived=yes") == Place(types=("tools",))


def test_every_choice_survives_a_round():
    query = "view=debug&types=messages%2Cerrors&thread=sthr_1&q=a+b&archived=1&tab=raw&event=e&to=f"

    assert read(query).query() == query


@pytest.mark.parametrize(
    ("chosen", "name", "then"),
    [
        ((), "tools", ("tools",)),
        (("tools",), "messages", ("messages", "tools")),
        (("messages", "tools"), "tools", ("messages",)),
        (("tools",), "tools", ()),
    ],
)
def test_the_first_chip_shows_its_own_alone_and_the_last_shows_all(chosen, name, then):
    assert Place(types=chosen).toggled(name) == then


def test_chips_stand_for_kinds():
    place = read("types=messages,errors")

    assert place.kinds == (Kind.USER, Kind.AGENT, Kind.ERROR)
    assert place.shows_errors
    assert place.shows("messages")
    assert not place.shows("tools")


def test_a_question_has_an_end_and_no_nul():
    assert len(read(f"q={'x' * 500}").q) == LONGEST_QUESTION
    assert read("q=%00a").q == "a"


def test_leaving_debug_leaves_the_chip_that_only_it_has():
    assert read("view=debug&types=tools,status").as_transcript == "?types=tools"
    assert read("view=debug&types=status").as_transcript == "?"
