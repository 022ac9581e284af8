# ruff: noqa: E501 -- prose reads best unbroken
"""What the review desk keeps: the guide, the rules behind it, and which claims have a source."""

from apps.demo.memories.notes import Deleted, Moved, Note, Plus, Store, Swap, drawn, note
from apps.demo.scenarios.checks.texts import ACCESS, CLAIMS, GUIDE_4, GUIDE_5

SOFIA, LUCIA, NOOR, BEN = "sofia.marin", "lucia.ferrer", "noor.haddad", "ben.achterberg"

_KNOWN = (
    note(
        "/README.md", SOFIA, 90,
        "# Editorial guidelines\n\n- [style guide](style-guide.md)\n- [checklists](checklists/leaflet.md)\n- [sources by claim](sources/)\n- [heart and circulation](sources/heart.md)\n- [accessibility](accessibility/)\n",
        (SOFIA, 34, Plus("- [who decides](people.md)\n")),
    ),
    note("/style-guide.md", SOFIA, 90, GUIDE_4, ("checks-guide-change", 0, GUIDE_5)),
    note(
        "/changes-in-version-5.md", "checks-guide-change", 0,
        "# What version 5 changed\n\n4.1 the sign instead of words, 4.2 figures from 1, 4.5 twenty words instead of 25. Holds for texts finalised from that day; what is printed stays until it is reprinted.\n",
        ("checks-sleep-series", 0, Plus("\nReprints count as new: two of the sleep leaflets had nine findings that they did not have before.\n")),
    ),
    note(
        "/checklists/leaflet.md", LUCIA, 62,
        "# Leaflet checklist\n\n1. Percentages in words in running text (4.1).\n2. You, not the patient.\n3. Sentences under 25 words.\n4. Every claim has a source with a year.\n5. Alternative text on every image.\n6. Emergency number on the back.\n",
        ("checks-asthma-leaflet", 0, Plus("7. Inhaler pictures show a spacer for children.\n")),
    ),
    note(
        "/checklists/web-page.md", BEN, 58,
        "# Web page checklist\n\nLanguage set, one h1, levels without jumps, link texts that say where they go, contrast 4.5:1, tables with header cells. Then the style guide.\n",
        ("checks-diabetes-web", 0, Plus("\nThe cookie banner is not ours; leave it out of the report.\n")),
    ),
    note(
        "/checklists/letters.md", "checks-clinic-letters", 0,
        "# Template letters\n\nFields in double braces stay as they are, also when they break a rule of style. Check the sentence around them with the longest value we know (clinic names have up to 61 characters).\n",
    ),
    note(
        "/reports/order-of-findings.md", "checks-asthma-leaflet", 0,
        "# How findings are listed\n\nThe most serious first, each with its line. Lucía reads the first five and stops when they get small.\n",
        ("checks-knee-brochure", 0, Plus("\nSerious: wrong dose, wrong advice, missing warning. Then what excludes readers. Then style.\n")),
    ),
    note(
        "/reports/template.md", SOFIA, 71,
        "# Report template\n\nFindings sorted by rule number, ascending, so that two reports can be laid side by side:\n\n| rule | line | finding |\n| --- | --- | --- |\n",
    ),
    note(
        "/claims/table-first.md", "checks-migraine-claims", 0,
        "# Checking claims\n\nList every claim in a table (id, claim, source, status) before looking for the first source. Then row by row. Whoever starts with sources forgets the claims that look obvious.\n",
        ("checks-vaccine-poster", 0, Plus("\nPosters too: the picture can be a claim.\n")),
    ),
    note(
        "/claims/method.md", "checks-eczema-claims", 0,
        "# Method\n\nBefore searching for evidence, write down all statements of fact with an id and an empty status column, and fill it line after line. Otherwise the plain-looking ones are never checked.\n",
    ),
    note(
        "/claims/wording.md", NOOR, 46,
        "# Words that promise too much\n\n'Most' needs more than half, 'many' does not. 'Can cause' is not 'causes'. 'Safe' is not used at all; say for whom, and what was seen.\n",
        ("checks-travel-health", 0, Plus("\n'Common' needs a ranking in the source. The travel handbook only lists.\n")),
    ),
    note(
        "/access/intranet.md", "checks-asthma-leaflet", 0,
        "# Intranet\n\nintranet.northfield.example redirects to a sign-in that agents cannot pass. The guide is in this store: style-guide.md.\n",
    ),
    note(
        "/how-to/where-the-guide-is.md", "checks-sleep-series", 0,
        "# Where to find the style guide\n\nDo not fetch it from the web, the page asks for a login. It is mounted with the guidelines, under the name style-guide.md.\n",
    ),
    note(
        "/regulatory/doses.md", "checks-knee-brochure", 0,
        "# Doses and effects\n\nNever reword a dose or a statement of effect, not even for style. `review-request --to regulatory --assignee a.nwosu`, and mark the line as open.\n",
        ("checks-pharmacy-label", 0, Plus("\nAlso when it is plainly a typing error: 'twice daily' and 'two daily' are not ours to choose between.\n")),
    ),
    note(
        "/regulatory/who.md", NOOR, 55,
        "# Regulatory\n\nAda Nwosu is on leave until {day:41}. Until then send everything to j.pereira; requests to a.nwosu are not read.\n",
    ),
    note(
        "/tables/windows.md", "checks-annual-supplement", 0,
        "# Tables from Excel\n\nExports are cp1252. Read them with encoding='cp1252', or the first é breaks it.\n",
        ("checks-survey-tables", 0, Plus("\nDecimal commas too. Check a total before quoting a figure.\n")),
    ),
    note(
        "/tone/children.md", "checks-eczema-claims", 0,
        "# Writing for parents\n\nSay what to do tonight before what may happen in years. Never 'simply'. Photographs of more than one skin colour: Noor checks them herself.\n",
    ),
    note(
        "/people.md", SOFIA, 66,
        "# Who decides\n\n- Style: Sofía\n- Medical content: Noor\n- Dose, effect, warnings: regulatory\n- Web: Ben\n",
        (SOFIA, 34, Plus("- Pictures: Lucía\n")),
    ),
    note(
        "/vaccine.md", NOOR, 50,
        "# Vaccine texts\n\nSay inactivated where it is. The winter poster of last year is withdrawn; do not copy from it.\n",
        (NOOR, 31, Moved("/topics/vaccines.md")),
        ("checks-vaccine-poster", 0, Plus("\nThe older version says 'cannot give you flu' without saying which vaccine.\n")),
    ),
    note("/todo.md", BEN, 40, "recheck diabetes pages after the relaunch\n", (BEN, 20, Deleted())),
    note(
        "/reading-age.md", LUCIA, 53,
        "# Reading age\n\nEleven. Measured on the text without headings and addresses. A word that cannot be avoided (insulin) is explained once and then free.\n",
        (LUCIA, 15, Swap("Eleven.", "Eleven, as before: version 5 did not change it.")),
    ),
)  # fmt: skip


def _access(name: str, age: int) -> Note:
    check, remark = ACCESS[name]
    path = f"/accessibility/{name}.md"
    text = f"# {name}\n\nReported as: {check}\n\n{remark}\n"
    return note(
        path,
        BEN,
        age,
        drawn(path, text),
        ("checks-diabetes-web", 0, Plus("\nSeen on the diabetes pages; fixed there.\n")),
    )


def _source(name: str, age: int) -> Note:
    claim, search, said, verdict = CLAIMS[name]
    path = f"/sources/{name}.md"
    text = (
        f"# {claim}\n\nSearch: {search}\n\n> {said}\n\n{verdict}\n\nLooked up {{day:{age + 30}}}.\n"
    )
    return note(path, NOOR, age, drawn(path, text))


STORE = Store(
    "Editorial guidelines",
    "The style guide and what stands behind it. The guide itself is style-guide.md.",
    _KNOWN
    + tuple(_access(name, 49 - number) for number, name in enumerate(ACCESS))
    + tuple(_source(name, 45 - number) for number, name in enumerate(CLAIMS)),
)
