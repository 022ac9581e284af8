"""Web processes as in production, and what they and the database cost."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from django.db import connection

from tests import make

PROCESSES = 2
PATIENCE = 60


@dataclass
class Server:
    """Web processes, and a key to them."""

    ports: list[int]
    processes: list[subprocess.Popen[bytes]]
    secret: str

    def port(self, client: int) -> int:
        return self.ports[client % len(self.ports)]

    def cpu(self) -> float:
        return sum(cpu_of(each.pid) for each in self.processes)

    def memory(self) -> float:
        """MB of the web processes and the database together, shared pages counted once."""
        return sum(map(_pss_of, [*(each.pid for each in self.processes), *_database_pids()]))


@contextmanager
def serving(processes: int, **variables: str) -> Iterator[Server]:
    """Web processes as in production, each on a port of its own, as a balancer would have them."""
    ports = [_free_port() for _ in range(processes)]
    _, secret = make.key("read", "write")
    settings = {"LOG_LEVEL": "WARNING", "PYTHONWARNINGS": "ignore"} | variables
    command = [sys.executable, "-m", "agentsite.web", "--port"]
    webs = [
        subprocess.Popen([*command, str(port)], env={**os.environ, **settings}) for port in ports
    ]
    try:
        for port in ports:
            _await(port)
        yield Server(ports, webs, secret)
    finally:
        for each in webs:
            each.terminate()
        for each in webs:
            each.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            urlopen(f"http://127.0.0.1:{port}/healthz").close()
        except URLError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The web process did not start.")


def database_cpu() -> float:
    return sum(map(cpu_of, _database_pids()))


def _database_pids() -> list[int]:
    """Every process of the database server, as far as it runs on this machine."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity")
        return [pid for (pid,) in cursor.fetchall()]


def cpu_of(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _pss_of(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, PermissionError):
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
