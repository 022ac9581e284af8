"""How fast events become durable over HTTP: readable in the database when the answer is there."""

import http.client
import multiprocessing
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, connections

from apps.core import payloads
from apps.sessions import importing
from apps.sessions.models import Event
from tests import make
from tests.benchmarks import crowd
from tests.benchmarks.table import show
from tests.benchmarks.web import PATIENCE, PROCESSES, Server, database_cpu, serving

CLIENTS = 2
BATCH = 100
PER_SESSION = 1_000
NATIVE = ("/v1/ingest/sessions", "application/x-ndjson")
# The limits per key are counted beside the requests; here there is no server for that.
ALONE = {"CACHE_URL": "locmemcache://"}
OTLP = ("/v1/otlp/v1/traces", "application/x-protobuf")

Bodies = Callable[[str, int], list[bytes]]


@dataclass
class Work:
    """What one client did."""

    cpu_seconds: float
    waits: list[float]


def run(*, small: bool) -> None:
    size = 2_000 if small else 40_000
    rows = []
    for processes in (1,) if small else (1, PROCESSES):
        with serving(processes, **ALONE) as server:
            name = f"native, {processes} web"
            rows.append(_measure(server, name, size, NATIVE, crowd.batches))
            rows.append(_measure(server, f"OTLP, {processes} web", size, OTLP, crowd.traces))
    if not small:
        _fill(200_000)
        with serving(PROCESSES, **ALONE) as server:
            name = f"native, {PROCESSES} web, 200,000 stored"
            rows.append(_measure(server, name, size, NATIVE, crowd.batches))
    show(
        f"Ingest over HTTP, batches of {BATCH}, {CLIENTS} clients",
        (
            "what",
            "durable events/s",
            "lines or spans/s",
            "batch p50 / p95 ms",
            "server CPU s per 1,000 (web + database)",
            "MB after (web + database)",
            "bytes per event / payload",
        ),
        rows,
    )
    show(
        "Importing in a process of its own",
        ("what", "durable events/s", "CPU s per 1,000 (worker + database)", "worker MB"),
        [_import(size)],
    )


def _measure(
    server: Server, name: str, size: int, target: tuple[str, str], bodies: Bodies
) -> tuple[str, ...]:
    prepared = [bodies(f"{name}-{n}", size // CLIENTS) for n in range(CLIENTS)]
    warm = [bodies(f"warm {name}-{n}", BATCH * 2) for n in range(CLIENTS * 2)]
    for number, each in enumerate(warm):
        _client(server.port(number), server.secret, target, each)
    before, events = _table_bytes(), Event.objects.count()
    connections.close_all()
    with multiprocessing.get_context("fork").Pool(CLIENTS) as pool:
        web, database = server.cpu(), database_cpu()
        started = time.perf_counter()
        given = [
            (server.port(number), server.secret, target, each)
            for number, each in enumerate(prepared)
        ]
        done = pool.starmap(_client, given)
        seconds = time.perf_counter() - started
        web, database = server.cpu() - web, database_cpu() - database
    added = Event.objects.count() - events
    sent = sum(map(len, prepared)) * BATCH
    waits = sorted(wait for work in done for wait in work.waits)
    cpu = (web + database, web, database)
    return (
        name,
        f"{added / seconds:,.0f}",
        f"{sent / seconds:,.0f}",
        f"{waits[len(waits) // 2] * 1000:.0f} / {waits[int(len(waits) * 0.95)] * 1000:.0f}",
        "{:.3f} ({:.3f} + {:.3f})".format(*(each / added * 1000 for each in cpu)),
        f"{server.memory():.0f}",
        f"{(_table_bytes() - before) / _payload_bytes(added):.2f}",
    )


def _client(port: int, secret: str, target: tuple[str, str], bodies: list[bytes]) -> Work:
    path, media_type = target
    headers = {"authorization": f"Bearer {secret}", "content-type": media_type}
    channel = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    waits = []
    cpu = time.process_time()
    for body in bodies:
        started = time.perf_counter()
        channel.request("POST", path, body, headers)
        answer = channel.getresponse()
        told = answer.read()
        waits.append(time.perf_counter() - started)
        if answer.status != http.HTTPStatus.OK:
            raise SystemExit(f"{answer.status}: {told[:500]!r}")
    channel.close()
    return Work(time.process_time() - cpu, waits)


def _import(size: int) -> tuple[str, ...]:
    connections.close_all()
    with multiprocessing.get_context("fork").Pool(CLIENTS) as pool:
        database = database_cpu()
        started = time.perf_counter()
        done = pool.starmap(_importer, [(f"import-{n}", size // CLIENTS) for n in range(CLIENTS)])
        seconds = time.perf_counter() - started
        database = database_cpu() - database
    cpu = database + sum(seconds for seconds, _ in done)
    return (
        f"{CLIENTS} imports",
        f"{size / seconds:,.0f}",
        f"{cpu / size * 1000:.3f}",
        f"{max(memory for _, memory in done):.0f}",
    )


def _importer(key: str, size: int) -> tuple[float, float]:
    records = list(crowd.session(key, size))
    cpu = time.process_time()
    importing.take(records, workspace=make.workspace())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return time.process_time() - cpu, peak


def _fill(size: int) -> None:
    for n in range(size // 10_000):
        importing.take(crowd.session(f"fill-{n}", 10_000), workspace=make.workspace())


def _payload_bytes(count: int) -> int:
    """Bytes of the newest payloads, as they came."""
    newest = Event.objects.order_by("-pk").values_list("payload", flat=True)[:count]
    return sum(len(payloads.dump(each)) for each in newest.iterator(chunk_size=2_000))


def _table_bytes() -> int:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM agent_sessions_event")
        cursor.execute("SELECT pg_total_relation_size('agent_sessions_event')")
        return int(cursor.fetchone()[0])
