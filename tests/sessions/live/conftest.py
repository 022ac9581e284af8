"""Web processes in front of the tests' database, and the vendor's client."""

import anthropic
import pytest

from tests import make
from tests.web import Web


@pytest.fixture(scope="module")
def web(django_db_setup, tmp_path_factory):
    with Web(tmp_path_factory.mktemp("web") / "log") as running:
        yield running


@pytest.fixture(scope="module")
def other_web(django_db_setup, tmp_path_factory):
    with Web(tmp_path_factory.mktemp("web") / "log") as running:
        yield running


@pytest.fixture
def client_of():
    """The vendor's client with a key of these scopes, before this web process."""
    opened = []

    def make_client(web, *scopes, of=None):
        _, secret = make.key(*scopes, of=of)
        client = anthropic.Anthropic(
            auth_token=secret, base_url=web.address, max_retries=0, timeout=30
        )
        opened.append(client)
        return client

    yield make_client
    for client in opened:
        client.close()
