"""`kill -9` in the middle of 100 MB: what was answered is there once, and no half of a batch is.

Two senders keep a request under way each, so that whatever is killed is in the middle of one; what
was not answered they send again, until it is.
"""

import http.client
import json
import os
import signal
import threading
from pathlib import Path

import pytest

from agentsite.embedded import processes
from tests.stack.running import Up, connect, kill_everything, manage

SENDERS = 2
BATCHES = 45  # of each sender
EVENTS = 400
TEXT = "what was said, and what came of it; " * 77  # 2.8 kB: 100 MB in all
PATIENCE = 120
OWN, SHARED = "sesn_of_sender_{}", "sesn_of_both"


def batch(sender: int, number: int) -> bytes:
    """Every third goes to a session that both senders write to."""
    session = SHARED if number % 3 == 0 else OWN.format(sender)
    lines = [{"type": "session", "id": session, "agent": {"name": "sender"}}]
    lines += [
        {
            "type": "user.message",
            "id": f"sevt_{sender}_{number}_{index}",
            "session_id": session,
            "processed_at": "2026-11-02T09:00:00Z",
            "content": [{"type": "text", "text": f"{sender} {number} {index} {TEXT}"}],
        }
        for index in range(EVENTS)
    ]
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


class Sender(threading.Thread):
    """Sends its batches one after the other, each until it is answered with 200."""

    def __init__(self, number: int, secret: str, place: dict[str, int]) -> None:
        super().__init__(daemon=True)
        self.number = number
        self.secret = secret
        self.place = place
        self.begun = 0
        self.answered = 0
        self.broken = 0
        self.added = 0
        self.moved = threading.Condition()

    def run(self) -> None:
        for number in range(BATCHES):
            body = batch(self.number, number)
            while not self._send(body):
                self.broken += 1
                threading.Event().wait(0.2)
            with self.moved:
                self.answered += 1
                self.moved.notify_all()

    def _send(self, body: bytes) -> bool:
        channel = http.client.HTTPConnection("127.0.0.1", self.place["port"], timeout=PATIENCE)
        headers = {"authorization": f"Bearer {self.secret}"}
        try:
            channel.connect()
            with self.moved:
                self.begun += 1
                self.moved.notify_all()
            channel.request("POST", "/v1/ingest/sessions", body, headers)
            answer = channel.getresponse()
            told = answer.read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            channel.close()
        if answer.status != http.HTTPStatus.OK:
            assert answer.status >= 500, told  # nothing about the batch is wrong
            return False
        self.added += json.loads(told)["events"]["added"]
        return True

    def wait_to_begin(self) -> None:
        """Until it sends the next: whatever is killed now is killed in the middle of it."""
        with self.moved:
            begun = self.begun
            assert self.moved.wait_for(lambda: self.begun > begun, PATIENCE)

    def wait_for(self, answered: int) -> None:
        with self.moved:
            assert self.moved.wait_for(lambda: self.answered >= answered, PATIENCE)


def key(folder: Path) -> str:
    made = manage(folder, "create_api_key", "--name", "sender", "--scopes", "write")
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


def start(up: Up, folder: Path) -> tuple[list[Sender], dict[str, int]]:
    place = {"port": up.port}
    secret = key(folder)
    senders = [Sender(number, secret, place) for number in range(SENDERS)]
    for each in senders:
        each.start()
    for each in senders:
        each.wait_for(BATCHES // 3)
    return senders, place


def kept(folder: Path) -> dict[tuple[int, int], int]:
    """How many events of each batch are there."""
    with connect(folder) as connection:
        rows = connection.execute(
            "SELECT split_part(public_id, '_', 2)::int, split_part(public_id, '_', 3)::int,"
            " count(*) FROM agent_sessions_event GROUP BY 1, 2"
        ).fetchall()
    return {(sender, number): count for sender, number, count in rows}


def require_whole(folder: Path, senders: list[Sender]) -> None:
    """All that was answered, nothing else in part; more may have been kept than was answered."""
    answered = {(each.number, number) for each in senders for number in range(each.answered)}
    found = kept(folder)
    assert set(found.values()) == {EVENTS}
    assert answered <= set(found)


def require_complete(folder: Path, senders: list[Sender]) -> None:
    for each in senders:
        each.join(PATIENCE * 2)
        assert each.answered == BATCHES
    assert any(each.broken for each in senders)  # else nothing was killed in the middle of anything
    assert sum(kept(folder).values()) == SENDERS * BATCHES * EVENTS
    with connect(folder) as connection:
        counted = connection.execute(
            "SELECT s.public_id, s.event_count, count(*), max(e.sequence)"
            " FROM agent_sessions_session s JOIN agent_sessions_event e ON e.session_id = s.id"
            " GROUP BY 1, 2"
        ).fetchall()
    assert len(counted) == SENDERS + 1
    assert all(told == there == last for _, told, there, last in counted)


@pytest.fixture
def folder(folder):
    yield folder
    kill_everything(folder)


def test_the_web_process_is_killed(folder):
    with Up(folder) as up:
        senders, _ = start(up, folder)

        web = up.child("agentsite.web")
        answered = [each.answered for each in senders]
        senders[0].wait_to_begin()
        os.kill(web, signal.SIGKILL)
        for each, before in zip(senders, answered, strict=True):
            each.wait_for(before + 2)  # another process has taken its place
        require_whole(folder, senders)

        require_complete(folder, senders)


def test_the_database_is_killed(folder):
    with Up(folder) as up:
        senders, place = start(up, folder)
        postmaster = int((folder / "postgres" / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
        assert processes.wait_until(lambda: all(each.broken for each in senders), seconds=PATIENCE)
    with Up(folder) as up:
        require_whole(folder, senders)
        place["port"] = up.port

        require_complete(folder, senders)
