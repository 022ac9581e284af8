"""`kill -9` in the middle of a real dream: it ends right, and no session is read twice."""

import json
import os
import re
import signal
from concurrent.futures import ThreadPoolExecutor

from agentsite.embedded import processes
from tests.stack.running import Up, connect, manage

SESSIONS = 100
EVENTS = 160
PATIENCE = 120
SMALL_LEASE = (("DREAM_LEASE_SECONDS", "3"), ("DREAM_SESSIONS_PER_JOB", "5"))


def trajectories(place):
    """Sessions in which a tool fails the same way, long enough that reading takes a while."""
    lines = []
    for number in range(SESSIONS):
        session = f"sesn_{number:03}"
        lines.append({"type": "session", "id": session, "agent": {"name": "cook"}})
        for step in range(EVENTS):
            use = f"sevt_{number}_{step}_use"
            at = {"session_id": session, "processed_at": "2026-11-02T09:00:00Z"}
            call = {"name": "oven", "input": {"degrees": 180 + step}}
            lines.append({"type": "agent.tool_use", "id": use, **at, **call})
            said = "Error: the oven is cold" if step % 50 == 0 else f"baked {step}"
            lines.append(
                {
                    "type": "agent.tool_result",
                    "id": f"{use}_result",
                    **at,
                    "tool_use_id": use,
                    "is_error": step % 50 == 0,
                    "content": [{"type": "text", "text": said}],
                }
            )
    place.write_text("\n".join(map(json.dumps, lines)))
    return place


def ask(folder):
    asked = manage(folder, "dream", "--store", "kitchen", "--all", **dict(SMALL_LEASE))
    assert asked.returncode == 0, asked.stderr
    return re.match(r"\S+", asked.stdout)[0]


def told(folder, statement, *values):
    with connect(folder) as connection:
        return connection.execute(statement, values).fetchone()


def is_begun(folder):
    statement = "SELECT count(*) FROM dreams_dreaminput WHERE status = 'read'"
    return 0 < told(folder, statement)[0] < SESSIONS


def has_ended(folder, dream_id):
    return told(folder, "SELECT ended_at FROM dreams_dream WHERE id = %s", dream_id)[0] is not None


def test_a_dream_whose_worker_is_killed_ends_right(folder, tmp_path):
    with Up(folder, variables=SMALL_LEASE) as up:
        place = trajectories(tmp_path / "kitchen.ndjson")
        assert manage(folder, "import_sessions", str(place)).returncode == 0
        worker = up.child("agentsite.celery worker")
        with ThreadPoolExecutor(1) as pool:
            asking = pool.submit(ask, folder)  # it may take longer to end than the reading does
            assert processes.wait_until(lambda: is_begun(folder), seconds=PATIENCE)

            os.kill(worker, signal.SIGKILL)

            dream_id = asking.result()

        assert processes.wait_until(lambda: has_ended(folder, dream_id), seconds=PATIENCE)
        require_right(folder, dream_id)


def require_right(folder, dream_id):
    row = told(folder, "SELECT status, funnel FROM dreams_dream WHERE id = %s", dream_id)
    assert (row[0], row[1]["read"], row[1]["reused"]) == ("completed", SESSIONS, 0)
    steps = told(
        folder,
        "SELECT count(*), count(DISTINCT text) FROM agent_sessions_event e"
        " JOIN agent_sessions_session s ON s.id = e.session_id"
        " WHERE s.external_id = %s AND e.type = 'agent.tool_use' AND e.tool_name = 'read_session'",
        dream_id,
    )
    assert steps == (SESSIONS, SESSIONS)
    assert told(folder, "SELECT count(*) FROM reviews_changeset")[0] <= 1
