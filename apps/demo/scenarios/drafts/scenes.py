# ruff: noqa: E501 -- prose reads best unbroken
"""What happens at the writing desk."""

from dataclasses import dataclass
from random import Random

from apps.demo.cast import WRITER
from apps.demo.lane import Call, Lane, bash, edit, read, write
from apps.demo.script import Job, Scene
from apps.demo.words import vary

PREFERENCES = "/mnt/memory/writing-preferences"
OUT = "/mnt/session/outputs"

READERS = """# What readers and clients like
- Plain words. The point first, the reasons after.
- British spelling.
- Figures with their year and source.
- No exclamation marks.
"""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a text: what the writer starts from and what comes of it."""

    name: str
    note: str
    """A line of the source material."""
    text: str
    details: bool = True
    """Whether the client's own tables and details follow below the prose."""

    def written(self, lane: Lane) -> str:
        """The prose as this session has it, the same whoever reads it."""
        drawn = Random(f"{lane.stage.opening.key} {self.name}")  # noqa: S311 -- a play, not a secret
        return vary(drawn, self.text, lane.stage.facts)


_FILLERS = (
    "It is worth noting that ",
    "As is well known, ",
    "It should be said at the outset that ",
    "In this context it can be observed that ",
)


def preferences(lane: Lane) -> None:
    lane.call(
        read(f"{PREFERENCES}/readers.md", READERS),
        say="[What do these readers like?|Preferences first.|Checking what we know of their taste.||]",
    )


def outline(*sections: Section, terms: str) -> Scene:
    """The workflow that holds: outline and shared terms before anyone writes, one file per writer."""

    def scene(lane: Lane) -> None:
        plan = "\n".join(
            f"{number}. {one.name} (sections/{one.name}.md)"
            for number, one in enumerate(sections, start=1)
        )
        lane.stage.facts["outline"] = plan
        lane.calls(
            [write(f"{OUT}/outline.md", plan), write(f"{OUT}/terms.md", terms)],
            say="[Before anyone writes: an outline, shared terms, and a file for each section.|Outline and terms first, then one file per writer,"
            " so that nobody writes over anybody.|I fix the order, the terms and the file names first.]",
        )

    return scene


def section(one: Section) -> Scene:
    """Write one section into a file of its own."""

    def scene(lane: Lane) -> None:
        path, prose = f"{OUT}/sections/{one.name}.md", one.written(lane)
        lane.calls(
            [
                read(f"/mnt/session/uploads/notes/{one.name}.md", one.note),
                read(f"{OUT}/outline.md", lane.stage.facts.get("outline", one.name)),
            ],
            say="[The notes for my part.|Source material first.|Reading notes and outline.||]",
        )
        filler = lane.rng.choice(_FILLERS) if lane.rng.random() < 0.6 else ""
        lane.call(
            write(path, _led_in(filler, prose)),
            say="[First version.|Writing it down.|A draft of the section.||]",
        )
        if filler:
            first = prose.split(". ")[0]
            lane.call(
                edit(path, _led_in(filler, first), first),
                say="[The first sentence was slow.|The opening can lose its run-up.|One pass for length.]",
            )
        lane.call(_counted(lane, one, prose))

    return scene


def _led_in(filler: str, prose: str) -> str:
    return filler + prose[0].lower() + prose[1:] if filler else prose


def _counted(lane: Lane, one: Section, prose: str) -> Call:
    path = f"sections/{one.name}.md"
    if not one.details:
        return bash(f"wc -w {path}", f"{len(prose.split())} {path}")
    total = len(prose.split()) + lane.rng.randint(96, 210)
    return bash(
        f"cat /mnt/session/uploads/details/{one.name}.md >> {path} && wc -w {path}",
        f"{total} {path}",
    )


def into_one_file(one: Section, collisions: int = 1) -> Scene:
    """Everybody edits the same draft; whoever comes second finds it changed."""

    def scene(lane: Lane) -> None:
        path = f"{OUT}/draft.md"
        lane.call(read(f"/mnt/session/uploads/notes/{one.name}.md", one.note))
        lane.call(read(path, f"# Draft\n\n## {one.name}\n\n(to be written)\n"))
        for _ in range(collisions):
            lane.call(
                Call(
                    "edit",
                    {
                        "file_path": path,
                        "old_string": f"## {one.name}\n\n(to be written)",
                        "new_string": one.written(lane),
                    },
                    f"edit: old_string not found in {path}: the file changed since it was read (now {lane.rng.randint(900, 14_000)} bytes)",
                    is_error=True,
                ),
                say="[Putting my section in.|Writing into the draft.||]",
            )
            lane.call(
                read(path, f"# Draft\n\n... ## {one.name}\n\n(to be written)\n"),
                say="[Somebody else wrote to it in the meantime. Reading again.|The draft moved under me.|Changed by another writer; once more.]",
            )
        lane.call(edit(path, f"## {one.name}\n\n(to be written)", one.written(lane)))

    return scene


def writers(*sections: Section, ask: str, scene: str = "own", report: str = "") -> tuple[Job, ...]:
    """One writer per section, into files of their own or all into one."""
    return tuple(
        Job(
            f"writer-{one.name}",
            WRITER,
            ask.replace("{section}", one.name),
            (section(one) if scene == "own" else into_one_file(one, 1 + number % 2),),
            report.replace("{section}", one.name)
            or f"[{one.name} is done|Section {one.name} written]. [One figure to be checked.|No open points.|I left out what the notes do not support.]",
        )
        for number, one in enumerate(sections)
    )


def merge(*sections: Section, words: str) -> Scene:
    """The editor reads all files at once and makes one text."""

    def scene(lane: Lane) -> None:
        lane.calls(
            [read(f"{OUT}/sections/{one.name}.md", one.written(lane)) for one in sections],
            say="[All sections side by side.|Reading everything once before I touch anything.|First a full read.]",
        )
        lane.call(
            bash(
                f"cat {' '.join(f'sections/{one.name}.md' for one in sections)} > draft.md && wc -w draft.md",
                lane.vary(f"{words} draft.md"),
            ),
            say="[In the order of the outline.|Joining them.||]",
        )
        lane.call(
            edit(f"{OUT}/draft.md", "Furthermore, it should be noted that", "Also,"),
            say="[One voice: five habits of five writers to smooth out.|Transitions next; each writer introduces the subject again.]",
        )
        lane.call(
            bash(
                "grep -n -i -E 'as mentioned above|in conclusion' draft.md | wc -l",
                lane.vary("<0..6>"),
            )
        )

    return scene


def repair(problem: str) -> Scene:
    """What is left of a draft that several hands wrote at once."""

    def scene(lane: Lane) -> None:
        lane.call(
            read(f"{OUT}/draft.md", f"# Draft\n\n(...)\n\n{problem}\n"),
            say="[Merging what is there.|Reading the draft as a whole.]",
        )
        lane.say(
            "[Sections overwrote each other: all writers worked in one file.|Parts are lost or doubled, since everybody edited the same file.]"
        )
        lane.call(bash(f"git -C {OUT} log --oneline draft.md | wc -l", lane.vary("<9..31>")))

    return scene


def count(before: int, after: int, limit: int) -> Scene:
    """Too long, then not."""

    def scene(lane: Lane) -> None:
        lane.call(
            bash(f"wc -w {OUT}/draft.md", f"{before} {OUT}/draft.md"),
            say="[Length?|How long is it now?]",
        )
        lane.call(
            bash(
                f"python /tmp/tighten.py {OUT}/draft.md --max {limit} --protect figures",
                f"{before} -> {after} words, 0 figures touched",
            ),
            say=f"[{before} words is too long; cutting to {limit}.|Cutting from {before}: adjectives first, then doublets.]",
        )

    return scene


def headings(lane: Lane) -> None:
    lane.call(
        bash(
            f"grep -n -E '^#+' {OUT}/draft.md",
            lane.vary(
                "1: # [Where We Stand|The Year In Review|What Comes Next]\n9: ## First Results\n<20..30>: ### [Regional Detail|Methods And Data]\n<40..60>: #### Notes"
            ),
        )
    )
    lane.call(
        bash(
            f"python /tmp/headings.py {OUT}/draft.md --case sentence --levels 2",
            lane.vary("<4..12> headings changed, <1..4> levels removed"),
        ),
        say="[Sentence case, two levels.|Headings: capitals and depth.|Flattening the headings.]",
    )


def facts(*rows: tuple[str, str, str], wrong: int = 0) -> Scene:
    """Every figure against its source: (figure, where, what the source says)."""

    def scene(lane: Lane) -> None:
        for number, (figure, where, says) in enumerate(rows):
            lane.call(
                bash(f"grep -n -F '{figure}' /mnt/session/uploads/{where}", lane.vary(says)),
                say=lane.rng.choice((f"{figure}:", "", "[Next figure.|Then this one.]")),
            )
            if number < wrong:
                lane.say(
                    f"[The draft says {figure}; the source does not.|{figure} is not what {where} has.]"
                )

    return scene


def learn(path: str, text: str) -> Scene:
    """Note a preference for next time."""

    def scene(lane: Lane) -> None:
        lane.call(
            write(f"{PREFERENCES}/{path}", text),
            say="[Noting that for the next text.|Keeping this in the preferences.|I write that down.]",
        )

    return scene
