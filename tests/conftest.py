"""What every test has."""

import pytest
from django.db import connection

pytest_plugins = ["tests.embedded_database"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database alone may be emptied: that is how tests with threads clean up."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        name = connection.ops.quote_name(connection.settings_dict["NAME"])
        cursor.execute(f"ALTER DATABASE {name} SET agentsite.may_truncate = 'on'")
        cursor.execute("SET agentsite.may_truncate = 'on'")
