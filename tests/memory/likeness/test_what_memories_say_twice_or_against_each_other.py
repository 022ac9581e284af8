"""Duplicates, contradictions, what has passed and what is too long, in texts made up for it.

How much of the demo's flaws is found, and how much else, is held by the last test.
"""

from datetime import date

import pytest

from apps.demo.memories import filling
from apps.demo.memories.flaws import FLAWS
from apps.memory.likeness import (
    Note,
    Reason,
    contradictions,
    dated,
    near_duplicates,
    oversized,
)
from apps.memory.models import Memory
from tests import make
from tests.demo.reading import NOW

TODAY = date(2026, 11, 22)
OTHERS = (
    ("/travel.md", "# Travel\n\nTrains are booked by the office, second class.\n"),
    ("/lunch.md", "# Lunch\n\nThe canteen closes at half past one.\n"),
    ("/printer.md", "# Printer\n\nThe one on the third floor jams with recycled paper.\n"),
    ("/keys.md", "# Keys\n\nAsk the porter for the garage.\n"),
    ("/music.md", "# Music\n\nNo radio in the workshop before noon.\n"),
    ("/plants.md", "# Plants\n\nThe fern wants water twice a week.\n"),
    ("/laptops.md", "# Laptops\n\nReplaced after four years; the old ones go to a school.\n"),
)


def notes(*given):
    return [Note(path, path, text) for path, text in (*given, *OTHERS)]


def test_a_copy_is_found_and_what_only_one_of_them_says():
    first = "# Refunds\n\nAsk the manager before you pay anything back.\n\nKeep the receipt.\n"
    second = first + "\nNever in cash.\n"

    (found,) = near_duplicates(notes(("/a.md", first), ("/b.md", second)))

    assert (found.first.path, found.second.path, found.is_literal) == ("/a.md", "/b.md", True)
    assert [each.text for each in found.only_second] == ["Never in cash."]
    assert found.only_first == ()


def test_what_follows_one_template_or_is_numbered_is_no_copy():
    machines = [(f"/rigs/rig-{n}.md", f"# rig-{n}\n\nReliable.\n") for n in range(4)]
    cases = [(f"/c/{name}.md", f"Client: {name}\nSeen: often\n") for name in ("ada", "bo", "cy")]

    assert near_duplicates(notes(*machines, *cases)) == []


@pytest.mark.parametrize(
    ("first", "second", "reason", "said"),
    [
        (
            "Refunds above 200 euros need a manager.",
            "A manager signs refunds from 500 euros.",
            Reason.NUMBERS,
            {"200 euro", "500 euro"},
        ),
        (
            "Summaries have at most two hundred words.",
            "Summaries: 300 words and no more.",
            Reason.NUMBERS,
            {"200 word", "300 word"},
        ),
        (
            "Invoices are fetched from billing.example.org.",
            "billing.example.org is switched off since the move.",
            Reason.VALUES,
            {"billing.example.org", "billing.example.org switched off"},
        ),
        (
            "Never translate the product names.",
            "Translate product names into the reader's language.",
            Reason.NEGATION,
            {"Never translate", "Translate product names into the reader's language."},
        ),
        (
            "Sort the customers alphabetically.",
            "Customers are listed with the newest first.",
            Reason.OPPOSED,
            {"alphabetically", "newest"},
        ),
        (
            "Public backups are fine.",
            "Private backups: whoever asks is told so.",
            Reason.OPPOSED,
            {"public", "privat"},
        ),
    ],
)
def test_what_cannot_both_hold_is_told_with_the_two_statements(first, second, reason, said):
    (found,) = contradictions(notes(("/a.md", first), ("/b.md", second)))

    assert found.reason is reason
    assert {found.first.text, found.second.text} == {first, second}
    assert {found.said_first, found.said_second} == said


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Refunds above 200 euros need a manager.", "Parcels above 500 grams need a label."),
        ("Refunds above 200 euros need a manager.", "A manager signs refunds over 200 euros."),
        ("Shipped on 3 May 2026 with the manual.", "Manual printed on 9 June 2026."),
        ("American spelling, for this one text.", "British spelling."),
        ("The build did not fail.", "Builds fail at night."),
        ("Use 25 words instead of 30 words.", "Sentences of 25 words."),
        ("No verbatim quotes in minutes.", "Do not quote verbatim in minutes."),
        ("Never write customer names into logs.", "Write customer names in full on invoices."),
    ],
)
def test_what_merely_differs_is_no_contradiction(first, second):
    assert contradictions(notes(("/a.md", first), ("/b.md", second))) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("/clients/borealis.md", "/clients/kestrel.md"),
        ("/style/length.md", "/formats/newsletter.md"),
        ("/borealis.md", "/clients/borealis-air.md"),
    ],
)
def test_a_rule_for_one_client_or_format_is_no_contradiction_of_another(first, second):
    long, short = "Paragraphs have six sentences.", "Paragraphs have two sentences."
    is_of_one = "borealis" in first and "borealis" in second

    found = contradictions(notes((first, long), (second, short)))

    assert len(found) == is_of_one
    assert len(contradictions(notes(("/style/a.md", long), ("/text/b.md", short)))) == 1


def test_what_counts_otherwise_is_no_copy_whatever_its_letters():
    reads = "# Reads\n\nReads are limited to 600 requests a minute for each key.\n"

    assert near_duplicates(notes(("/a.md", reads), ("/b.md", reads.replace("600", "60")))) == []


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("Ask Jo until 3 October 2026.", date(2026, 10, 3)),
        ("Signatures: Jo, until she leaves on 2026-10-03.", date(2026, 10, 3)),
        ("The rate is 4% (checked 1 March 2025).", date(2026, 3, 1)),
        ("Broken since October 3, 2026, back in two weeks.", date(2026, 10, 17)),
        ("- to 1 May 2026: Jo\n- to 1 June 2026: Bo", date(2026, 6, 1)),
        ("Ask Jo until 3 December 2026.", None),
        ("- to 1 May 2026: Jo\n- to 1 December 2026: Bo", None),
        ("The rate is 4% (checked 1 March 2026).", None),
        ("Shipped on 3 May 2024.", None),
        ("Invoices from before 1 January 2020 were destroyed.", None),
        ("The cache was down until 3 May 2024.", None),
        ("Until 31 February 2026.", None),
    ],
)
def test_what_held_until_a_day_is_told_once_it_has_passed(text, ended):
    found = dated([Note("a", "/a.md", text)], today=TODAY)

    assert [each.ended_on for each in found] == ([ended] if ended else [])


def test_what_is_far_longer_than_the_others_is_told():
    log = Note("log", "/log.md", "line\n" * 4_000)

    (found,) = oversized([log, *notes()])

    assert (found.note, found.size) == (log, 20_000)
    assert oversized(notes()) == []
    assert oversized([]) == []


@pytest.mark.parametrize(
    "text", ["", "\n", "---\n", "# \n", "|||", "```", "\x00", "é" * 99, "1.1.1 1", "never"]
)
def test_no_text_is_an_error(text):
    given = notes(("/a.md", text), ("/b.md", text))

    near_duplicates(given)
    contradictions(given)
    dated(given, today=TODAY)


@pytest.mark.django_db
def test_how_much_of_the_demos_flaws_is_found_and_how_much_else():
    filling.fill(make.workspace(), NOW)
    stores = {}
    for name, path, text in Memory.objects.live().values_list("store__name", "path", "content"):
        stores.setdefault(name.lower().replace(" ", "-"), []).append(Note(path, path, text))
    found = {"duplicate": [], "contradiction": [], "outdated": [], "oversized": []}
    for store, held in stores.items():
        against = contradictions(held)
        found["contradiction"] += [(store, c.first.note.path, c.second.note.path) for c in against]
        found["duplicate"] += [(store, d.first.path, d.second.path) for d in near_duplicates(held)]
        found["outdated"] += [(store, d.statement.note.path) for d in dated(held, today=NOW.date())]
        found["oversized"] += [(store, o.note.path) for o in oversized(held)]

    told = {kind: _found(kind, rows) for kind, rows in found.items()}

    # Of those that are listed, how many are found; and of what is told, how much is listed. Some of
    # what is told is right and not listed: of three that say the same, the list names two.
    least = {
        "contradiction": (0.75, 0.7),
        "duplicate": (0.8, 0.7),
        "outdated": (0.8, 0.4),
        "oversized": (1, 1),
    }
    for kind, (recall, precision) in told.items():
        assert recall >= least[kind][0], kind
        assert precision >= least[kind][1], kind


def _found(kind, rows):
    listed = {(f.store, frozenset(f.paths[:2])) for f in FLAWS if f.kind == kind}
    hits = {(store, frozenset(paths)) for store, *paths in rows} & listed
    return len(hits) / len(listed), len(hits) / len(rows)
