# ruff: noqa: E501 -- prose reads best unbroken
"""A few writers in one and the same file."""

from apps.demo.cast import DRAFT_DESK, EDITOR, FACT_CHECKER
from apps.demo.scenarios.checks.scenes import csv_encoding
from apps.demo.scenarios.drafts.scenes import (
    count,
    facts,
    headings,
    learn,
    merge,
    outline,
    preferences,
    repair,
    writers,
)
from apps.demo.scenarios.drafts.subjects import (
    HARBOUR,
    ONBOARD,
    TENDER,
    WATER,
)
from apps.demo.script import Job, Outcome, Script, Turn, grade, overloaded, team

SCRIPTS = (
    Script(
        key="drafts-harbour-report",
        title="Harbour authority: annual report 2025, first draft",
        user="hannah.cole",
        team="reports",
        agent=DRAFT_DESK,
        age=29,
        hour=10.1,
        turns=(
            Turn(
                "Annual report of the harbour authority, five sections, notes are in the folder. First full draft by this afternoon, 1,500 words at most.",
                (
                    preferences,
                    team(
                        *writers(
                            *HARBOUR,
                            ask="Please write the section '{section}' straight into outputs/draft.md under its heading.",
                            scene="shared",
                        ),
                        say="Five sections, five writers, one draft.",
                    ),
                    team(
                        Job(
                            "editor",
                            EDITOR,
                            "Make one text of outputs/draft.md.",
                            (repair("## safety\n\n(to be written)\n\n## traffic\n\n## traffic"),),
                            "Two sections are there twice and 'safety' is empty: the writers overwrote each other.",
                        )
                    ),
                    grade(
                        "needs_revision",
                        "'Safety' is missing and 'traffic' appears twice. Length cannot be judged on an incomplete draft.",
                    ),
                    team(
                        *writers(
                            HARBOUR[3],
                            ask="Your section '{section}' was lost in outputs/draft.md. Please put it back.",
                            scene="shared",
                        )
                    ),
                    grade(
                        "needs_revision",
                        "All five sections are there. 1,912 words instead of 1,500 at most.",
                    ),
                    count(1912, 1634, 1500),
                    grade(
                        "max_iterations_reached",
                        "1,634 words. The limit of 1,500 is still exceeded after three rounds.",
                    ),
                ),
                "Three rounds were not enough: the draft is complete, but 134 words too long. The first round went into repairing a file that all five had written to.",
                outcome=Outcome(
                    "Annual report, first draft",
                    "- Five sections\n- 1,500 words at most\n- Every figure has a year",
                ),
            ),
            Turn(
                "I can cut that myself. For next time, though: the board reads on paper over breakfast, so no section over 250 words, and please, headings like in a"
                " newspaper – sentence case and never more than two levels.",
                (
                    headings,
                    learn(
                        "board-papers.md",
                        "# Board papers\n- Harbour: sections up to 250 words.\n- Headings in sentence case, two levels.\n",
                    ),
                ),
                "Headings are changed in this draft, and both wishes are in the preferences.",
                after=55,
            ),
        ),
    ),
    Script(
        key="drafts-onboarding-guide",
        title="Onboarding guide for new colleagues",
        user="dmitri.volkov",
        team="people",
        agent=DRAFT_DESK,
        age=21,
        hour=14.6,
        turns=(
            Turn(
                "Onboarding guide. 4 chapters. Parallel is fine. Tone: friendly, not cute.",
                (
                    preferences,
                    team(
                        *writers(
                            *ONBOARD,
                            ask="Chapter '{section}': write it into outputs/draft.md. Friendly, not cute.",
                            scene="shared",
                        ),
                        say="Four chapters at once.",
                    ),
                    grade(
                        "needs_revision",
                        "Chapter 'tools' is missing from the file and 'money' stands inside 'people'.",
                    ),
                    team(
                        Job(
                            "editor",
                            EDITOR,
                            "Sort out outputs/draft.md.",
                            (repair("## people\n\nYou join a team ... ## money"),),
                            "The chapters ran into each other; better to have each in a file and merge.",
                        )
                    ),
                    outline(*ONBOARD, terms="# Terms\n- colleague, not employee"),
                    team(
                        *writers(
                            *ONBOARD,
                            ask="Once more, '{section}', this time in sections/{section}.md.",
                        )
                    ),
                    team(
                        Job(
                            "editor",
                            EDITOR,
                            "Merge the four files.",
                            (merge(*ONBOARD, words="<880..990>"),),
                            "Merged.",
                        )
                    ),
                    grade("satisfied", "All chapters present, in order, tone as asked."),
                ),
                "Ready. The first attempt lost a chapter, since everyone wrote into the same file; the second had a file each.",
                outcome=Outcome("Onboarding guide", "- Four chapters\n- Friendly, not cute"),
            ),
            Turn(
                "OK. Shorter. A chapter is max 200 words, always, nobody reads more on day one. And drop the sub-sub-headings, two levels do.",
                (count(934, 771, 800), headings),
                "771 words, chapters of at most 200, two heading levels.",
                after=17,
            ),
        ),
    ),
    Script(
        key="drafts-tender-response",
        title="Tender: 140 bus shelters",
        user="hannah.cole",
        team="bids",
        agent=DRAFT_DESK,
        age=17,
        hour=8.7,
        turns=(
            Turn(
                "Tender response for the shelters, five questions, 400 words per answer are the limit of the portal. They disqualify for one word too many, so count"
                " properly.",
                (
                    preferences,
                    team(
                        *writers(
                            *TENDER,
                            ask="Answer question '{section}', at most 400 words, in outputs/draft.md.",
                            scene="shared",
                        ),
                        say="Five answers, in parallel.",
                    ),
                    grade(
                        "needs_revision",
                        "Answer 'staffing' is overwritten by 'quality'. Two answers exceed 400 words.",
                    ),
                    team(
                        *writers(
                            TENDER[2],
                            TENDER[3],
                            ask="Please restore '{section}' in outputs/draft.md.",
                            scene="shared",
                        )
                    ),
                    overloaded(),
                    grade(
                        "needs_revision", "'Staffing' is back, 'method' has lost its second half."
                    ),
                    team(
                        *writers(
                            TENDER[1],
                            ask="Please restore the second half of '{section}'.",
                            scene="shared",
                        )
                    ),
                    count(2044, 1987, 2000),
                    grade(
                        "max_iterations_reached",
                        "Complete now, but 'price' has 412 words; the limit is 400.",
                    ),
                ),
                "Not there: 'price' is twelve words over, and we used up the rounds on answers that overwrote each other.",
                outcome=Outcome(
                    "Five answers for the portal", "- Five answers\n- Each at most 400 words"
                ),
            ),
            Turn(
                "Then cut price by hand, now. Headings in the portal are theirs, remove ours.",
                (count(412, 396, 400),),
                "'Price' has 396 words. Our own headings are out.",
                after=4,
            ),
        ),
    ),
    Script(
        key="drafts-water-paper",
        title="White paper: where the water goes",
        user="dmitri.volkov",
        team="utilities",
        agent=DRAFT_DESK,
        age=8,
        hour=13.0,
        turns=(
            Turn(
                "White paper for the water utility. Data: losses.csv. 4 sections. I need charts described in words, no images.",
                (
                    csv_encoding(
                        "losses.csv", "year;loss;area\n2022;14,2;Zürich-Nord\n2025;11,8;Zürich-Nord"
                    ),
                    team(
                        *writers(
                            *WATER,
                            ask="Section '{section}' directly in outputs/draft.md, please.",
                            scene="shared",
                        ),
                        say="Four writers on the draft.",
                    ),
                    grade(
                        "needs_revision",
                        "'Meters' is cut off in mid-sentence, and the drought section appears under 'tariffs'.",
                    ),
                    outline(
                        *WATER, terms="# Terms\n- loss, not leakage rate\n- customer, not consumer"
                    ),
                    team(
                        *writers(
                            *WATER,
                            ask="Again with a file each: '{section}' in sections/{section}.md, terms as in terms.md.",
                        )
                    ),
                    team(
                        Job(
                            "editor",
                            EDITOR,
                            "Merge.",
                            (merge(*WATER, words="<1290..1400>"),),
                            "Merged; meters and leakage told the same story twice, now once.",
                        ),
                        Job(
                            "facts",
                            FACT_CHECKER,
                            "All percentages against losses.csv.",
                            (
                                facts(
                                    ("14.2%", "losses.csv", "2: 2022;14,2;Zürich-Nord"),
                                    ("41,000", "notes/meters.md", "1: 41,000 smart meters."),
                                ),
                            ),
                            "All agree.",
                        ),
                    ),
                    grade(
                        "satisfied",
                        "Four complete sections; figures agree with the table; no images.",
                    ),
                ),
                "Four sections, about 1,350 words. The first attempt in a shared file had cut one section off.",
                outcome=Outcome(
                    "White paper", "- Four complete sections\n- Figures agree with losses.csv"
                ),
            ),
            Turn(
                "Good. Next time give them a file each from the start.",
                (
                    learn(
                        "how-we-work.md",
                        "# How we work\n- Outline and terms before writing.\n- One file per writer; the editor merges.\n",
                    ),
                ),
                "Noted under how we work.",
                after=6,
            ),
        ),
    ),
)
