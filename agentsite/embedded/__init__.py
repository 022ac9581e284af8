"""The embedded stack: a database, a queue and every process of agentsite on one machine.

What an environment variable names (`DATABASE_URL`, `CELERY_BROKER_URL`) is taken from there and
not started. Nothing in here needs Django.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from agentsite.embedded.folder import data_folder, writable
from agentsite.embedded.postgres import ensure_database
from agentsite.embedded.valkey import ensure_queue


def choose_folder(arguments: Sequence[str]) -> None:
    """Let `--data DIR` decide where data lives, before settings are read."""
    for position, argument in enumerate(arguments):
        if argument == "--data" and position + 1 < len(arguments):
            os.environ["AGENTSITE_DATA"] = arguments[position + 1]
        elif argument.startswith("--data="):
            os.environ["AGENTSITE_DATA"] = argument.removeprefix("--data=")


@contextmanager
def servers_in_use() -> Iterator[None]:
    """Use the database and the queue, each only where the environment names no other."""
    with ExitStack() as stack:
        if not os.environ.get("DATABASE_URL"):
            stack.enter_context(ensure_database(writable(data_folder())))
        if not os.environ.get("CELERY_BROKER_URL"):
            stack.enter_context(ensure_queue(writable(data_folder())))
        yield
