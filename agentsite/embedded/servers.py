"""Using a server that may already run: whoever comes first starts it, the last one out stops it.

Each user holds a shared lock on `run/<name>.users`. The exclusive lock on it means there is no
other user; that of `run/<name>.start` means nobody else is starting it just now.
"""

import fcntl
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from agentsite.embedded import processes
from agentsite.embedded.trouble import CannotStart

PATIENCE = 60.0
_AFTER_A_CRASH = 10.0  # what a killed server leaves behind takes a moment to end


class Server(Protocol):
    """One server program and its part of the data folder."""

    name: str
    folder: Path
    stop_signal: int

    def pid(self) -> int | None:
        """The number of the process that serves this folder, dead ones and strangers left out."""

    def is_ready(self) -> bool:
        """Whether that process takes connections."""

    def prepare(self) -> None:
        """Make what the program needs on disk, and clear away what a crash left."""

    def command(self) -> list[str]:
        """Its command line."""

    def is_passing(self) -> bool:
        """Whether what kept it from starting goes away by itself."""

    def complaint(self) -> str:
        """Why it did not start, from its own last words."""


@dataclass(frozen=True)
class Running:
    """How a server came to be ours."""

    started: bool
    seconds: float


@contextmanager
def using(server: Server) -> Iterator[Running]:
    """Adopt or start the server; on leaving, stop it unless somebody else uses it."""
    users = _lock_file(server, "users")
    with users:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield ensure(server)
        finally:
            _leave(server, users)


def ensure(server: Server) -> Running:
    """Make sure that it runs; the caller holds the users' lock already."""
    began = time.monotonic()
    with _lock_file(server, "start") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        settled = processes.wait_until(
            lambda: server.pid() is None or server.is_ready(), seconds=PATIENCE
        )
        if not settled:
            raise CannotStart(
                f"{server.name} is neither starting nor stopping; see {_log(server)}."
            )
        started = server.pid() is None
        if started:
            server.prepare()
            if not processes.wait_until(lambda: _has_started(server), seconds=_AFTER_A_CRASH):
                raise CannotStart(server.complaint())
    return Running(started, time.monotonic() - began)


def _has_started(server: Server) -> bool:
    """Start it; False when that is worth another try in a moment."""
    arguments = [str(_path(server, "users")), str(server.stop_signal), *server.command()]
    log = _log(server)
    log.parent.mkdir(mode=0o700, exist_ok=True)
    with log.open("wb") as output:
        keeper = subprocess.Popen(  # noqa: S603 -- our own program
            processes.keeper_command("keep", *arguments),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=server.folder,
            start_new_session=True,
        )
    settled = processes.wait_until(
        lambda: server.is_ready() or keeper.poll() is not None, seconds=PATIENCE
    )
    if not settled or keeper.poll() is not None:
        processes.end(keeper.pid, server.stop_signal)
        if server.is_passing():
            return False
        raise CannotStart(server.complaint())
    keeper.returncode = 0  # it outlives us by design: no warning that it still runs
    return True


def _leave(server: Server, users: BinaryIO) -> None:
    if _taken(users, fcntl.LOCK_EX):
        _stop(server)
    elif not _taken(users, fcntl.LOCK_SH):
        fcntl.flock(users, fcntl.LOCK_SH)  # the keeper is stopping it: until that is done


def _stop(server: Server) -> None:
    pid = server.pid()
    if pid is not None:
        processes.end(pid, server.stop_signal)
        processes.wait_until(lambda: processes.birth(pid) is None, seconds=PATIENCE)


def _taken(file: BinaryIO, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _path(server: Server, what: str) -> Path:
    return server.folder / "run" / f"{server.name}.{what}"


def _log(server: Server) -> Path:
    return server.folder / "logs" / f"{server.name}-start.log"


def last_words(server: Server, *, lines: int = 12) -> str:
    """The end of what the program printed while it started."""
    try:
        return "\n".join(_log(server).read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


def _lock_file(server: Server, what: str) -> BinaryIO:
    path = _path(server, what)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
