"""Two people's changes of one text: both kept, none guessed, nothing lost."""

import time

from hypothesis import given
from hypothesis import strategies as st

from apps.memory import matching
from apps.memory.merging import Kind, merge

texts = st.text(alphabet="abc\n", max_size=25)
words = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "d\n"]), max_size=12)


@given(texts, texts)
def test_who_changed_nothing_takes_what_the_other_did(base, other):
    for found in (merge(base, base, other), merge(base, other, base)):
        assert found.text == other
        assert not found.has_conflicts


@given(texts, texts)
def test_the_same_edit_is_applied_once(base, edited):
    assert merge(base, edited, edited).text == edited


@given(texts, texts, texts)
def test_either_side_sees_the_same(base, ours, theirs):
    swapped = {Kind.OURS: Kind.THEIRS, Kind.THEIRS: Kind.OURS}
    found, mirrored = merge(base, ours, theirs), merge(base, theirs, ours)

    assert found.text == mirrored.text
    assert [(each.kind, each.ours, each.theirs) for each in found.pieces] == [
        (swapped.get(each.kind, each.kind), each.theirs, each.ours) for each in mirrored.pieces
    ]


@given(texts, texts, texts)
def test_all_three_texts_are_in_the_pieces(base, ours, theirs):
    pieces = merge(base, ours, theirs).pieces

    assert "".join(each.base for each in pieces) == base
    assert "".join(each.ours for each in pieces) == ours
    assert "".join(each.theirs for each in pieces) == theirs


@given(texts, texts, texts)
def test_every_changed_line_is_in_the_result_or_in_a_conflict(base, ours, theirs):
    pieces = merge(base, ours, theirs).pieces

    for piece in pieces:
        if piece.kind == Kind.CONFLICT:
            assert piece.text is None
            assert len({piece.base, piece.ours, piece.theirs}) == 3
        elif piece.kind == Kind.SAME:
            assert piece.base == piece.ours == piece.theirs == piece.text
        else:
            changed = {piece.ours, piece.theirs} - {piece.base}
            assert changed == {piece.text}


@given(words, words, words, words, words)
def test_edits_apart_from_each_other_are_both_applied(head, middle, tail, ours, theirs):
    head, tail = ["head\n", *head, "begin\n"], ["end\n", *tail, "tail\n"]
    between = ["one\n", *middle, "two\n"]

    found = merge(
        "".join([*head, "x\n", *between, "y\n", *tail]),
        "".join([*head, *ours, *between, "y\n", *tail]),
        "".join([*head, "x\n", *between, *theirs, *tail]),
    )

    assert found.text == "".join([*head, *ours, *between, *theirs, *tail])


def test_the_same_line_changed_in_two_ways_is_a_conflict():
    found = merge("a\nb\nc\n", "a\nours\nc\n", "a\ntheirs\nc\n")

    assert found.has_conflicts
    assert found.text is None
    assert [each.kind for each in found.pieces] == ["same", "conflict", "same"]
    assert (found.pieces[1].base, found.pieces[1].ours, found.pieces[1].theirs) == (
        "b\n",
        "ours\n",
        "theirs\n",
    )
    assert found.marked("yours", "theirs now") == (
        "a\n<<<<<<< yours\nours\n=======\ntheirs\n>>>>>>> theirs now\nc\n"
    )


def test_one_changed_what_the_other_deleted():
    found = merge("a\nb\nc\n", "a\nc\n", "a\nB\nc\n")

    assert [(each.kind, each.ours, each.theirs) for each in found.pieces][1] == (
        "conflict",
        "",
        "B\n",
    )


def test_lines_right_beside_each_other_are_for_somebody_to_look_at():
    assert merge("a\nb\n", "A\nb\n", "a\nB\n").has_conflicts


def test_two_insertions_at_one_place_are_a_conflict():
    assert merge("a\nb\n", "a\nx\nb\n", "a\ny\nb\n").has_conflicts


def test_a_last_line_without_an_end_stays_a_line_of_its_own():
    found = merge("a\nb\nc", "A\nb\nc", "a\nb\nC")

    assert found.text == "A\nb\nC"
    assert merge("a", "a\nb", "a\nc").marked() == (
        "<<<<<<< ours\na\nb\n=======\na\nc\n>>>>>>> theirs\n"
    )


def test_kinds_of_ends_of_lines_are_kept():
    assert merge("a\r\nb\nc\n", "a\r\nb\nX\n", "A\r\nb\nc\n").text == "A\r\nb\nX\n"


def test_the_largest_memories_are_merged_quickly():
    base = [f"{each % 97}\n" for each in range(33_000)]
    ours = ["o\n" if at % 50 == 0 else each for at, each in enumerate(base)]
    theirs = ["t\n" if at % 50 == 25 else each for at, each in enumerate(base)]
    began = time.process_time()

    found = merge("".join(base), "".join(ours), "".join(theirs))

    assert time.process_time() - began < 2
    assert "".join(each.ours for each in found.pieces) == "".join(ours)
    assert len(matching.lines("".join(each.theirs for each in found.pieces))) == 33_000
