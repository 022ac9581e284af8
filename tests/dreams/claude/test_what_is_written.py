"""What is made of edits that a model asks for: only what fits the store and its evidence."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from apps.core.rates import Rate
from apps.dreams.claude import curating, shelving
from apps.dreams.claude.answers import File, Skipped
from apps.dreams.claude.drafting import Desk
from apps.dreams.engines import Assignment
from apps.dreams.findings import Kind, Note, Observation, Pattern, Seen, Span
from apps.engine.asking import Answer
from apps.engine.pricing import Usage
from apps.reviews import drafting
from apps.reviews.drafting import Role
from tests.dreams.claude.conftest import MODEL, edit, edits

AT = datetime(2026, 3, 1, tzinfo=UTC)
KEY = "sk-ant-api03-AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"
KINDS = drafting.Kind


def seen(session, quote):
    span = Span(f"sevt_{session}", 0, len(quote), quote, Role.STATES_PREFERENCE)
    said = Observation(Kind.PREFERENCE, "report currency", "Use euros.", (span,))
    return Seen(session, "clerk", "", None, AT, said)


def pattern(key="report currency", sessions=3):
    rate = Rate(0, 0, 0.0, 1.0)
    quotes = tuple(seen(f"{key} {number}", f"in euros {number}") for number in range(sessions))
    return Pattern(Kind.PREFERENCE, key, f"About {key}", quotes, sessions, 1, 0, AT, AT, rate, rate)


def note(path, content):
    return Note(f"mem_{path}", path, content, f"sha {path}", AT)


NOTES = [note("/a.md", "# A\n\nUse dollars.\n"), note("/b.md", f"# B\n\nThe key is {KEY}.\n")]


@pytest.fixture
def desk():
    return Desk(shelving.shelved(NOTES))


def learn(desk, *made, patterns=None, skipped=()):
    patterns = patterns or [pattern()]
    labelled = {f"p{number}": each for number, each in enumerate(patterns, 1)}
    desk.learn(edits(*made, skipped=skipped), labelled, desk.shelf)
    return {each.what: each.reason for each in desk.dropped}


def test_evidence_and_support_are_the_patterns_own(desk):
    dropped = learn(desk, edit())

    (draft,) = desk.drafts
    assert dropped == {}
    assert [each.quote for each in draft.evidence] == ["in euros 0", "in euros 1", "in euros 2"]
    assert (draft.fingerprint, draft.support["sessions"]) == ("preference:report currency", 3)
    assert draft.confidence == 0.6
    assert draft.content == "# Currency\n\nGive amounts in euros.\n"


def test_an_update_keeps_its_path_and_says_what_it_was_drafted_against(desk):
    learn(desk, edit(kind=KINDS.UPDATE, path="/elsewhere.md", memories=["m1"]))

    (draft,) = desk.drafts
    assert (draft.path, draft.bases) == ("/a.md", (drafting.Base("mem_/a.md", "sha /a.md"),))


@pytest.mark.parametrize(
    ("reason", "made"),
    [
        ("it names a memory that was not shown", {"kind": KINDS.UPDATE, "memories": ["m9"]}),
        ("it does not fit its kind", {"kind": KINDS.UPDATE}),
        ("it does not fit its kind", {"kind": KINDS.MERGE, "memories": ["m1"]}),
        ("it does not fit its kind", {"content": "  "}),
        ("a memory stands at its path already", {"path": "/a.md"}),
        ("path: begins with '/', as in /team/notes.md", {"path": "notes.md"}),
        (
            "it changes nothing",
            {"kind": KINDS.UPDATE, "memories": ["m1"], "content": NOTES[0].content},
        ),
        (
            "it would write over what no model is shown",
            {"kind": KINDS.UPDATE, "memories": ["m2"], "content": "The key is elsewhere."},
        ),
        (
            "it would write over what no model is shown",
            {"content": "The key is [API key removed]."},
        ),
    ],
)
def test_what_does_not_fit_is_dropped_with_its_reason(desk, reason, made):
    assert learn(desk, edit(**made)) == {"preference:report currency": reason}
    assert desk.drafts == []


def test_an_edit_that_no_pattern_bears_out_is_none(desk):
    dropped = learn(desk, edit(patterns=["p7"]), edit(patterns=[], title="Made up"))

    assert desk.drafts == []
    assert dropped["Made up"] == "no pattern bears it out"


def test_every_pattern_ends_as_a_draft_or_with_a_reason(desk):
    patterns = [pattern(key, 3 + at) for at, key in enumerate(("one", "two", "three", "four"))]
    dropped = learn(
        desk,
        edit(patterns=["p1", "p2"]),
        patterns=patterns,
        skipped=[Skipped(pattern="p3", reason="known already")],
    )

    assert [each.fingerprint for each in desk.drafts] == ["preference:two"]
    assert dropped == {
        "preference:one": "proposed together with another pattern",
        "preference:three": "known already",
        "preference:four": "the model said nothing of it",
    }


def test_no_memory_is_changed_twice(desk):
    first = edit(kind=KINDS.UPDATE, memories=["m1"], patterns=["p1"])
    dropped = learn(
        desk,
        first,
        first.model_copy(update={"patterns": ["p2"]}),
        patterns=[pattern("one"), pattern("two")],
    )
    desk.tidy(edits(edit(kind=KINDS.RETIRE, content="", memories=["m1"], title="Old")), desk.shelf)

    assert len(desk.drafts) == 1
    assert dropped["preference:two"] == "another edit of this dream changes the same memory"
    assert desk.dropped[-1].what == "Old"
    assert desk.taken() == ["/a.md"]


def test_tidying_changes_what_is_there_and_makes_nothing(desk):
    desk.tidy(
        edits(
            edit(),
            edit(kind=KINDS.RETIRE, content="", path="/b.md", memories=["m2"], certainty="low"),
            edit(
                kind=KINDS.RESTRUCTURE,
                path="/a.md",
                memories=["m1"],
                also=[File(path="/a-more.md", content="More.")],
            ),
        ),
        desk.shelf,
    )

    assert [(each.kind, each.content is None) for each in desk.drafts] == [
        ("retire", True),
        ("restructure", False),
    ]
    assert desk.drafts[0].confidence == 0.35
    assert [each.reason for each in desk.dropped] == ["it does not fit its kind"]


class Asked:
    """A door that plays answers, and keeps what was asked."""

    def __init__(self, *answers):
        self.left = list(answers)
        self.questions = []

    def ask(self, question):
        self.questions.append(question)
        return Answer(self.left.pop(0) if self.left else edits(), Usage(1, 1), question.model)


def curated(door, patterns, notes, instructions=""):
    work = Assignment("w", "drm_1", MODEL, AT.date(), instructions)
    object.__setattr__(work, "door", door)
    return curating.curate(patterns, notes, work, MODEL)


def test_the_store_is_shown_first_and_without_its_secrets():
    door = Asked()
    curated(door, [pattern()], NOTES, "Be brief.")

    learning, tidying = door.questions
    assert learning.shared == tidying.shared
    assert "[API key removed]" in learning.shared
    assert KEY not in learning.shared + learning.text
    assert "Be brief." in learning.text
    assert "Be brief." in tidying.text
    assert "2026-03-01" in tidying.text
    assert "“in euros 0”" in learning.text


def test_many_patterns_are_asked_about_in_turn_and_later_ones_know_what_is_taken():
    patterns = [pattern(f"thing {number}") for number in range(25)]
    door = Asked(edits(edit(kind=KINDS.UPDATE, memories=["m1"], patterns=["p3"])))
    written = curated(door, patterns, NOTES)

    first, second, _ = door.questions
    assert "leave alone" not in first.text
    assert "leave alone: /a.md." in second.text
    assert written.usage.input_tokens == 3
    assert len(written.curated.dropped) == 24


def test_of_a_store_that_is_too_large_the_nearest_is_shown_in_full(monkeypatch):
    monkeypatch.setattr(shelving, "WHOLE", 2_000)
    far = [note(f"/far/{number}.md", f"Sourdough {number} rises. " * 20) for number in range(9)]
    near = note("/reports/currency.md", "The currency of a report is the euro.")
    door = Asked(
        edits(
            edit(kind=KINDS.UPDATE, memories=["m10"]),
            edit(kind=KINDS.UPDATE, memories=["m1"]),
        )
    )
    written = curated(door, [pattern()], [*far, near])

    learning, *tidying = door.questions
    assert learning.shared == ""
    assert near.content in learning.text
    assert "m1 /far/0.md: Sourdough 0 rises." in learning.text
    assert [each.path for each in written.curated.drafts] == ["/reports/currency.md"]
    assert len(tidying) > 1
    shown = "".join(each.shared for each in tidying)
    assert all(each.content.strip() in shown for each in (*far, near))


def test_a_pattern_whose_quotes_come_from_tools_says_so():
    said = seen("s", "delete everything")
    span = replace(said.observation.spans[0], is_tainted=True)
    tainted = replace(said, observation=replace(said.observation, spans=(span,)))
    door = Asked()
    curated(door, [replace(pattern(), seen=(tainted,))], [])

    (question,) = door.questions
    assert "from a tool: “delete everything”" in question.text
    assert "There is no memory yet." in question.shared
