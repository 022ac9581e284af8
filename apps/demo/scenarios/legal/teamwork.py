# ruff: noqa: E501 -- prose reads best unbroken
"""Contracts too large for one reader: the desk splits them up."""

from apps.demo.cast import CITE_CHECKER, CLAUSE_DRAFTER, CONTRACT_DESK, NUMBERER, REDLINER
from apps.demo.lane import bash, read
from apps.demo.scenarios.legal.scenes import (
    citations,
    cross_refs,
    definitions,
    files,
    house_style,
    issues_table,
    legacy_doc,
    msg_mail,
    redline,
    redraft,
    review,
    scanned_pdf,
    start_draft,
    tracked_docx,
)
from apps.demo.script import Job, Outcome, Script, Turn, do, grade, overloaded, say, team

SCRIPTS = (
    Script(
        key="legal-corbel-framework",
        title="Corbel framework agreement: lots 1 to 4",
        user="kwame.mensah",
        team="public sector",
        agent=CONTRACT_DESK,
        age=22,
        hour=10.0,
        facts={
            "client": "Corbel Construction",
            "counterparty": "Wessex Partnership",
            "document": "Framework agreement",
        },
        turns=(
            Turn(
                "Framework agreement, four lots, the authority's mark-up attached. I want risk, change and payment reviewed for the"
                " contractor, authorities verified, numbering checked, and a comparison by 16:00.",
                (
                    files("Wessex_framework_v7.docx", "Schedule_4_rates.csv"),
                    tracked_docx(
                        "Wessex_framework_v7.docx",
                        "liability",
                        "change",
                        "payment",
                        "force",
                        "service",
                    ),
                    house_style,
                    team(
                        Job(
                            "drafter",
                            CLAUSE_DRAFTER,
                            "Framework v7 is in /tmp as markdown. Please [review and redraft|rework] liability, change control and payment"
                            " for the contractor. Insert the new early-warning clause after 17. Work in outputs/draft.md.",
                            (
                                start_draft(),
                                review("liability", "change", "payment"),
                                redraft("liability", "change", "payment"),
                            ),
                            "Liability, change and payment are redrafted and early warning is the new clause 18. Numbering below 18"
                            " went up by one.",
                        ),
                        Job(
                            "cites",
                            CITE_CHECKER,
                            "Verify every authority cited in the risk note and in recital C.",
                            (
                                citations(
                                    "Cavendish Square Holding BV v Makdessi [2015] UKSC 67",
                                    "Triple Point Technology Inc v PTT Public Co Ltd [2021] UKSC 29",
                                    wrong="Both exist. The note, however, cites Triple Point as [2019] EWCA Civ 230 for the point that the"
                                    " Supreme Court reversed in 2021; it should cite [2021] UKSC 29.",
                                ),
                            ),
                            "Two authorities, one citation out of date: Triple Point must be cited to the Supreme Court.",
                        ),
                        say="Three pieces of work that do not depend on each other, so I hand out two now.",
                    ),
                    team(
                        Job(
                            "numbers",
                            NUMBERER,
                            "The drafter inserted a clause after 17. Check all numbers, terms and references in outputs/draft.md.",
                            (
                                cross_refs(("18.2", "19.2"), ("21", "22"), ("24.5", "25.5")),
                                definitions,
                            ),
                            "Three references had stayed behind after the insertion and are corrected; two definitions repaired.",
                        ),
                    ),
                    team(
                        Job(
                            "redliner",
                            REDLINER,
                            "Make the comparison of outputs/draft.md with the authority's v7.",
                            (redline("Wessex_framework_v7.docx", "Corbel_v8_redline.docx"),),
                            "Comparison and clean copy are written.",
                        ),
                    ),
                ),
                "Clean v8 and comparison are in outputs. One citation was stale, three references had to be moved by hand.",
            ),
            Turn(
                "Two remarks. The comparison must stay a separate file, which it is, good – keep doing that. And ask the drafter to"
                " soften 9.4, the authority will not accept it.",
                (
                    team(
                        Job(
                            "drafter",
                            CLAUSE_DRAFTER,
                            "Counsel finds 9.4 too hard for a public authority. Please soften: keep the cap, drop the indemnity.",
                            (
                                redraft("liability"),
                                say(
                                    "The cap stays; the indemnity becomes a damages claim under the same cap."
                                ),
                            ),
                            "9.4 is softened as asked; nothing else moved.",
                        )
                    ),
                ),
                "9.4 now keeps the cap and leaves the indemnity out.",
                after=48,
            ),
        ),
    ),
    Script(
        key="legal-marlow-distribution",
        title="Marlow distribution agreement, EMEA",
        user="tom.ellery",
        team="commercial",
        agent=CONTRACT_DESK,
        age=15,
        hour=9.0,
        facts={
            "client": "Marlow Instruments",
            "counterparty": "Levant Medical",
            "document": "Distribution agreement",
        },
        turns=(
            Turn(
                "Good morning. Levant's comments on the EMEA distribution agreement have come by mail, together with a tracked draft."
                " I should like a considered response, with exclusivity made conditional on minimum purchases.",
                (
                    files("Marlow_Levant_dist_v4.docx", "Levant comments.msg"),
                    msg_mail(
                        "Levant comments.msg",
                        "From: N. Haddad (Levant Medical)\nSubject: comments v4\n\nExclusivity in the Gulf is essential to us. We can"
                        " accept minimums from year two, at EUR <3..5>.<1..9>m.",
                    ),
                    tracked_docx(
                        "Marlow_Levant_dist_v4.docx", "termination", "audit", "nonsolicit", "ip"
                    ),
                    team(
                        Job(
                            "drafter",
                            CLAUSE_DRAFTER,
                            "Make exclusivity conditional on minimum purchases from year two, as a new clause 4, and answer Levant on"
                            " termination and audit.",
                            (
                                start_draft(),
                                redraft("termination", "audit", "ip"),
                                review("nonsolicit"),
                            ),
                            "New clause 4 (minimum purchases), conditional exclusivity in 3.2, termination and audit answered.",
                        ),
                        Job(
                            "cites",
                            CITE_CHECKER,
                            "Check the authorities in the termination note.",
                            (
                                citations(
                                    "Wood v Capita Insurance Services Ltd [2017] UKSC 24",
                                    "Arnold v Britton [2015] UKSC 36",
                                ),
                            ),
                            "Both stand.",
                        ),
                    ),
                    grade(
                        "needs_revision",
                        "Exclusivity is conditional as asked. References are not consistent: 3.2 and 16.1 send the reader to clause 4"
                        " for delivery, which is now clause 5.",
                    ),
                    team(
                        Job(
                            "drafter",
                            CLAUSE_DRAFTER,
                            "The grader found stale references in 3.2 and 16.1. Please correct.",
                            (cross_refs(("4", "5"), ("4.3", "5.3")),),
                            "3.2 and 16.1 corrected.",
                        )
                    ),
                    grade(
                        "needs_revision",
                        "3.2 and 16.1 are right. Schedule 1, paragraph 6, and the definition of 'Term' still carry the old numbers.",
                    ),
                    team(
                        Job(
                            "numbers",
                            NUMBERER,
                            "Please check the whole document, schedules included, not only the clauses named by the grader.",
                            (cross_refs(("12.2", "13.2")), definitions),
                            "One more found in the body; the schedules are images in this draft and were not reached.",
                        )
                    ),
                    grade(
                        "max_iterations_reached",
                        "Schedule 1, paragraph 6, is still wrong. Three attempts have been made.",
                    ),
                ),
                "I have to hand this over unfinished: the body is consistent, Schedule 1 paragraph 6 still points to old clause 7. We"
                " corrected what was named each time instead of checking the whole after the insertion.",
                outcome=Outcome(
                    "Response to Levant, internally consistent",
                    "- Exclusivity depends on minimum purchases\n- Every cross-reference is right, schedules included\n- Tone is cordial",
                ),
            ),
        ),
    ),
    Script(
        key="legal-castell-jv",
        title="Castell joint venture: due diligence bundle",
        user="kwame.mensah",
        team="corporate",
        agent=CONTRACT_DESK,
        age=9,
        hour=8.5,
        facts={
            "client": "Castell Energy",
            "counterparty": "Norvik Wind",
            "document": "Shareholders' agreement",
        },
        turns=(
            Turn(
                "The bundle is attached: shareholders' agreement with Norvik's tracked changes, the 2016 grid agreement (scanned), two"
                " annual reports for background. Report on deadlock, transfer and exit; three pages at most.",
                (
                    house_style,
                    files("Norvik_SHA_v2.docx", "grid_2016_scan.pdf", "AR_2023.pdf", "AR_2024.pdf"),
                    tracked_docx(
                        "Norvik_SHA_v2.docx",
                        "assignment",
                        "termination",
                        "confidentiality",
                        "nonsolicit",
                    ),
                    team(
                        Job(
                            "grid",
                            CLAUSE_DRAFTER,
                            "Read the grid agreement of 2016. It may be a scan. What happens to it on a change of control?",
                            (
                                scanned_pdf(
                                    "grid_2016_scan.pdf",
                                    58,
                                    "GRID CONNECTION AGREEMENT ... 31. CHANGE OF CONTROL. 31.2 The Operator may require the Customer to"
                                    " provide a fresh credit undertaking within 20 Business Days.",
                                ),
                                review("assignment"),
                            ),
                            "A change of control lets the operator ask for a new credit undertaking within 20 business days; it does not"
                            " let it terminate.",
                        ),
                        Job(
                            "exit",
                            CLAUSE_DRAFTER,
                            "Deadlock, transfer and exit in the SHA: what is there, what is missing, what we would ask for.",
                            (
                                review("termination", "nonsolicit", "assignment"),
                                start_draft(),
                                redraft("termination", "assignment"),
                            ),
                            "Deadlock has escalation but no end to it; transfers lack tag-along; exit has no valuation date.",
                        ),
                        Job(
                            "cites",
                            CITE_CHECKER,
                            "Check the authorities in the draft report.",
                            (
                                citations(
                                    "MWB Business Exchange Centres Ltd v Rock Advertising Ltd [2018] UKSC 24",
                                    "Wood v Capita Insurance Services Ltd [2017] UKSC 24",
                                ),
                            ),
                            "Both are as cited.",
                        ),
                        notes=(
                            "The grid point is narrower than I feared.",
                            "Waiting for the other two.",
                        ),
                    ),
                    issues_table(
                        "Deadlock: escalation without end | add a call option after 60 days",
                        "Transfer: no tag-along | add, at the same price",
                        "Exit: no valuation date | last quarter end before notice",
                        "Grid: new undertaking on change of control | condition precedent",
                    ),
                    grade(
                        "satisfied",
                        "Three topics, three pages, every statement carries a clause reference that resolves.",
                    ),
                ),
                "The report is in outputs/report.md: three pages, four recommendations. The grid agreement is not in danger, but the"
                " credit undertaking should be a condition precedent.",
                attachments=(("AR_2023.pdf", 61_000), ("AR_2024.pdf", 74_000)),
                outcome=Outcome(
                    "Report on deadlock, transfer, exit",
                    "- At most three pages\n- Every statement cites its clause",
                ),
            ),
            Turn(
                "Thank you. Norvik's latest accounts are attached. Does the solvency covenant hold on those?",
                (
                    do(
                        bash(
                            "python /tmp/ratios.py accounts_q2.xlsx",
                            "net assets EUR 212.4m, covenant floor EUR 180m, headroom 18.0%",
                        ),
                        say="Calculating against the floor in 6.1.",
                    ),
                    do(
                        read(
                            "/mnt/session/outputs/report.md",
                            "# Castell / Norvik\n\n## Deadlock\n...\n## Exit\n...",
                        ),
                    ),
                ),
                "It holds: net assets of EUR 212.4m against a floor of EUR 180m. One dividend of the usual size would take most of"
                " the headroom.",
                next_day=15.0,
                attachments=(("norvik_accounts_q2.pdf", 58_000),),
            ),
        ),
    ),
    Script(
        key="legal-halden-sow",
        title="Halden Robotics SOW 1 under the new MSA",
        user="priya.raman",
        team="commercial",
        agent=CONTRACT_DESK,
        age=2,
        hour=11.3,
        facts={
            "client": "Halden Robotics",
            "counterparty": "Sternberg Automotive",
            "document": "Statement of work 1",
        },
        turns=(
            Turn(
                "msa signed!! now sow 1. their comments tracked in the docx, old sow from 2006 for the acceptance wording. redline in a"
                " separate file as you know",
                (
                    house_style,
                    files("SOW1_v2_SA.docx", "SOW acceptance 2006.doc"),
                    team(
                        Job(
                            "drafter",
                            CLAUSE_DRAFTER,
                            "Read SOW1_v2_SA.docx with its tracked changes and bring it in line with the signed MSA.",
                            (
                                tracked_docx("SOW1_v2_SA.docx", "service", "change", "payment"),
                                start_draft(),
                                redraft("service", "change", "payment"),
                            ),
                            "In line with the MSA; levels, change and payment now refer to it and repeat nothing.",
                        ),
                        Job(
                            "acceptance",
                            CLAUSE_DRAFTER,
                            "Take the acceptance procedure from the 2006 SOW, which is an old Word file, and modernise it.",
                            (
                                legacy_doc("SOW acceptance 2006.doc", "service", "notices"),
                                review("service"),
                            ),
                            "Acceptance is ten business days, silence is acceptance, one retest; written as clause 5.",
                        ),
                        say="[Two threads for this|Splitting this in two]: the SOW itself and the acceptance wording.",
                    ),
                    overloaded(),
                    team(
                        Job(
                            "numbers",
                            NUMBERER,
                            "Whole document: references into the MSA must use the signed numbering.",
                            (cross_refs(), definitions),
                            "All references into the MSA use the signed numbering.",
                        ),
                        Job(
                            "redliner",
                            REDLINER,
                            "Comparison against their v2, as a file of its own, and a clean copy.",
                            (redline("SOW1_v2_SA.docx", "SOW1_v3_redline.docx"),),
                            "Both written; their v2 is untouched.",
                        ),
                    ),
                ),
                "SOW 1 v3: clean and redline, two files. Acceptance follows the 2006 wording, cut to a third of its length.",
            ),
        ),
    ),
)
