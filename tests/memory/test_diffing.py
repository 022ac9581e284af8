"""What changed, by line and by word, whatever the text is made of."""

import difflib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.memory import diffing
from apps.memory.diffing import diff

texts = st.text(alphabet="ab \n\r", max_size=60)


def told(hunks):
    """Signs and lines; what is marked stands in brackets."""
    signs = {"same": " ", "removed": "-", "added": "+"}
    return [
        signs[line.kind]
        + "".join(f"[{each.text}]" if each.is_changed else each.text for each in line.pieces)
        for hunk in hunks
        for line in hunk.lines
    ]


def notes(hunks):
    return [line.note for hunk in hunks for line in hunk.lines]


def test_a_changed_line_shows_its_changed_words():
    hunks = diff("Ask first.\nRefund within 14 days.\n", "Ask first.\nRefund within 30 days.\n")

    assert told(hunks) == [
        " Ask first.",
        "-Refund within [14] days.",
        "+Refund within [30] days.",
    ]


def test_lines_that_have_nothing_in_common_are_not_marked():
    assert told(diff("apples and pears\n", "Nothing to see here\n")) == [
        "-apples and pears",
        "+Nothing to see here",
    ]


def test_a_changed_line_finds_its_counterpart_behind_new_ones():
    hunks = diff("the rate is 5 %\n", "# Rates\n\nthe rate is 7 %\n")

    assert told(hunks) == ["-the rate is [5] %", "+# Rates", "+", "+the rate is [7] %"]


def test_lines_are_numbered_on_both_sides():
    hunks = diff("a\nb\nc\n", "a\nx\ny\nc\n")

    numbers = [(line.old_number, line.new_number) for line in hunks[0].lines]
    assert numbers == [(1, 1), (2, None), (None, 2), (None, 3), (3, 4)]


def test_what_is_far_from_a_change_is_folded():
    old = [f"{each}\n" for each in range(1, 31)]
    new = [*old[:9], "ten\n", *old[10:27], "28!\n", *old[28:]]

    hunks = diff("".join(old), "".join(new), context=2)

    assert [(hunk.skipped, len(hunk.lines)) for hunk in hunks] == [(7, 6), (13, 6)]
    assert hunks[0].lines[0].text == "8"


def test_what_follows_the_last_change_is_counted():
    hunks = diff("a\n" + "x\n" * 10, "b\n" + "x\n" * 10)

    assert [(hunk.skipped, len(hunk.lines)) for hunk in hunks] == [(0, 5), (7, 0)]


def test_all_lines_on_request():
    hunks = diff("a\n" * 50 + "b\n", "a\n" * 50 + "c\n", context=None)

    assert [(hunk.skipped, len(hunk.lines)) for hunk in hunks] == [(0, 52)]


def test_no_context_at_all():
    assert told(diff("a\nb\nc\n", "a\nc\n", context=0)) == ["-b"]


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        (None, "a\nb\n", ["+a", "+b"]),
        ("a\nb\n", None, ["-a", "-b"]),
        (None, "", []),
        (None, None, []),
        ("", "\n", ["+"]),
        ("same\n", "same\n", []),
    ],
)
def test_what_was_created_deleted_or_empty(old, new, lines):
    assert told(diff(old, new)) == lines


def test_the_end_of_the_last_line_is_told():
    hunks = diff("a\nb", "a\nb\n")

    assert told(hunks) == [" a", "-b", "+b"]
    assert notes(hunks) == ["", "no newline at the end", "ends in LF"]


def test_other_ends_of_lines_are_told():
    hunks = diff("a\nb\n", "a\r\nb\n")

    assert told(hunks) == ["-a", "+a", " b"]
    assert notes(hunks) == ["ends in LF", "ends in CRLF", ""]


def test_a_lone_carriage_return_is_a_character_like_others():
    assert told(diff("a\rb\n", "a\rc\n")) == ["-a\r[b]", "+a\r[c]"]


def test_other_separators_end_no_line():
    text = "a\u2028b\x0bc\x85d\n"

    assert told(diff(None, text)) == ["+" + text[:-1]]


def test_a_long_line_shows_where_its_difference_lies():
    old = "x" * 5_000 + "A" + "y" * 5_000
    new = "x" * 5_000 + "BB" + "y" * 5_000

    (removed, added) = diff(old, new)[0].lines

    assert [(len(each.text), each.is_changed) for each in removed.pieces] == [
        (5_000, False),
        (1, True),
        (5_000, False),
    ]
    assert added.pieces[1].text == "BB"


def test_hostile_text_comes_out_as_it_is():
    text = "<script>alert('\u202e\u0007')</script>\n"

    assert told(diff("", text)) == ["+" + text[:-1]]


@given(texts, texts)
def test_both_texts_can_be_read_off_a_difference(old, new):
    lines = [line for hunk in diff(old, new, context=None) for line in hunk.lines]
    if old == new:
        assert lines == []
        return

    kept_old = [line.text for line in lines if line.kind != "added"]
    kept_new = [line.text for line in lines if line.kind != "removed"]

    assert kept_old == [without_end(each) for each in split(old)]
    assert kept_new == [without_end(each) for each in split(new)]


def without_end(line):
    return line.removesuffix("\n").removesuffix("\r") if line.endswith("\n") else line


def split(text):
    return [each for each in text.replace("\n", "\n\0").split("\0") if each]


@given(texts, texts, st.integers(0, 3))
def test_every_line_is_shown_or_counted(old, new, context):
    hunks = diff(old, new, context=context)

    shown = [line.old_number for hunk in hunks for line in hunk.lines if line.old_number]
    skipped = sum(hunk.skipped for hunk in hunks)
    assert not hunks or len(shown) + skipped == len(split(old))


def test_a_unified_difference_is_as_difflib_writes_it():
    old = "".join(f"{each}\n" for each in range(40))
    new = old.replace("7\n", "seven\n", 1).replace("30\n", "").replace("39\n", "39\n40\n")

    expected = "".join(list(difflib.unified_diff(split(old), split(new)))[2:])

    assert diffing.unified(diff(old, new)) == expected


def test_a_unified_difference_says_where_no_line_ends():
    assert diffing.unified(diff("a", "b")) == (
        "@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n"
    )


def test_marks_end_where_the_budget_does():
    old = "".join(f"{each} is the old one\n" for each in range(9_000))
    new = "".join(f"{each} is the new one\n" for each in range(9_000))

    lines = [line for hunk in diff(old, new) for line in hunk.lines if line.kind == "added"]

    assert len(lines) == 9_000
    assert [len(line.pieces) for line in (lines[0], lines[-1])] == [3, 1]


def test_lines_are_counted():
    assert diffing.counted(diff("a\nb\n", "a\nc\nd\n")) == (2, 1)


def test_four_times_the_lines_take_no_sixteen_times_as_long():
    few, many = (min(_seconds(count) for _ in range(3)) for count in (600, 2400))

    assert many / few < 10  # 4, if it grows with the lines; 16, if with their square


def _seconds(count):
    """Of this process, to compare so many lines of which two in three have changed."""
    lines = [
        f"Line {each} says that {each * 7919 % 1000} of them are fine.\n" for each in range(count)
    ]
    changed = [each.replace("fine", "wrong") if at % 3 else each for at, each in enumerate(lines)]
    began = time.process_time()
    diff("".join(lines), "".join(changed))
    return time.process_time() - began
