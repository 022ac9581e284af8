# ruff: noqa: E501 -- prose reads best unbroken
"""What the contract desk keeps: house style, positions, matters, and how to open what clients send."""

from apps.demo.memories.notes import Deleted, Moved, Note, Plus, Store, Swap, drawn, note
from apps.demo.scenarios.legal.clauses import AUTHORITIES, CLAUSES, HOUSE_STYLE, PLAYBOOK

INGRID, PRIYA, KWAME, TOM = "ingrid.solheim", "priya.raman", "kwame.mensah", "tom.ellery"

_OLD_PLAYBOOK = PLAYBOOK.replace("125%", "150%").replace("200%", "250%")

_STYLE = (
    note(
        "/README.md",
        INGRID,
        108,
        "# Legal house style\n\n- drafting.md: how we write\n- playbook.md: what we ask for and where we stop\n- clauses/: wording that has been through a negotiation\n- authorities/: what the checkers have verified\n- matters/: one file per client\n",
        (PRIYA, 61, Plus("- tools/: how to open what clients send\n")),
        (INGRID, 7, Plus("\nKeep one fact in one place. If two files disagree, ask me.\n")),
    ),
    note(
        "/drafting.md",
        INGRID,
        108,
        HOUSE_STYLE.replace("- Schedules are numbered, annexes are not used.\n", ""),
        (INGRID, 74, HOUSE_STYLE),
    ),
    note(
        "/playbook.md",
        KWAME,
        105,
        _OLD_PLAYBOOK,
        (
            KWAME,
            66,
            PLAYBOOK.replace(
                "| service credits | price adjustment, capped 15% | capped 20% |\n", ""
            ),
        ),
        (INGRID, 41, PLAYBOOK),
    ),
    note(
        "/style/must-not-shall.md",
        PRIYA,
        70,
        "# Shall\n\nWe write **must** for an obligation of either party and **will** for what our own client promises. Never shall, not even in recitals. Other people's clauses that we only quote keep theirs.\n",
        (
            "legal-brightwater-nda",
            0,
            Plus("\nBrightwater: 31 instances replaced; two in quoted statute left alone.\n"),
        ),
        (
            "legal-arden-licence",
            0,
            Plus(
                "\nThe 2004 precedents are full of it. Run the terms check with `--shall=must,will` before anything else.\n"
            ),
        ),
    ),
    note(
        "/style/governing-law.md",
        INGRID,
        88,
        "# Governing law\n\nEngland and Wales, and the courts of England and Wales, unless the partner says otherwise in writing. The last draft is not a reason.\n",
        (
            "legal-kestrel-saas",
            0,
            Plus(
                "\nDunmore's paper had Delaware. Changed without discussion; they did not come back on it.\n"
            ),
        ),
        ("legal-rowan-reseller", 0, Plus("Bellweather asked for Munich. Tom: no.\n")),
    ),
    note(
        "/style/redlines.md",
        PRIYA,
        58,
        "# Redlines\n\nA redline is a file of its own, next to a clean version. The original is never marked up: the client's copy has to stay comparable with what they hold.\n\nNames: `<Document>_v4_clean.docx`, `<Document>_v4_redline_against_v3.docx`.\n",
        (
            "legal-corbel-framework",
            0,
            Plus(
                "\nFor frameworks with lots: one redline per lot, and one for the call-off terms.\n"
            ),
        ),
    ),
    note(
        "/style/comparing-drafts.md",
        TOM,
        97,
        "# Comparing two drafts\n\n1. Save the other side's draft under our name.\n2. Turn on tracked changes and mark up their document directly, so that everything is in one file.\n3. Send that file back.\n",
    ),
    note(
        "/style/defined-terms.md",
        INGRID,
        84,
        "# Defined terms\n\nBold where defined, capitals after, defined once. A term that is used once is not a term: write it out. Check for orphans before a draft leaves.\n",
        ("legal-halden-msa-2", 0, Plus("\nOrphans in Halden v4: Acceptance Criteria, Uplift.\n")),
    ),
    note(
        "/style/cross-references.md",
        "legal-tidewell-supply",
        0,
        "# Cross-references\n\nAfter inserting a clause, renumber with the tool and not by hand: by hand, references below the insertion stay one too low. Run the reference check again after every edit, not once at the end.\n",
        (
            "legal-halden-msa-2",
            0,
            Plus("\nHappened again: clause 9.2 pointed to 11 after 11 had become 12.\n"),
        ),
        (
            "legal-greyfriars-precedents",
            0,
            Plus(
                "\nGreyfriars: 14 wrong references from an earlier conversion; found by the same check.\n"
            ),
        ),
    ),
    note(
        "/positions/liability-cap.md",
        KWAME,
        92,
        "# Cap on liability\n\nFirst ask 150% of annual charges. Walk away at 250%. Uncapped: death and personal injury, fraud, and what the law does not let us cap.\n",
    ),
    note(
        "/positions/payment.md",
        KWAME,
        90,
        "# Payment\n\n30 days. 45 if they ask nicely and are good for the money. Interest at 4% over base: finance wants it in every contract, including renewals.\n\nBase rate is 5.25% (checked {day:520}).\n",
        (TOM, 36, Plus("\nPublic bodies pay in 30 days by law; do not spend a point on it.\n")),
    ),
    note(
        "/positions/ip.md",
        PRIYA,
        79,
        "# Background and foreground\n\nAlways split. Background stays with whoever brought it, foreground goes to the customer **on payment in full**, with a licence of background so far as needed to use the deliverables.\n",
        (
            "legal-kestrel-saas",
            0,
            Plus(
                "\nFor SaaS there are no deliverables: licence only, and say so, or their template assigns the product.\n"
            ),
        ),
    ),
    note(
        "/tools/word-files.md",
        "legal-halden-msa-1",
        0,
        "# Word files\n\n`read` cannot show a .docx. Use\n\n    pandoc --track-changes=all <file> -t markdown -o /tmp/<name>.md\n\nand read that. `--track-changes=all` keeps insertions and deletions with their authors; the default accepts them silently and you will miss what the other side did.\n",
        (
            "legal-corbel-framework",
            0,
            Plus("\nComments come out as spans. Search for `comment-start`.\n"),
        ),
    ),
    note(
        "/tools/reading-docx.md",
        "legal-lumen-dpa",
        0,
        "# How to read a tracked-changes document\n\nOpening a Word document fails as binary content. Convert it to Markdown with pandoc first and ask it to keep every tracked change (the option is track-changes, value all). Without that option their amendments look like original text.\n",
    ),
    note(
        "/tools/outlook-mail.md",
        "legal-halden-msa-1",
        0,
        "# Outlook messages\n\nA .msg is not text. `python -m extract_msg --out /tmp/mail <file>` gives the body and the attachments. The covering mail often says what the redline does not.\n",
        (
            "legal-fenwick-settlement",
            0,
            Plus("\nFenwick: 63 messages; sort by sent date, not by file name.\n"),
        ),
    ),
    note(
        "/tools/scans.md",
        "legal-brightwater-nda",
        0,
        "# Scanned PDFs\n\nNo text layer means OCR: `ocrmypdf --skip-text --sidecar out.txt in.pdf out.pdf`. Read the sidecar. Check figures and dates against the image: 1 and 7 are often wrong in old leases.\n",
        (
            "legal-osprey-lease",
            0,
            Plus(
                "\nOsprey: 'thirty' had been read as 'thirteen'. Quote only what you have looked at.\n"
            ),
        ),
    ),
    note(
        "/tools/old-doc-files.md",
        "legal-osprey-lease",
        0,
        '# .doc from before 2007\n\npandoc answers "couldn\'t unpack docx container". Convert first:\n\n    soffice --headless --convert-to docx <file>\n',
    ),
    note(
        "/drafts/notes-from-training.md",
        TOM,
        86,
        "Notes from Tuesday's session. To be sorted.\n",
        (TOM, 80, Deleted()),
    ),
    note(
        "/people/who-to-ask.md",
        INGRID,
        102,
        "# Who to ask\n\n- Commercial: Kwame, then Priya\n- Property: Tom\n- Employment and IR35: Priya\n- Signatures: Daniel Kessler, until he leaves on {day:65}\n- Precedents and this store: Ingrid\n",
    ),
)

_MATTERS = {
    "halden-robotics": ("legal-halden-msa-1", "Halden Robotics", "Sternberg Automotive holds the pen. Their counsel is J. Moreau, who edits with tracked changes on, always.\n\n- Round 1: cap, termination, IP sent back.\n"),
    "brightwater-optics": ("legal-brightwater-nda", "Brightwater Optics", "Mutual NDA with Vantor Imaging, signed scan. Five years, trade secrets for as long as they are secret.\n"),
    "osprey-house": ("legal-osprey-lease", "Osprey House Ltd", "Landlord. Tenant is Merrow Dental. The lease is a scan of a scan; clause 3(14) forbids structural alterations without licence.\n"),
    "kestrel-software": ("legal-kestrel-saas", "Kestrel Software", "Sells subscriptions; Dunmore Retail insists on its own paper. Their audit clause is the one to fight.\n"),
    "tidewell-pumps": ("legal-tidewell-supply", "Tidewell Pumps", "Supply agreement with Grantham Castings. Indexation by the producer price index, once a year, collar of 2 and 6%.\n"),
    "corbel-construction": ("legal-corbel-framework", "Corbel Construction", "Framework with the Wessex Partnership, lots 1 to 4. Lot 3 has its own insurance schedule.\n"),
    "lumen-health": ("legal-lumen-dpa", "Lumen Health", "Controller. Norrland Cloud processes in Sweden; transfers tied to the UK Addendum. Breach notice: 24 hours, not 48.\n"),
    "fenwick-joinery": ("legal-fenwick-settlement", "Fenwick Joinery", "Dispute with Alder & Sons about a staircase. Without prejudice mail is marked so in the bundle: never quote it in open letters.\n"),
    "arden-foods": ("legal-arden-licence", "Arden Foods", "Trade mark licence to Pellerin SARL from the 2004 precedent. Quality control clause rewritten; the rest is house wording.\n"),
    "marlow-instruments": ("legal-marlow-distribution", "Marlow Instruments", "Levant Medical distributes in EMEA. Compensation on termination differs by country: table in schedule 4.\n"),
    "pike-analytics": ("legal-pike-consultancy", "Pike Analytics", "Dr Osei works through a company. IR35: substitution clause must be real, so it names two substitutes.\n"),
    "sable-systems": ("legal-sable-escrow", "Sable Systems", "Three parties; Harwick Council is the beneficiary. They wanted a courtesy translation into French, once, for a councillor.\n"),
    "castell-energy": ("legal-castell-jv", "Castell Energy", "Joint venture with Norvik Wind. Due diligence bundle of 214 documents, 31 of them scans.\n"),
    "rowan-acoustics": ("legal-rowan-reseller", "Rowan Acoustics", "Reseller is Bellweather GmbH. Non-solicit cut to twelve months and key people.\n"),
}  # fmt: skip


_LATER = {
    "halden-robotics": (
        ("legal-halden-msa-2", "- Round 2: cap agreed at 150%, mutual termination at 90 days.\n"),
        ("legal-halden-sow", "- SOW 1 sits under the new MSA; do not repeat the cap in it.\n"),
    ),
}


def _matter(slug: str) -> Note:
    key, client, text = _MATTERS[slug]
    first = f"---\nclient: {client}\nkept_by: contract desk\n---\n\n{text}"
    later = [(who, 0, Plus(more)) for who, more in _LATER.get(slug, ())]
    return note(f"/matters/{slug}.md", key, 0, first, *later)


def _clause(topic: str, age: int) -> Note:
    clause, path = CLAUSES[topic], f"/clauses/{topic}.md"
    # Sessions vary these; what is kept agrees with the playbook.
    redraft = clause.redraft.replace("<110..175>", "125").replace("<60..120>", "90")
    facts = {"client": "our client", "counterparty": "the customer"}
    text = f"# {clause.heading}\n\nWhat usually comes: {clause.found}\n\nWhat we say: {clause.remark}\n\nWhat we send:\n\n> {redraft}\n"
    used = (
        ((PRIYA, age - 30, Plus("\nUsed again without comment from the other side.\n")),)
        if len(topic) % 2
        else ()
    )
    return note(path, INGRID, age, drawn(path, text, **facts), *used)


def _authority(number: int, name: str, holding: str) -> Note:
    slug = "-".join(name.lower().replace(",", "").split()[:3]).replace("(", "").replace(")", "")
    text = f"# {name}\n\nFor: {holding}.\n\nVerified {{day:{60 + number}}} by cite-checker against the official report.\n"
    return note(f"/authorities/{slug}.md", KWAME, 43 - number % 3, text)


_MOVED = (
    note(
        "/misc/numbers.md", INGRID, 95,
        "# Numbers\n\nUnder ten in words, except in schedules, percentages and money. Money as GBP 25,000, never £25k.\n",
        (INGRID, 50, Moved("/style/numbers.md")),
        (INGRID, 49, Swap("never £25k", "never £25k and never 'twenty-five thousand pounds (£25,000)'")),
    ),
)  # fmt: skip

STORE = Store(
    "Legal house style",
    "House style, positions and matters of the contract desk. Read README.md first.",
    _STYLE
    + _MOVED
    + tuple(_matter(slug) for slug in _MATTERS)
    + tuple(_clause(topic, 99 - number) for number, topic in enumerate(CLAUSES))
    + tuple(_authority(number, *each) for number, each in enumerate(AUTHORITIES.items())),
)
