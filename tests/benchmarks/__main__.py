"""`uv run python -m tests.benchmarks [NAME …] [--small]`: tables of figures.

No timed tests: a figure means something only beside another of the same run. Everything happens in
a database of its own, which is dropped at the end.
"""

import argparse
import os
import platform
import sys
from contextlib import contextmanager
from pathlib import Path

from agentsite.embedded.folder import data_folder, database_url, writable
from agentsite.embedded.postgres import ensure_database

NAMES = ("ingest", "trace", "list", "streams", "memory", "hammer", "dreams", "reviews")


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], default=[])
    parser.add_argument("--small", action="store_true", help="only to see that they work")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agentsite.settings")
    print(f"{machine()}\n")
    with database():
        # Settings read the database's address, which is known only now.
        from tests.benchmarks import (  # noqa: PLC0415
            dreams,
            hammer,
            ingest,
            listing,
            memory,
            reviews,
            streams,
            trace,
        )

        runs = {
            "ingest": ingest.run,
            "trace": trace.run,
            "list": listing.run,
            "streams": streams.run,
            "memory": memory.run,
            "hammer": hammer.run,
            "dreams": dreams.run,
            "reviews": reviews.run,
        }
        for name in options.names or NAMES:
            runs[name](small=options.small)


def machine() -> str:
    """One line that says what the figures were taken on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()},"
        f" Python {platform.python_version()}"
    )


@contextmanager
def database():
    """Migrate an empty database, point Django and its children at it, and drop it afterwards."""
    folder = writable(data_folder())
    given = os.environ.get("DATABASE_URL")
    with ensure_database(folder) if not given else _nothing():
        import django  # noqa: PLC0415 -- once the database is there
        from django.db import connection  # noqa: PLC0415

        django.setup()
        connection.settings_dict["TEST"]["NAME"] = "benchmark_agentsite"
        name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        address = given or database_url(folder)
        os.environ["DATABASE_URL"] = f"{address.rpartition('/')[0]}/{name}"
        try:
            yield
        finally:
            connection.close()
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def _nothing():
    yield


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    main()
