"""A statement is borne out by a sentence that says it, and by nothing that only resembles it."""

import pytest

from apps.dreams.managed import bearing_out, comparing, pulling
from apps.dreams.managed.bearing_out import Said
from apps.dreams.managed.comparing import Before
from apps.dreams.managed.pulling import There
from apps.memory import chain

SHA256 = "0" * 64


def found(statement, *texts):
    wanted = bearing_out.statements([statement])
    said = [Said(f"s{n}", f"e{n}", "user.message", text) for n, text in enumerate(texts)]
    bearing_out.look(wanted, said)
    return [each.quote for each in bearing_out.quotes(wanted)]


CLAIM = "- Refunds over 500 euros need a second signature."


@pytest.mark.parametrize(
    "text",
    [
        "Refunds over 500 euros need a second signature.",
        "No idea.\nNote: refunds over 500 euros always need a second signature! Bye.",
    ],
)
def test_words_that_say_it_are_quoted_where_they_stand(text):
    [quote] = found(CLAIM, text)

    assert quote in text
    assert "second signature" in quote
    assert "Bye" not in quote


@pytest.mark.parametrize(
    "text",
    [
        "Refunds over 800 euros need a second signature.",
        "Refunds over 500 euros need no second signature.",
        "Refunds need a signature.",
        "A second signature.\nRefunds over 500 euros.",
    ],
    ids=["another number", "the contrary", "half of it", "in two places"],
)
def test_words_that_say_something_else_are_not(text):
    assert found(CLAIM, text) == []


def test_each_session_is_quoted_once_and_three_are_enough():
    said = "Refunds over 500 euros need a second signature."

    assert len(found(CLAIM, *[said] * 5)) == 3
    assert len(found(CLAIM, f"{said}\n{said}")) == 1


def test_headings_and_a_few_words_are_not_looked_for():
    assert bearing_out.statements(["# Refunds need signatures of two people", "Ask first."]) == []


def test_what_moved_is_told_by_what_it_says_and_only_if_it_is_certain():
    def was(path, text):
        return Before(path, chain.content_sha256(text), path, text)

    before = [was("/a.md", "A"), was("/b.md", "B"), was("/c.md", "B"), was("/d.md", "D")]
    after = {"/x.md": "A", "/y.md": "B", "/d.md": "D2"}

    told = [(each.kind, each.path) for each in comparing.changes(before, after)]

    assert told == [
        ("retire", "/b.md"),
        ("retire", "/c.md"),
        ("update", "/d.md"),
        ("rename", "/x.md"),
        ("create", "/y.md"),
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"type": "memory_prefix", "path": "/a/"}, None),
        ({"id": "../x", "path": "/a", "content_sha256": SHA256}, None),
        ({"id": "m", "path": "/a", "content_sha256": "\x00"}, None),
        ({"id": ["m"], "path": "/a", "content_sha256": SHA256}, None),
        (
            {"id": "m", "path": "/a\x00", "content_sha256": SHA256, "content": "\ud800"},
            There("m", "/a␀", SHA256, "?"),
        ),
        (
            {"id": "m", "path": "/a", "content_sha256": SHA256, "content": None},
            There("m", "/a", SHA256, ""),
        ),
    ],
)
def test_whatever_the_other_side_calls_a_memory_can_be_kept(row, expected):
    assert pulling.there(row) == expected
