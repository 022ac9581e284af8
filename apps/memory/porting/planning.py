"""What an import would do to a store, file by file, before anything is written.

A plan is a pure function of what was brought and what the store holds; its hash names it, so that
a plan that somebody agreed to can be told from one that has become another since.
"""

import hashlib
import json
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.conf import settings

from apps.core.errors import DomainError
from apps.memory import chain, diffing, paths, writing
from apps.memory.models import Memory
from apps.memory.porting import reading
from apps.memory.porting.reading import Bundle, Entry


class Kind(StrEnum):
    """What happens to one memory, or to one file that becomes none."""

    CREATED = "created"
    MODIFIED = "modified"
    UNCHANGED = "unchanged"
    DELETED = "deleted"
    REFUSED = "refused"
    LEFT_OUT = "left_out"


WRITES = {Kind.CREATED, Kind.MODIFIED, Kind.DELETED}


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a plan. `remark` is why not, or what else there is to know."""

    kind: Kind
    path: str
    source: str = ""
    remark: str = ""
    content: str = ""
    memory_id: str = ""
    old_sha256: str = ""
    old: str = ""
    """What a memory that is modified says now."""

    def hunks(self) -> list[diffing.Hunk]:
        """What changes in the text; nothing unless it is modified."""
        return diffing.diff(self.old, self.content) if self.kind == Kind.MODIFIED else []


@dataclass(frozen=True, slots=True)
class Plan:
    """Every step, in order of paths."""

    origin: str
    steps: tuple[Step, ...]
    counts: Mapping[Kind, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "counts", Counter(step.kind for step in self.steps))

    def of(self, kind: Kind) -> list[Step]:
        return [step for step in self.steps if step.kind == kind]

    @property
    def writes(self) -> int:
        """How many versions it would make."""
        return sum(self.counts[kind] for kind in WRITES)

    @property
    def sha256(self) -> str:
        """Of all that it would do: to which memories, from what, to what."""
        told = [
            (step.kind, step.path, step.memory_id, step.old_sha256, _sha256(step))
            for step in self.steps
            if step.kind in WRITES
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def __str__(self) -> str:
        """The counts, as somebody reads them."""
        told = [f"{self.counts[kind]:,} {word}" for kind, word in _WORDS.items()]
        return " · ".join(told)


_WORDS = {
    Kind.CREATED: "new",
    Kind.MODIFIED: "changed",
    Kind.UNCHANGED: "unchanged",
    Kind.DELETED: "deleted",
    Kind.REFUSED: "refused",
    Kind.LEFT_OUT: "left out",
}


@dataclass(frozen=True, slots=True)
class Options:
    """Into which folder of the store, and whether what is there and was not brought goes."""

    prefix: str = "/"
    deletes: bool = False

    @classmethod
    def checked(cls, prefix: str = "/", *, deletes: bool = False) -> "Options":
        """Raises BadPath."""
        try:
            return cls(paths.checked_prefix(prefix or "/"), deletes)
        except paths.BadPath as bad:
            raise paths.BadPath(f"prefix: {_rule(bad)}") from None


def plan(store_id: str, bundle: Bundle, options: Options) -> Plan:
    """What importing this would do; a store without an id is one that is yet to be made."""
    live = Memory.objects.live().filter(store=store_id)
    known = {path: (pk, sha) for path, pk, sha in live.values_list("path", "pk", "content_sha256")}
    steps = list(_Planner(known, bundle, options).steps())
    return Plan(bundle.origin, tuple(_with_old_contents(steps)))


class _Planner:
    """Goes through the files once and keeps what is at which path afterwards."""

    def __init__(
        self, known: Mapping[str, tuple[str, str]], bundle: Bundle, options: Options
    ) -> None:
        self.known, self.bundle, self.options = known, bundle, options
        self.named = [(_path(options.prefix, entry.name), entry) for entry in bundle.entries]
        self.doomed = self._doomed()
        kept = known.keys() - self.doomed
        self.taken = set(kept)
        self.folders = {folder for path in kept for folder in paths.ancestors(path)}
        self.room = settings.MEMORIES_PER_STORE - len(kept)
        self.brought: set[str] = set()

    def _doomed(self) -> set[str]:
        """A memory whose file was refused or left out is not one that is missing."""
        if not self.options.deletes:
            return set()
        prefix = self.options.prefix
        there = {path for path in self.known if path.startswith(prefix)}
        if not self.bundle.is_exact:
            there = {path for path in there if not reading.why_left_out(path[len(prefix) :])}
        return there - {path for path, _ in self.named}

    def steps(self) -> Iterator[Step]:
        found = [self._step(path, entry) for path, entry in sorted(self.named, key=_by_bytes)]
        found += [
            Step(Kind.DELETED, path, memory_id=self.known[path][0], old_sha256=self.known[path][1])
            for path in self.doomed
        ]
        yield from sorted(found, key=lambda step: _bytes(step.path))
        for left in self.bundle.left_out:
            path = f"{self.options.prefix}{left.name}"
            yield Step(Kind.LEFT_OUT, path, left.name, f"it is {left.why}")

    def _step(self, path: str, entry: Entry) -> Step:
        try:
            content = _content(entry)
            self._require_place(path)
        except DomainError as refused:
            return Step(Kind.REFUSED, path, entry.name, _rule(refused))
        self.brought.add(path)
        remark = "" if path.endswith(entry.name) else "its name is kept in Unicode's form NFC"
        if path in self.known:
            memory_id, sha256 = self.known[path]
            same = sha256 == chain.content_sha256(content)
            kind = Kind.UNCHANGED if same else Kind.MODIFIED
            return Step(kind, path, entry.name, remark, content, memory_id, sha256)
        self.room -= 1
        self.taken.add(path)
        self.folders.update(paths.ancestors(path))
        return Step(Kind.CREATED, path, entry.name, remark, content)

    def _require_place(self, path: str) -> None:
        """Raises BadPath, PathTaken, StoreFull."""
        paths.checked(path)
        if path in self.brought:
            raise writing.PathTaken("another file comes to the same path")
        if path in self.known:
            return
        if above := [each for each in paths.ancestors(path) if each in self.taken]:
            raise writing.PathTaken(f"{above[0]} is a memory, and no folder")
        if path in self.folders:
            raise writing.PathTaken("there is a folder of memories of this name")
        if self.room <= 0:
            raise writing.StoreFull("the memory store holds as many memories as it may")


class NotText(DomainError):
    """it is not UTF-8 text"""


class Unreadable(DomainError):
    """it cannot be read"""


def _content(entry: Entry) -> str:
    """Raises Unreadable, NotText, and what a memory's content may not be."""
    if entry.problem:
        raise Unreadable(entry.problem)
    try:
        content = entry.data.decode()
    except UnicodeDecodeError:
        raise NotText from None
    if "\x00" in content:
        raise NotText("it is binary: it holds a NUL character")
    writing.checked_size(content)
    return content


def _path(prefix: str, name: str) -> str:
    return prefix + unicodedata.normalize("NFC", name)


def _rule(error: DomainError) -> str:
    """Without the field that a client of the API would have named."""
    field, _, rule = error.message.partition(": ")
    return f"a path {rule}" if field == "path" else error.message.removeprefix("path_prefix: ")


def _bytes(path: str) -> bytes:
    return path.encode("utf-8", "surrogatepass")


def _by_bytes(named: tuple[str, Entry]) -> tuple[bytes, bytes]:
    return _bytes(named[0]), _bytes(named[1].name)


def _sha256(step: Step) -> str:
    return "" if step.kind == Kind.DELETED else chain.content_sha256(step.content)


def _with_old_contents(steps: Sequence[Step]) -> Iterator[Step]:
    """What is modified has what it says now beside it, for whoever wants to see the difference."""
    ids = [step.memory_id for step in steps if step.kind == Kind.MODIFIED]
    said = dict(Memory.objects.filter(pk__in=ids).values_list("pk", "content")) if ids else {}
    for step in steps:
        yield _beside(step, said[step.memory_id]) if step.memory_id in said else step


def _beside(step: Step, old: str) -> Step:
    return Step(
        step.kind, step.path, step.source, step.remark, step.content,
        step.memory_id, step.old_sha256, old,
    )  # fmt: skip
