# ruff: noqa: E501 -- a statement is one sentence on one line
"""What is wrong in the demo's stores on purpose, so that whoever tidies them can be measured.

Of each flaw `paths` names every memory that takes part, as it is called today, and `signs` an
expression that is found in each. What is named in `right` is the one to be believed, where one is.
"""

from dataclasses import dataclass
from typing import Literal

FlawKind = Literal[
    "duplicate", "contradiction", "outdated", "oversized", "missing_index", "dangling",
    "overgeneralised",
]  # fmt: skip

LEGAL, BUILDS = "legal-house-style", "build-knowledge"
CHECKS, DRAFTS = "editorial-guidelines", "writing-preferences"


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong with one memory, several together, or a store as a whole (no paths)."""

    id: str
    kind: FlawKind
    store: str
    statement: str
    paths: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    right: str = ""


FLAWS = (
    Flaw(
        "word-files-twice", "duplicate", LEGAL,
        "How to read a Word file with tracked changes is told twice, in other words.",
        ("/tools/word-files.md", "/tools/reading-docx.md"),
        (r"pandoc --track-changes=all", r"option is track-changes, value all"),
    ),
    Flaw(
        "whole-console-twice", "duplicate", BUILDS,
        "Not to search a whole console is told twice, in other words.",
        ("/logs/read-the-end.md", "/how-to/big-consoles.md"),
        (r"What broke is at the end", r"last few hundred lines"),
    ),
    Flaw(
        "warnings-twice", "duplicate", BUILDS,
        "To count failed builds and not warnings is told twice.",
        ("/how-to/count-failures.md", "/reports/weekly.md"),
        (r"Count by exit status", r"Only builds that ended as failed"),
    ),
    Flaw(
        "guide-behind-login-twice", "duplicate", CHECKS,
        "That the guide is mounted, as the intranet wants a sign-in, is told twice.",
        ("/access/intranet.md", "/how-to/where-the-guide-is.md"),
        (r"redirects to a sign-in", r"asks for a login"),
    ),
    Flaw(
        "claims-table-twice", "duplicate", CHECKS,
        "To list all claims before looking for sources is told twice.",
        ("/claims/table-first.md", "/claims/method.md"),
        (r"List every claim in a table", r"write down all statements of fact"),
    ),
    Flaw(
        "file-each-twice", "duplicate", DRAFTS,
        "A file for each writer, merged by the editor, is told twice.",
        ("/process/a-file-each.md", "/process/parallel-writing.md"),
        (r"overwrite each other", r"separate file"),
    ),
    Flaw(
        "short-sections-twice", "duplicate", DRAFTS,
        "The limit of 400 words for a section is told in two general notes.",
        ("/length.md", "/formats/report-sections.md"),
        (r"400 words", r"four hundred words"),
    ),
    Flaw(
        "cap", "contradiction", LEGAL,
        "The playbook caps liability at 125%, at most 200%; the position says 150% and 250%.",
        ("/playbook.md", "/positions/liability-cap.md"),
        (r"cap \| 125%", r"150%.*250%"),
        right="/playbook.md",
    ),
    Flaw(
        "redline-in-place", "contradiction", LEGAL,
        "One note wants redlines in a file of their own, the older one marks up the original.",
        ("/style/redlines.md", "/style/comparing-drafts.md"),
        (r"file of its own", r"mark up their document directly"),
        right="/style/redlines.md",
    ),
    Flaw(
        "link-jobs", "contradiction", BUILDS,
        "Six link jobs are fine everywhere, says the older note; on std-16 the linker is killed.",
        ("/pipelines/link-jobs.md", "/infrastructure/runners.md"),
        (r"Two on std-16", r"Six link jobs are fine on all"),
        right="/pipelines/link-jobs.md",
    ),
    Flaw(
        "purge", "contradiction", BUILDS,
        "One note tells to purge the cache at once; agents may not, it takes a ticket.",
        ("/cache/purging.md", "/cache/nodes/bx-07.md"),
        (r"is refused", r"do it right away"),
        right="/cache/purging.md",
    ),
    Flaw(
        "registry", "contradiction", BUILDS,
        "The overview still names the registry that was switched off.",
        ("/overview.md", "/infrastructure/registry.md"),
        (r"registry\.corvid\.internal", r"is switched off"),
        right="/infrastructure/registry.md",
    ),
    Flaw(
        "order-of-findings", "contradiction", CHECKS,
        "Findings are listed by severity; the older template sorts by rule number.",
        ("/reports/order-of-findings.md", "/reports/template.md"),
        (r"most serious first", r"sorted by rule number"),
        right="/reports/order-of-findings.md",
    ),
    Flaw(
        "percent-in-words", "contradiction", CHECKS,
        "The checklist has percentages in words and 25 words a sentence; version 5 changed both.",
        ("/style-guide.md", "/checklists/leaflet.md"),
        (r"use the sign with a figure", r"Percentages in words"),
        right="/style-guide.md",
    ),
    Flaw(
        "shared-draft", "contradiction", DRAFTS,
        "The older note has all writers edit one draft, which loses their work.",
        ("/process/a-file-each.md", "/process/sharing-a-draft.md"),
        (r"sections/<name>\.md", r"All writers edit draft\.md"),
        right="/process/a-file-each.md",
    ),
    Flaw(
        "american-spelling", "overgeneralised", DRAFTS,
        "One client's American spelling became a rule for everybody; readers want British.",
        ("/readers.md", "/spelling.md", "/clients/us-launch.md"),
        (r"British spelling", r"American spelling", r"for this one text"),
        right="/readers.md",
    ),
    Flaw(
        "base-rate", "outdated", LEGAL,
        "The base rate was looked up more than a year ago.",
        ("/positions/payment.md",), (r"Base rate is 5\.25% \(checked \d+ \w+ \d{4}\)",),
    ),
    Flaw(
        "kessler-left", "outdated", LEGAL,
        "Who signs left weeks ago, and no successor is named.",
        ("/people/who-to-ask.md",), (r"until he leaves on \d+ \w+ \d{4}",),
    ),
    Flaw(
        "old-rota", "outdated", BUILDS,
        "The rota ended weeks ago.",
        ("/oncall.md",), (r"to \d+ \w+ \d{4}: Miguel Castro",),
    ),
    Flaw(
        "rig-back", "outdated", BUILDS,
        "Rig 4 was to be back after two weeks; that was long ago.",
        ("/rigs/hil-4.md",), (r"Out of order since \d+ \w+ \d{4}, back in two weeks",),
    ),
    Flaw(
        "nwosu-leave", "outdated", CHECKS,
        "The stand-in for regulatory ended, so what it says now sends requests to the wrong person.",
        ("/regulatory/who.md",), (r"on leave until \d+ \w+ \d{4}",),
    ),
    Flaw(
        "iversen-gone", "outdated", DRAFTS,
        "The contact has gone, and the successor is not named.",
        ("/clients/harbour-authority.md",), (r"Mr Iversen until \d+ \w+ \d{4}",),
    ),
    Flaw(
        "triage-log", "oversized", BUILDS,
        "A log of every build that was ever read: too long to be read, and no knowledge.",
        ("/log/triage-log.md",), (r"Append only",),
    ),
    Flaw(
        "no-index", "missing_index", BUILDS,
        "The other stores have a README that leads through them; this one has none.",
    ),
    Flaw(
        "heart-is-missing", "dangling", CHECKS,
        "The README leads to a page on heart and circulation that is not there.",
        ("/README.md",), (r"sources/heart\.md",),
    ),
)  # fmt: skip
