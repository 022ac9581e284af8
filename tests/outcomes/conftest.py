"""The API, somebody next door, and graders that say what a test wants."""

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
def connected(settings):
    """A model is connected, and it says what the test's script says."""
    settings.ANTHROPIC_API_KEY = "sk-ant-tests"
    settings.ENGINE = "tests.scripted.engine"
