"""A client, a store, and a quick way to fill it."""

import pytest

from tests import make
from tests.sessions.api.asking import Api


@pytest.fixture
def api():
    return Api()


@pytest.fixture
def neighbour():
    """Somebody with every right in another workspace."""
    return Api(of=make.workspace("next-door"))


@pytest.fixture
def store(api):
    """A store as the API tells it."""
    return api.post("memory_stores", name="Team notes")


@pytest.fixture
def at(store):
    return f"memory_stores/{store['id']}"


@pytest.fixture
def write(api, at):
    """Make a memory, as the API tells it."""

    def written(path, content="text"):
        return api.post(f"{at}/memories", path=path, content=content)

    return written
