"""What every test has."""

from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection

pytest_plugins = ["tests.embedded_database"]


def pytest_configure():
    # A busy machine is no failure.
    slow = [hypothesis.HealthCheck.too_slow]
    hypothesis.settings.register_profile("ours", deadline=None, suppress_health_check=slow)
    hypothesis.settings.load_profile("ours")
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.ANTHROPIC_API_KEY = ""  # no test pays by accident
    settings.STATIC_ROOT = str(Path(__file__).parent.parent / "static")


@pytest.fixture(autouse=True)
def _nothing_counted_yet():
    cache.clear()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    # A test that empties the tables takes the default workspace with them, so it runs after all
    # others. pytest-django sorts so too, but whether before or after the shuffling is chance.
    items.sort(key=_empties_the_tables)


def _empties_the_tables(item):
    marker = item.get_closest_marker("django_db")
    asked = marker is not None and marker.kwargs.get("transaction", False)
    return asked or not {"live_server", "transactional_db"}.isdisjoint(item.fixturenames)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database alone may be emptied: that is how tests with threads clean up."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        name = connection.ops.quote_name(connection.settings_dict["NAME"])
        cursor.execute(f"ALTER DATABASE {name} SET agentsite.may_truncate = 'on'")
        cursor.execute("SET agentsite.may_truncate = 'on'")
