"""Times that the database tells."""

from datetime import UTC, datetime

import pytest
from django.db import DataError, connection

from apps.core.instants import InUTC

pytestmark = pytest.mark.django_db


def told(text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [text])
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-22 21:37:31.123456+00", datetime(2026, 11, 22, 21, 37, 31, 123456, UTC)),
        ("2026-11-22 21:37:31.1+00", datetime(2026, 11, 22, 21, 37, 31, 100000, UTC)),
        ("2026-11-22 21:37:31+05:30", datetime(2026, 11, 22, 16, 7, 31, 0, UTC)),
        ("0001-01-01 00:00:00+00", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31 23:59:59.999999+00", datetime(9999, 12, 31, 23, 59, 59, 999999, UTC)),
    ],
)
def test_times_are_read_in_utc(text, moment):
    found = told(text)

    assert (found, found.tzinfo) == (moment, UTC)


@pytest.mark.parametrize("text", ["infinity", "12026-01-01 00:00:00+00", "0044-03-15 00:00:00 BC"])
def test_what_is_no_time_of_ours_is_refused_by_the_driver(text):
    with pytest.raises(DataError):
        told(text)


def test_every_connection_reads_them_so():
    loader = connection.connection.adapters.get_loader(
        connection.Database.adapters.types["timestamptz"].oid, 0
    )

    assert loader is InUTC
