"""One command starts everything, says so, and stops it again."""

import json
import signal

import pytest

from agentsite.embedded import processes
from tests.stack.running import Up, is_stopped, manage


def test_its_last_line_is_the_address_and_a_link_that_signs_in_once(up):
    address = f"http://127.0.0.1:{up.port}/"

    first, headers, _ = up.get(up.sign_in_path())
    second, _, _ = up.get(up.sign_in_path())

    assert up.ready_line.startswith(f"agentsite is ready at {address} · sign in once at {address}")
    assert (first, second) == (302, 410)
    assert "sessionid=" in headers["set-cookie"]


def test_every_part_answers_when_it_says_ready(up):
    alive, _, _ = up.get("/healthz")
    ready, _, told = up.get("/readyz")

    assert (alive, ready) == (200, 200)
    assert json.loads(told)["worker"]["ok"]


def test_every_answer_has_an_id_and_so_has_its_line_in_the_log(up):
    _, headers, _ = up.get("/nowhere")
    lines = [json.loads(line) for line in up.log().splitlines()]

    request_id = headers["request-id"]
    said = [line["message"] for line in lines if line.get("request_id") == request_id]
    assert request_id.startswith("req_")
    assert [words.split()[:2] for words in said] == [["GET", "/nowhere"]]


def test_static_files_carry_their_hash_and_stay_in_the_browser_for_good(up):
    manifest = json.loads((up.folder / "static" / "staticfiles.json").read_text())
    name = next(name for path, name in manifest["paths"].items() if path.endswith(".css"))

    status, headers, _ = up.get(f"/static/{name}")

    assert status == 200
    assert "immutable" in headers["cache-control"]


def test_a_second_one_is_told_who_has_the_folder(up):
    second = manage(up.folder, "up", "--port", "0")

    assert second.returncode == 1
    assert second.stderr == (
        f"agentsite runs already on {up.folder} (process {up.process.pid}):"
        " stop that one, or choose another folder with --data.\n"
    )


def test_a_port_in_use_is_named(up, folder):
    other = manage(folder, "up", "--port", str(up.port))

    assert other.returncode == 1
    assert other.stderr == (
        f"Port {up.port} of 127.0.0.1 is in use by another program:"
        " stop that one, or choose another port with --port.\n"
    )


def test_other_commands_use_the_running_database(up):
    servers = {up.child("postgres.users"), up.child("valkey.users")}

    done = manage(up.folder, "showmigrations", "core", "--skip-checks")

    assert "[X] 0001_heartbeat" in done.stdout
    assert {up.child("postgres.users"), up.child("valkey.users")} == servers


@pytest.mark.parametrize("words", ["-m agentsite.web", "agentsite.celery worker"])
def test_a_child_that_dies_is_started_again(up, words):
    first = up.child(words)
    told = up.log().count("ended by SIGKILL")

    processes.end(first, signal.SIGKILL)

    assert processes.wait_until(lambda: up.child(words) not in {first, None}, seconds=20)
    assert up.log().count("ended by SIGKILL") == told + 1
    assert up.get("/healthz")[0] == 200


def test_a_database_that_dies_is_started_again(up):
    pid = int((up.folder / "postgres" / "postmaster.pid").read_text().split()[0])

    processes.end(pid, signal.SIGQUIT)

    assert processes.wait_until(lambda: "postgres had ended; started" in up.log(), seconds=20)
    assert processes.wait_until(lambda: up.get("/readyz")[0] == 200, seconds=20)


def test_it_stops_by_itself_and_leaves_nothing(folder):
    with Up(folder) as up:
        assert up.stop() == 0
        assert is_stopped(folder)
