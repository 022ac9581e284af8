"""What the local engine writes down of what recurs, and where in the store."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256

import pytest

from apps.core.rates import rate
from apps.dreams.findings import Kind, Note, Observation, Pattern, Seen, Span
from apps.dreams.local.curating import curate
from apps.dreams.local.curating.lessons import lesson
from apps.reviews.drafting import Kind as Edit
from apps.reviews.drafting import Role
from tests.dreams.corpora import AIRLINE, airline, patterns_of

TODAY = date(2026, 11, 22)
AT = datetime(2026, 11, 2, tzinfo=UTC)


def note(path, text, *, at=AT):
    return Note(f"mem_{path}", path, text, sha256(text.encode()).hexdigest(), at)


def seen(number, *quotes, details=None):
    spans = tuple(
        Span(f"sevt_{number}_{n}", 0, len(quote), quote, Role.STATES_PREFERENCE)
        for n, quote in enumerate(quotes)
    )
    said = Observation(Kind.PREFERENCE, "key", quotes[0], spans, details=details or {})
    return Seen(f"sesn_{number}", "desk", f"user-{number}", None, AT, said)


def pattern(kind=Kind.PREFERENCE, key="units metric", quotes=("Use metric units.",) * 4, **details):
    told = {"what": "statement", "saying": quotes[0], "sentence": quotes[0], **details}
    return Pattern(
        kind=kind,
        key=key,
        title=quotes[0],
        seen=tuple(seen(number, quote) for number, quote in enumerate(quotes)),
        sessions=len(quotes),
        agents=1,
        users=len(quotes),
        first_at=AT,
        last_at=datetime(2026, 11, 9, tzinfo=UTC),
        success=rate(0, 0),
        others=rate(0, 0),
        details={**told, "of_sessions": "40"},
    )


def failing(**details):
    return pattern(
        Kind.WORKAROUND,
        "read: binary",
        ("cannot display a.docx: binary",) * 5,
        **{
            "what": "error",
            "program": "read",
            "tool": "read",
            "template": "cannot display <file>.docx: binary",
            "failed_calls": "6",
            "calls": "120",
            "way": "instead",
            "fix": "pandoc --track-changes=all",
            "fixing_tool": "bash",
            "working_call": "pandoc --track-changes=all <path>.docx -t markdown",
            "fixed_sessions": "5",
            **details,
        },
    )


def drafts(patterns, *notes):
    return curate(patterns, notes, today=TODAY).drafts


def test_a_way_around_an_error_says_what_happens_what_to_do_and_how_often():
    (draft,) = drafts([failing()])

    assert (draft.kind, draft.path) == (
        Edit.CREATE,
        "/tools/read-use-pandoc-track-changes-all.md",
    )
    assert draft.content == (
        "# `read`: use `pandoc --track-changes=all`\n\n"
        "`read` fails with “cannot display a .docx file: binary”.\n\n"
        "Use `pandoc --track-changes=all`:"
        " `pandoc --track-changes=all <path>.docx -t markdown`.\n\n"
        "Seen in 5 of 40 sessions, 5 people (2 Nov – 9 Nov 2026): 6 of 120 calls of `read` failed"
        " like this; in 5 of the sessions this got it to work.\n"
    )
    assert draft.support["finding"] == "workaround"
    assert len(draft.evidence) == 5


def test_a_preference_is_told_without_what_is_only_said_between_people():
    told = lesson(pattern(quotes=("No, please use metric units from now on.",) * 3))

    assert told is not None
    assert told.body[0] == "Use metric units."


def test_values_that_all_sessions_name_are_told_and_those_of_one_are_not():
    told = lesson(
        pattern(
            Kind.FACT,
            quotes=(
                "Staging is on port 8443 now.",
                "Order 5512: staging is on port 8443 now.",
                "Staging is on port 8443 now.",
            ),
            sentence="Staging is on port <number> now.",
            words="staging port",
        )
    )

    assert told is not None
    assert "8443" in told.text
    assert "5512" not in told.text


def test_what_the_store_says_already_is_not_proposed_again():
    known = note("/style/units.md", "# Units\n\nUse metric units in everything.\n")

    curated = curate([pattern()], [known], today=TODAY)

    assert curated.drafts == ()
    assert [each.reason for each in curated.dropped] == ["known already"]


def test_a_note_that_names_the_way_out_says_it_already():
    known = note("/tools/word.md", "# Word\n\nTurn it into text: `pandoc --track-changes=all`.\n")

    assert drafts([failing()], known) == ()


def test_two_errors_with_one_answer_are_two_lessons():
    way = {"way": "again", "fix": "read with another path", "argument": "path"}
    first = failing(template="this is not the file", **way)
    second = replace(failing(template="the file is of yesterday", **way), key="read: yesterday")

    found = drafts([first, second])

    assert len({draft.title for draft in found}) == 2


def test_the_note_that_comes_nearest_is_named_to_the_reviewer():
    near = note("/style/figures.md", "# Figures\n\nEvery unit with its use; metric or not.\n")
    far = note("/lunch.md", "# Lunch\n\nThe canteen closes at half past one.\n")

    (draft,) = drafts([pattern()], near, far)

    assert draft.rationale.startswith(
        "Nothing in the store says so in these words; /style/figures.md comes nearest. Asked for in"
    )


def test_a_note_about_the_tool_gets_a_section_and_keeps_every_byte_it_had():
    about = note("/tools/read.md", "# read\n\nReads text files up to 1 MB.\n")

    (draft,) = drafts([failing()], about)

    assert (draft.kind, draft.path) == (Edit.UPDATE, "/tools/read.md")
    assert draft.content is not None
    assert draft.content.startswith(about.content)
    assert [base.sha256 for base in draft.bases] == [about.sha256]


def test_a_new_note_goes_to_the_folder_where_such_things_are():
    there = note("/how-to/print.md", "# Printing\n\nUse the left tray.\n")

    (draft,) = drafts([failing()], there)

    assert draft.path.startswith("/how-to/")


def test_a_fact_that_changed_takes_the_place_of_the_old_one():
    old = note("/staging.md", "# Staging\n\nThe staging server listens on port 8080.\n")
    news = pattern(
        Kind.FACT,
        quotes=("The staging server listens on port 8443 now, not on 8080.",) * 3,
    )

    (draft,) = drafts([news], old)

    assert (draft.kind, draft.path) == (Edit.UPDATE, "/staging.md")
    assert draft.content == "# Staging\n\nThe staging server listens on port 8443.\n"
    assert "port 8080" in draft.rationale


def test_two_that_say_the_same_become_one_that_loses_nothing():
    first = note(
        "/keys.md",
        "# Keys\n\nRotate API keys every 90 days with `keyctl rotate`. Tell the on-call channel.\n",
    )
    second = note(
        "/how-to/rotate.md",
        "# Rotating keys\n\nEvery 90 days, API keys are rotated: `keyctl rotate`."
        " The old key works for 24 hours more.\n",
    )

    merges = [each for each in drafts([], first, second) if each.kind == Edit.MERGE]

    (merge,) = merges
    assert {base.memory_id for base in merge.bases} == {first.memory_id, second.memory_id}
    assert merge.content is not None
    assert "24 hours" in merge.content
    assert "on-call channel" in merge.content
    assert merge.content.count("keyctl rotate") == 1


def test_of_two_that_contradict_the_newer_is_taken_for_right():
    old = note("/limits.md", "# Limits\n\nA login session lasts 60 minutes.\n")
    new = replace(
        note("/auth.md", "# Sessions\n\n- 2.1 A login session lasts 30 minutes\n"),
        updated_at=datetime(2026, 11, 20, tzinfo=UTC),
    )

    others = (
        note("/lunch.md", "# Lunch\n\nThe canteen closes at half past one.\n"),
        note("/plants.md", "# Plants\n\nThe fern wants water twice a week.\n"),
        note("/keys.md", "# Keys\n\nAsk the porter for the garage.\n"),
    )

    (draft,) = drafts([], old, new, *others)

    assert (draft.kind, draft.path) == (Edit.UPDATE, "/limits.md")
    assert draft.content == "# Limits\n\nA login session lasts 30 minutes.\n"
    assert "60 minutes" in draft.rationale


def test_what_is_over_is_retired_or_only_its_line_taken_out():
    over = note("/leave.md", "# Cover\n\nMara is away until 30 June 2025.\n")
    mixed = note(
        "/who.md",
        "# Who\n\n- Ada decides.\n- Bo pays.\n- Cy is away until 30 June 2025.\n- Di ships.\n",
    )

    found = {each.path: each for each in drafts([], over, mixed)}

    assert found["/leave.md"].kind == Edit.RETIRE
    assert found["/who.md"].kind == Edit.UPDATE
    assert found["/who.md"].content == "# Who\n\n- Ada decides.\n- Bo pays.\n- Di ships.\n"


@pytest.mark.parametrize(
    ("content", "left"),
    [
        ("- Pay: Bo\n- Sign: Cy, until 30 June 2025\n- Ship: Di\n", "- Pay: Bo\n- Ship: Di\n"),
        ("Bo pays.\n\nCy signs until 30 June 2025.\n\nDi ships.\n", "Bo pays.\n\nDi ships.\n"),
        ("Cy signs until 30 June 2025. Bo pays. Di ships.\n", "Bo pays. Di ships.\n"),
    ],
)
def test_what_is_over_leaves_no_label_no_gap_and_no_blank_behind(content: str, left: str):
    (draft,) = drafts([], note("/who.md", f"# Who\n\nAda decides.\n\n{content}"))

    assert draft.content == f"# Who\n\nAda decides.\n\n{left}"


def test_what_is_too_long_is_divided_line_by_line():
    rules = "".join(f"- Rule {n} costs {n * 7} EUR and takes {n * 3} days.\n" for n in range(300))
    parts = f"# Shipping\n\n## Boxes\n\n{rules}\n## Labels\n\n{rules}"
    others = [note(f"/n{n}.md", f"# N{n}\n\nWord {n * 31} of it.\n") for n in range(3)]

    found = drafts([], note("/shipping.md", parts), *others)
    (draft,) = [each for each in found if each.kind == Edit.RESTRUCTURE]

    assert draft.content == (
        "# Shipping\n\n- [Boxes](shipping/boxes.md)\n- [Labels](shipping/labels.md)\n"
    )
    assert [file.path for file in draft.also] == ["/shipping/boxes.md", "/shipping/labels.md"]
    together = "\n".join(file.content for file in draft.also)
    assert all(line in together for line in rules.splitlines())


def test_a_store_without_an_index_gets_one_and_a_dead_link_goes():
    many = [note(f"/a/{n}.md", f"# Title {n}\n\nOnly {n * 97}.\n") for n in range(25)]

    (index,) = [each for each in drafts([], *many) if each.support["finding"] == "index"]
    readme = note("/README.md", "# Index\n\n- [one](a/1.md)\n- [gone](a/gone.md)\n")
    (update,) = [
        each for each in drafts([], readme, *many) if each.support["finding"] == "dangling"
    ]

    assert index.path == "/README.md"
    assert index.content is not None
    assert "- [a/1.md](a/1.md): Title 1" in index.content
    assert update.content == "# Index\n\n- [one](a/1.md)\n"


@pytest.mark.skipif(not AIRLINE.exists(), reason="the real transcripts are not at hand")
def test_of_real_sessions_nobody_is_named_in_what_is_written():
    written = [lesson(each) for each in patterns_of(airline())]
    text = "\n".join(each.text for each in written if each)

    assert len([each for each in written if each]) >= 8
    assert re.findall(r"\b[a-z]+_[a-z]+_\d{4}\b", text) == []  # users
    assert re.findall(r"\b(?=[A-Z]*\d)(?=\d*[A-Z])[A-Z0-9]{6}\b", text) == []  # reservations
    assert re.findall(r"\b(?:gift_card|credit_card|certificate)_\d+", text) == []
