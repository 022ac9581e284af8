"""A signed-in person in Chromium, in front of a running server."""

import os
import shutil
import time
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, Route, expect

from tests import make

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = (Path(__file__).parent / "axe.min.js").read_text()
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}
NEXT_FRAME = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
# htmx reports as an error what is none: a request that a newer one has replaced (typing on).
REPLACED = ("htmx:sendAbort", "htmx:afterRequest")
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
DESK = {"width": 1280, "height": 800}

# A busy machine is no failure: others run tests beside this one.
expect.set_options(timeout=20_000)

# Playwright's own loop runs in the thread of the tests; Django would refuse every query there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


def pytest_report_header():
    return f"chromium: {CHROMIUM or 'not found, browser tests are skipped'}"


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM and os.environ.get("REQUIRE_BROWSER") != "1":
                item.add_marker(pytest.mark.skip(reason="needs chromium on the PATH"))


@pytest.fixture(scope="session")
def browser_type_launch_args():
    if not CHROMIUM:
        pytest.fail("REQUIRE_BROWSER=1, and no chromium is on the PATH")
    return {"executable_path": CHROMIUM, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "viewport": DESK, "reduced_motion": "reduce"}


@pytest.fixture
def workspace(live_server):
    return make.workspace()


@pytest.fixture
def at(live_server, workspace):
    """The whole address of a page of the workspace: `at("sessions/")`."""
    return lambda path="": f"{live_server.url}/w/{workspace.slug}/{path}"


@pytest.fixture
def person(workspace, context, live_server, client):
    """A member of the workspace, signed in, in this browser."""
    person = make.user("ines", of=workspace, password="correct horse")
    client.force_login(person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    return person


@pytest.fixture
def complaints(page: Page):
    """What the browser complained about: scripts that failed, what the policy refused."""
    heard = []

    def listen(said):
        if said.type == "error" and not said.text.startswith(REPLACED):
            heard.append(said.text)

    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("console", listen)
    return heard


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it is now: rule, and where."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found["violations"]
        for node in each["nodes"]
    ]


def overflows(page: Page) -> bool:
    """Whether the page scrolls sideways."""
    return not page.evaluate(FITS)


class Held:
    """Holds back the answer to one request until the block is over, so that no test runs a race.

    The server gets the request only then, too, unless it is told to lose the answer.
    """

    def __init__(self, page: Page, address: str) -> None:
        self._page, self._address = page, address
        self._routes: list[Route] = []

    def __enter__(self) -> "Held":
        self._page.route(self._address, self._hold, times=1)
        return self

    def __exit__(self, *_failure: object) -> None:
        for route in self._routes:
            route.continue_()

    def _hold(self, route: Route) -> None:
        self._routes.append(route)

    def wait(self) -> None:
        """Until the page has asked."""
        deadline = time.monotonic() + 20
        while not self._routes:
            assert time.monotonic() < deadline, f"the page did not ask for {self._address}"
            self._page.wait_for_timeout(10)

    def arrive_and_drop(self) -> None:
        """Let the request reach the server, and lose what it answers."""
        route = self._routes.pop()
        route.fetch()
        route.abort("connectionreset")


@pytest.fixture
def held(page: Page):
    """`held(address)` is a Held, of a page that is watched from its start.

    A request that is sent just when watching begins would get past it.
    """
    page.route("**/nothing-is-here", lambda route: route.fallback())
    return partial(Held, page)
