"""An agent, an environment, and a client that may use both."""

import json
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from apps.files import actions as files
from tests import make
from tests.sessions.api import asking

SCHEMAS = Path(__file__).parents[4] / "shared/spec/sdk-2.12.0-response-schemas.json"


@pytest.fixture(autouse=True)
def _kept_apart(settings, tmp_path):
    settings.UPLOADS_DIR = settings.MEDIA_ROOT = tmp_path / "uploads"


@pytest.fixture(scope="session")
def schemas():
    """The vendor's own schema of every answer, by the name of its class."""
    if not SCHEMAS.exists():
        pytest.skip(f"{SCHEMAS.name} is not here")
    return json.loads(SCHEMAS.read_text())


@pytest.fixture
def api():
    return asking.Api()


@pytest.fixture
def neighbour():
    """Somebody with every right in another workspace."""
    return asking.Api(of=make.workspace("next-door"))


@pytest.fixture
def agent():
    return asking.new_agent()


@pytest.fixture
def environment():
    return asking.new_environment()


@pytest.fixture
def ids(agent, environment):
    """What a session cannot do without."""
    return {"agent": agent.public_id, "environment_id": environment.public_id}


@pytest.fixture
def session(api, ids):
    """A session as the API tells it."""
    return api.post("sessions", **ids)


@pytest.fixture
def file():
    """An uploaded file."""
    return files.upload(by=make.actor(), content=ContentFile(b"a,b\n1,2\n"), filename="data.csv")
