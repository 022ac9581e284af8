"""Writing the demo's stores, each version at its time and by its author."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from random import Random

from django.db import transaction

from apps.accounts.models import Workspace
from apps.core.ids import derived_id
from apps.demo.calendar import midnight, night, workday
from apps.demo.memories import builds, checks, drafts, legal
from apps.demo.memories.notes import Change, Deleted, Moved, Store, changed, dated
from apps.demo.script import Script, play
from apps.demo.sessions import SCRIPTS
from apps.demo.stage import SOURCE
from apps.memory import writing
from apps.memory.authors import Author
from apps.memory.models import Memory, MemoryStore

STORES: tuple[Store, ...] = (legal.STORE, builds.STORE, checks.STORE, drafts.STORE)
BOTS = frozenset({"ci-bot"})


@dataclass(frozen=True, slots=True)
class Step:
    """One version of one memory, in its place in the store's history."""

    at: datetime
    by: Author
    path: str
    change: Change


def fill(workspace: Workspace, now: datetime) -> int:
    """Make the stores that are not there yet; returns how many memories they hold."""
    return sum(_fill_one(store, workspace, midnight(now)) for store in STORES)


def store_id(workspace: Workspace, store: Store) -> str:
    return derived_id("memstore", SOURCE, workspace.slug, store.slug)


def steps(store: Store, anchor: datetime) -> list[Step]:
    """Everything that was written into it, oldest first."""
    return sorted(_steps(store, anchor), key=lambda step: (step.at, step.path))


@transaction.atomic
def _fill_one(store: Store, workspace: Workspace, anchor: datetime) -> int:
    public_id = store_id(workspace, store)
    if MemoryStore.objects.filter(pk=public_id).exists():
        return 0
    history = steps(store, anchor)
    made = MemoryStore.objects.create(
        id=public_id,
        workspace=workspace,
        name=store.name,
        description=store.description,
        created_at=history[0].at,
        updated_at=history[0].at,
    )
    with writing.writing(made.pk, by=Author()) as pen:
        memories: dict[str, Memory] = {}
        for step in history:
            pen.at, pen.author = step.at, step.by
            memories[step.path] = _written(pen, memories.get(step.path), step, anchor)
    return pen.store.memory_count


def _written(pen: writing.Pen, memory: Memory | None, step: Step, anchor: datetime) -> Memory:
    if memory is None:
        return pen.create(step.path, dated(changed("", step.change), anchor))
    if isinstance(step.change, Deleted):
        return pen.delete(memory.pk)
    if isinstance(step.change, Moved):
        return pen.update(memory.pk, path=step.change.path)
    return pen.update(memory.pk, content=dated(changed(memory.content, step.change), anchor))


def _steps(store: Store, anchor: datetime) -> Iterator[Step]:
    """By the path that a memory had first."""
    for note in store.notes:
        for number, write in enumerate(note.writes):
            rng = Random(f"{note.path} {number}")  # noqa: S311 -- a play, not a secret
            if write.by in _scripts():
                at, by = _in_session(_scripts()[write.by], rng, anchor)
            else:
                day = workday(anchor, write.age)
                at, by = (
                    day + timedelta(seconds=rng.randint(8 * 3600, 18 * 3600)),
                    _person(write.by),
                )
            yield Step(at, by, note.path, write.change)
    yield from _told_by_sessions(store, anchor)


def _told_by_sessions(store: Store, anchor: datetime) -> Iterator[Step]:
    """What sessions wrote with a tool of theirs, where no note tells of that path."""
    noted = {note.path for note in store.notes}
    mount = f"/mnt/memory/{store.slug}"
    for script in SCRIPTS:
        if f"{mount}/" not in script.agent.system:
            continue
        by = Author.session(derived_id("sesn", SOURCE, script.key), script.agent.name)
        for event in play(script, anchor).events:
            given = event.payload.get("input") or {}
            path = str(given.get("file_path", "")).removeprefix(mount)
            is_ours = path.startswith("/") and path != given.get("file_path")
            if event.payload.get("name") == "write" and is_ours and path not in noted:
                assert event.occurred_at is not None  # noqa: S101 -- a play has a clock
                yield Step(event.occurred_at + timedelta(seconds=1), by, path, given["content"])


@cache
def _scripts() -> dict[str, Script]:
    return {script.key: script for script in SCRIPTS}


def _in_session(script: Script, rng: Random, anchor: datetime) -> tuple[datetime, Author]:
    """Some minutes into the session."""
    day = (night if script.nightly else workday)(anchor, script.age)
    at = day + timedelta(hours=script.hour, seconds=rng.randint(1_000, 1_700))
    return at, Author.session(derived_id("sesn", SOURCE, script.key), script.agent.name)


def _person(name: str) -> Author:
    if name in BOTS:
        return Author("api_actor", derived_id("apikey", SOURCE, name), name)
    return Author("user_actor", derived_id("user", SOURCE, name), name)
