"""A real `manage.py up` in a folder of its own, and what it leaves behind."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import psycopg

from agentsite.embedded import processes
from agentsite.embedded.folder import socket_folder

ROOT = Path(__file__).parent.parent.parent
REPLACED = ("DATABASE_URL", "CELERY_BROKER_URL", "PGBIN", "LOG_FORMAT", "STATIC_ROOT", "DEBUG")


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in REPLACED}
    return kept | {"AGENTSITE_DATA": str(folder)} | more


def manage(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=environment(folder, **more),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,  # of a busy machine
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def left_running(folder: Path) -> list[int]:
    """Every process that has the folder in its command line or its environment."""
    sign = str(folder).encode()
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            told = (place / "cmdline").read_bytes() + (place / "environ").read_bytes()
        except OSError:
            continue
        if sign in told and processes.birth(int(place.name)) is not None:
            found.append(int(place.name))
    return found


def is_stopped(folder: Path) -> bool:
    return processes.wait_until(lambda: not left_running(folder), seconds=10)


def kill_everything(folder: Path) -> None:
    """`kill -9` of the servers, of `up` and of every child."""
    for pid in left_running(folder):
        processes.end(pid, signal.SIGKILL)
    assert is_stopped(folder), left_running(folder)


def connect(folder: Path) -> psycopg.Connection:
    sockets = str(socket_folder(folder))
    return psycopg.connect(host=sockets, user="agentsite", dbname="agentsite", autocommit=True)


@dataclass
class Up:
    """`with Up(folder) as up:` runs it from its ready line on; leaving stops it the hard way."""

    folder: Path
    options: tuple[str, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()

    def __enter__(self) -> "Up":
        self.port = free_port()
        self.errors = self.folder.with_suffix(".log")
        with self.errors.open("w") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--port", str(self.port), *self.options],
                cwd=ROOT,
                env=environment(self.folder, **dict(self.variables)),
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        self.ready_line = self.process.stdout.readline().strip()
        assert self.ready_line, self.log()
        return self

    def __exit__(self, *_: object) -> None:
        kill_everything(self.folder)
        self.process.wait()
        self.process.stdout.close()

    def log(self) -> str:
        return self.errors.read_text()

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        told = (answer.status, dict(answer.getheaders()), answer.read().decode())
        connection.close()
        return told

    def sign_in_path(self) -> str:
        return re.search(r"(/sign-in/\S+)$", self.ready_line)[1]

    def child(self, words: str) -> int | None:
        """The leader of the group whose command line has these words in it."""
        for pid in left_running(self.folder):
            if words in processes.command_line(pid) and os.getpgid(pid) == pid:
                return pid
        return None

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=20)
