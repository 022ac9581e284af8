# ruff: noqa: E501, S108 -- prose reads best unbroken; the paths are a sandbox’s
"""What happens at the contract desk, again and again and never quite the same way."""

from pathlib import PurePosixPath

from apps.demo.lane import Call, Lane, bash, edit, grep, read, write
from apps.demo.scenarios.legal.clauses import AUTHORITIES, CLAUSES, HOUSE_STYLE, PLAYBOOK
from apps.demo.script import Scene

UPLOADS, OUTPUTS = "/mnt/session/uploads", "/mnt/session/outputs"
STYLE = "/mnt/memory/legal-house-style"


def files(*names: str) -> Scene:
    """See what there is."""

    def scene(lane: Lane) -> None:
        listing = "\n".join(
            f"-r--r--r-- 1 agent agent {lane.rng.randint(18_000, 2_900_000):>8} {name}"
            for name in names
        )
        lane.call(
            bash(f"ls -l {UPLOADS}", listing),
            say="[I'll start with what was sent.|Let me see what we have.|First a look at the files.||]",
        )

    return scene


def house_style(lane: Lane) -> None:
    """Both notes at once, as every careful session begins."""
    lane.calls(
        [
            read(f"{STYLE}/drafting.md", HOUSE_STYLE),
            read(f"{STYLE}/playbook.md", PLAYBOOK),
        ],
        say="[Checking the house style and the playbook before I touch anything.|House style and playbook first."
        "|Reading our own notes on style and positions.]",
    )


def _body(lane: Lane, topics: tuple[str, ...]) -> str:
    first = lane.rng.randint(3, 9)
    who = ("j.moreau", "d.kessler", "a.whitcombe", "legal-ops", "s.anand")
    parts = []
    for number, topic in enumerate(topics, start=first):
        clause = CLAUSES[topic]
        mark = lane.rng.choice(who)
        parts.append(
            f"{number}. {clause.heading}\n\n{number}.1 {lane.vary(clause.found)}"
            f' [subject to clause {number + 1}]{{.insertion author="{mark}"}}'
        )
    return "\n\n".join(parts)


def tracked_docx(name: str, *topics: str) -> Scene:
    """A Word file with tracked changes: read cannot show it; a converter can, with the changes in place."""
    path, stem = f"{UPLOADS}/{name}", PurePosixPath(name).stem.replace(" ", "_")

    def scene(lane: Lane) -> None:
        size = lane.rng.randint(61, 940)
        lane.call(
            read(
                path,
                f"read: cannot display {path}: binary content"
                f" (application/vnd.openxmlformats-officedocument.wordprocessingml.document, {size} kB)",
                failed=True,
            ),
            say="[Opening {file}.|Let me read {file}.||Now the document itself.]".replace(
                "{file}", name
            ),
        )
        if lane.rng.random() < 0.45:
            lane.call(
                bash(
                    f"unzip -p {path} word/document.xml | head -c 600",
                    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="http://schemas.openxml'
                    f'formats.org/wordprocessingml/2006/main"><w:body><w:p><w:ins w:id="{size}" w:author="J. Moreau"'
                    "><w:r><w:t>subject to clause </w:t></w:r></w:ins>",
                ),
                say="[It is a zip underneath. A look inside shows|The package itself is readable; I want to see] whether"
                " the changes are still tracked.",
            )
        count = lane.rng.randint(9, 74)
        lane.call(
            bash(
                f"pandoc --track-changes=all {path} -t markdown -o /tmp/{stem}.md && grep -c 'insertion\\|deletion' /tmp/{stem}.md",
                str(count),
            ),
            say="[Word file, so pandoc with the changes kept.|Converting it, with tracked changes kept rather than"
            " accepted.|pandoc can show insertions and deletions by author.]",
        )
        lane.call(read(f"/tmp/{stem}.md", _body(lane, topics)))
        lane.say(
            f"[That worked|Now it reads cleanly]: {count} tracked changes"
            " [are visible with their authors|by <2..5> authors]. [I'll go through them clause by clause.|The ones"
            " that matter are in the commercial clauses.|Most are cosmetic; a few are not.]"
        )

    return scene


def msg_mail(name: str, mail: str) -> Scene:
    """An Outlook message: not text, until extract-msg has had it."""
    path = f"{UPLOADS}/{name}"

    def scene(lane: Lane) -> None:
        lane.call(
            read(
                path,
                f"read: {path} is not UTF-8 text (invalid start byte 0xd0 at offset 0)",
                failed=True,
            ),
            say="[The covering mail may say what they want.|Reading the mail that came with it.||]",
        )
        if lane.rng.random() < 0.5:
            lane.call(
                bash(
                    f"strings -el '{path}' | head -5",
                    "__nameid_version1.0\nRecipient\nSMTP\n__substg1.0_",
                ),
                say="[strings gives me|That only yields] fragments; trying a proper reader.",
            )
        lane.call(
            bash(
                f"python -m extract_msg --out /tmp/mail '{path}' && cat /tmp/mail/*/message.txt",
                lane.vary(mail),
            ),
            say="[An Outlook .msg; extract_msg unpacks those.|It is an OLE file. extract_msg turns it into plain text.]",
        )

    return scene


def scanned_pdf(name: str, pages: int, gist: str) -> Scene:
    """A scan: no text layer, so it has to be recognised first."""
    path, stem = f"{UPLOADS}/{name}", PurePosixPath(name).stem.replace(" ", "_")

    def scene(lane: Lane) -> None:
        lane.call(
            read(path, f"read: no text layer in {path} ({pages} pages, images only)", failed=True)
        )
        lane.call(
            bash(
                f"ocrmypdf --skip-text --sidecar /tmp/{stem}.txt '{path}' /tmp/{stem}_ocr.pdf",
                f"Scanning contents: 100% {pages}/{pages}\nOCR: 100% {pages}/{pages}\nOutput file is a PDF/A-2B",
                seconds=pages * lane.rng.uniform(0.9, 1.6),
            ),
            say="[A scan without text, so OCR first.|Images only. OCR before reading, which takes a moment.|No text"
            " layer: OCR it is.|This was photographed, not printed; running OCR over it.]",
        )
        lane.call(read(f"/tmp/{stem}.txt", lane.vary(gist)))
        lane.say(
            "[The recognition is good enough to quote, except|Readable; I would not rely on]"
            " [the handwritten initials|the stamp on page <2..4>|the figures in the footer]."
            " [I have marked those for a human eye.|Please check those against the original.]"
        )

    return scene


def legacy_doc(name: str, *topics: str) -> Scene:
    """A .doc from another age: pandoc refuses it, an office suite converts it."""
    path, stem = f"{UPLOADS}/{name}", PurePosixPath(name).stem.replace(" ", "_")

    def scene(lane: Lane) -> None:
        lane.call(
            bash(
                f"pandoc '{path}' -t markdown",
                f"couldn't unpack docx container: Did not find end of central directory signature ({name})",
                failed=True,
            ),
            say="[This precedent is old.|The precedent first.||] Converting {file}.".replace(
                "{file}", name
            ),
        )
        lane.call(
            bash(
                f"soffice --headless --convert-to docx --outdir /tmp '{path}' && pandoc /tmp/{stem}.docx -t markdown -o /tmp/{stem}.md",
                f"convert {path} -> /tmp/{stem}.docx using filter : MS Word 2007 XML",
                seconds=lane.rng.uniform(5, 14),
            ),
            say="[A real .doc, from before 2007.|That is the old binary format.] soffice can make a .docx of it, and pandoc takes"
            " it from there.",
        )
        lane.call(read(f"/tmp/{stem}.md", _body(lane, topics)))

    return scene


def review(*topics: str) -> Scene:
    """Clause by clause: find it, say what is wrong."""

    def scene(lane: Lane) -> None:
        for topic in topics:
            clause = CLAUSES[topic]
            line = lane.rng.randint(80, 940)
            lane.call(
                grep(
                    clause.heading,
                    "/tmp",
                    f"{line}: {clause.heading}\n{line + 2}: {lane.vary(clause.found)}",
                ),
                say=lane.rng.choice(
                    ("", "", f"Next, {clause.heading.lower()}.", f"{clause.heading}:")
                ),
            )
            lane.say(clause.remark)

    return scene


def redraft(*topics: str) -> Scene:
    """Write the clauses anew, one edit each."""

    def scene(lane: Lane) -> None:
        path = f"{OUTPUTS}/draft.md"
        for topic in topics:
            clause = CLAUSES[topic]
            lane.call(
                edit(path, lane.vary(clause.found), lane.vary(clause.redraft)),
                say=lane.rng.choice(
                    (
                        f"Redrafting {clause.heading.lower()}.",
                        f"{clause.heading}, in our wording.",
                        "",
                        f"Now {clause.heading.lower()}.",
                    )
                ),
            )

    return scene


def start_draft(template: str = "") -> Scene:
    """A working copy: of what was just converted, or of one of our templates."""
    source = f"{STYLE}/templates/{template}.md" if template else "$(ls -t /tmp/*.md | head -1)"

    def scene(lane: Lane) -> None:
        copy = f"{OUTPUTS}/draft.md"
        lane.call(
            bash(f'cp "{source}" {copy} && wc -l < {copy}', lane.vary("<190..1240>")),
            say="[Starting a clean working copy.|Working copy first.|I keep the original as it is and work on a copy.]",
        )

    return scene


def cross_refs(*wrong: tuple[str, str]) -> Scene:
    """After a clause went in, references point one too low; each pair is what it says and should say."""

    def scene(lane: Lane) -> None:
        path = f"{OUTPUTS}/draft.md"
        if not wrong:
            lane.call(
                bash(
                    f"python /tmp/refs.py {path}",
                    lane.vary("<38..96> references, 0 unresolved, 0 to the wrong heading"),
                ),
                say="[Checking every cross-reference against its heading.|A pass over the cross-references.]",
            )
            return
        found = "\n".join(
            f"ERROR clause {lane.rng.randint(10, 28)}.{lane.rng.randint(1, 6)} refers to clause {says},"
            f" which is now clause {should}"
            for says, should in wrong
        )
        lane.call(
            bash(f"python /tmp/refs.py {path}", f"{found}\nexit status 1", failed=True),
            say="[Running the reference check late, I am afraid.|One more check: references.|Verifying the"
            " references before I hand it over.]",
        )
        lane.say(
            "[I inserted a clause and renumbered by hand, and the references did not move with it.|My insertion"
            " shifted the numbering; the references below it were left behind.|The new clause pushed everything"
            " down by one and I had not updated the references.]"
        )
        for says, should in wrong:
            lane.call(edit(path, f"clause {says}", f"clause {should}"))
        lane.call(bash(f"python /tmp/refs.py {path}", "0 unresolved, 0 to the wrong heading"))

    return scene


def citations(*names: str, wrong: str = "") -> Scene:
    def scene(lane: Lane) -> None:
        for name in names:
            lane.call(
                _search(name, AUTHORITIES[name]),
                say=lane.rng.choice(("", "", f"Verifying {name}.", "Next authority.")),
            )
        lane.say(
            wrong
            or "[All of them exist and say what the draft has them say.|Each authority checks out, pinpoints"
            " included.|Citations are in order.]"
        )

    return scene


def _search(name: str, holds: str) -> Call:
    return Call(
        "web_search",
        {"query": name},
        f"1. {name}\n   Summary: {holds}.\n2. Commentary and later treatment",
    )


def no_shall(lane: Lane) -> None:
    path, count = f"{OUTPUTS}/draft.md", lane.rng.randint(7, 46)
    lane.call(bash(f"grep -ow -i shall {path} | wc -l", str(count)))
    lane.call(
        bash(
            f"python /tmp/modernise.py --shall=must,will --review {path}",
            f"{count} replaced, 2 left for review",
        ),
        say="[Replacing each with must or will, by sense.|Obligations become 'must', future facts 'will'.]",
    )
    lane.call(bash(f"grep -ow -i shall {path} | wc -l", "0"))


def governing_law(lane: Lane) -> None:
    path = f"{OUTPUTS}/draft.md"
    lane.call(
        edit(
            path,
            lane.vary(
                "[governed by the laws of the State of Delaware|governed by the laws of Ireland|governed by French law]"
            ),
            "governed by the law of England and Wales, and its courts have exclusive jurisdiction",
        ),
        say="[Governing law and jurisdiction changed.|Both governing law and forum.|Swapping the law and, so that it matches, the forum.]",
    )


def redline(original: str, target: str) -> Scene:
    """The comparison as a file of its own, beside the clean one."""

    def scene(lane: Lane) -> None:
        out = f"{OUTPUTS}/{target}"
        lane.calls(
            [
                bash(
                    f"pandoc {OUTPUTS}/draft.md -o {OUTPUTS}/{target.replace('redline', 'clean')}",
                    "",
                ),
                bash(
                    f"docx-compare {UPLOADS}/{original} {OUTPUTS}/draft.md --out {out}",
                    lane.vary("<24..130> insertions, <11..88> deletions, <0..9> moves written to ")
                    + out,
                    seconds=lane.rng.uniform(4, 11),
                ),
            ],
            say="[Clean copy and redline, as two files.|The redline goes beside the original, not over it.|Writing the"
            " comparison to a separate file.]",
        )

    return scene


def overwrites(original: str, correction: str) -> Scene:
    """The changes went into the client's own file; somebody objects."""

    def scene(lane: Lane) -> None:
        lane.call(
            bash(
                f"docx-compare --in-place {OUTPUTS}/{original}",
                f"{OUTPUTS}/{original} updated, 61 changes marked",
            ),
            say="[Marking the changes up in the document.|Putting the mark-up straight into the file.]",
        )
        lane.say(
            "[The mark-up is in {document_file}.|Done: the changes are marked in the file itself.]"
        )
        lane.stage.rest()
        lane.stage.pause(lane.rng.uniform(6, 50))
        lane.stage.user(correction)
        lane.stage.wake()

    return scene


def remember(path: str, text: str) -> Scene:
    """Put something into the store for the next session."""

    def scene(lane: Lane) -> None:
        lane.call(
            write(f"{STYLE}/{path}", lane.vary(text)),
            say="[Noting that for next time.|I have written this down in the house style notes.|Saving it where the"
            " next session will see it.]",
        )

    return scene


def definitions(lane: Lane) -> None:
    """Terms used and not defined, and the other way round."""
    lane.call(
        bash(
            f"python /tmp/terms.py {OUTPUTS}/draft.md",
            lane.vary(
                "defined, not used: [Affiliate|Working Hours|Losses]\nused, not defined: [Exit Plan|Key Personnel"
                "|Good Industry Practice|Acceptance Date]\nduplicates: 0"
            ),
        ),
        say="[Definitions next: used but undefined, and the reverse.|Matching defined terms with their use.]",
    )
    lane.say(
        "[Two loose ends in the definitions; both fixed.|One term was used without a definition and one defined"
        " without a use. I dealt with both.|The undefined term came in with the other side's changes. I defined it narrowly.]"
    )


def issues_table(*rows: str) -> Scene:
    """What the lawyer reads first."""

    def scene(lane: Lane) -> None:
        body = "\n".join(
            f"| {number} | {lane.vary(row)} |" for number, row in enumerate(rows, start=1)
        )
        lane.call(
            write(f"{OUTPUTS}/issues.md", f"| # | point | position |\n| --- | --- | --- |\n{body}"),
            say="[A short issues list to go with it.|Summarising the open points.|Writing the issues table.]",
        )

    return scene
