"""A store, an engine that is known by heart, sessions in which it finds something, and the API."""

import pytest

from apps.dreams import engines
from apps.dreams.actions import dreams as actions
from apps.dreams.starting import DreamPlan
from apps.memory.actions import stores
from apps.memory.api.shapes import NewStore
from tests import make
from tests.dreams.engine import MODEL, SIGN, PocketEngine
from tests.sessions.api.asking import Api


@pytest.fixture
def api():
    return Api()


@pytest.fixture
def neighbour():
    """Somebody with every right in another workspace."""
    return Api(of=make.workspace("next-door"))


@pytest.fixture
def engine():
    engine = PocketEngine()
    engines.register(MODEL, engine)
    yield engine
    engines.forget(MODEL)


@pytest.fixture
def store():
    return stores.create_store(given=NewStore(name="Team notes"), by=make.actor())


@pytest.fixture
def hurt():
    """Make sessions in which a tool said this: their public ids."""

    def made(said="hot stove", count=3, **where):
        rows = []
        for _ in range(count):
            events = (make.event("user.message", "Do it."), *make.call("t", {}, f"{SIGN}{said}"))
            key = f"hurt-{len(made.keys)}"
            made.keys.append(key)
            rows.append(make.session(*(_of(each, key) for each in events), key=key, **where))
        return [each.public_id for each in rows]

    made.keys = []
    return made


@pytest.fixture
def dream_of(store, engine):
    """Ask for a dream about the store; nobody takes it up by itself."""

    def asked(session_ids, **plan):
        plan = {"store_id": store.pk, "model": MODEL} | plan
        return actions.create_dream(DreamPlan(session_ids=session_ids, **plan), by=make.actor())

    return asked


def _of(record, key):
    return type(record)(
        **{name: getattr(record, name) for name in record.__slots__} | {"session": key}
    )
