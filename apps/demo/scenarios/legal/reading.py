# ruff: noqa: E501 -- prose reads best unbroken
"""Contracts that have to be read before anything else can be done with them."""

from apps.demo.cast import CONTRACT_READER, CONTRACT_READER_OLD
from apps.demo.lane import Call, bash, read
from apps.demo.scenarios.legal.scenes import (
    citations,
    cross_refs,
    definitions,
    files,
    governing_law,
    house_style,
    issues_table,
    legacy_doc,
    msg_mail,
    no_shall,
    redline,
    redraft,
    review,
    scanned_pdf,
    start_draft,
    tracked_docx,
)
from apps.demo.script import Script, Turn, do, overloaded, refused, say

SCRIPTS = (
    Script(
        key="legal-brightwater-nda",
        title="Brightwater NDA, signed scan",
        user="ingrid.solheim",
        team="commercial",
        agent=CONTRACT_READER_OLD,
        age=28,
        hour=9.4,
        facts={
            "client": "Brightwater Optics",
            "counterparty": "Vantor Imaging",
            "document": "Mutual NDA",
        },
        turns=(
            Turn(
                "Hi! Brightwater found the NDA they signed with Vantor in 2019 but only as a scan. Could you tell me"
                " when it runs out and what survives? Then draft a replacement on our terms. Thank you :)",
                (
                    files("NDA Brightwater-Vantor signed.pdf", "cover_note.txt"),
                    house_style,
                    scanned_pdf(
                        "NDA Brightwater-Vantor signed.pdf",
                        7,
                        "MUTUAL NON-DISCLOSURE AGREEMENT dated 12 June 2019 ... 8.1 This Agreement shall continue for a"
                        " period of five (5) years from the Effective Date. 8.3 Clauses 2, 5 and 11 shall survive.\n"
                        "11. This Agreement is governed by the laws of Ireland.",
                    ),
                    say(
                        "It ran out on 12 June 2024: five years from the effective date, clause 8.1. Confidentiality (2),"
                        " return of materials (5) and governing law (11) survive without an end date."
                    ),
                    start_draft("nda-mutual"),
                    redraft("confidentiality", "notices", "assignment"),
                    definitions,
                ),
                "The old NDA lapsed on 12 June 2024, but clause 2 survives it, so what was exchanged is still protected."
                " A two-way replacement is in outputs/draft.md. I carried the Irish governing law over from the old one.",
            ),
            Turn(
                "Lovely, thanks. Two things: our NDAs are always under the law of England and Wales, whatever the last"
                ' one said – Tom is quite firm on that. And please no "shall" anywhere, we use must or will.',
                (governing_law, no_shall, cross_refs()),
                "Both done. England and Wales for law and courts, and no 'shall' left; two sentences read better with"
                " 'may not', so I used that.",
                after=34,
            ),
        ),
    ),
    Script(
        key="legal-osprey-lease",
        title="Osprey House: what does the old lease say about alterations",
        user="tom.ellery",
        team="property",
        agent=CONTRACT_READER_OLD,
        age=27,
        hour=14.1,
        facts={
            "client": "Osprey House Ltd",
            "counterparty": "Merrow Dental",
            "document": "Licence for alterations",
        },
        turns=(
            Turn(
                "Good afternoon. We act for the landlord of Osprey House. The tenant, Merrow Dental, wishes to move two"
                " internal walls. The lease is from 1998 and I am told there is a side letter, which may be"
                " handwritten. I should be grateful for the alterations covenant verbatim and your view on whether consent"
                " is needed at all.",
                (
                    files("Lease_1998_Osprey_House.doc", "side letter 2003.pdf", "floor_plan.png"),
                    legacy_doc("Lease_1998_Osprey_House.doc", "assignment", "notices", "payment"),
                    do(
                        bash(
                            "grep -n -i -A3 'alteration' /tmp/Lease_1998_Osprey_House.md",
                            "212: 3.14 Not to make any structural alterations or additions whatsoever to the Demised Premises\n"
                            "213: nor any internal non-structural alterations without the previous consent in writing of the\n"
                            "214: Landlord such consent not to be unreasonably withheld",
                        ),
                        say="The covenant will be in clause 3.",
                    ),
                    scanned_pdf(
                        "side letter 2003.pdf",
                        2,
                        "14 May 2003. Dear Sirs, We confirm that the tenant may erect and remove demountable partitions"
                        " without further reference to us, provided that they are made good at the end of the term.",
                    ),
                    do(
                        Call(
                            "read",
                            {"file_path": "/mnt/session/uploads/floor_plan.png"},
                            "[image: ground floor, two"
                            " partition walls marked in red, no load-bearing symbol]",
                        ),
                        say="The plan tells me whether these walls carry anything.",
                    ),
                    citations("Arnold v Britton [2015] UKSC 36"),
                ),
                "Verbatim covenant: clause 3.14, quoted in full in outputs/note.md. Structural works are barred outright;"
                " internal non-structural works need consent, not to be unreasonably withheld. The 2003 letter waives even"
                " that for demountable partitions. The plan shows two partitions that carry nothing; if they are demountable, no"
                " consent is needed. If they are stud and plaster, I would ask for it. A surveyor should say which.",
            ),
            Turn(
                "That is most helpful. They are stud and plaster, the surveyor says. Kindly draft a short licence.",
                (
                    start_draft("licence"),
                    house_style,
                    redraft("notices", "change"),
                    do(
                        bash(
                            "pandoc /mnt/session/outputs/draft.md -o /mnt/session/outputs/licence_osprey.docx && wc -w"
                            " /mnt/session/outputs/draft.md",
                            "1184 /mnt/session/outputs/draft.md",
                        )
                    ),
                ),
                "The licence is in outputs/licence_osprey.docx, just under three pages. Reinstatement follows the wording of"
                " the 2003 letter, since both sides have lived with it for twenty years.",
                next_day=10.2,
            ),
        ),
    ),
    Script(
        key="legal-lumen-dpa",
        title="Lumen Health DPA: compare with our template",
        user="kwame.mensah",
        team="commercial",
        agent=CONTRACT_READER,
        age=20,
        hour=11.0,
        facts={
            "client": "Lumen Health",
            "counterparty": "Norrland Cloud",
            "document": "Data processing agreement",
        },
        turns=(
            Turn(
                "Norrland sent back our DPA with their changes tracked. Need: (1) every change to sub-processing, audit,"
                " breach notice; (2) which are outside the playbook; (3) a counter-draft of only those.",
                (
                    house_style,
                    tracked_docx(
                        "DPA_Norrland_v2_tracked.docx", "data", "audit", "assignment", "liability"
                    ),
                    review("data", "audit", "liability"),
                    do(
                        bash(
                            "python /tmp/by_author.py /tmp/DPA_Norrland_v2_tracked.md --topic sub-process",
                            "5.2 sub-processor change notice: 30 days -> 7 days (s.anand)\n5.4 right to object: deleted (s.anand)\n"
                            "5.6 flow-down: 'equivalent' -> 'similar' (d.kessler)",
                        ),
                        say="Sorting the sub-processing edits by author shows who wants what.",
                    ),
                    start_draft(),
                    redraft("data", "audit"),
                    issues_table(
                        "Sub-processors: seven days' notice and no objection | outside playbook, restored 30 days",
                        "Audit: once a year, they accept | inside playbook",
                        "Breach notice: 'without undue delay' | outside, put back <24..48> hours",
                    ),
                ),
                "Three points are outside the playbook: sub-processor notice (5.2), the deleted right to object (5.4), breach"
                " notice (7.1). The counter-draft restores those and nothing else.",
            ),
            Turn(
                "Agreed on all three. Style: replace 'shall' throughout our insertions – obligations are 'must' in this house.",
                (no_shall, definitions),
                "Replaced; only our own insertions were touched, Norrland's text keeps its wording.",
                after=16,
            ),
        ),
    ),
    Script(
        key="legal-fenwick-settlement",
        title="Fenwick settlement: put the correspondence in order",
        user="priya.raman",
        team="disputes",
        agent=CONTRACT_READER,
        age=19,
        hour=17.3,
        facts={
            "client": "Fenwick Joinery",
            "counterparty": "Alder & Sons",
            "document": "Settlement agreement",
        },
        turns=(
            Turn(
                "need a chronology by tonight. 3 mails as .msg + their scanned particulars. what was offered when, and is"
                " the march offer still open",
                (
                    files(
                        "RE_ without prejudice - 4 March.msg",
                        "FW_ Alder position.msg",
                        "particulars_scan.pdf",
                    ),
                    msg_mail(
                        "RE_ without prejudice - 4 March.msg",
                        "From: H. Alder\nTo: Fenwick Joinery\nSubject: RE: without prejudice save as to costs\n\nWe would accept"
                        " GBP <41..58>,000 in full and final settlement, if paid within 21 days of this message.",
                    ),
                    msg_mail(
                        "FW_ Alder position.msg",
                        "From: H. Alder\nSubject: FW: position\n\nFor the avoidance of doubt our proposal of the 4th remains on"
                        " the table until we withdraw it in writing.",
                    ),
                    scanned_pdf(
                        "particulars_scan.pdf",
                        23,
                        "PARTICULARS OF CLAIM ... 17. The Defendant delivered 46 doors on 3 October, of which 19 were"
                        " warped. 24. The Claimant claims GBP 88,412.50 and interest under section 35A.",
                    ),
                    citations("Late Payment of Commercial Debts (Interest) Act 1998, s 8"),
                ),
                "Chronology in outputs/chronology.md. The offer of 4 March had a 21-day limit, but the later mail says it stays"
                " open until withdrawn in writing, and I found no withdrawal. On these papers it is still open.",
            ),
            Turn(
                "great. draft acceptance + short settlement agreement. dont send anything",
                (
                    start_draft("settlement"),
                    redraft("payment", "confidentiality"),
                    refused(
                        bash(
                            "swaks --to h.alder@alder-sons.example --attach outputs/acceptance.docx",
                            "",
                        ),
                        "I said don't send anything. I send it, after Kwame has read it.",
                    ),
                    say(
                        "Understood, and I should not have tried. Nothing has left; the acceptance is a file only."
                    ),
                    do(
                        bash(
                            "ls -l /mnt/session/outputs",
                            "acceptance.docx\nchronology.md\nsettlement_agreement.docx",
                        )
                    ),
                ),
                "acceptance.docx and settlement_agreement.docx are ready for Kwame to read. Nothing has been sent.",
                after=11,
            ),
        ),
    ),
    Script(
        key="legal-arden-licence",
        title="Arden Foods trade mark licence from the 2004 precedent",
        user="tom.ellery",
        team="commercial",
        agent=CONTRACT_READER,
        age=17,
        hour=10.7,
        facts={
            "client": "Arden Foods",
            "counterparty": "Pellerin SARL",
            "document": "Trade mark licence",
        },
        turns=(
            Turn(
                "Might I ask you to prepare a first draft of a trade mark licence for Arden Foods, taking the 2004 precedent"
                " as the starting point. The licensee is Pellerin, of Lyon. Please tell me what has aged badly.",
                (
                    files("PRECEDENT TM licence (2004).doc"),
                    legacy_doc(
                        "PRECEDENT TM licence (2004).doc", "ip", "termination", "notices", "payment"
                    ),
                    review("notices", "payment", "ip"),
                    house_style,
                    start_draft(),
                    redraft("ip", "termination", "notices", "payment"),
                    citations("Contracts (Rights of Third Parties) Act 1999, s 1"),
                    definitions,
                ),
                "First draft in outputs/draft.md. Aged badly: notices by fax, a ninety-day payment term, references to the"
                " Community Trade Mark. As the licensee is in Lyon I put the agreement under French law; say if you prefer otherwise.",
            ),
            Turn(
                "I do prefer otherwise, and for the future as well: it is the firm's practice that our clients contract under"
                " English law – England and Wales, exclusive jurisdiction – unless the partner says differently in terms."
                ' While you are there, the precedent is riddled with "shall"; we gave that word up some years ago.',
                (governing_law, no_shall, cross_refs()),
                "Law of England and Wales with exclusive jurisdiction, and the word is gone. Thank you for the correction.",
                after=72,
            ),
        ),
    ),
    Script(
        key="legal-pike-consultancy",
        title="Pike consultancy agreement, IR35 wording",
        user="priya.raman",
        team="employment",
        agent=CONTRACT_READER,
        age=13,
        hour=8.9,
        facts={
            "client": "Pike Analytics",
            "counterparty": "Dr R. Osei",
            "document": "Consultancy agreement",
            "document_file": "consultancy_osei.md",
        },
        turns=(
            Turn(
                "osei wants substitution + own equipment in writing. agreement is the .md, his mail is the .msg. redline as"
                " its own file next to the clean one pls, do not touch the original. same as always",
                (
                    files("consultancy_osei.md", "osei comments.msg"),
                    msg_mail(
                        "osei comments.msg",
                        "From: R. Osei\nSubject: draft\n\nHappy with most of it. I would want to be able to send a colleague in"
                        " my place, and I use my own laptop anyway. Clause 9 is too wide: I advise <2..4> other firms.",
                    ),
                    do(
                        read(
                            "/mnt/session/uploads/consultancy_osei.md",
                            "4.1 The Consultant shall perform the Services personally.\n6.2 Pike shall provide such equipment as"
                            " it thinks fit.\n9.1 The Consultant shall not act for any other person in the field of analytics.",
                        )
                    ),
                    review("nonsolicit", "ip"),
                    start_draft("consultancy"),
                    redraft("nonsolicit", "ip", "termination"),
                    redline("consultancy_osei.md", "consultancy_osei_redline.docx"),
                ),
                "Substitution is in 4.1 with a right to refuse an unqualified substitute, own equipment in 6.2, and clause 9 is"
                " cut to direct competitors on the same project. Clean and redline are separate files; the original is untouched.",
            ),
            Turn(
                "good. also get rid of the shalls – we don't use it, it's must",
                (no_shall,),
                "Gone from the clean copy; the redline is regenerated.",
                after=8,
            ),
        ),
    ),
    Script(
        key="legal-greyfriars-precedents",
        title="Greyfriars precedent bank: convert and renumber",
        user="ingrid.solheim",
        team="knowledge",
        agent=CONTRACT_READER,
        age=7,
        hour=9.2,
        facts={
            "client": "Greyfriars Trust",
            "counterparty": "the contractor",
            "document": "Precedents",
        },
        turns=(
            Turn(
                "Morning! The trust has given us its old precedents (Word 97, I think). Could you bring the three works"
                " contracts into our format, with working numbering, and insert the new retention clause as clause 7 in each?",
                (
                    files("Works small.doc", "Works medium.doc", "Works large.doc"),
                    house_style,
                    legacy_doc("Works small.doc", "payment", "force", "notices"),
                    legacy_doc("Works medium.doc", "payment", "change", "audit", "notices"),
                    overloaded(),
                    legacy_doc("Works large.doc", "liability", "service", "force", "change"),
                    start_draft(),
                    redraft("payment", "force", "change"),
                    say(
                        "The retention clause goes in as clause 7 in all three; what was 7 becomes 8 and so on."
                    ),
                    cross_refs(("9.2", "10.2"), ("11", "12"), ("14.1", "15.1")),
                    definitions,
                ),
                "All three are converted, renumbered and checked. The references needed a second pass after the insertion:"
                " three pointed at the old numbers. The conversion lost a footnote in 'Works large', which I put back by hand.",
            ),
            Turn(
                "You're a star. Do the ones in /archive have the same trouble?",
                (
                    do(
                        bash(
                            "file /mnt/session/uploads/archive/* | cut -d, -f1 | sort | uniq -c",
                            "     11 Composite Document File V2 Document\n      4 Microsoft Word 2007+\n      1 Rich Text Format data",
                        )
                    ),
                ),
                "Eleven of the sixteen are the same old format and will need the same two steps. Four are modern, one is RTF, which"
                " pandoc reads as it is.",
                after=240,
            ),
        ),
    ),
)
