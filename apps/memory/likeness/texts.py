"""A memory as statements: sentences, list items and rows of tables, each with its subject."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

LONGEST = 16_000
"""Characters of a memory that are compared: what is longer is a log, and found as oversized."""
_FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_FENCE = re.compile(r"^\s*(```|~~~)")
_ENDS = re.compile(r"(?<=[.!?])\s+(?=[\w\"'`*(])|(?<=:)\s+(?=[A-Z])")
_CLAUSES = re.compile(r"[;:]\s+|,\s+(?:and|but|so|or|then)\s+|\s+but\s+|,\s+(?=(?:never|not)\b)")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_MARK = re.compile(r"^[\s>#*+-]*(?:\d+[.)]\s+)?")
_NUMBER = re.compile(r"\d+")
_LABEL = re.compile(r"^[A-Z][^:.|]{2,40}:")
STOP = frozenset(
    "a about after again all also an and any are as at be because been before but by can could "
    "did do does each else every for from had has have he her here him his how i if in into is "
    "it its just may more most must my no nor not of off on once only or our out over own same "
    "she should so some such than that the their them then there these they this those through "
    "to too under until up us use used very was we were what when where which while who why "
    "will with would you your take takes taken longer long above below need needs least".split()
)


@dataclass(frozen=True)
class Note:
    """A memory, as these functions take it; `key` is whatever tells it from others."""

    key: str
    path: str
    content: str

    @cached_property
    def statements(self) -> list["Statement"]:
        return list(_statements(self))

    @cached_property
    def name(self) -> str:
        """What its path calls it, in words."""
        return " ".join(words(self.path.rpartition("/")[2].rpartition(".")[0] or self.path))

    @cached_property
    def title(self) -> str:
        first = next((line for line in self.content.splitlines() if line.strip()), "")
        return first.lstrip("# ").strip() if first.startswith("#") else self.name

    def context(self, heading: str) -> frozenset[str]:
        """What everything below a heading is about: one set for all of it."""
        if heading not in self._contexts:
            above = words(f"{heading} {self.title} {self.name}")
            self._contexts[heading] = frozenset(stem(word) for word in above if word not in STOP)
        return self._contexts[heading]

    @cached_property
    def _contexts(self) -> dict[str, frozenset[str]]:
        return {}

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0] + "/"

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The stems of everything that it says, its title and name too."""
        said = words(f"{self.name} {self.title} {self.content[:LONGEST]}")
        return frozenset(stem(word) for word in said if word not in STOP)

    @cached_property
    def shape(self) -> frozenset[str]:
        """Its headings and labels: what memories made from one template have in common."""
        body = self.content[:LONGEST]
        labels = (_LABEL.match(line) for line in body.splitlines())
        heads = {line for line in body.splitlines()[1:] if line.startswith("#")}
        front = _FRONT.match(body)
        keys = {line.partition(":")[0] for line in front[0].splitlines()} if front else set()
        return frozenset(heads | {label[0] for label in labels if label} | keys - {"---"})

    @property
    def numbered(self) -> str:
        """Its path without its numbers: `/rigs/hil-#.md`, of which there may be many."""
        return _NUMBER.sub("#", self.path)

    @property
    def is_index(self) -> bool:
        """It leads to the others, so it says a little of what each says."""
        return self.name in {"readme", "index", "memory", "claude", "overview", "contents"}


@dataclass(frozen=True)
class Statement:
    """One thing that a memory says, on which line, below which headings."""

    note: Note
    line: int
    text: str
    heading: str
    is_code: bool = False

    @cached_property
    def terms(self) -> frozenset[str]:
        return frozenset(stem(word) for word in words(self.text) if word not in STOP)

    @property
    def about(self) -> frozenset[str]:
        """Also what stands above it, and the name of its memory. Kept it would be half a store."""
        return self.terms | self.context

    @property
    def context(self) -> frozenset[str]:
        return self.note.context(self.heading)

    @cached_property
    def clauses(self) -> tuple[str, ...]:
        """What can be true or false on its own."""
        parts = [part.strip() for part in _CLAUSES.split(self.text)]
        return tuple(part for part in parts if part) or (self.text,)


def words(text: str) -> list[str]:
    return [word.lower().replace("’", "'") for word in _WORD.findall(text)]


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Forms of a word as one, roughly: an ending off, and no dictionary."""
    for ending in (
        "ingly",
        "ings",
        "ing",
        "edly",
        "ies",
        "ied",
        "ers",
        "ed",
        "es",
        "er",
        "ly",
        "s",
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2]:
        word = word[:-1]
    return word.rstrip("ey") if len(word) > 4 else word


def rarity(notes: Sequence[Note]) -> Counter[str]:
    """In how many memories each term stands."""
    return Counter(term for note in notes for term in {t for s in note.statements for t in s.about})


def families(notes: Sequence[Note], *, least: int = 3) -> dict[str, str]:
    """By key, the folder whose template a memory follows: its likeness to the others is meant."""
    shapes = Counter((note.folder, label) for note in notes for label in note.shape)
    return {
        note.key: note.folder
        for note in notes
        if any(shapes[note.folder, label] >= least for label in note.shape)
    }


def _statements(note: Note) -> Iterator[Statement]:
    content = note.content[:LONGEST]
    front = _FRONT.match(content)
    skipped = front[0].count("\n") if front else 0
    heading, is_code = note.title, False
    for number, line in list(enumerate(content.splitlines(), 1))[skipped:]:
        if _FENCE.match(line):
            is_code = not is_code
        elif line.startswith("#") and not is_code:
            heading = line.lstrip("# ").strip()
            yield Statement(note, number, heading, note.title)
        elif line.lstrip().startswith("|"):
            yield from _row(note, number, line, heading)
        elif line.strip():
            told = is_code or line.startswith(("    ", "\t"))
            for part in [line] if told else _ENDS.split(_MARK.sub("", line)):
                if part.strip():
                    yield Statement(note, number, part.strip(), heading, told)


def _row(note: Note, number: int, line: str, heading: str) -> Iterator[Statement]:
    cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
    if not all(set(cell) <= set("-: ") for cell in cells):
        yield Statement(note, number, " | ".join(cells), heading)
