# ruff: noqa: E501 -- prose reads best unbroken
"""A dozen writers or more."""

from apps.demo.cast import DRAFT_DESK, EDITOR, FACT_CHECKER
from apps.demo.lane import bash
from apps.demo.scenarios.drafts.scenes import (
    Section,
    facts,
    headings,
    learn,
    merge,
    outline,
    preferences,
    section,
    writers,
)
from apps.demo.scenarios.drafts.subjects import (
    ANNUAL,
    MODULES,
    OBJECTS,
)
from apps.demo.script import Job, Outcome, Script, Turn, do, grade, hand_out, say, team

SCRIPTS = (
    Script(
        key="drafts-annual-report",
        title="Alpine club annual report, twelve chapters",
        user="sunniva.berg",
        team="reports",
        agent=DRAFT_DESK,
        age=23,
        hour=8.4,
        turns=(
            Turn(
                "The big one: annual report of the alpine club, twelve chapters. Notes for each are in the folder. Members will read it, also the families of the"
                " three who died, so please keep the accidents chapter plain.",
                (
                    preferences,
                    outline(
                        *ANNUAL,
                        terms="# Terms\n- hut, not refuge\n- members, never customers\n- died, not passed away",
                    ),
                    team(
                        *writers(
                            *ANNUAL,
                            ask="Chapter '{section}' in sections/{section}.md. [Outline and terms are binding.|Keep to outline.md and terms.md.]",
                        ),
                        say="Twelve chapters, twelve writers, a file each.",
                        notes=(
                            "Accidents is as plain as it should be.",
                            "Two chapters mention the roofs; the editor should know.",
                            "Half of the chapters are in.",
                        ),
                    ),
                    team(
                        Job(
                            "editor",
                            EDITOR,
                            "Merge twelve chapters into one voice. Do not touch 'accidents' beyond spelling.",
                            (merge(*ANNUAL, words="<3900..4300>"),),
                            "One voice now; 'accidents' is as it was.",
                        ),
                        Job(
                            "facts",
                            FACT_CHECKER,
                            "Every figure in every chapter against the notes.",
                            (
                                facts(
                                    ("18,402", "notes/members.md", "1: Members 18,402 (17,950)."),
                                    ("147", "notes/rescue.md", "1: 147 calls, median 38 min."),
                                    (
                                        "eleven fewer",
                                        "notes/rescue.md",
                                        "1: 147 calls, median 38 min.",
                                    ),
                                    (
                                        "88,000",
                                        "notes/volunteers.md",
                                        "1: 2,210 people, 88,000 hours.",
                                    ),
                                ),
                            ),
                            "'Eleven fewer than in 2023' mixes calls and minutes and is not in the notes.",
                        ),
                    ),
                    grade(
                        "needs_revision",
                        "Complete and even in tone. One sentence in 'rescue' compares minutes with calls.",
                    ),
                    team(
                        Job(
                            "writer-rescue",
                            writers(ANNUAL[4], ask="")[0].agent,
                            "The comparison with 2023 is not in your notes. Please remove it.",
                            (
                                say("I had inferred it. It goes."),
                                do(
                                    bash(
                                        "sed -i 's/, eleven fewer than in 2023//' sections/rescue.md && tail -1 sections/rescue.md",
                                        "Half of them were reached within 38 minutes.",
                                    )
                                ),
                            ),
                            "Removed.",
                        )
                    ),
                    grade(
                        "satisfied", "Twelve chapters, each figure from the notes, tone as asked."
                    ),
                ),
                "The report is in outputs/draft.md: twelve chapters, just over 4,000 words.",
                outcome=Outcome(
                    "Annual report in one voice",
                    "- Twelve chapters\n- Figures only from the notes\n- Accidents: plain",
                ),
            ),
            Turn(
                "The board asks for shorter chapters. Nothing above 300 words, that will hold for next year too. And their printer can only do two heading levels.",
                (
                    team(
                        *(
                            Job(
                                f"writer-{one.name}",
                                writers(one, ask="")[0].agent,
                                "Please bring your chapter to at most 300 words. Figures stay.",
                                (
                                    do(
                                        bash(
                                            f"wc -w sections/{one.name}.md",
                                            f"<310..390> sections/{one.name}.md",
                                        )
                                    ),
                                    section(one),
                                ),
                                "Below 300 now.",
                            )
                            for one in ANNUAL[1:9:2]
                        ),
                        say="Four chapters are longer than that; back to their writers.",
                    ),
                    headings,
                    learn(
                        "alpine-club.md",
                        "# Alpine club\n- Chapters up to 300 words.\n- Two heading levels, sentence case.\n",
                    ),
                ),
                "All chapters are below 300 words; headings have two levels.",
                next_day=10.3,
            ),
        ),
    ),
    Script(
        key="drafts-museum-catalogue",
        title="Maritime museum: nineteen object texts",
        user="marguerite.leroy",
        team="culture",
        agent=DRAFT_DESK,
        age=18,
        hour=9.6,
        turns=(
            Turn(
                "Nineteen object labels for the new room. 50 words each, for people who stand. Where we do not know, we say that we do not know. I would like them"
                " to sound like one curator.",
                (
                    preferences,
                    outline(
                        *OBJECTS,
                        terms="# Terms\n- we do not know (never: presumably)\n- dates: c. 1790",
                    ),
                    team(
                        *writers(
                            *OBJECTS,
                            ask="Label for '{section}' in sections/{section}.md: 50 words, for people who stand.",
                        ),
                        say="Nineteen writers, one object each.",
                        notes=(
                            "The biscuit is a joy.",
                            "Provenance of the scrimshaw stays open, as it should.",
                            "Most are in.",
                        ),
                    ),
                    team(
                        Job(
                            "editor",
                            EDITOR,
                            "One curator's voice, please. Do not add facts.",
                            (merge(*OBJECTS, words="<900..950>"),),
                            "One voice; four openings changed.",
                        )
                    ),
                    grade(
                        "satisfied",
                        "Nineteen labels at or below 50 words; what is unknown is said to be unknown.",
                    ),
                ),
                "Nineteen labels, all at or below fifty words.",
                outcome=Outcome(
                    "Nineteen labels",
                    "- 50 words at most\n- One voice\n- Unknown is called unknown",
                ),
            ),
            Turn(
                "They are lovely. The director finds the one on the tattoo book too flippant, would that writer try once more?",
                (
                    team(
                        Job(
                            "writer-tattoo_book",
                            writers(OBJECTS[18], ask="")[0].agent,
                            "The director finds it flippant. More about the sailors, less about the swallows.",
                            (section(OBJECTS[18]),),
                            "Quieter now.",
                        )
                    ),
                ),
                "Here is a quieter one.",
                after=180,
            ),
        ),
    ),
    Script(
        key="drafts-course-handbook",
        title="Course handbook, six modules",
        user="dmitri.volkov",
        team="education",
        agent=DRAFT_DESK,
        age=2,
        hour=15.4,
        ends="rescheduling",
        turns=(
            Turn(
                "Handbook, 6 modules, module text max 200 words. You know how: file each.",
                (
                    preferences,
                    outline(
                        *MODULES, terms="# Terms\n- module, not course\n- participant, not student"
                    ),
                    team(
                        *writers(*MODULES, ask="Module '{section}' in sections/{section}.md."),
                        say="Four modules now; two wait for notes.",
                    ),
                ),
            ),
        ),
    ),
    Script(
        key="drafts-night-digest",
        title="Night digest of press coverage",
        user="schedule",
        team="press",
        agent=DRAFT_DESK,
        age=1,
        hour=23.5,
        nightly=True,
        ends="running",
        turns=(
            Turn(
                "Nightly digest: summarise today's coverage by region, three writers, one page in the morning.",
                (
                    preferences,
                    hand_out(
                        *writers(
                            Section(
                                "north",
                                "14 articles.",
                                "The ferry strike leads in the north; two papers print the timetable of replacement buses.",
                            ),
                            Section(
                                "south",
                                "9 articles.",
                                "In the south it is the harvest, three weeks early.",
                            ),
                            Section(
                                "abroad",
                                "6 articles.",
                                "Abroad, one commentary matters: it quotes our own figures from March.",
                            ),
                            ask="Coverage '{section}' of {today}, in sections/{section}.md, 120 words.",
                        ),
                        say="Three regions.",
                    ),
                ),
            ),
        ),
    ),
)
