"""A web process of its own, in front of the database of the tests."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from django.db import connection

ROOT = Path(__file__).parent.parent
PATIENCE = 60


def database_url() -> str:
    """The address of the tests' own database, for another process."""
    settings = connection.settings_dict
    host, port = settings["HOST"], settings["PORT"]
    secret = f":{quote(settings['PASSWORD'])}" if settings["PASSWORD"] else ""
    at = f"{quote(host, safe='')}{f':{port}' if port else ''}"
    if host.startswith("/"):
        return f"postgres://{settings['USER']}{secret}@/{quote(host)}/{settings['NAME']}"
    return f"postgres://{settings['USER']}{secret}@{at}/{settings['NAME']}"


class Web:
    """`with Web(log, AGENTSITE_UPLOADS=…) as web:` from its first answer on, to its last."""

    def __init__(self, log: Path, **variables: str) -> None:
        self.log = log
        self.variables = {
            "DATABASE_URL": database_url(),
            "CACHE_URL": "locmemcache://",
            "LOG_LEVEL": "WARNING",
            "STATIC_ROOT": str(ROOT / "static"),  # none were collected, and that is said
        } | variables

    def __enter__(self) -> "Web":
        listening = socket.create_server(("127.0.0.1", 0))
        self.port = listening.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        with self.log.open("w") as log, listening:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "agentsite.web", "--fd", str(listening.fileno())],
                cwd=ROOT,
                env=os.environ | self.variables,
                pass_fds=[listening.fileno()],
                stdout=log,
                stderr=log,
            )
        try:
            self._wait()
        except BaseException:
            self.kill()
            raise
        return self

    def _wait(self) -> None:
        """The socket listens from the start: the first answer comes once the process is ready."""
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            asked.request("GET", "/healthz")
            assert asked.getresponse().status == 200, self.log.read_text()
        except OSError as error:
            raise AssertionError(self.log.read_text()) from error
        finally:
            asked.close()

    def kill(self) -> None:
        """As `kill -9` does."""
        self.process.kill()
        self.process.wait()

    def most_memory(self) -> int:
        """The most bytes that it ever had in memory."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        [line] = [line for line in status.splitlines() if line.startswith("VmHWM")]
        return int(line.split()[1]) * 1024

    def wait_until_gone(self) -> int:
        """How it ended, by itself."""
        return self.process.wait(PATIENCE)

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()
