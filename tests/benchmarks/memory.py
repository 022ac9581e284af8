"""Memory over HTTP: how fast memories are made, read, changed, listed and found.

With one store all writers wait for each other; with one for each client nobody does.
"""

import random
from collections.abc import Callable, Sequence

import orjson
from django.db import connection, connections
from django.test import override_settings

from agentsite.embedded.folder import data_folder
from agentsite.embedded.valkey import ensure_queue
from apps.memory import writing
from apps.memory.authors import Author
from apps.memory.models import MemoryStore
from tests import make
from tests.benchmarks import clients, crowd
from tests.benchmarks.table import show
from tests.benchmarks.web import PROCESSES, Server, database_cpu, serving

CLIENTS = 8
WORDS = 80  # of a memory: some 600 bytes
UPDATED = 30  # of them


def run(*, small: bool) -> None:
    size = 160 if small else 10_000
    processes = 1 if small else PROCESSES
    rows = []
    with ensure_queue(data_folder()), serving(processes, **_LIMITS) as server:
        for count in (1, CLIENTS):
            stores = [_store(f"{count} at once, {n}") for n in range(count)]
            rows += _measure(server, [stores[n % count].pk for n in range(CLIENTS)], size)
        rows += _with_history(server, 20 if small else 5_000)
        for many in (size,) if small else (size, 10 * size):
            rows.append(_searched(server, many))
    show(
        f"Memory over HTTP, {size:,} memories, {CLIENTS} clients, {processes} web processes",
        (
            "what",
            "/s",
            "p50 / p95 ms",
            "web CPU ms each",
            "database CPU ms each",
            "clients' CPU ms each",
        ),
        rows,
    )


# Requests of a key are counted, as in production, and never too many; nor is a store ever full.
_LIMITS = {
    "API_READS_PER_MINUTE": "100000000",
    "API_WRITES_PER_MINUTE": "100000000",
    "MEMORIES_PER_STORE": "1000000",
}


def _store(name: str) -> MemoryStore:
    return MemoryStore.objects.create(workspace=make.workspace(), name=name)


def _measure(server: Server, stores: Sequence[str], size: int) -> list[tuple[str, ...]]:
    """One line for each thing that the clients do, each in its store."""
    chance = random.Random(size)
    each = size // CLIENTS
    name = "one store" if len(set(stores)) == 1 else f"{len(stores)} stores"

    def ask(method: str, n: int, rest: str = "", **body: str) -> bytes:
        path = _memories(stores[n]) + rest
        return clients.request(server.secret, method, path, orjson.dumps(body) if body else b"")

    def text(words: int = WORDS) -> str:
        return crowd.text(chance, words)

    def asked(make_one: Callable[[int, int], bytes], count: int) -> list[list[bytes]]:
        return [[make_one(n, at) for at in range(count)] for n in range(CLIENTS)]

    for n in range(CLIENTS):  # everything is loaded once
        clients.work(server.port(n), [ask("GET", n), ask("POST", n, path=f"/w/{n}", content="")])
    made, row = _row(
        server,
        f"create, {name}",
        asked(lambda n, at: ask("POST", n, path=f"/{n}/{at % 40}/{at}.md", content=text()), each),
    )
    rows = [row]
    ids = [[orjson.loads(body)["id"] for body in work.bodies] for work in made]
    for what, make_one, count in (
        ("read", lambda n, at: ask("GET", n, f"/{chance.choice(ids[n])}"), each),
        ("update", lambda n, at: ask("POST", n, f"/{ids[n][at]}", content=text(UPDATED)), each),
        ("list 50", lambda n, at: ask("GET", n, f"?limit=50&path_prefix=/{n}/"), min(each, 100)),
    ):
        rows.append(_row(server, f"{what}, {name}", asked(make_one, count))[1])
    return rows


def _with_history(server: Server, versions: int) -> list[tuple[str, ...]]:
    """Reading a memory that was written once, and one that was written often."""
    store = _store("A long history")
    with writing.writing(store.pk, by=Author()) as pen:
        ids = [pen.create(path, "0").pk for path in ("/once", "/often")]
        for n in range(1, versions):
            pen.update(ids[1], content=str(n))
    rows = []
    for name, memory_id in zip(("1 version", f"{versions:,} versions"), ids, strict=True):
        read = clients.request(server.secret, "GET", f"{_memories(store.pk)}/{memory_id}")
        rows.append(_row(server, f"read, {name}", [[read] * 100] * CLIENTS)[1])
    return rows


def _searched(server: Server, size: int) -> tuple[str, ...]:
    """Two words that stand in many of so many memories, for the best ones."""
    chance = random.Random(size)
    store = _store(f"{size:,} to search")
    with (
        override_settings(MEMORIES_PER_STORE=size),
        writing.writing(store.pk, by=Author()) as pen,
        pen.many(),
    ):
        for n in range(size):
            pen.create(f"/{n % 40}/{n}.md", crowd.text(chance, WORDS))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE memory_memory")
    path = f"/v1/memory_stores/{store.pk}/search?q="
    asked = [
        [
            clients.request(server.secret, "GET", path + "+".join(chance.sample(crowd.WORDS, 2)))
            for _ in range(25)
        ]
        for _ in range(CLIENTS)
    ]
    return _row(server, f"search in {size:,}", asked)[1]


def _memories(store_id: str) -> str:
    return f"/v1/memory_stores/{store_id}/memories"


def _row(
    server: Server, name: str, requests: list[list[bytes]]
) -> tuple[list[clients.Work], tuple[str, ...]]:
    connections.close_all()
    web, database = server.cpu(), database_cpu()
    connections.close_all()
    done = clients.all_at_once(server, requests)
    web, database = server.cpu() - web, database_cpu() - database
    count = sum(len(work.waits) for work in done)
    seconds = max(work.ended for work in done) - min(work.began for work in done)
    waits = sorted(wait for work in done for wait in work.waits)
    return done, (
        name,
        f"{count / seconds:,.0f}",
        f"{waits[count // 2] * 1000:.1f} / {waits[int(count * 0.95)] * 1000:.1f}",
        f"{web / count * 1000:.2f}",
        f"{database / count * 1000:.2f}",
        f"{sum(work.cpu_seconds for work in done) / count * 1000:.2f}",
    )
