# ruff: noqa: E501 -- prose reads best unbroken
"""A few writers who begin with a plan."""

from apps.demo.cast import DRAFT_DESK, EDITOR, FACT_CHECKER
from apps.demo.scenarios.drafts.scenes import (
    facts,
    headings,
    merge,
    outline,
    preferences,
    writers,
)
from apps.demo.scenarios.drafts.subjects import (
    GRANT,
    HARBOUR,
    HEAT,
)
from apps.demo.script import Job, Outcome, Script, Turn, grade, say, team

SCRIPTS = (
    Script(
        key="drafts-grant-proposal",
        title="Grant proposal: accessible library catalogues",
        user="sunniva.berg",
        team="fundraising",
        agent=DRAFT_DESK,
        age=26,
        hour=9.7,
        turns=(
            Turn(
                "We're applying for the digital inclusion fund!! Deadline Friday. Four sections as in the call, 1,200 words total, reviewers are librarians and not"
                " engineers.",
                (
                    preferences,
                    outline(
                        *GRANT,
                        terms="# Terms\n- catalogue, not OPAC\n- reader, not user\n- component, not widget",
                    ),
                    team(
                        *writers(
                            *GRANT,
                            ask="Section '{section}' in sections/{section}.md, following outline.md and terms.md. [Librarians read this.|No technical words.]",
                        ),
                        say="Plan is fixed; four writers now.",
                    ),
                    team(
                        Job(
                            "editor",
                            EDITOR,
                            "Merge the four sections. 1,200 words.",
                            (merge(*GRANT, words="<1150..1199>"),),
                            "Merged, just under 1,200 words.",
                        ),
                        Job(
                            "facts",
                            FACT_CHECKER,
                            "Check every figure against the notes.",
                            (
                                facts(
                                    (
                                        "284,000",
                                        "notes/budget.md",
                                        "3: EUR 284,000 over 24 months.",
                                    ),
                                    (
                                        "twelve",
                                        "notes/approach.md",
                                        "1: Open component, 12 pilot libraries.",
                                    ),
                                ),
                            ),
                            "All figures agree.",
                        ),
                    ),
                    grade(
                        "satisfied",
                        "Four sections as in the call, under 1,200 words, no technical vocabulary; figures agree with the budget.",
                    ),
                ),
                "The proposal is in outputs/draft.md, just under 1,200 words.",
                outcome=Outcome(
                    "Proposal to the inclusion fund",
                    "- Sections as in the call\n- At most 1,200 words\n- Understandable to librarians",
                ),
            ),
            Turn(
                "This is SO good. The budget one is a bit dry, could that writer try again with the sentence about people first?",
                (
                    team(
                        Job(
                            "writer-budget",
                            writers(GRANT[2], ask="")[0].agent,
                            "Please begin with people: three quarters of the money. Same facts.",
                            (
                                say("People first, then the sum, then hosting."),
                                *writers(GRANT[2], ask="")[0].scenes,
                            ),
                            "Rewritten, same length.",
                        )
                    ),
                ),
                "Done; it now starts with the people who do the work.",
                after=38,
            ),
        ),
    ),
    Script(
        key="drafts-policy-brief",
        title="Policy brief: heat in schools",
        user="sunniva.berg",
        team="policy",
        agent=DRAFT_DESK,
        age=12,
        hour=11.2,
        turns=(
            Turn(
                "A two-page brief on heat in schools for the ministry. They like it really short: nothing above 150 words per section, and sentence case headings,"
                " two levels at the very most.",
                (
                    preferences,
                    outline(
                        *HEAT, terms="# Terms\n- pupils\n- heat day: 30 degrees or more at 11:00"
                    ),
                    team(
                        *writers(
                            *HEAT,
                            ask="'{section}' in sections/{section}.md, 150 words at most.",
                        ),
                        say="Three short sections.",
                    ),
                    team(
                        Job(
                            "facts",
                            FACT_CHECKER,
                            "Check the three figures.",
                            (
                                facts(
                                    (
                                        "41,000",
                                        "notes/costs.md",
                                        "2: EUR 41,000 per school on average (2025 prices).",
                                    ),
                                    (
                                        "eleven",
                                        "notes/problem.md",
                                        "1: Heat days 2015-2025: 3 -> 11 per school year.",
                                    ),
                                    wrong=0,
                                ),
                            ),
                            "They agree.",
                        )
                    ),
                    headings,
                    grade(
                        "satisfied", "Two pages, three sections below 150 words, figures sourced."
                    ),
                ),
                "The brief has two pages, three sections, 402 words.",
                outcome=Outcome(
                    "Two-page brief",
                    "- At most two pages\n- Sections up to 150 words\n- Figures with year and source",
                ),
            ),
        ),
    ),
    Script(
        key="drafts-harbour-update",
        title="Harbour authority: half-year update",
        user="hannah.cole",
        team="reports",
        agent=DRAFT_DESK,
        age=4,
        hour=9.4,
        turns=(
            Turn(
                "Good afternoon. Half-year update for the harbour board, same five subjects as the annual report. You know the format: 250 words a section and no more, plain headings.",
                (
                    preferences,
                    outline(
                        *HARBOUR, terms="# Terms\n- call (of a ship)\n- shore power, one word each"
                    ),
                    team(
                        *writers(
                            *HARBOUR,
                            ask="'{section}', first half of the year, in sections/{section}.md. 250 words.",
                        ),
                        say="Same five, each in a file of its own.",
                    ),
                    team(
                        Job(
                            "editor",
                            EDITOR,
                            "Merge in the order of the outline.",
                            (merge(*HARBOUR, words="<1010..1190>"),),
                            "Merged.",
                        ),
                        Job(
                            "facts",
                            FACT_CHECKER,
                            "Every figure against the notes.",
                            (
                                facts(
                                    (
                                        "61.2m",
                                        "notes/finance.md",
                                        "1: Revenue EUR 30.4m (half year).",
                                    ),
                                    ("1,184", "notes/traffic.md", "1: 604 calls (half year)."),
                                    wrong=2,
                                ),
                            ),
                            "Two figures are those of the whole of last year: revenue and calls. Half year: EUR 30.4m, 604 calls.",
                        ),
                    ),
                    team(
                        Job(
                            "editor",
                            EDITOR,
                            "Please correct revenue and calls as the fact checker says.",
                            (
                                facts(
                                    (
                                        "30.4m",
                                        "notes/finance.md",
                                        "1: Revenue EUR 30.4m (half year).",
                                    )
                                ),
                            ),
                            "Corrected in both places.",
                        )
                    ),
                    headings,
                    grade(
                        "satisfied",
                        "Five sections within 250 words, figures of the half year, headings plain.",
                    ),
                ),
                "The update is ready. The fact checker caught two figures of last year; they are corrected.",
                outcome=Outcome(
                    "Half-year update",
                    "- Five sections, 250 words each at most\n- Half-year figures",
                ),
            ),
        ),
    ),
)
