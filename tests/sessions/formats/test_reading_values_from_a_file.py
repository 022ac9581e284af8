"""Values are cut out of a file one by one, whatever the file is made of."""

import gzip
import io
import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.sessions.formats import documents
from apps.sessions.formats.documents import Broken, Splitter, Value, read_values

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
TRICKY = st.text(alphabet='\\"[]{},: \n\ta1', max_size=12)
OBJECTS = st.dictionaries(TRICKY, ANYTHING | TRICKY, min_size=1, max_size=4)


def values(data: bytes) -> list:
    return [each.value for each in read_values(io.BytesIO(data)) if isinstance(each, Value)]


def broken(data: bytes) -> list[tuple[int, str]]:
    found = read_values(io.BytesIO(data))
    return [(each.line, each.reason) for each in found if isinstance(each, Broken)]


def split(data: bytes, *cuts: int) -> list[bytes]:
    splitter = Splitter()
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    found = []
    for start, end in pairwise(edges):
        found += splitter.feed(data[start:end])
    return [each.broken or each.data for each in [*found, *splitter.end()]]


@given(st.lists(ANYTHING), st.sampled_from([None, 0, 2]), st.booleans(), st.lists(st.integers(0)))
def test_an_array_gives_its_items_wherever_the_chunks_end(items, indent, ascii_only, cuts):
    data = json.dumps(items, indent=indent, ensure_ascii=ascii_only).encode("utf-8")

    assert [json.loads(each) for each in split(data, *cuts)] == items


@given(st.lists(st.lists(TRICKY), max_size=4), st.lists(st.integers(0)))
def test_arrays_that_follow_each_other_are_all_read(arrays, cuts):
    data = "\n".join(map(json.dumps, arrays)).encode()

    assert [json.loads(each) for each in split(data, *cuts)] == [
        item for array in arrays for item in array
    ]


@given(st.binary(), st.lists(st.integers(0)))
def test_no_bytes_are_too_odd_to_split(data, cuts):
    whole = split(b"[" + data)

    assert split(b"[" + data, *cuts) == whole


@given(st.lists(OBJECTS, min_size=1), st.sampled_from([None, 1]))
def test_every_way_to_write_objects_reads_the_same(items, indent):
    as_lines = b"".join(json.dumps(each).encode() + b"\n" for each in items)

    assert values(as_lines) == items
    assert values(as_lines.rstrip()) == items
    assert values(json.dumps(items, indent=indent).encode()) == items


@given(st.binary())
def test_any_bytes_at_all_end_in_values_or_reasons(data):
    for found in read_values(io.BytesIO(data)):
        assert isinstance(found, Value) or found.reason


def test_items_and_lines_are_counted_from_one():
    assert [each.line for each in read_values(io.BytesIO(b'\n\n{"a":1}\n\n{"b":2}'))] == [3, 5]
    assert [each.line for each in read_values(io.BytesIO(b'[\n{"a":1},\n\n{"b":2}]'))] == [1, 2]


def test_lists_on_lines_of_their_own_are_told_apart():
    found = read_values(io.BytesIO(b'["a", "b"]\n["c"]\n'))

    assert [(each.line, each.value, each.document) for each in found] == [
        (1, "a", 1),
        (1, "b", 1),
        (2, "c", 2),
    ]


def test_a_byte_order_mark_is_no_part_of_a_value():
    assert values(b'\xef\xbb\xbf{"a": 1}\n{"b": 2}\n') == [{"a": 1}, {"b": 2}]
    assert values(b'\xef\xbb\xbf[{"a": 1}]') == [{"a": 1}]


def test_what_strict_parsers_refuse_is_read():
    assert values(b'{"a": "\\ud800"}\n{"a": NaN}\n{"a": "\\u0000"}\n') == [
        {"a": "\ud800"},
        {"a": "NaN"},
        {"a": "\x00"},
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"a": \xff}', "not valid UTF-8 (byte 7)"),
        (b'{"a": ', "not valid JSON: Expecting value (character 6)"),
        (
            b"[" * 100_000 + b"]" * 100_000,
            "not valid JSON: nested too deeply, or a number too long",
        ),
        (b"1" * 5_000, "not valid JSON: nested too deeply, or a number too long"),
    ],
)
def test_a_broken_line_says_why(line, reason):
    data = b'{"first": 1}\n' + line + b'\n{"last": 1}\n'

    assert broken(data) == [(2, reason)]
    assert values(data) == [{"first": 1}, {"last": 1}]


def test_a_broken_first_line_costs_only_itself():
    data = b'{"type": "user", "message": {\n{"a": 1}\n{"b": 2}\n'

    assert values(data) == [{"a": 1}, {"b": 2}]
    assert [number for number, _reason in broken(data)] == [1]


def test_a_pretty_printed_document_is_one_value():
    assert values(b'{\n  "data": [\n    {"a": 1}\n  ]\n}\n') == [{"data": [{"a": 1}]}]


@pytest.mark.parametrize(
    ("data", "numbers"),
    [
        (b'[{"a": 1}, {"b": tru}, {"c": 3}]', [2]),
        (b'[{"a": 1}, , {"c": 3}]', [2]),
        (b'[{"a": 1}, {"b": 2], {"c": 3}]', [2]),
        (b'[{"a": 1}, {"b": 2}', [2]),
        (b'[{"a": 1}, {"b": "2', [2]),
        (b'[{"a": 1}] and more [{"c": 3}]', [2]),
    ],
)
def test_damage_in_an_array_is_named_and_the_rest_is_read(data, numbers):
    assert [number for number, _reason in broken(data)] == numbers
    assert values(data)[0] == {"a": 1}
    if b'"c"' in data:
        assert values(data)[-1] == {"c": 3}


def test_a_value_that_is_too_large_is_left_out(monkeypatch):
    monkeypatch.setattr(documents, "LIMIT", 1_000_000)
    huge = json.dumps({"a": "x" * 1_500_000}).encode()

    for data in (
        b'{"b": 1}\n' + huge + b'\n{"c": 1}\n',
        b'[{"b": 1}, ' + huge + b', {"c": 1}]',
    ):
        assert values(data) == [{"b": 1}, {"c": 1}]
        assert [number for number, _reason in broken(data)] == [2]
        assert "larger than" in broken(data)[0][1]
    assert "larger than" in broken(b"{\n" + huge[1:])[0][1]


def test_a_damaged_archive_keeps_what_came_before():
    packed = gzip.compress(b'{"a": 1}\n' * 50_000)
    cut = gzip.GzipFile(fileobj=io.BytesIO(packed[: len(packed) // 2]))

    found = list(read_values(cut))

    assert isinstance(found[0], Value)
    assert "damaged or cut off" in found[-1].reason
