"""One `up` per data folder: its lock, its listening socket, its children's command lines."""

import errno
import fcntl
import http.client
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agentsite.embedded import processes
from agentsite.embedded.children import Child
from agentsite.embedded.trouble import CannotStart

_BACKLOG = 512
_PATIENCE = 90.0


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder for this `up`, or say who has it."""
    path = folder / "run" / "up.lock"
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(
                f"agentsite runs already on {folder} (process {file.read().strip() or 'unknown'}):"
                " stop that one, or choose another folder with --data."
            ) from None
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        yield


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, shared by all web processes; while one starts again, visitors wait."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        raise CannotStart(_refused(host, port, error)) from error
    listener.listen(_BACKLOG)
    return listener


def _refused(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} of {host} is in use by another program:"
            " stop that one, or choose another port with --port."
        )
    if error.errno == errno.EACCES:
        return f"This user may not listen on port {port}: choose one above 1023 with --port."
    return f"{host} is no address of this machine ({error.strerror}): choose another with --host."


def address_of(listener: socket.socket) -> str:
    """The address to put into a browser on this machine."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 -- reads, does not bind
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def web(number: int, listener: socket.socket) -> Child:
    fd = str(listener.fileno())
    command = (sys.executable, "-m", "agentsite.web", "--fd", fd)
    return Child(f"web {number}", command, sockets=(listener.fileno(),))


def worker(at_once: int) -> Child:
    """Killed with `up`, it drops its jobs at once: the next `up` hands them out again."""
    talk = ("--without-mingle", "--without-gossip", "--without-heartbeat")  # there is no other
    command = (*_celery("worker"), "--concurrency", str(at_once), *talk)
    return Child("worker", command, orphaned=signal.SIGQUIT)


def schedule() -> Child:
    """Keeps nothing on disk: whatever must survive is a row that a job of the schedule looks at."""
    return Child("schedule", (*_celery("beat"), "--scheduler", "celery.beat:Scheduler"))


def _celery(what: str) -> tuple[str, ...]:
    # Whoever runs agentsite as root was told so by Celery once too often.
    quiet = "ignore::UserWarning:celery.platforms"
    return (sys.executable, "-W", quiet, "-m", "celery", "--quiet", "-A", "agentsite.celery", what)


def wait_for_web(listener: socket.socket, host_name: str) -> bool:
    """Ask until a web process answers. The socket listens already: the question waits in line."""
    host, port = listener.getsockname()[:2]

    def answers() -> bool:
        connection = http.client.HTTPConnection(host, port, timeout=_PATIENCE)
        try:
            connection.request("GET", "/healthz", headers={"Host": host_name})
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return processes.wait_until(answers, seconds=_PATIENCE)
