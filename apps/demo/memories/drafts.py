# ruff: noqa: E501 -- prose reads best unbroken
"""What the writing desk keeps: what readers and clients prefer, and how several writers share a text."""

from apps.demo.memories.notes import Deleted, Moved, Plus, Store, Swap, note
from apps.demo.scenarios.drafts.scenes import READERS

HANNAH, SUNNIVA, LEO, DMITRI, AYSE = (
    "hannah.cole", "sunniva.berg", "leo.brandt", "dmitri.volkov", "ayse.demir",
)  # fmt: skip

_READERS = (
    note(
        "/README.md", SUNNIVA, 76,
        "# Writing preferences\n\nreaders.md holds for everybody. clients/ overrides it for one client, process/ says how we share work. One preference, one place.\n",
        (SUNNIVA, 31, Plus("\nformats/ is new: lengths and parts of each kind of text.\n")),
    ),
    note(
        "/readers.md", SUNNIVA, 76, READERS.replace("- No exclamation marks.\n", ""),
        (AYSE, 44, READERS),
    ),
    note(
        "/headings.md", "drafts-harbour-report", 0,
        "# Headings\n\nSentence case, two levels and no deeper. `headings.py --case sentence --levels 2` checks it.\n",
        ("drafts-blog-series", 0, Plus("\nHolds for blog posts as well; one level is enough there.\n")),
    ),
    note(
        "/length.md", "drafts-harbour-report", 0,
        "# Length\n\nNo section over 400 words. Hannah counts.\n",
        ("drafts-onboarding-guide", 0, Plus("\nDmitri: 300 for anything that is read on a phone.\n")),
    ),
    note(
        "/formats/report-sections.md", "drafts-annual-report", 0,
        "# Sections of a report\n\nKeep them short: four hundred words each at most. What does not fit becomes a table or goes.\n",
    ),
    note(
        "/spelling.md", "drafts-press-release", 0,
        "# Spelling\n\nAmerican spelling: color, center, organize. The client asked for it.\n",
    ),
    note(
        "/figures.md", "drafts-grant-proposal", 0,
        "# Figures\n\nEvery figure with its year and source, in the sentence and not in a footnote. fact-checker compares each with its source before the draft leaves.\n",
        ("drafts-water-paper", 0, Plus("\nLosses in m³ per km and day, never in per cent alone: percentages fall when people use more.\n")),
    ),
    note(
        "/tone.md", AYSE, 52,
        "# Tone\n\nWarm, dry, exact. Thank people by name. Jokes in speeches only, and one at most.\n",
        ("drafts-farewell-speech", 0, Plus("\nThe surgeon's fishing is known; use it sparingly.\n")),
    ),
    note(
        "/words-we-avoid.md", LEO, 48,
        "# Words we avoid\n\nleverage, solution, journey, exciting, unique, going forward, state of the art\n",
        (LEO, 27, Plus("sustainable (say what lasts, and how long)\n")),
        ("drafts-policy-brief", 0, Plus("vulnerable groups (say who)\n")),
    ),
    note(
        "/process/outline-first.md", "drafts-grant-proposal", 0,
        "# Before anyone writes\n\nFix the outline, the shared terms and a file for each section. Then hand out. Texts that began this way needed one round, the others three.\n",
        ("drafts-museum-catalogue", 0, Plus("\nNineteen objects, nineteen files, one list of terms: no conflicts.\n")),
        ("drafts-policy-brief", 0, Plus("\nThe outline carries the word limits.\n")),
    ),
    note(
        "/process/sharing-a-draft.md", DMITRI, 57,
        "# Working on one draft together\n\nAll writers edit draft.md, so that everybody sees the whole text at any time. Read again before each edit.\n",
    ),
    note(
        "/process/a-file-each.md", "drafts-onboarding-guide", 0,
        "# One file per writer\n\nWriters in one file overwrite each other ('the file changed since it was read'). Each gets sections/<name>.md; the editor merges.\n",
        ("drafts-tender-response", 0, Plus("\nAgain in the tender: two sections had to be written twice.\n")),
    ),
    note(
        "/process/parallel-writing.md", "drafts-water-paper", 0,
        "# When several write at once\n\nGive each writer a separate file and let the editor put them together. Edits to a common draft get lost or fail because it has changed underneath.\n",
    ),
    note(
        "/process/merging.md", "drafts-annual-report", 0,
        "# Merging voices\n\nThe editor reads all twelve aloud once before changing a word. Openings first: writers repeat each other there.\n",
    ),
    note(
        "/process/handover.md", HANNAH, 42,
        "# Handing over\n\nClean document, list of open questions, list of figures with sources. Nothing else in the folder.\n",
        (HANNAH, 16, Swap("list of open questions", "open questions (five at most, each with a name)")),
    ),
    note(
        "/process/night-digest.md", SUNNIVA, 22,
        "# Night digest\n\nRuns at half past eleven. Ten items, two lines each, paper and page. Nothing from paywalled text beyond the headline.\n",
        ("drafts-course-handbook", 0, Moved("/formats/night-digest.md")),
    ),
    note("/ideas.md", LEO, 39, "podcast?\n", (LEO, 38, Deleted())),
    note(
        "/tables.md", DMITRI, 33,
        "# Tables\n\nFrom Excel they come as cp1252. Right-align figures, one unit per column, the total in the last row and nowhere else.\n",
    ),
)  # fmt: skip

_CLIENTS = (
    ("harbour-authority", "drafts-harbour-report", "# Harbour authority\n\nContact is Mr Iversen until {day:50}, then his successor. Tonnes, not TEU, in the first chapter. Sections of 400 words.\n", ("drafts-harbour-update", 0, Plus("\nHalf-year update: same structure, half the length, no preface.\n"))),
    ("library-consortium", "drafts-grant-proposal", "# Library consortium\n\nFunder wants outcomes per reader, not per catalogue. Accessibility is the point, not a chapter.\n"),
    ("alpine-club", "drafts-annual-report", "# Alpine club\n\nTwelve chapters by twelve sections. The president signs each; leave her a line. Rescue figures go to the warden first.\n"),
    ("maritime-museum", "drafts-museum-catalogue", "# Maritime museum\n\nObject texts of 90 words. Provenance in the last sentence, also when it is 'unknown'. Ship names in italics.\n"),
    ("city-transport", "drafts-tender-response", "# City transport\n\nTender portal cuts answers at 4,000 characters including spaces. Number every answer as the question is numbered.\n"),
    ("schools-network", "drafts-policy-brief", "# Schools network\n\nTwo pages. Degrees Celsius, classrooms, hours. One recommendation per audience.\n"),
    ("water-utility", "drafts-water-paper", "# Water utility\n\nNever say leak rate without the method. Their engineers read chapter 3 first.\n"),
    ("repair-shop", "drafts-blog-series", "# Repair shop\n\nFirst person plural. Prices rounded to five. A picture of hands in each post.\n"),
    ("neighbourhood", "drafts-newsletter", "# Neighbourhood newsletter\n\nNames of children only with the form. Dates with the weekday.\n"),
    ("hospital", "drafts-farewell-speech", "# Hospital, farewell speech\n\nFour minutes, read by somebody who is moved: short sentences.\n"),
    ("open-university", "drafts-course-handbook", "# Open university\n\nSix modules of the same shape: aim, hours, reading, task, how it is marked.\n"),
    ("us-launch", "drafts-press-release", "# US launch\n\nDateline, quote in the second paragraph, boilerplate as they sent it. American spelling, for this one text.\n"),
    ("new-colleagues", "drafts-onboarding-guide", "# Onboarding guide\n\nBy day and not by department. Who to ask stands beside every task.\n"),
)  # fmt: skip

_FORMATS = (
    ("press-release", LEO, "400 words, headline under 70 characters, one quote, contact at the end."),
    ("policy-brief", SUNNIVA, "Two pages: problem, evidence, options, recommendation. The recommendation stands in the title."),
    ("newsletter", AYSE, "Eight items, the longest 120 words, the last one cheerful."),
    ("white-paper", DMITRI, "Summary of one page that can be read alone. Method in an annex."),
    ("tender", HANNAH, "Answer first, proof second, reference third. No adjectives that cost points."),
    ("object-text", SUNNIVA, "What it is, who made it, what happened to it. 90 words."),
    ("speech", AYSE, "120 words a minute. Mark the pauses."),
    ("blog-post", LEO, "600 words, one idea, a first sentence that is not a question."),
)  # fmt: skip

STORE = Store(
    "Writing preferences",
    "What readers and clients prefer, and how the desk works together.",
    _READERS
    + tuple(
        note(f"/clients/{slug}.md", key, 0, text, *later) for slug, key, text, *later in _CLIENTS
    )
    + tuple(
        note(f"/formats/{slug}.md", who, 30, f"# {slug.replace('-', ' ').capitalize()}\n\n{text}\n")
        for slug, who, text in _FORMATS
    ),
)
