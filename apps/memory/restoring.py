"""Bringing back what a store said: a plan first, then the plan as new versions.

A plan is made on a store as it is at one moment. Its token stands for all that it would do: whoever
saw it can ask for that and nothing else. Writes that it has nothing to do with do not move it.
Nothing is undone: what was written since stays in the history, and so does the restoring.

What a redacted version said cannot come back. A memory of which that is all there is to restore
stays as it is now, whatever that is, and the plan says so.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from apps.core.errors import Conflict, DomainError
from apps.memory import chain, states
from apps.memory.gathering import Ahead
from apps.memory.models import Memory, MemoryStore, MemoryVersion, Operation
from apps.memory.places import Places
from apps.memory.writing import PathTaken, Pen


class NothingToBringBack(DomainError):
    """This version was redacted, or is a deletion: there is no text in it to bring back."""


class NothingWrittenYet(DomainError):
    """at: nothing had been written to this memory store by then."""


class PlanIsStale(Conflict):
    """What this would do is not what its preview said: somebody wrote meanwhile. Look again."""


class StepKind(StrEnum):
    """What happens to one memory."""

    CREATE = "create"  # a deleted one comes back under its id
    UPDATE = "update"  # it says what it said, where it was
    RENAME = "rename"  # it only moves
    DELETE = "delete"
    KEEP = "keep"  # what it said was redacted, so it stays as it is now
    LOST = "lost"  # the same, of one that is deleted now


@dataclass(frozen=True, slots=True)
class Step:
    """One memory, as it is now and as it will be. No contents: `version` says whose it will be.

    `old_path` is None if it is deleted now, `new_path` if it will be, or where that is not known.
    """

    kind: StepKind
    memory_id: str
    old_path: str | None
    new_path: str | None
    head_id: str  # its newest version now
    version: MemoryVersion | None = None

    @property
    def path(self) -> str:
        """Where it will be, or is now; empty where only a redacted version knew it."""
        return self.new_path or self.old_path or ""

    @property
    def version_id(self) -> str:
        """The version whose text it will say; empty if it says what it says now."""
        return self.version.pk if self.version is not None else ""

    @property
    def is_write(self) -> bool:
        return self.kind not in {StepKind.KEEP, StepKind.LOST}

    @property
    def is_placed(self) -> bool:
        """Whether it comes to lie where it does not lie now."""
        return self.is_write and self.new_path is not None and self.new_path != self.old_path


@dataclass(frozen=True, slots=True)
class Collision:
    """A step cannot be taken: another memory, which the plan does not move, is in the way."""

    path: str
    conflicting_path: str
    conflicting_memory_id: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a restore will do to the store as it is now."""

    store: MemoryStore
    of: str  # in words: "/a.md as of …"
    steps: tuple[Step, ...]
    collisions: tuple[Collision, ...] = field(default=())

    @property
    def changes(self) -> list[Step]:
        """The steps that write a version."""
        return [step for step in self.steps if step.is_write]

    @property
    def counts(self) -> dict[str, int]:
        """How many steps there are of each kind that occurs."""
        return {kind.value: count for kind, count in Counter(s.kind for s in self.steps).items()}

    @property
    def reason(self) -> str:
        return f"Restored {self.of}"[:500]

    @property
    def token(self) -> str:
        """The same for two plans that do the same to the same versions."""
        said = [
            "\n".join((each.kind, each.memory_id, each.path, each.head_id, each.version_id))
            for each in self.steps
        ]
        blocked = [f"{each.path}\n{each.conflicting_memory_id}" for each in self.collisions]
        return chain.digest(self.store.pk, str(len(said)), *said, *blocked)


def of_version(store: MemoryStore, version: MemoryVersion) -> Plan:
    """The version's memory as it was then, path and all; it may be deleted now.

    The store must be as it is now: loaded in this request, or locked. Raises NothingToBringBack.
    """
    if version.redacted_at is not None or version.operation == Operation.DELETED:
        raise NothingToBringBack
    now = Memory.objects.defer("content").get(pk=version.memory_id, store=store)
    step = _back(now, version)
    of = f"{version.path} as of {_moment(version.created_at)} ({version.pk})"
    return _plan(store, of, [step] if step else [])


def of_state(store: MemoryStore, at: states.Moment, *, prefix: str = "/") -> Plan:
    """The store, or one folder of it, as it was then. The store must be as it is now.

    What was made since is deleted; what was moved into the folder since goes back to where it was,
    and keeps what it says. Raises NothingWrittenYet, so that a wrong year does not empty a store.
    """
    if not MemoryVersion.objects.of(store).filter(states.by_then(at)).exists():
        raise NothingWrittenYet
    then = states.state_at(store, at)
    heads = {each.pk: each for each in Memory.objects.filter(store=store).defer("content")}
    steps = [*_wanted(then, heads, prefix), *_unwanted(then, heads, prefix)]
    folder = "everything" if prefix == "/" else prefix
    when = f"version {at}" if isinstance(at, int) else _moment(at)
    return _plan(store, f"{folder} as of {when}", steps)


def carry_out(plan: Plan, pen: Pen) -> None:
    """Write the plan's steps with the pen that holds its store since before the plan was made.

    Raises PathTaken where something is in the way, PlanIsStale if a version was redacted meanwhile,
    and what a pen raises.
    """
    if plan.collisions:
        raise _in_the_way(plan.collisions[0])
    pen.reason = pen.reason or plan.reason
    _Restorer(plan, pen).write()


def _in_the_way(collision: Collision) -> PathTaken:
    return PathTaken(
        f"{collision.path} cannot come back: {collision.conflicting_path} is in the way. "
        "Move or delete it first.",
        conflicting_path=collision.conflicting_path,
        conflicting_memory_id=collision.conflicting_memory_id,
    )


class _Restorer:
    """Takes the steps of a plan: what goes, what stays where it is, and what finds a place."""

    def __init__(self, plan: Plan, pen: Pen) -> None:
        self._pen = pen
        self._going = [each for each in plan.changes if each.kind == StepKind.DELETE]
        self._placed = [each for each in plan.changes if each.is_placed]
        self._staying = [
            each for each in plan.changes if each.kind == StepKind.UPDATE and not each.is_placed
        ]
        said = (each for each in [*self._staying, *self._placed] if each.kind != StepKind.RENAME)
        self._contents = Ahead((each.version_id for each in said), _contents)
        gone = (each.memory_id for each in self._placed if each.kind == StepKind.CREATE)
        self._gone = Ahead(gone, Memory.objects.in_bulk)

    def write(self) -> None:
        steps = [*self._going, *self._staying, *self._placed]
        with self._pen.many(each.memory_id for each in steps if each.old_path is not None):
            for step in self._going:
                self._pen.delete(step.memory_id)
            for step in self._staying:
                self._pen.update(step.memory_id, content=self._contents.take(step.version_id))
            self._place()

    def _place(self) -> None:
        """Take each step once its path is free; where they wait for each other, one steps aside."""
        steps = self._placed
        moving = {step.old_path: step.memory_id for step in steps if step.old_path is not None}
        occupied = Places(moving.items())
        waiting: dict[str, list[Step]] = {}
        ready = steps[::-1]
        while ready or waiting:
            if not ready:
                path = next(iter(waiting))
                aside = moving.pop(path)
                self._pen.update(aside, path=f"/{aside}.restoring")
                occupied.remove(path)
                ready += waiting.pop(path)
                continue
            step = ready.pop()
            blocking = occupied.blocking(str(step.new_path), besides=step.memory_id)
            if blocking is not None:
                waiting.setdefault(blocking[0], []).append(step)
                continue
            self._write(step)
            if step.old_path is not None and step.old_path in moving:
                del moving[step.old_path]
                occupied.remove(step.old_path)
                ready += waiting.pop(step.old_path, [])

    def _write(self, step: Step) -> None:
        """One that comes to lie elsewhere."""
        content = self._contents.take(step.version_id)
        gone = self._gone.take(step.memory_id)
        if gone is not None:
            self._pen.revive(gone, path=str(step.new_path), content=content or "")
        else:
            self._pen.update(step.memory_id, content=content, path=step.new_path)


def _contents(version_ids: Sequence[str]) -> dict[str, str]:
    """What they will say, by version. Raises PlanIsStale if one was redacted meanwhile."""
    versions = MemoryVersion.objects.filter(pk__in=version_ids)
    said = dict(versions.values_list("pk", "content"))
    if None in said.values():
        raise PlanIsStale
    return {version_id: content or "" for version_id, content in said.items()}


def _back(now: Memory, then: MemoryVersion) -> Step | None:
    """What brings the memory back to this version; None if it says that already."""
    if now.deleted_at is not None:
        return Step(StepKind.CREATE, now.pk, None, then.path, now.memory_version_id, then)
    is_same = now.content_sha256 == then.content_sha256
    if is_same and now.path == then.path:
        return None
    kind = StepKind.RENAME if is_same else StepKind.UPDATE
    return Step(kind, now.pk, now.path, then.path, now.memory_version_id, then)


def _wanted(then: states.State, heads: dict[str, Memory], prefix: str) -> Iterator[Step]:
    """What was in the folder then."""
    for path, version in then.by_path.items():
        if path.startswith(prefix):
            step = _back(heads[version.memory_id], version)
            if step:
                yield step
    for version in then.redacted:
        now = heads[version.memory_id]
        if now.deleted_at is None and now.path.startswith(prefix):
            yield Step(StepKind.KEEP, now.pk, now.path, now.path, now.memory_version_id)
        elif now.deleted_at is not None and prefix == "/":
            yield Step(StepKind.LOST, now.pk, None, None, now.memory_version_id)


def _unwanted(then: states.State, heads: dict[str, Memory], prefix: str) -> Iterator[Step]:
    """What is in the folder now, and was not then."""
    earlier = then.by_memory
    for now in heads.values():
        if now.deleted_at is not None or not now.path.startswith(prefix):
            continue
        version = earlier.get(now.pk)
        if version is None:
            yield Step(StepKind.DELETE, now.pk, now.path, None, now.memory_version_id)
        elif version.path is not None and not version.path.startswith(prefix):
            yield Step(StepKind.RENAME, now.pk, now.path, version.path, now.memory_version_id)


def _plan(store: MemoryStore, of: str, steps: Sequence[Step]) -> Plan:
    ordered = sorted(steps, key=lambda step: (step.path.encode(), step.memory_id))
    collisions = tuple(_collisions(store, ordered))
    return Plan(store, of, tuple(ordered), collisions)


def _collisions(store: MemoryStore, steps: Sequence[Step]) -> Iterator[Collision]:
    """Where what the steps bring would lie on, above or below what they leave where it is."""
    touched = [step for step in steps if step.is_write]
    live = Memory.objects.live().filter(store=store)
    others = live.exclude(pk__in=[step.memory_id for step in touched])
    staying = Places(others.values_list("path", "pk"))
    for step in touched:
        if step.new_path is not None and (other := staying.blocking(step.new_path)):
            yield Collision(step.new_path, *other)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
