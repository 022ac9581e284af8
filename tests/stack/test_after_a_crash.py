"""`kill -9` of everything, then `up` again; then of `up` alone.

One long test, because each start takes seconds.
"""

import time

from tests.stack.running import Up, connect, is_stopped, kill_everything, manage

PATIENCE = 30

# One job waits; another was begun by somebody who is gone without a word.
LEAVE_TWO_JOBS = """
import os
from apps.core.queue import app
from apps.core.tasks import heartbeat
heartbeat.delay()
heartbeat.delay()
with app.connection() as broker:
    begun = broker.default_channel.basic_get("default")
    print("begun" if begun else "nothing there", flush=True)
    os._exit(9)
"""


def test_nothing_is_lost_and_nothing_is_left(folder):
    left = manage(folder, "shell", "--no-imports", "-c", LEAVE_TWO_JOBS)
    assert left.stdout == "begun\n", left.stderr
    with Up(folder) as up:
        jobs = up.log().count("interrupted jobs handed out again")
        with connect(folder) as connection:
            connection.execute("INSERT INTO core_heartbeat VALUES ('before the crash', now())")
        kill_everything(folder)
    with Up(folder) as up, connect(folder) as connection:
        deadline = time.monotonic() + PATIENCE  # the job runs when a worker gets to it
        names: list[tuple[str, ...]] = []
        while ("schedule",) not in names and time.monotonic() < deadline:
            names = connection.execute("SELECT name FROM core_heartbeat ORDER BY name").fetchall()
            time.sleep(0.1)

        assert jobs == 1
        assert names == [("before the crash",), ("schedule",), ("worker",)]
        assert up.get("/readyz")[0] == 200

        up.process.kill()
        up.process.wait()

        assert is_stopped(folder)
        assert not (folder / "postgres" / "postmaster.pid").exists()
