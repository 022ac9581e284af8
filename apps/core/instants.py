"""Times as the database tells them, read by the language itself.

The driver takes each apart with a pattern, which was an eighth of a page of fifty rows.
"""

from datetime import UTC, datetime

from django.conf import settings
from django.db.backends.postgresql.psycopg_any import BaseTzLoader, get_adapters_template
from psycopg.abc import Buffer


class InUTC(BaseTzLoader):  # type: ignore[misc]  # nothing is said of it
    """For connections of Django, which ask for every time in UTC. What is no time is left to it."""

    timezone = UTC

    def load(self, data: Buffer) -> datetime:
        try:
            return datetime.fromisoformat(bytes(data).decode())
        except ValueError:  # `infinity`, and years of more digits
            return super().load(data)  # type: ignore[no-any-return]


def read_by_language() -> None:
    """On every connection that is opened from now on."""
    get_adapters_template(settings.USE_TZ, UTC).register_loader("timestamptz", InUTC)
