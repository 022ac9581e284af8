"""What changed from one text to another."""

import time

from hypothesis import given
from hypothesis import strategies as st

from apps.agents.comparing import MOST_LINES, Gap, Line, compare


def told(before, after):
    return [
        f"… {each.count}"
        if isinstance(each, Gap)
        else each.sign + "".join(f"[{text}]" if marked else text for text, marked in each.pieces)
        for each in compare(before, after).rows
    ]


def test_words_are_marked_where_lines_are_alike():
    assert told("Be brief and kind.", "Be very brief and kind.") == [
        "−Be brief and kind.",
        "+Be[ very] brief and kind.",
    ]


def test_lines_that_have_little_in_common_are_not_marked():
    assert told("alpha beta gamma", "one 2 three 4 five 6") == [
        "−alpha beta gamma",
        "+one 2 three 4 five 6",
    ]


def test_what_is_far_from_any_change_is_counted():
    lines = [f"line {number}" for number in range(20)]
    after = [*lines[:10], "new", *lines[10:]]

    assert told("\n".join(lines), "\n".join(after)) == [
        "… 7",
        "line 7",
        "line 8",
        "line 9",
        "+new",
        "line 10",
        "line 11",
        "line 12",
        "… 7",
    ]


def test_numbers_are_those_of_each_side():
    rows = compare("a\nb\nc", "a\nc\nd").rows

    assert [(each.kind, each.old, each.new) for each in rows if isinstance(each, Line)] == [
        ("same", 1, 1),
        ("gone", 2, None),
        ("same", 3, 2),
        ("new", None, 3),
    ]


def test_the_same_is_the_same():
    same = compare("a\nb", "a\nb")

    assert same.is_same
    assert [each.count for each in same.rows] == [2]


def test_texts_that_are_too_long_to_compare_are_shown_as_replaced():
    many = "\n".join(f"{number % 7}" for number in range(40 * MOST_LINES))
    begun = time.monotonic()

    found = compare(f"same\n{many}", f"same\nother\n{many}")

    assert time.monotonic() - begun < 30, "it grows with the text and not with its square"
    assert (found.removed, found.added) == (40 * MOST_LINES, 40 * MOST_LINES + 1)


LINES = st.lists(st.text(st.sampled_from("ab \t."), max_size=12), max_size=12).map("\n".join)


@given(LINES, LINES)
def test_each_side_is_told_whole(before, after):
    rows = compare(before, after).rows
    gaps = sum(each.count for each in rows if isinstance(each, Gap))
    for text, side in ((before, "old"), (after, "new")):
        lines = text.splitlines()
        shown = {
            getattr(each, side): "".join(piece for piece, _ in each.pieces)
            for each in rows
            if isinstance(each, Line) and getattr(each, side)
        }
        assert len(shown) + gaps == len(lines)
        assert all(lines[number - 1] == text for number, text in shown.items())
