"""A web process as in production, and a cold browser in front of it."""

import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from playwright.sync_api import Browser, Page, sync_playwright

from apps.accounts.models import User
from tests import make
from tests.browser.conftest import ARGUMENTS, CHROMIUM, DESK

RUNS = 5
PATIENCE = 30
QUIET = 1_000  # ms after the page's own load event


class Site(NamedTuple):
    """Where the web process listens, a person's cookie for it, and the browser."""

    address: str
    cookie: str
    browser: Browser


class Opened(NamedTuple):
    """Medians of cold openings, as text."""

    first_paint_ms: str
    quiet_ms: str
    kilobytes: str
    heap_mb: str


@contextmanager
def serving() -> Iterator[Site]:
    call_command("collectstatic", interactive=False, verbosity=0)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "agentsite.web", "--port", str(port)]
    environment = {**os.environ, "LOG_LEVEL": "WARNING"}
    with subprocess.Popen(command, env=environment) as web, sync_playwright() as playwright:
        try:
            _await(address, web)
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            yield Site(address, _cookie(), browser)
            browser.close()
        finally:
            web.terminate()


def _await(address: str, web: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while web.poll() is None and time.monotonic() < deadline:
        try:
            urlopen(f"{address}/healthz").close()
        except URLError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("The web process did not start.")


def _cookie() -> str:
    person = User.objects.filter(username="benchmark").first() or make.user("benchmark")
    store = SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.save()
    return store.session_key or ""


_TIMES = """[
    performance.getEntriesByName("first-contentful-paint")[0].startTime,
    Math.max(...performance.getEntriesByType("resource").map(each => each.responseEnd),
        performance.getEntriesByType("navigation")[0].loadEventEnd),
]"""
"""The browser's own clock, from the moment it began: rows are in the page's first answer, so the
first paint shows them; quiet is when the last thing it asked for has come."""


def opened(site: Site, path: str, first_row: str, *, runs: int = RUNS) -> Opened:
    """Open the page in a fresh context each time, with nothing cached."""
    _open(site, path, first_row)
    measured = [_open(site, path, first_row) for _ in range(runs)]
    row, quiet, size, heap = (statistics.median(column) for column in zip(*measured, strict=True))
    return Opened(f"{row:.0f}", f"{quiet:.0f}", f"{size / 1000:.0f}", f"{heap / 2**20:.1f}")


@contextmanager
def opening(site: Site) -> Iterator[Page]:
    """A page of a fresh context, of a person who is signed in."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    context = site.browser.new_context(viewport=DESK)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": site.cookie, "url": site.address}
    context.add_cookies([cookie])
    yield context.new_page()
    context.close()


def _open(site: Site, path: str, first_row: str) -> tuple[float, float, float, float]:
    with opening(site) as page:
        return _measured(page, site.address + path, first_row)


def _measured(page: Page, address: str, first_row: str) -> tuple[float, float, float, float]:
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    client.send("Performance.enable")
    received = []
    client.on("Network.loadingFinished", lambda seen: received.append(seen["encodedDataLength"]))
    # A page that follows is never quiet: its own requests are.
    page.goto(address, wait_until="load")
    page.wait_for_timeout(QUIET)
    page.wait_for_selector(first_row)
    painted, quiet = page.evaluate(_TIMES)
    client.send("HeapProfiler.collectGarbage")
    metrics = {m["name"]: m["value"] for m in client.send("Performance.getMetrics")["metrics"]}
    return painted, quiet, sum(received), metrics["JSHeapUsedSize"]
