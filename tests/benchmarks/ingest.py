"""How fast events become durable: readable in the database when the call returns."""

import multiprocessing
import os
import resource
import time
from dataclasses import dataclass

from django.db import connection, connections

from apps.core import payloads
from apps.sessions import importing, recording
from apps.sessions.records import EventRecord
from tests import make
from tests.benchmarks import crowd
from tests.benchmarks.table import show

CLIENTS = 2
PER_SESSION = 1_000


@dataclass
class Work:
    """What one client did."""

    events: int
    payload_bytes: int
    cpu_seconds: float
    memory_mb: float
    waits: list[float]


def run(*, small: bool) -> None:
    size = 2_000 if small else 40_000
    rows = [
        _measure("batches of 100, 2 clients", size, 100),
        _measure("import, 2 clients", size, importing.BATCH),
    ]
    if not small:
        _fill(200_000)
        rows.append(_measure("batches of 100, 200,000 stored", size, 100))
    show(
        "Ingest",
        (
            "what",
            "durable/s",
            "batch p50 / p95 ms",
            "CPU s per 1,000 (client + server)",
            "client MB",
            "bytes per event / payload",
        ),
        rows,
    )


def _measure(name: str, size: int, batch: int) -> tuple[str, ...]:
    before = _table_bytes()
    connections.close_all()
    with multiprocessing.get_context("fork").Pool(CLIENTS) as pool:
        pool.starmap(_warm, [(n,) for n in range(CLIENTS)])
        server = _server_cpu()
        started = time.perf_counter()
        done = pool.starmap(
            _client, [(f"{name}-{n}", size // CLIENTS, batch) for n in range(CLIENTS)]
        )
        seconds = time.perf_counter() - started
        server = _server_cpu() - server
    count = sum(work.events for work in done)
    waits = sorted(wait for work in done for wait in work.waits)
    cpu = server + sum(work.cpu_seconds for work in done)
    grown = (_table_bytes() - before) / sum(work.payload_bytes for work in done)
    return (
        name,
        f"{count / seconds:,.0f}",
        f"{waits[len(waits) // 2] * 1000:.0f} / {waits[int(len(waits) * 0.95)] * 1000:.0f}",
        f"{cpu / count * 1000:.3f}",
        f"{max(work.memory_mb for work in done):.0f}",
        f"{grown:.2f}",
    )


def _warm(number: int) -> None:
    make.session(*crowd.events(f"warm-{os.getpid()}-{number}", 50))


def _client(name: str, size: int, batch: int) -> Work:
    prepared: list[tuple[int, list[EventRecord]]] = []
    for n in range(max(1, size // PER_SESSION)):
        key = f"{name}-{n}"
        session = make.session(key=key)
        prepared.append((session.pk, list(crowd.events(key, min(size, PER_SESSION)))))
    waits = []
    cpu = time.process_time()
    for session_id, events in prepared:
        for first in range(0, len(events), batch):
            started = time.perf_counter()
            recording.record(session_id, events[first : first + batch])
            waits.append(time.perf_counter() - started)
    return Work(
        events=sum(len(events) for _, events in prepared),
        payload_bytes=sum(
            len(payloads.dump(event.payload)) for _, events in prepared for event in events
        ),
        cpu_seconds=time.process_time() - cpu,
        memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        waits=waits,
    )


def _fill(size: int) -> None:
    for n in range(size // 10_000):
        importing.take(crowd.session(f"fill-{n}", 10_000), workspace=make.workspace())


def _table_bytes() -> int:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM agent_sessions_event")
        cursor.execute("SELECT pg_total_relation_size('agent_sessions_event')")
        return int(cursor.fetchone()[0])


def _server_cpu() -> float:
    """CPU seconds of every process of the database server on this machine, as far as it is here."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity")
        pids = [pid for (pid,) in cursor.fetchall()]
    ticks = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/stat") as file:
                fields = file.read().rpartition(")")[2].split()
        except FileNotFoundError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
