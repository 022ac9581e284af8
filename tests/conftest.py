"""What every test has."""

from pathlib import Path

import hypothesis
import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError, connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.models.signals import post_migrate

from tests import make

pytest_plugins = ["tests.embedded_database", "tests.sharing_out"]


def pytest_configure():
    # A busy machine is no failure.
    slow = [hypothesis.HealthCheck.too_slow]
    hypothesis.settings.register_profile("ours", deadline=None, suppress_health_check=slow)
    hypothesis.settings.load_profile("ours")
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.ANTHROPIC_API_KEY = ""  # no test pays by accident
    settings.PASSWORD_HASHERS = ["tests.hashing.OneRound"]
    settings.STATIC_ROOT = str(Path(__file__).parent.parent / "static")


@pytest.fixture(autouse=True)
def _nothing_counted_yet():
    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def _emptied_in_the_end():
    """What a browser asked for last may still be read when the tables are emptied: then again."""
    empty = DatabaseOperations.execute_sql_flush

    def patiently(self, statements, tries=5):
        try:
            empty(self, statements)
        except OperationalError as error:
            if tries == 1 or not isinstance(error.__cause__, psycopg.errors.DeadlockDetected):
                raise
            patiently(self, statements, tries - 1)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(DatabaseOperations, "execute_sql_flush", patiently)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database alone may be emptied: that is how tests with threads clean up."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        name = connection.ops.quote_name(connection.settings_dict["NAME"])
        cursor.execute(f"ALTER DATABASE {name} SET agentsite.may_truncate = 'on'")
        cursor.execute("SET agentsite.may_truncate = 'on'")
    post_migrate.connect(_the_default_workspace, sender=apps.get_app_config("accounts"))
    yield
    # A thread or a process that a test has left is no reason to keep the database.
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def _the_default_workspace(**_signal):
    """Emptying the tables takes with them what a migration made; here it is again."""
    make.workspace()
