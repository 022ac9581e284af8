"""Many clients that follow: what they cost while nothing happens, and how soon they hear of it."""

import asyncio
import os
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connections
from playwright.sync_api import Page

from apps.sessions import recording
from apps.sessions.models import Session
from tests import make
from tests.benchmarks import crowd
from tests.benchmarks.browser import opening, serving
from tests.benchmarks.table import show
from tests.web import Web

AT_ONCE = 20
"""Streams that are opened at a time."""
PAUSE = 0.1
"""Seconds from one event to the next, once everybody has heard it."""
_TICKS = os.sysconf("SC_CLK_TCK")


def run(*, small: bool) -> None:
    clients, events, idle = (50, 10, 1) if small else (500, 100, 20)
    rows = []
    for name, sessions in (("all of one session", 1), ("each of its own", clients)):
        with tempfile.TemporaryDirectory() as folder, Web(Path(folder) / "log") as web:
            rows.append((name, *asyncio.run(_measure(web, clients, sessions, events, idle))))
    show(
        f"{clients} open streams, one process",
        (
            "streams",
            "opened/s",
            "kB each",
            "threads",
            "idle CPU %",
            "heard p50 / p95 ms",
            "CPU ms per event",
        ),
        rows,
    )
    shown = _followed(10 if small else 100)
    show("A page that follows", ("what", "p50 / p95 ms"), [("commit to its row", shown)])


@dataclass
class Client(asyncio.Protocol):
    """Reads a stream and notes when it heard what."""

    request: bytes
    opened: asyncio.Event = field(default_factory=asyncio.Event)
    heard_at: list[float] = field(default_factory=list)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        if b": open\n" in data:
            self.opened.set()
        self.heard_at += [now] * data.count(b"event: message\n")


async def _measure(web: Web, clients: int, sessions: int, events: int, idle: float) -> list[str]:
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1) as database:
        secret, made = await loop.run_in_executor(database, _prepare, sessions)
        await _open(web, secret, made[:1], 8)  # everything is loaded once
        before = _memory(web)
        began = time.perf_counter()
        opened = await _open(web, secret, made, clients)
        took = time.perf_counter() - began
        after = _memory(web)
        cpu = _cpu(web)
        await asyncio.sleep(idle)
        idle_cpu = (_cpu(web) - cpu) / idle
        cpu = _cpu(web)
        waits: list[float] = []
        for number in range(events):
            hearers = opened if sessions == 1 else [opened[number % clients]]
            known = [len(each.heard_at) for each in hearers]
            at = await loop.run_in_executor(database, _record, made[number % sessions])
            while any(len(each.heard_at) == n for each, n in zip(hearers, known, strict=True)):
                await asyncio.sleep(PAUSE)
            waits += [each.heard_at[count] - at for each, count in zip(hearers, known, strict=True)]
        cpu = _cpu(web) - cpu
        for each in opened:
            each.transport.abort()
        await loop.run_in_executor(database, connections.close_all)
    return [
        f"{clients / took:.0f}",
        f"{(after - before) / clients:.0f}",
        str(len(list(Path(f"/proc/{web.process.pid}/task").iterdir()))),
        f"{idle_cpu * 100:.1f}",
        _percentiles(waits),
        f"{cpu / events * 1000:.1f}",
    ]


def _prepare(sessions: int) -> tuple[str, list[Session]]:
    _, secret = make.key()
    keys = [f"streams-{sessions}-{n}" for n in range(sessions)]
    return secret, [make.session(make.event(key=key), key=key) for key in keys]


async def _open(web: Web, secret: str, sessions: list[Session], count: int) -> list[Client]:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(session: Session) -> Client:
        path = f"/v1/sessions/{session.public_id}/events/stream"
        asked = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: {secret}\r\n\r\n"
        async with gate:
            _, client = await asyncio.get_running_loop().create_connection(
                lambda: Client(asked.encode()), "127.0.0.1", web.port
            )
            await asyncio.wait_for(client.opened.wait(), 30)
        return client

    return list(await asyncio.gather(*(one(sessions[n % len(sessions)]) for n in range(count))))


def _record(session: Session) -> float:
    """When the event was committed."""
    recording.record(session.pk, [make.event("agent.message", "x" * 1_000)])
    return time.perf_counter()


def _memory(web: Web) -> int:
    """In kB."""
    status = Path(f"/proc/{web.process.pid}/status").read_text()
    [line] = [line for line in status.splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1])


def _cpu(web: Web) -> float:
    fields = Path(f"/proc/{web.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


_ROWS_SEEN = """() => {
    window.seen = {};
    new MutationObserver(() => {
        for (const row of document.querySelectorAll(".event"))
            window.seen[row.dataset.id] ||= performance.timeOrigin + performance.now();
    }).observe(document.getElementById("events"), {childList: true, subtree: true});
}"""


def _followed(events: int) -> str:
    """A page of a session with some hundred events, at its end while it goes on."""
    session = make.session(*crowd.events("followed", 500), key="followed")
    with serving() as site, opening(site) as page:
        page.goto(f"{site.address}/w/default/sessions/{session.public_id}/")
        page.locator("#follow:not([hidden])").click()
        page.wait_for_selector("#follow[aria-pressed=true]")
        page.evaluate(_ROWS_SEEN)
        return _percentiles([_until_shown(page, session, n) for n in range(events)])


def _until_shown(page: Page, session: Session, n: int) -> float:
    event = make.event("agent.message", f"new {n}", after=1_000 + n)
    recording.record(session.pk, [event])
    committed = time.time()
    page.wait_for_function("id => window.seen[id]", arg=event.public_id)
    shown = page.evaluate("id => window.seen[id]", event.public_id)
    time.sleep(PAUSE)
    return float(shown) / 1000 - committed


def _percentiles(waits: list[float]) -> str:
    waits = sorted(waits)
    return f"{waits[len(waits) // 2] * 1000:.0f} / {waits[int(len(waits) * 0.95)] * 1000:.0f}"
