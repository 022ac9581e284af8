"""A queue, and the people in front of it: with a server that can keep a stream open."""

import pytest
from django.conf import settings
from django.test import Client

from tests import make
from tests.reviews import making
from tests.web import Web

RULES = "# Rules\n\n## Refunds\n\nAsk first.\n\n\n\n\n\n\n\n\n## Seats\n\nAisle.\n"


@pytest.fixture(scope="module")
def web(django_db_setup, tmp_path_factory):
    """Django's own server for tests is of the synchronous kind, and cannot keep a stream open."""
    folder = tmp_path_factory.mktemp("web")
    with Web(folder / "log", STATIC_ROOT=str(folder / "nothing collected")) as running:
        yield running


@pytest.fixture
def workspace():
    return make.workspace()


@pytest.fixture
def at(web, workspace):
    return lambda path: f"{web.address}/w/{workspace.slug}/{path}"


def sign_in(context, web, person):
    client = Client()
    client.force_login(person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    given = {"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": web.address}
    context.add_cookies([given])


@pytest.fixture
def person(workspace, context, web):
    person = make.user("ines", of=workspace)
    sign_in(context, web, person)
    return person


@pytest.fixture
def store(workspace):
    return making.store(rules=RULES, old="Never used.\n", older="Not used either.\n")


@pytest.fixture
def queue(store):
    """Two updates, of which the first has two hunks, then two that create."""
    said = {"evidence": (making.heard("So they said", key="q"), making.heard("And so", key="r"))}
    counted = said | {"support": {"sessions": 3}}
    changed = RULES.replace("Ask first", "Ask twice").replace("Aisle", "Window")
    return making.propose(
        store,
        making.update(making.at(store, "/rules.md"), changed, **counted),
        making.update(making.at(store, "/old.md"), "Used again.\n", **counted),
        making.create("/a.md", "A.\n", **counted),
        making.create("/b.md", "B.\n", **counted),
    )


def title(page):
    return page.locator("#proposal-path")


def toast(page):
    return page.locator("#toasts")


def row(page, made):
    return page.locator(f"#row-{made.pk}")


@pytest.fixture
def other(browser, browser_context_args, web, workspace):
    """Tom's window."""
    theirs = browser.new_context(**browser_context_args)
    sign_in(theirs, web, make.user("tom", of=workspace))
    yield theirs.new_page()
    theirs.close()
