# ruff: noqa: E501 -- prose reads best unbroken
"""Contracts in negotiation: their changes, our changes, and what the lawyer thinks of ours."""

from apps.demo.cast import CONTRACT_READER, CONTRACT_READER_OLD
from apps.demo.lane import Call, bash, read
from apps.demo.scenarios.legal.scenes import (
    cross_refs,
    definitions,
    files,
    governing_law,
    house_style,
    issues_table,
    msg_mail,
    no_shall,
    overwrites,
    redline,
    redraft,
    remember,
    review,
    scanned_pdf,
    start_draft,
    tracked_docx,
)
from apps.demo.script import Outcome, Script, Turn, do, grade, interrupted, say

RUBRIC = """- Every change the client asked for is made, and no other
- Defined terms are used consistently
- Cross-references point at the right clause
- A clean copy and a separate comparison are delivered"""

SCRIPTS = (
    Script(
        key="legal-halden-msa-1",
        title="Redline: Halden Robotics MSA, round 1",
        user="priya.raman",
        team="commercial",
        agent=CONTRACT_READER_OLD,
        age=29,
        hour=10.2,
        facts={
            "client": "Halden Robotics",
            "counterparty": "Sternberg Automotive",
            "document": "Master services agreement",
            "document_file": "Halden_MSA_v3_SA.docx",
        },
        turns=(
            Turn(
                "sternberg's markup of the halden msa is in, plus their covering mail. usual drill: read, tell me what's bad,"
                " mark up our response. cap and termination matter most",
                (
                    files("Halden_MSA_v3_SA.docx", "FW_ MSA comments.msg"),
                    tracked_docx(
                        "Halden_MSA_v3_SA.docx",
                        "liability",
                        "termination",
                        "ip",
                        "payment",
                        "audit",
                    ),
                    msg_mail(
                        "FW_ MSA comments.msg",
                        "From: J. Moreau (Sternberg Legal)\nTo: Halden Robotics\nSubject: FW: MSA comments\n\nPlease find our"
                        " comments. Points 9 (cap) and 14 (termination) are of particular importance to our board.",
                    ),
                    review("liability", "termination", "ip", "audit"),
                    start_draft(),
                    redraft("liability", "termination", "ip", "payment"),
                    overwrites(
                        "Halden_MSA_v3_SA.docx",
                        "no no – never mark up their file in place. redlines are ALWAYS a separate document, theirs stays as it"
                        " came. restore it please",
                    ),
                    redline("Halden_MSA_v3_SA.docx", "Halden_MSA_v4_redline.docx"),
                ),
                "Restored from the upload; the comparison is now Halden_MSA_v4_redline.docx with a clean v4 beside it."
                " Governing law is still Delaware, as they had it.",
            ),
            Turn(
                "delaware?? halden is in leeds. england & wales, always, don't make me ask",
                (governing_law, cross_refs()),
                "Changed to the law of England and Wales, with the courts to match, in the clean copy and in the redline.",
                after=5,
            ),
        ),
    ),
    Script(
        key="legal-halden-msa-2",
        title="Redline: Halden Robotics MSA, round 2",
        user="priya.raman",
        team="commercial",
        agent=CONTRACT_READER,
        age=21,
        hour=13.5,
        facts={
            "client": "Halden Robotics",
            "counterparty": "Sternberg Automotive",
            "document": "Master services agreement",
        },
        turns=(
            Turn(
                "round 2. they took the cap, rejected termination, added an audit clause after 11. respond on those three only",
                (
                    house_style,
                    tracked_docx("Halden_MSA_v5_SA.docx", "termination", "audit", "liability"),
                    review("audit", "termination"),
                    start_draft(),
                    redraft("audit", "termination", "liability"),
                    redline("Halden_MSA_v5_SA.docx", "Halden_MSA_v6_redline.docx"),
                    grade(
                        "needs_revision",
                        "Requested changes: met. Defined terms: met. Cross-references: NOT met – clause 13.2 sends the reader"
                        " to clause 11 for limits that now stand in clause 12. Separate comparison: met.",
                    ),
                    cross_refs(("11", "12"), ("13.1", "14.1")),
                    redline("Halden_MSA_v5_SA.docx", "Halden_MSA_v6_redline.docx"),
                    grade(
                        "satisfied",
                        "All four criteria are met; 64 references resolve to the right heading.",
                    ),
                ),
                "Round 2 is ready. The grader caught references that had not moved with the new audit clause; they are right now.",
                outcome=Outcome("Response to Sternberg's second mark-up", RUBRIC),
            ),
            Turn(
                "ok sent. one q: is 12 months' fees vs 125% of charges really different here",
                (
                    do(
                        bash(
                            'python -c "print(4200000*1.25, 4200000)"',
                            "5250000.0 4200000",
                        )
                    ),
                ),
                "Yes, by GBP 1.05m on the first-year forecast of GBP 4.2m, and in a ramp-up year the gap is wider, because 'fees"
                " paid' looks backwards and 'charges payable' does not.",
                after=95,
            ),
        ),
    ),
    Script(
        key="legal-kestrel-saas",
        title="Kestrel SaaS terms, customer paper",
        user="kwame.mensah",
        team="commercial",
        agent=CONTRACT_READER_OLD,
        age=25,
        hour=15.0,
        facts={
            "client": "Kestrel Software",
            "counterparty": "Dunmore Retail",
            "document": "Subscription terms",
            "document_file": "Dunmore_SaaS_paper.docx",
        },
        turns=(
            Turn(
                "Dunmore insists on its own paper for the SaaS deal. Mark it up to the playbook. I need an issues list of no more"
                " than one page, in order of money.",
                (
                    house_style,
                    tracked_docx(
                        "Dunmore_SaaS_paper.docx",
                        "service",
                        "liability",
                        "escrow",
                        "data",
                        "termination",
                    ),
                    review("liability", "service", "escrow", "termination"),
                    start_draft(),
                    redraft("liability", "service", "escrow"),
                    issues_table(
                        "Cap at three months' fees | 125% of annual charges",
                        "Escrow release at discretion | release events only",
                        "No remedy for missed levels | credits as price adjustment",
                        "Ten days' termination | mutual, 90 days",
                    ),
                    overwrites(
                        "Dunmore_SaaS_paper.docx",
                        "Please don't edit the counterparty's document itself. Our rule is a comparison in a separate file, plus a"
                        " clean version. And clause 22 is still under Irish law: Kestrel contracts under England and Wales.",
                    ),
                    redline("Dunmore_SaaS_paper.docx", "Dunmore_SaaS_redline.docx"),
                    governing_law,
                ),
                "Their file is back as it came. Comparison and clean version are separate, clause 22 is under the law of England"
                " and Wales. Issues list: four rows, largest exposure first.",
            ),
        ),
    ),
    Script(
        key="legal-tidewell-supply",
        title="Tidewell supply agreement: price indexation",
        user="ingrid.solheim",
        team="commercial",
        agent=CONTRACT_READER,
        age=24,
        hour=11.6,
        facts={
            "client": "Tidewell Pumps",
            "counterparty": "Grantham Castings",
            "document": "Supply agreement",
        },
        turns=(
            Turn(
                "Hello again! Tidewell would like a price indexation clause in the Grantham agreement (signed copy is a scan,"
                " sorry) after clause 6. Their mail says what they agreed on the phone. I need the amended agreement, whole.",
                (
                    files("Grantham signed 2021.pdf", "RE_ copper price.msg"),
                    msg_mail(
                        "RE_ copper price.msg",
                        "From: B. Hartley (Grantham)\nSubject: RE: copper price\n\nAs discussed: LME three-month average, adjusted"
                        " each quarter, nothing under 3%, and never more than <10..14>% in a year.",
                    ),
                    scanned_pdf(
                        "Grantham signed 2021.pdf",
                        31,
                        "SUPPLY AGREEMENT ... 6. PRICE. 6.1 The Prices are set out in Schedule 2 and shall be fixed. 7. DELIVERY ..."
                        " 12.4 Subject to clause 7.3, title passes on payment.",
                    ),
                    house_style,
                    start_draft(),
                    redraft("payment", "change", "force"),
                    grade(
                        "needs_revision",
                        "The indexation clause is complete. But clause 12.4 still says 'subject to clause 7.3', which is now"
                        " 8.3, and clause 18 refers to a clause 14.2 that no longer exists.",
                    ),
                    cross_refs(("7.3", "8.3"), ("14.2", "15.2")),
                    grade(
                        "failed",
                        "The rubric asks for the whole agreement with schedules. Schedule 2 is illegible in the scan and the"
                        " deliverable leaves it out, so the criteria cannot be judged against it.",
                    ),
                ),
                "I could not finish this properly: Schedule 2 cannot be read from the scan (the table is a photograph of a fax)."
                " Clauses 1 to 24 are amended, references corrected. Could you ask Grantham for the schedule as a spreadsheet?",
                outcome=Outcome(
                    "Amended supply agreement, complete",
                    "- Indexation as agreed by mail\n- References are correct\n- All schedules are included and legible",
                ),
            ),
            Turn(
                "They sent it, it's in the uploads now (schedule2.csv).",
                (
                    do(
                        read(
                            "/mnt/session/uploads/schedule2.csv",
                            "part,description,price_gbp\nTP-114,Impeller 114 mm,38.20\nTP-160,Impeller 160 mm,61.75\nTP-200,Volute 200 mm,"
                            "144.00",
                        ),
                        say="A clean table, finally.",
                    ),
                    do(
                        bash(
                            "python /tmp/schedule.py --in schedule2.csv --out outputs/schedule2.md",
                            "27 rows",
                        )
                    ),
                    definitions,
                ),
                "Schedule 2 is in, 27 rows. The agreement is whole now.",
                next_day=9.5,
            ),
        ),
    ),
    Script(
        key="legal-sable-escrow",
        title="Sable escrow agreement, three parties",
        user="kwame.mensah",
        team="commercial",
        agent=CONTRACT_READER,
        age=11,
        hour=16.2,
        facts={
            "client": "Sable Systems",
            "counterparty": "Harwick Council",
            "document": "Escrow agreement",
        },
        turns=(
            Turn(
                "Tripartite escrow: Sable, Harwick Council, agent. The council's draft is attached with its tracked comments. Check"
                " release events and verification. Law: England and Wales, as for everything we do.",
                (
                    house_style,
                    files("Harwick_escrow_draft2.docx"),
                    tracked_docx(
                        "Harwick_escrow_draft2.docx",
                        "escrow",
                        "confidentiality",
                        "assignment",
                        "notices",
                    ),
                    review("escrow", "confidentiality", "assignment"),
                    start_draft(),
                    redraft("escrow", "confidentiality", "assignment"),
                    interrupted(
                        bash("python /tmp/verify_deposit.py --full-build", "", seconds=600),
                        "Stop – no test build of the deposit. Verification is the agent's job under clause 4, we only check the"
                        " clause says so.",
                        say="To check the verification level I'll try a build of the deposited source.",
                    ),
                    do(
                        bash(
                            "grep -n -i verif /tmp/Harwick_escrow_draft2.md",
                            "61: 4.1 The Escrow Agent shall carry out Level 1 verification within 30 days\n64: 4.3 Level 2 at the"
                            " Beneficiary's cost",
                        )
                    ),
                    governing_law,
                    definitions,
                ),
                "Clause 4 puts verification on the agent (level 1 in 30 days, level 2 at the council's cost). Release events are"
                " cut to insolvency and thirty days without support. Law and forum are as you said.",
            ),
            Turn(
                "One more, for this client only: Sable's parent is in Rennes and wants a courtesy translation into French of the"
                " release clause. Not binding, this once.",
                (
                    do(
                        Call(
                            "write",
                            {
                                "file_path": "/mnt/session/outputs/clause_5_fr.md",
                                "content": "5.1 L'Agent ne remet les **Codes sources** qu'après un **Cas de remise** : l'insolvabilité de"
                                " Sable, ou une interruption du support de trente jours. (Traduction de courtoisie, sans valeur"
                                " contractuelle.)",
                            },
                            "Wrote 203 characters to /mnt/session/outputs/clause_5_fr.md",
                        )
                    ),
                ),
                "The courtesy translation of clause 5.1 is in outputs/clause_5_fr.md and says of itself that it does not bind.",
                after=130,
            ),
        ),
    ),
    Script(
        key="legal-rowan-reseller",
        title="Rowan reseller agreement to playbook",
        user="tom.ellery",
        team="commercial",
        agent=CONTRACT_READER,
        age=4,
        hour=9.8,
        facts={
            "client": "Rowan Acoustics",
            "counterparty": "Bellweather GmbH",
            "document": "Reseller agreement",
        },
        turns=(
            Turn(
                "Good morning. The Bellweather reseller agreement, with their comments in track changes, is attached. Would you bring"
                " it to our playbook. You will recall that I expect the law of England and Wales, the defined terms in bold,"
                " and none of the shalls.",
                (
                    house_style,
                    tracked_docx(
                        "Bellweather_reseller_comments.docx",
                        "assignment",
                        "audit",
                        "nonsolicit",
                        "payment",
                        "force",
                    ),
                    say(
                        "I'll number through a list style this time, so that references move by themselves."
                    ),
                    start_draft(),
                    review("nonsolicit", "force"),
                    redraft("assignment", "audit", "nonsolicit", "payment", "force"),
                    governing_law,
                    no_shall,
                    cross_refs(),
                    redline("Bellweather_reseller_comments.docx", "Bellweather_redline.docx"),
                    grade(
                        "satisfied",
                        "All changes are traceable to the playbook; terms are consistent; 71 references resolve; clean copy and"
                        " comparison are separate files.",
                    ),
                    remember(
                        "standing-instructions.md",
                        "# Standing instructions from partners\n- T. Ellery: law and courts of England and Wales.\n- No 'shall'.\n",
                    ),
                ),
                "Ready: clean copy, comparison, and a note of one departure from the playbook (payment at 35 days, which they had"
                " already conceded to Rowan in March).",
                outcome=Outcome("Reseller agreement to the playbook", RUBRIC),
            ),
        ),
    ),
)
