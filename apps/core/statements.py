"""Statements that the database plans once for each connection, and from then on only runs.

Most of what a short statement costs is to be read and planned: three quarters of the database's
part in it, and more where indexes are many. Worth it for the few that every request runs.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.utils import CursorWrapper


@contextmanager
def prepared() -> Iterator[CursorWrapper]:
    """A cursor for statements whose text never changes.

    The values are sent beside the text, so the database must be able to tell their types from it:
    `%(name)s::text IS NULL`. After a rollback everything is planned anew.
    """
    connection = connections[DEFAULT_DB_ALIAS]  # Django's own name for it looks this up each time
    connection.ensure_connection()
    bare = ServerBindingCursor(connection.connection)  # type: ignore[call-arg]  # psycopg's
    # Django has this kind of cursor as well, and a setting to have no other.
    with connection._prepare_cursor(bare) as cursor:  # type: ignore[attr-defined]  # noqa: SLF001
        yield cursor


def insert(row: models.Model) -> None:
    """Keep a new row, every column as the object has it; nobody else hears of it."""
    with prepared() as cursor:
        cursor.execute(inserting(type(row)), values(row))
    kept(row)


def values(row: models.Model) -> list[Any]:
    """What `inserting` takes."""
    connection = connections[DEFAULT_DB_ALIAS]
    return [
        field.get_db_prep_save(getattr(row, field.attname), connection)
        for field in row._meta.concrete_fields  # noqa: SLF001 -- Django's own name for it
    ]


def kept(row: models.Model) -> None:
    """The object knows that its row is there."""
    state = row._state  # noqa: SLF001 -- as above
    state.adding, state.db = False, DEFAULT_DB_ALIAS


@cache
def inserting(model: type[models.Model]) -> str:
    """The statement that keeps one row, also as a part of another."""
    meta = model._meta  # noqa: SLF001 -- as above
    columns = [str(field.column) for field in meta.concrete_fields]
    marks = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {meta.db_table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 -- ours
