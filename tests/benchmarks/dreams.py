"""Dreams of the local engine: what it takes to read many sessions, and to find what recurs.

As with two workers, two processes read; what recurs in all of it is found by one.
"""

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.pool import Pool
from pathlib import Path
from typing import Any

from django.db import connection, connections

from agentsite.embedded.folder import data_folder
from agentsite.embedded.valkey import ensure_queue
from apps.accounts.acting import Actor
from apps.accounts.models import Workspace
from apps.core.ids import new_id
from apps.dreams import choosing, dreaming, starting
from apps.dreams.choosing import Choice
from apps.dreams.models import Dream
from apps.memory.actions import stores
from apps.memory.api.shapes import NewStore
from apps.sessions.models import Event
from tests import make
from tests.benchmarks import told
from tests.benchmarks.table import show
from tests.benchmarks.web import cpu_of

WORKERS = 2
EVERYTHING = Choice()
NEW_ONES = Choice(only_unread=True)
HEADS = (
    "what",
    "sessions, new",
    "reading s",
    "events/s",
    "finding s",
    "reading, CPU s (workers + database)",
    "finding, CPU s (worker + database)",
    "MB at most, reading / finding",
    "patterns, proposals",
)


def run(*, small: bool) -> None:
    measure(*(110, 5) if small else (10_000, 100))


def measure(many: int, new: int) -> None:
    with ensure_queue(data_folder()):
        alone = _dreamed(f"{new:,} sessions alone", _told("few", new), EVERYTHING)
        tenth = _dreamed("a tenth of it", _told("tenth", many // 10), EVERYTHING)
        first = _dreamed("everything, the first time", _told("all", many), EVERYTHING)
        again = _dreamed("everything, 1 % more", _told("all", many // 100), EVERYTHING)
        unread = _dreamed(f"only {new:,} new ones", _told("all", new), NEW_ONES)
    rows = [alone, tenth, first, again, unread]
    title = f"Dreams of {many:,} sessions with {told.EVENTS} events each, {WORKERS} workers"
    show(title, HEADS, [each.row() for each in rows])
    ratios = (
        ("everything and 1 % more / everything the first time", again, first),
        (f"only {new:,} new ones / {new:,} sessions alone", unread, alone),
    )
    show(
        "Ratios of dreams",
        ("what", "time", "CPU"),
        [(name, f"{a.wall / b.wall:.3f}", f"{a.cpu / b.cpu:.3f}") for name, a, b in ratios],
    )


@dataclass(frozen=True)
class Work:
    """What somebody did: seconds of their CPU and of the database's for them, MB at most."""

    worker: float
    database: float
    peak: float

    @property
    def cpu(self) -> float:
        return self.worker + self.database


@dataclass(frozen=True)
class Dreamed:
    """A dream, with those that gathered for it."""

    name: str
    dream: Dream
    events: int
    """Of the sessions that were not read before."""
    reading: float
    finding: float
    read: Sequence[Work]
    found: Work

    @property
    def wall(self) -> float:
        return self.reading + self.finding

    @property
    def cpu(self) -> float:
        return sum(each.cpu for each in (*self.read, self.found))

    def row(self) -> tuple[str, ...]:
        funnel = self.dream.funnel
        return (
            self.name,
            f"{funnel['sessions']:,}, {funnel['read']:,}",
            f"{self.reading:.1f}",
            f"{self.events / self.reading:,.0f}",
            f"{self.finding:.1f}",
            _cpu(self.read),
            _cpu([self.found]),
            f"{max(each.peak for each in self.read):.0f} / {self.found.peak:.0f}",
            f"{funnel['patterns']:,}, {funnel['proposals']:,}",
        )


def _cpu(works: Sequence[Work]) -> str:
    worker, database = sum(each.worker for each in works), sum(each.database for each in works)
    return f"{worker + database:.1f} ({worker:.1f} + {database:.1f})"


def _told(slug: str, sessions: int) -> Workspace:
    """The workspace, with so many sessions more."""
    place = make.workspace(slug)
    with _workers(1) as pool:
        pool.apply(told.fill, [place, sessions])
    return place


def _dreamed(name: str, place: Workspace, choice: Choice) -> Dreamed:
    """Have a store dream about the workspace's sessions, as `manage.py dream` does."""
    began = time.perf_counter()
    with _workers(WORKERS) as pool:
        dream, asked = pool.apply(_working, [_ask, place, choice])
        gathering = list(dream.gathering.values_list("pk", flat=True))
        connections.close_all()
        gathered = pool.starmap(_working, [(_gather, each) for each in gathering], chunksize=1)
        jobs, began_it = pool.apply(_working, [_begin, dream.pk])
        read = pool.starmap(_working, [(_read, dream.pk, each) for each in jobs], chunksize=1)
    works = [asked, began_it, *(work for _, work in (*gathered, *read))]
    reading = time.perf_counter() - began
    with _workers(1) as pool:
        _, found = pool.apply(_working, [dreaming.dream_here, dream.pk])
    finding = time.perf_counter() - began - reading
    dream.refresh_from_db()
    if dream.status != Dream.Status.COMPLETED:
        raise SystemExit(dream.error_message or f"The dream is {dream.status}.")
    return Dreamed(name, dream, _events(dream), reading, finding, works, found)


def _events(dream: Dream) -> int:
    run = Dream.objects.of_run(dream).filter(inputs__status="read")
    ids = run.values_list("inputs__session_id", flat=True)
    mine = Event.objects.filter(session__workspace=dream.workspace_id)
    return mine.filter(session__public_id__in=list(ids)).count()


@contextmanager
def _workers(count: int) -> Iterator[Pool]:
    """Processes that have no connection yet."""
    connections.close_all()
    with multiprocessing.get_context("fork").Pool(count, _forget_peak) as pool:
        yield pool


def _forget_peak() -> None:
    """What the parent held at most is none of the child's business."""
    Path("/proc/self/clear_refs").write_text("5")


def _working(job: Callable[..., Any], *given: Any) -> tuple[Any, Work]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [backend] = cursor.fetchone()
    worker, database = time.process_time(), cpu_of(backend)
    came = job(*given)
    lines = Path("/proc/self/status").read_text().splitlines()
    [peak] = [int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")]
    return came, Work(time.process_time() - worker, cpu_of(backend) - database, peak)


def _ask(place: Workspace, choice: Choice) -> Dream:
    by = Actor.system(place)
    store = place.memory_stores.first() or stores.create_store(given=NewStore(name="It"), by=by)
    ids = choosing.public_ids(place, choice, store.pk)
    plan = starting.DreamPlan(store_id=store.pk, session_ids=ids, updates=store.pk)
    return starting.start(plan, by=by)


def _gather(dream_id: str) -> None:
    dreaming.dream_here(dream_id)


def _begin(dream_id: str) -> dreaming.Jobs:
    """What is to be read of its own sessions, once the others are; it goes no further."""
    return dreaming.attempt(dream_id, holder=new_id("job"))


def _read(dream_id: str, input_ids: list[int]) -> None:
    dreaming.read(dream_id, input_ids, holder=new_id("job"))
