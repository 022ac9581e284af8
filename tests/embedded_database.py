"""A database for the tests: that of the data folder, running or started for them.

`AGENTSITE_TEST_DB=mine` gives a run its own test database, so that several runs do not meet;
without it two runs in the same data folder wait for nothing and collide. Each process of a run has
its own as well; the first to need the server starts it, the last to leave stops it. `DATABASE_URL`
replaces the server.
"""

import os
from collections.abc import Iterator

import pytest
from django.conf import settings

from agentsite.embedded.folder import data_folder, writable
from agentsite.embedded.postgres import ensure_database


def pytest_configure() -> None:
    suffix = os.environ.get("AGENTSITE_TEST_DB", "")
    database = settings.DATABASES["default"]
    database.setdefault("TEST", {})
    database["TEST"]["NAME"] = f"test_{database['NAME']}" + (f"_{suffix}" if suffix else "")
    # Pages link to files as they lie in the tree: no test waits for, or meets, a collected copy.
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES["staticfiles"]["BACKEND"] = plain


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> Iterator[None]:
    """What pytest-django asks for before it makes the test database."""
    if os.environ.get("DATABASE_URL"):
        yield
        return
    with ensure_database(writable(data_folder())):
        yield
