# ruff: noqa: E501 -- prose reads best unbroken
"""Reviews by the whole desk, side by side."""

from apps.demo.cast import ACCESS_CHECKER, CLAIMS_CHECKER, REVIEW_DESK, STYLE_CHECKER
from apps.demo.lane import bash, read
from apps.demo.scenarios.checks.scenes import (
    access,
    claims_at_sight,
    claims_table,
    csv_encoding,
    findings,
    guide,
    guide_behind_login,
    percent,
    style,
    to_regulatory,
)
from apps.demo.scenarios.legal.scenes import scanned_pdf
from apps.demo.script import Job, Outcome, Script, Turn, do, grade, hand_out, say, team

_LEAFLETS = (
    "insomnia",
    "snoring",
    "shift_work",
    "restless_legs",
    "nightmares",
    "jet_lag",
    "apnoea",
    "teenagers",
    "sleep_diary",
)
_TOPICS = (
    ("patient", "long"),
    ("jargon",),
    ("heading", "numbers"),
    ("long", "jargon"),
    ("patient",),
    ("numbers", "long"),
    ("heading",),
    ("jargon", "patient"),
    ("long", "heading"),
)

SCRIPTS = (
    Script(
        key="checks-vaccine-poster",
        title="Winter vaccine poster and its older version",
        user="noor.haddad",
        team="campaigns",
        agent=REVIEW_DESK,
        age=24,
        hour=9.9,
        turns=(
            Turn(
                "Poster for the winter campaign, and the 2017 one which exists only as a scan. Is the new one accessible, and did we lose a message that the"
                " old one had?",
                (
                    guide(4),
                    team(
                        Job(
                            "access",
                            ACCESS_CHECKER,
                            "Check poster_2027.pdf for accessibility, AA.",
                            (access("poster_2027.pdf", "contrast", "alt", "order"),),
                            "Contrast of the date line fails, the QR code has no alternative text, reading order starts at the logo.",
                        ),
                        Job(
                            "old",
                            CLAIMS_CHECKER,
                            "Extract all messages from poster_2017_scan.pdf, an image, and compare with the new text.",
                            (
                                scanned_pdf(
                                    "poster_2017_scan.pdf",
                                    1,
                                    "FLU? NOT ME. Free for over 65s, carers and pregnant women. Ask your pharmacist. The vaccine cannot give you flu.",
                                ),
                                claims_table("flu", "statistic"),
                            ),
                            "The old poster said that carers get it free; the new one leaves carers out. All else is there.",
                        ),
                        say="Two independent questions, two threads.",
                    ),
                ),
                "Carers got lost: the 2017 poster named them, the new one does not. Accessibility: date line contrast, QR code text, reading order.",
            ),
            Turn(
                "Oh, the carers! Well spotted, thank you. Designer asks which green passes.",
                (do(bash("contrast '#00703c' '#ffffff'", "6.6:1 passes AA and AAA large")),),
                "#00703C on white has 6.6:1.",
                after=41,
            ),
        ),
    ),
    Script(
        key="checks-annual-supplement",
        title="Annual supplement: reader survey claims",
        user="sofia.marin",
        team="editorial",
        agent=REVIEW_DESK,
        age=19,
        hour=14.0,
        turns=(
            Turn(
                "Hello! The supplement makes a lot of our reader survey. The tables are in survey_2026.csv. Does the text say what the numbers say?",
                (
                    csv_encoding(
                        "survey_2026.csv",
                        "question;n;yes\nchanged a habit;1204;58%\nshared a leaflet;1188;<31..44>%\ncafé or library;1190;12%",
                    ),
                    team(
                        Job(
                            "claims",
                            CLAIMS_CHECKER,
                            "Check the claims in supplement.md against the survey tables and outside sources.",
                            (claims_at_sight("statistic", "sleep", "screen"),),
                            "Three claims looked up; 'two thirds' should be 58%.",
                        ),
                        Job(
                            "style",
                            STYLE_CHECKER,
                            "Style check of supplement.md.",
                            (
                                style("supplement.md", "numbers", "long", "patient"),
                                percent("supplement.md", 4),
                            ),
                            "Nine findings; percentages carry the sign in running text.",
                        ),
                    ),
                    findings(
                        "'two thirds' is 58%", "sleep range needs a second source", "numbers mixed"
                    ),
                    grade(
                        "needs_revision",
                        "Five claims in sections 2 and 4 have no entry at all, so it is not known whether they were checked.",
                    ),
                    team(
                        Job(
                            "claims",
                            CLAIMS_CHECKER,
                            "The grader misses five claims in sections 2 and 4. Please list all claims before checking.",
                            (
                                claims_table(
                                    "statistic", "sleep", "screen", "inhaler", "flu", "migraine"
                                ),
                            ),
                            "All claims are listed now; none is open. Two more overstatements found.",
                        )
                    ),
                    grade("satisfied", "Every claim has a row, a source and a status."),
                ),
                "The text overstates in three places, first of all 'two thirds', which is 58% of those who answered. All claims are in claims.csv now.",
                outcome=Outcome(
                    "Claims of the supplement",
                    "- Every claim is listed\n- Each is compared with its table or source",
                ),
            ),
        ),
    ),
    Script(
        key="checks-sleep-series",
        title="Sleep series: nine leaflets at once",
        user="lucia.ferrer",
        team="leaflets",
        agent=REVIEW_DESK,
        age=11,
        hour=8.8,
        turns=(
            Turn(
                "All nine sleep leaflets, one checker each so they don't get mixed up. Style and claims. Summary for me: worst first, with lines.",
                (
                    guide(5),
                    team(
                        *(
                            Job(
                                name,
                                STYLE_CHECKER if number % 2 else CLAIMS_CHECKER,
                                f"Leaflet {name}.md: [style and claims|style check, then the claims]. [Quote the line.|Line numbers, please.]",
                                (
                                    guide_behind_login(5, "numbers")
                                    if number in {2, 6}
                                    else guide(5),
                                    style(f"{name}.md", *_TOPICS[number]),
                                    percent(f"{name}.md", 4 if number in {1, 4} else 5),
                                    claims_table("sleep", "screen")
                                    if number % 3 == 0
                                    else say("No claim here that needs a source."),
                                ),
                                f"{name}: <4..12> findings, [one serious|nothing serious|two serious].",
                            )
                            for number, name in enumerate(_LEAFLETS)
                        ),
                        say="Nine leaflets, nine threads.",
                        notes=(
                            "Insomnia and apnoea overlap in a paragraph; noting that.",
                            "Percentages are not treated alike by all checkers, I see.",
                        ),
                    ),
                    findings(
                        "apnoea: screening benefit without harms",
                        "jet_lag: title case headings",
                        "<18..30> long sentences",
                        "percentages: both forms",
                    ),
                ),
                "Sixty-odd findings over nine leaflets; the serious one is in 'apnoea'. For snoring and nightmares I report percentages written with the sign as wrong.",
            ),
            Turn(
                "Snoring and nightmares are right as they are! The guide says the % sign now, not words. Two of your checkers still have the old rule in their heads.",
                (
                    team(
                        *(
                            Job(
                                name,
                                CLAIMS_CHECKER if name == "nightmares" else STYLE_CHECKER,
                                "The rule changed: version 5, 4.1, wants the % sign. Please withdraw those findings and look for the opposite.",
                                (percent(f"{name}.md", 5),),
                                "Withdrawn; <1..3> places in words found instead.",
                            )
                            for name in ("snoring", "nightmares")
                        )
                    ),
                ),
                "Withdrawn for both. They applied version 4.",
                after=29,
            ),
        ),
    ),
    Script(
        key="checks-travel-health",
        title="Travel health guide 2027, pre-publication review",
        user="noor.haddad",
        team="medical",
        agent=REVIEW_DESK,
        age=3,
        hour=10.2,
        turns=(
            Turn(
                "Travel health guide, 44 pages. Everything: style, access, claims. Most serious first and give me lines. And remember figures with the % sign,"
                " the January issue had it both ways.",
                (
                    guide_behind_login(5),
                    team(
                        Job(
                            "style",
                            STYLE_CHECKER,
                            "Style check, version 5 of the guide.",
                            (
                                guide(5),
                                style("travel.md", "numbers", "jargon", "long"),
                                percent("travel.md", 5),
                            ),
                            "Twenty-two findings, four in the first chapter.",
                        ),
                        Job(
                            "access",
                            ACCESS_CHECKER,
                            "Accessibility of travel.pdf, AA.",
                            (access("travel.pdf", "table", "link", "lang", "jump"),),
                            "Four failures; the vaccination table is the important one.",
                        ),
                        Job(
                            "claims",
                            CLAIMS_CHECKER,
                            "All claims, in a table first.",
                            (
                                claims_table("travel", "flu", "hayfever"),
                                to_regulatory(
                                    "Start malaria tablets [two|three] days before you travel",
                                    tries=False,
                                ),
                            ),
                            "Three claims checked, one too strong; one dose statement is with regulatory.",
                        ),
                    ),
                    findings(
                        "'common cause' is too strong for ice",
                        "vaccination table without header row",
                        "dose statement: with regulatory",
                        "percentages in words, <2..6> places",
                    ),
                    grade(
                        "satisfied",
                        "All three parts are covered, findings are ordered by severity and each has a line.",
                    ),
                ),
                "Ready. The serious ones: vaccination table, 'common cause', and one dose statement that is with regulatory (two working days).",
                outcome=Outcome(
                    "Review of the travel guide",
                    "- Style, accessibility, claims\n- Ordered by severity, with lines\n- Nothing regulated is reworded",
                ),
            ),
        ),
    ),
    Script(
        key="checks-stroke-live",
        title="Stroke pathway pages, evening run",
        user="ben.achterberg",
        team="web",
        agent=REVIEW_DESK,
        age=1,
        hour=22.9,
        nightly=True,
        ends="running",
        turns=(
            Turn(
                "Eleven stroke pages. I'll read the result tomorrow morning, no hurry. Access and claims.",
                (
                    guide(5),
                    do(
                        read(
                            "/mnt/session/uploads/index.html",
                            "<h1>After a stroke</h1>\n<h3>First days</h3>",
                        )
                    ),
                    hand_out(
                        Job(
                            "access",
                            ACCESS_CHECKER,
                            "Eleven pages, AA. Start with index.html, where a heading level is skipped.",
                            (access("stroke_pages.zip", "jump", "alt", "contrast", "order"),),
                            "",
                        ),
                        Job(
                            "claims",
                            CLAIMS_CHECKER,
                            "Claims of all eleven pages.",
                            (claims_at_sight("screen", "sleep"),),
                            "",
                        ),
                    ),
                ),
            ),
        ),
    ),
)
