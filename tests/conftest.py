"""What every test has."""

pytest_plugins = ["tests.embedded_database"]
