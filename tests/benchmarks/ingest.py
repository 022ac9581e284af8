"""How fast events become durable over HTTP: readable in the database when the answer is there."""

import http.client
import multiprocessing
import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from django.db import connection, connections

from apps.core import payloads
from apps.sessions import importing
from apps.sessions.models import Event
from tests import make
from tests.benchmarks import crowd
from tests.benchmarks.table import show

CLIENTS = 2
BATCH = 100
PER_SESSION = 1_000
WEB_PROCESSES = 2
PATIENCE = 60
NATIVE = ("/v1/ingest/sessions", "application/x-ndjson")
OTLP = ("/v1/otlp/v1/traces", "application/x-protobuf")

Bodies = Callable[[str, int], list[bytes]]


@dataclass
class Work:
    """What one client did."""

    cpu_seconds: float
    waits: list[float]


@dataclass
class Server:
    """Web processes, and a key to them."""

    ports: list[int]
    processes: list[subprocess.Popen[bytes]]
    secret: str

    def port(self, client: int) -> int:
        return self.ports[client % len(self.ports)]

    def cpu(self) -> float:
        return sum(_cpu_of(each.pid) for each in self.processes)

    def memory(self) -> float:
        """MB of the web processes and the database together, shared pages counted once."""
        return sum(map(_pss_of, [*(each.pid for each in self.processes), *_database_pids()]))


def run(*, small: bool) -> None:
    size = 2_000 if small else 40_000
    rows = []
    for processes in (1, WEB_PROCESSES):
        with serving(processes) as server:
            name = f"native, {processes} web"
            rows.append(_measure(server, name, size, NATIVE, crowd.batches))
            rows.append(_measure(server, f"OTLP, {processes} web", size, OTLP, crowd.traces))
    if not small:
        _fill(200_000)
        with serving(WEB_PROCESSES) as server:
            name = f"native, {WEB_PROCESSES} web, 200,000 stored"
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
        web, database = server.cpu(), _database_cpu()
        started = time.perf_counter()
        given = [
            (server.port(number), server.secret, target, each)
            for number, each in enumerate(prepared)
        ]
        done = pool.starmap(_client, given)
        seconds = time.perf_counter() - started
        web, database = server.cpu() - web, _database_cpu() - database
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


@contextmanager
def serving(processes: int) -> Iterator[Server]:
    """Web processes as in production, each on a port of its own, as a balancer would have them."""
    ports = [_free_port() for _ in range(processes)]
    _, secret = make.key("write")
    # The limits per key are counted beside the requests; here there is no server for that.
    settings = {"LOG_LEVEL": "WARNING", "CACHE_URL": "locmemcache://", "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", "agentsite.web", "--port"]
    webs = [
        subprocess.Popen([*command, str(port)], env={**os.environ, **settings}) for port in ports
    ]
    try:
        for port in ports:
            _await(port)
        yield Server(ports, webs, secret)
    finally:
        for each in webs:
            each.terminate()
        for each in webs:
            each.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            urlopen(f"http://127.0.0.1:{port}/healthz").close()
        except URLError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The web process did not start.")


def _import(size: int) -> tuple[str, ...]:
    connections.close_all()
    with multiprocessing.get_context("fork").Pool(CLIENTS) as pool:
        database = _database_cpu()
        started = time.perf_counter()
        done = pool.starmap(_importer, [(f"import-{n}", size // CLIENTS) for n in range(CLIENTS)])
        seconds = time.perf_counter() - started
        database = _database_cpu() - database
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


def _database_pids() -> list[int]:
    """Every process of the database server, as far as it runs on this machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity")
        return [pid for (pid,) in cursor.fetchall()]


def _database_cpu() -> float:
    return sum(map(_cpu_of, _database_pids()))


def _cpu_of(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _pss_of(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, PermissionError):
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
