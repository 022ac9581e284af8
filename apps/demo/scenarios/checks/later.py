# ruff: noqa: E501 -- prose reads best unbroken
"""Checks made since version 5 of the guide."""

from apps.demo.cast import GUIDELINE_CHECKER
from apps.demo.lane import Call, bash, read
from apps.demo.scenarios.checks.scenes import (
    access,
    claims_table,
    csv_encoding,
    findings,
    guide,
    guide_behind_login,
    new_guide,
    percent,
    regroup,
    style,
    to_regulatory,
)
from apps.demo.script import Outcome, Script, Turn, do, grade, interrupted, overloaded, say

SCRIPTS = (
    Script(
        key="checks-guide-change",
        title="Style guide version 5: what changes for us",
        user="sofia.marin",
        team="editorial",
        agent=GUIDELINE_CHECKER,
        age=16,
        hour=10.0,
        turns=(
            Turn(
                "Good morning! Version 5 of the style guide is in force from today (attached). Can you tell me what changed, update what you keep, and recheck"
                " the gout leaflet? The big one: percentages take the % sign now.",
                (
                    guide(4),
                    do(
                        read(
                            "/mnt/session/uploads/style_guide_5.md",
                            "# Style guide, version 5\n4.1 Percentages: use the sign with a figure, everywhere (12%).\n4.2 Numbers: figures from 1 up.\n4.5 Sentences under 20 words.",
                        )
                    ),
                    do(
                        bash(
                            "diff /mnt/memory/editorial-guidelines/style-guide.md /mnt/session/uploads/style_guide_5.md | grep -c '^[<>]'",
                            "7",
                        )
                    ),
                    new_guide,
                    style("gout.md", "numbers", "long"),
                    percent("gout.md", 5),
                    findings(
                        "percentages in words, <4..9> places",
                        "numbers under ten in words",
                        "sentences of 20 to 25 words, fine until yesterday",
                    ),
                ),
                "Three rules changed: 4.1 (sign instead of words), 4.2 (figures from 1), 4.5 (20 words instead of 25). The stored guide is version 5 now. The gout"
                " leaflet has eleven findings that it would not have had yesterday.",
            ),
            Turn(
                "And leaflets that are already printed?",
                (),
                "Nothing to do until they are reprinted: the preface of version 5 says it applies to texts finalised from today on.",
                after=14,
            ),
        ),
    ),
    Script(
        key="checks-hayfever-recheck",
        title="Hay fever leaflet, recheck before reprint",
        user="lucia.ferrer",
        team="leaflets",
        agent=GUIDELINE_CHECKER,
        age=17,
        hour=16.1,
        turns=(
            Turn(
                "Hay fever goes into reprint. Style once more please, and the pollen sentence looks odd to me.",
                (
                    guide_behind_login(4),
                    style("hayfever.md", "long", "patient"),
                    percent("hayfever.md", 4),
                    claims_table("hayfever", "sleep"),
                    findings(
                        "4.1 – percent signs",
                        "claims – pollen 'highest in the early morning'",
                        "4.4 – 'the patient'",
                        by="rule",
                    ),
                ),
                "Percent signs should be words by 4.1; the pollen sentence is too definite.",
            ),
            Turn(
                "Careful, as of this morning we have the new guide and it's the other way round, we use the % sign. And not by rule number, you know I need the severe ones on top and the"
                " line next to them.",
                (guide(5), percent("hayfever.md", 5), regroup),
                "You are right, what I read yesterday was version 4. By version 5 the signs are correct and two places in words are not. The list is sorted by severity now.",
                next_day=14.6,
            ),
        ),
    ),
    Script(
        key="checks-pharmacy-label",
        title="Pharmacy bag insert, antibiotics",
        user="noor.haddad",
        team="medical",
        agent=GUIDELINE_CHECKER,
        age=13,
        hour=9.1,
        turns=(
            Turn(
                "One-page insert for antibiotics, 300 words. Make it readable at age 11. Mark what you cannot touch.",
                (
                    guide(5),
                    do(
                        bash(
                            "readability /mnt/session/uploads/insert.md",
                            "words 312, reading age 14.2, longest sentence 33",
                        )
                    ),
                    style("insert.md", "jargon", "long", "patient"),
                    do(
                        bash("cp /mnt/session/uploads/insert.md /mnt/session/outputs/edited.md", "")
                    ),
                    to_regulatory(
                        "Take one capsule every [six|eight] hours until the course is finished",
                        tries=True,
                    ),
                    say("Everything around it I may shorten; the dose sentence stays as it came."),
                    do(
                        bash(
                            "readability /mnt/session/outputs/edited.md",
                            "words 247, reading age 10.8, longest sentence 19",
                        )
                    ),
                    grade(
                        "satisfied",
                        "Reading age 10.8; the dose statement is untouched and referred to regulatory.",
                    ),
                ),
                "Reading age 10.8, down from 14.2. The dose sentence is as it was and is with Dr Nwosu.",
                outcome=Outcome(
                    "Readable insert",
                    "- Reading age 11 or below\n- Dose statements are not changed by us",
                ),
            ),
        ),
    ),
    Script(
        key="checks-survey-tables",
        title="Clinic satisfaction tables for the web",
        user="ben.achterberg",
        team="web",
        agent=GUIDELINE_CHECKER,
        age=9,
        hour=13.3,
        turns=(
            Turn(
                "Four CSV exports that should become accessible tables. Check the texts around them, too: per cent vs % is all over the place, it's the sign now.",
                (
                    guide(5),
                    csv_encoding(
                        "clinic_north.csv",
                        "clinic;answers;satisfied\nBrückenstraße;<210..480>;<71..93>%\nSt Anne’s;<210..480>;<71..93>%",
                    ),
                    csv_encoding(
                        "clinic_south.csv",
                        "clinic;answers;satisfied\nCafé Hygieia;<110..280>;<71..93>%",
                    ),
                    access("tables_draft.html", "table", "contrast", "lang"),
                    percent("tables_draft.html", 5),
                    interrupted(
                        bash("python /tmp/to_html.py --all-clinics --charts", ""),
                        "No charts please, only tables. Charts come from the design team.",
                        say="Making tables and charts for all clinics.",
                    ),
                    do(
                        bash(
                            "python /tmp/to_html.py --tables-only",
                            "4 tables written, header cells on each",
                        )
                    ),
                    findings(
                        "two tables had no header cells",
                        "contrast of zebra rows",
                        "percentages in words in 3 places",
                    ),
                ),
                "Four accessible tables, no charts. The exports were in a Windows encoding; names with accents are right now.",
            ),
        ),
    ),
    Script(
        key="checks-eczema-claims",
        title="Eczema in children: claims and tone",
        user="noor.haddad",
        team="medical",
        agent=GUIDELINE_CHECKER,
        age=7,
        hour=11.4,
        turns=(
            Turn(
                "Eczema in children, for parents. Every claim with a source. They will be anxious, so tone matters as well.",
                (
                    guide_behind_login(5, "claims-policy"),
                    do(
                        read(
                            "/mnt/session/uploads/eczema_children.md",
                            "# Eczema in children\n\nIt is not your fault. Emollients should be applied in large amounts ...",
                        )
                    ),
                    claims_table("eczema", "sleep", "screen"),
                    overloaded(),
                    style("eczema_children.md", "jargon", "patient"),
                    do(
                        Call(
                            "web_fetch",
                            {"url": "https://guidelines.example.org/atopic-eczema"},
                            "Atopic eczema: emollients. Prescribe leave-on emollients in large quantities (250 to 500 g weekly).",
                        )
                    ),
                    grade(
                        "satisfied", "Three claims, three sources; tone is warm and does not blame."
                    ),
                    findings(
                        "screening sentence does not belong here",
                        "'large amounts' could name the weekly amount",
                        "two words of jargon",
                    ),
                ),
                "Each claim has its source. I'd name the weekly amount of emollient, since parents tend to use too little.",
                outcome=Outcome(
                    "Claims and tone, eczema leaflet",
                    "- Every claim has a source\n- Tone suits anxious parents",
                ),
            ),
            Turn(
                "The weekly amount is a dose statement in my book. What do we do with those?",
                (
                    to_regulatory(
                        "Use [250 to 500 g|at least 250 g] of emollient a week", tries=False
                    ),
                ),
                "Right: it goes to regulatory as a question, and the text stays as it is until Dr Nwosu has answered.",
                after=52,
            ),
        ),
    ),
)
