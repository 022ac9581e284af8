# ruff: noqa: E501 -- prose reads best unbroken
"""Checks made under version 4 of the guide."""

from apps.demo.cast import GUIDELINE_CHECKER
from apps.demo.lane import bash, read
from apps.demo.scenarios.checks.scenes import (
    access,
    claims_table,
    findings,
    guide,
    guide_behind_login,
    percent,
    regroup,
    style,
    to_regulatory,
)
from apps.demo.script import Outcome, Script, Turn, do, grade, overloaded, say

SCRIPTS = (
    Script(
        key="checks-asthma-leaflet",
        title="Asthma leaflet (A5, 8 pages) against the style guide",
        user="lucia.ferrer",
        team="leaflets",
        agent=GUIDELINE_CHECKER,
        age=30,
        hour=9.3,
        turns=(
            Turn(
                "Asthma leaflet, final text. Full style check, please. It goes to print on Thursday so I'd rather hear about small things now.",
                (
                    guide_behind_login(4),
                    do(
                        read(
                            "/mnt/session/uploads/asthma_a5.md",
                            "# Living with asthma\n\n## What happens in your lungs\n\nYour airways are sensitive ...",
                        )
                    ),
                    style("asthma_a5.md", "patient", "long", "heading", "jargon"),
                    percent("asthma_a5.md", 4),
                    findings(
                        "4.1 – [three|four] percentages with the sign",
                        "4.4 – 'the patient' in section 3",
                        "4.3 – heading capitals",
                        "4.5 – long sentences",
                        by="rule",
                    ),
                ),
                "Seventeen findings, all small. The percentages should be in words by 4.1.",
            ),
            Turn(
                "Useful, but I can't work with a list by rule number. Worst first, with the line, so that I can go down it with the author. Every time, please.",
                (regroup,),
                "Sorted by severity, each finding with its line; I'll deliver it like that.",
                after=22,
            ),
            Turn(
                "Author has corrected. Check only what you flagged?",
                (
                    do(
                        bash(
                            "python /tmp/recheck.py findings.md asthma_a5_v2.md",
                            "15 resolved, 2 open (line 41, line 77)",
                        )
                    ),
                    style("asthma_a5_v2.md", "long"),
                ),
                "Fifteen are resolved. Lines 41 and 77 still have sentences of thirty words.",
                next_day=11.0,
            ),
        ),
    ),
    Script(
        key="checks-diabetes-web",
        title="Type 2 diabetes web pages: accessibility and style",
        user="ben.achterberg",
        team="web",
        agent=GUIDELINE_CHECKER,
        age=27,
        hour=13.8,
        turns=(
            Turn(
                "Six pages on type 2 diabetes (zip with HTML). AA level, plus the style guide. I know the tables are bad.",
                (
                    guide(4),
                    do(
                        bash(
                            "unzip -o -q /mnt/session/uploads/t2d_pages.zip -d /tmp/t2d && ls /tmp/t2d",
                            "feet.html\nfood.html\nindex.html\nmedicines.html\nmonitoring.html\ntravel.html",
                        )
                    ),
                    access("t2d_pages.zip", "table", "alt", "contrast", "link", "lang"),
                    style("t2d_pages.zip", "jargon", "numbers"),
                    percent("t2d_pages.zip", 4),
                    overloaded(),
                    findings(
                        "dosage table has no header row",
                        "callout contrast",
                        "link texts 'here'",
                        "percent signs in running text",
                        "language not set",
                    ),
                ),
                "The tables are bad, as you said: two without header cells, one used for layout. Contrast fails in the callouts. Style: percent signs in the"
                " running text of food.html, which 4.1 wants in words.",
            ),
            Turn(
                "What would the header row fix look like for the monitoring table?",
                (
                    do(
                        bash(
                            "sed -n '88,96p' /tmp/t2d/monitoring.html",
                            "<table>\n <tr><td><b>Test</b></td><td><b>How often</b></td></tr>\n <tr><td>HbA1c</td><td>every 6 months</td></tr>",
                        )
                    ),
                ),
                'Line 89: `<tr><th scope="col">Test</th><th scope="col">How often</th></tr>`, and `<th scope="row">` for the first cell of each row below.',
                after=35,
            ),
        ),
    ),
    Script(
        key="checks-migraine-claims",
        title="Migraine booklet: does every claim have a source",
        user="noor.haddad",
        team="medical",
        agent=GUIDELINE_CHECKER,
        age=25,
        hour=10.5,
        turns=(
            Turn(
                "The migraine booklet has 30 pages and, as far as I can see, four references. Our policy asks for a source per factual claim.",
                (
                    guide_behind_login(4, "claims-policy"),
                    do(
                        bash(
                            "wc -w /mnt/session/uploads/migraine.md && grep -c '\\[ref' /mnt/session/uploads/migraine.md",
                            "7912 /mnt/session/uploads/migraine.md\n4",
                        )
                    ),
                    claims_table("migraine", "sleep", "screen", "flu"),
                    say(
                        "Two sentences say more than their source. I propose the narrower wording for both."
                    ),
                    findings(
                        "'seven to nine hours' needs its second source",
                        "harms missing next to benefit of imaging",
                        "<9..14> claims now have a source",
                    ),
                    grade(
                        "satisfied",
                        "Every claim of the booklet is in the table with a source and a status; two are flagged with a narrower wording.",
                    ),
                ),
                "All claims are in outputs/claims.csv with a source each. Two need a narrower wording, which I propose beside them.",
                outcome=Outcome(
                    "Source for every claim",
                    "- Every factual claim is in the table\n- Each has a source that says it\n- Overstatements are flagged",
                ),
            ),
        ),
    ),
    Script(
        key="checks-knee-brochure",
        title="Knee pain brochure, second edition",
        user="lucia.ferrer",
        team="leaflets",
        agent=GUIDELINE_CHECKER,
        age=22,
        hour=15.1,
        turns=(
            Turn(
                "Second edition of the knee brochure. Please do style plus a light edit, straight into a copy. List what you change, most serious at the top and"
                " with line numbers like last time.",
                (
                    guide(4),
                    style("knee_2e.md", "patient", "jargon", "long"),
                    percent("knee_2e.md", 4),
                    do(
                        bash(
                            "cp /mnt/session/uploads/knee_2e.md /mnt/session/outputs/edited.md", ""
                        )
                    ),
                    to_regulatory(
                        "Take [two|one to two] tablets up to [three|four] times a day", tries=True
                    ),
                    claims_table("knee", "screen"),
                    findings(
                        "'as much as surgery' is too wide",
                        "dose sentence: with regulatory",
                        "percentages in words",
                        "three long sentences",
                    ),
                ),
                "The edited copy is in outputs, dose sentence untouched and with regulatory. The claim about surgery holds for degenerative tears only.",
            ),
        ),
    ),
    Script(
        key="checks-clinic-letters",
        title="Template letters for eye clinic",
        user="ben.achterberg",
        team="letters",
        agent=GUIDELINE_CHECKER,
        age=20,
        hour=11.7,
        turns=(
            Turn(
                "Twelve template letters of the eye clinic. They want them 'checked for tone'. I put a rubric in, not sure it is any good.",
                (
                    guide(4),
                    do(
                        bash(
                            "ls /mnt/session/uploads/letters | wc -l && wc -w /mnt/session/uploads/letters/* | tail -1",
                            "12\n 3110 total",
                        )
                    ),
                    style("letters/did_not_attend.md", "patient", "long"),
                    style("letters/results_normal.md", "jargon"),
                    findings(
                        "'You failed to attend' blames",
                        "results letter buries the good news",
                        "<3..6> letters without a phone number",
                    ),
                    grade(
                        "failed",
                        "The rubric asks for a reading-age score per leaflet page. The deliverable concerns letters, which have no pages of that kind; it cannot be applied.",
                    ),
                ),
                "The grader could not apply the rubric: it was written for leaflets. The findings stand: 'You failed to attend' should go from all four letters.",
                outcome=Outcome(
                    "Tone of the eye clinic letters",
                    "- Reading age of each leaflet page\n- Tone is warm",
                ),
            ),
            Turn(
                "Fair enough, that was copied from another job. Tone notes are exactly what they need.",
                (
                    do(
                        bash(
                            "cat /mnt/session/outputs/findings.md | head -20",
                            "# Findings, by severity\n\n- [high] 'You failed to attend' blames",
                        )
                    ),
                ),
                "Good. I'd begin with the four letters that blame; the rest is polish.",
                after=18,
            ),
        ),
    ),
)
