"""A browser ends every line alike; a memory keeps the ends that its lines had."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.memory.ends import plain, with_ends_of

TEXTS = st.lists(
    st.tuples(st.sampled_from(["", "a", "b"]), st.sampled_from(["\n", "\r\n", "\r"])), max_size=8
).map(lambda lines: "".join(line + end for line, end in lines))


@pytest.mark.parametrize(
    ("before", "typed", "kept"),
    [
        ("a\nb\n", "a\r\nb\r\n", "a\nb\n"),
        ("a\r\nb\r\n", "a\nx\nb\n", "a\r\nx\r\nb\r\n"),
        ("a\r\nb\n", "a\nb\nc\n", "a\r\nb\nc\r\n"),
        ("a\rb", "a\nb", "a\rb"),
        ("a\r\nb", "a\nb\n", "a\r\nb\r\n"),
        ("a\r\n", "", ""),
        ("", "a\r\nb", "a\nb"),
    ],
)
def test_lines_keep_their_ends(before, typed, kept):
    assert with_ends_of(before, typed) == kept


@given(TEXTS)
def test_what_was_not_touched_comes_back_as_it_was(text):
    assert with_ends_of(text, plain(text).replace("\n", "\r\n")) == text


@given(TEXTS, TEXTS)
def test_what_was_typed_is_what_is_read(before, typed):
    assert plain(with_ends_of(before, typed)) == plain(typed)
