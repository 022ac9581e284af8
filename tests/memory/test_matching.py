"""The search for common lines: always right, and never slow."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.memory import matching

some = st.lists(st.sampled_from("abcde"), max_size=30)


@given(some, some)
def test_a_block_is_the_same_on_both_sides_and_blocks_are_in_order(old, new):
    old_at = new_at = 0
    for block in matching.blocks(old, new):
        assert block.size > 0
        assert block.old >= old_at
        assert block.new >= new_at
        assert (block.old, block.new) != (old_at, new_at) or (old_at, new_at) == (0, 0)
        there = old[block.old : block.old + block.size]
        assert there == new[block.new : block.new + block.size]
        old_at, new_at = block.old + block.size, block.new + block.size


@given(some, some)
def test_the_edits_make_the_new_lines_of_the_old_ones(old, new):
    made, at = [], 0
    for edit in matching.edits(old, new):
        made += old[at : edit.old.start] + new[edit.new.start : edit.new.stop]
        at = edit.old.stop

    assert made + old[at:] == new


@given(some)
def test_the_same_has_no_edits(old):
    assert matching.edits(old, list(old)) == []


@given(st.text(alphabet="ab\n\r\x0b\x85\u2028"))
def test_lines_put_together_are_the_text(text):
    lines = matching.lines(text)

    assert "".join(lines) == text
    assert all(line.endswith("\n") for line in lines[:-1])
    assert all("\n" not in line[:-1] for line in lines)
    assert "".join(part for line in lines for part in matching.split_end(line)) == text


def test_a_line_that_moved_is_removed_and_added():
    edits = matching.edits(list("abcd"), list("bcda"))

    assert [(list(each.old), list(each.new)) for each in edits] == [([0], []), ([], [3])]


def test_one_changed_line_among_many_that_are_all_alike_is_found():
    old = ["\n"] * 5_000
    new = [*old[:2_000], "x\n", *old[2_000:]]

    (edit,) = matching.edits(old, new)

    assert (len(edit.old), list(edit.new)) == (0, [2_000])


def _random(letters, count):
    chance = random.Random(7)
    return [chance.choice(letters) for _ in range(count)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (_random("ab", 50_000), _random("ba", 50_000)),
        (_random([str(each) for each in range(300)], 30_000), _random("abc", 30_000)),
        ([str(each) for each in range(20_000)], [str(each) for each in range(20_000, 0, -1)]),
        (["a"] * 50_000, ["b", *["a"] * 50_000, "b"]),
        (["x", "a"] * 25_000, ["a", "y"] * 25_000),
    ],
    ids=["two letters", "many repeats", "reversed", "all alike", "alternating"],
)
def test_the_worst_texts_take_no_more_time_than_the_rest(old, new):
    began = time.process_time()

    matching.blocks(old, new)

    assert time.process_time() - began < 1  # without the budget: minutes
