"""Statements that the database plans once for each connection, and from then on only runs.

Most of what a short statement costs is to be read and planned: three quarters of the database's
part in it, and more where indexes are many. Worth it for the few that every request runs.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper


@contextmanager
def prepared() -> Iterator[CursorWrapper]:
    """A cursor for statements whose text never changes.

    The values are sent beside the text, so the database must be able to tell their types from it:
    `%(name)s::text IS NULL`. After a rollback everything is planned anew.
    """
    connection.ensure_connection()
    bare = ServerBindingCursor(connection.connection)  # type: ignore[call-arg]  # psycopg's
    # Django has this kind of cursor as well, and a setting to have no other.
    with connection._prepare_cursor(bare) as cursor:  # type: ignore[attr-defined]  # noqa: SLF001
        yield cursor
