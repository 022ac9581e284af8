"""Eight processes at one memory: whoever expects what it says wins, and nothing gets lost.

No figures but a proof: as many changes were accepted as there are versions, the chain holds, the
database saw no deadlock, and nobody got another answer than 200 or 409.
"""

import hashlib
import multiprocessing
import os
import time
from collections import Counter

import orjson
from django.db import connection, connections

from apps.memory import verifying
from apps.memory.actions import memories
from apps.memory.models import MemoryStore, MemoryVersion
from tests import make
from tests.benchmarks import clients
from tests.benchmarks.table import show
from tests.benchmarks.web import PROCESSES, serving

CLIENTS = 8


def run(*, small: bool) -> None:
    seconds = 1 if small else 30
    store = MemoryStore.objects.create(workspace=make.workspace(), name="Hammered")
    memory = memories.create_memory(store_id=store.pk, path="/a", content="", by=make.actor())
    path = f"/v1/memory_stores/{store.pk}/memories/{memory.pk}"
    before = _deadlocks()
    processes = 1 if small else PROCESSES
    with serving(processes, CACHE_URL="locmemcache://", API_WRITES_PER_MINUTE="0") as server:
        connections.close_all()
        given = [(server.port(n), server.secret, path, seconds) for n in range(CLIENTS)]
        with multiprocessing.get_context("fork").Pool(CLIENTS) as pool:
            answered = sum(pool.starmap(_hammer, given, chunksize=1), Counter[int]())
    verdict = verifying.verify(store)
    versions = MemoryVersion.objects.of(store).count() - 1
    show(
        f"{CLIENTS} processes at one memory for {seconds} s",
        ("200", "409", "others", "versions", "faults of the chain", "deadlocks"),
        [
            (
                f"{answered[200]:,}",
                f"{answered[409]:,}",
                sum(answered.values()) - answered[200] - answered[409],
                f"{versions:,}",
                len(verdict.faults),
                _deadlocks() - before,
            )
        ],
    )
    lost = answered[200] != versions or verdict.faults or answered.keys() - {200, 409}
    if lost or _deadlocks() != before:
        raise SystemExit("Something got lost.")


def _hammer(port: int, secret: str, path: str, seconds: float) -> Counter[int]:
    """Expect what was read or written last, and read again when somebody was faster."""
    channel = clients.Channel(port)
    answered: Counter[int] = Counter()
    until = time.monotonic() + seconds
    known = ""
    while time.monotonic() < until:
        if not known:
            _, body = channel.ask(clients.request(secret, "GET", path))
            known = orjson.loads(body)["content_sha256"]
        said = f"{os.getpid()} {sum(answered.values())}"
        status, _ = channel.ask(_change(secret, path, said, known))
        known = hashlib.sha256(said.encode()).hexdigest() if status == 200 else ""
        answered[status] += 1
    channel.close()
    return answered


def _change(secret: str, path: str, content: str, expected: str) -> bytes:
    precondition = {"type": "content_sha256", "content_sha256": expected}
    body = orjson.dumps({"content": content, "precondition": precondition})
    return clients.request(secret, "POST", path, body)


def _deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])
