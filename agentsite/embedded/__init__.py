"""The embedded stack: a database, a queue and every process of agentsite on one machine.

What an environment variable names (`DATABASE_URL`, `CELERY_BROKER_URL`) is taken from there and
not started. Nothing in here needs Django.
"""

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from agentsite.embedded.folder import data_folder
from agentsite.embedded.postgres import ensure_database
from agentsite.embedded.trouble import CannotStart
from agentsite.embedded.valkey import ensure_queue

_REASONS = {
    errno.EROFS: "it is on a read-only disk",
    errno.EACCES: "this user may not write there",
    errno.EPERM: "this user may not write there",
    errno.ENOTDIR: "a file is in the way",
    errno.EEXIST: "a file is in the way",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
}


def choose_folder(arguments: Sequence[str]) -> None:
    """Let `--data DIR` decide where data lives, before settings are read."""
    for position, argument in enumerate(arguments):
        if argument == "--data" and position + 1 < len(arguments):
            os.environ["AGENTSITE_DATA"] = arguments[position + 1]
        elif argument.startswith("--data="):
            os.environ["AGENTSITE_DATA"] = argument.removeprefix("--data=")


def writable_folder() -> Path:
    """The data folder, made and tried out; everything in it is for this user alone."""
    folder = data_folder()
    probe = folder / f"probe.{os.getpid()}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe.write_bytes(bytes(4096))
    except OSError as error:
        raise CannotStart(
            f"The data folder {folder} cannot be written:"
            f" {_REASONS.get(error.errno or 0, error.strerror)}."
            " Choose another one with AGENTSITE_DATA, or `up --data DIR`."
        ) from error
    finally:
        if folder.is_dir():
            probe.unlink(missing_ok=True)
    return folder


@contextmanager
def servers_in_use() -> Iterator[None]:
    """Use the database and the queue, each only where the environment names no other."""
    folder = writable_folder()
    with ExitStack() as stack:
        if not os.environ.get("DATABASE_URL"):
            stack.enter_context(ensure_database(folder))
        if not os.environ.get("CELERY_BROKER_URL"):
            stack.enter_context(ensure_queue(folder))
        yield
