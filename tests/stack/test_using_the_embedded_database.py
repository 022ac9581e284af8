"""Whoever comes first starts it, the last one out stops it, and a crash loses nothing."""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from agentsite.embedded import folder as places
from agentsite.embedded.postgres import Postgres, ensure_database
from agentsite.embedded.trouble import CannotStart
from tests.stack.running import ROOT, connect, environment, is_stopped, kill_everything

HOLD = """
import sys
from pathlib import Path
from agentsite.embedded.postgres import ensure_database
with ensure_database(Path(sys.argv[1])):
    print("in use", flush=True)
    sys.stdin.read()
"""


def another_user(folder: Path) -> subprocess.Popen[str]:
    """A process that uses the database until its standard input is closed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        cwd=ROOT,
        env=environment(folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "in use\n"
    return process


def test_an_empty_folder_gets_a_database_of_unicode_text_and_durable_commits(tmp_path):
    with ensure_database(tmp_path) as how, connect(tmp_path) as connection:
        settings = {
            name: connection.execute(f"SHOW {name}").fetchone()[0]
            for name in ("server_encoding", "fsync", "synchronous_commit", "listen_addresses")
        }
        lowered = connection.execute("SELECT lower('ÄÖ')").fetchone()[0]

    assert how.started
    assert settings == {
        "server_encoding": "UTF8",
        "fsync": "on",
        "synchronous_commit": "on",
        "listen_addresses": "",
    }
    assert lowered == "äö"
    assert is_stopped(tmp_path)


def test_only_its_owner_may_enter_the_folder_or_reach_the_socket(folder):
    with ensure_database(folder):
        modes = [path.stat().st_mode & 0o077 for path in (folder / "postgres", folder / "run")]

    assert modes == [0, 0]


def test_a_second_user_adopts_it_and_the_first_may_leave(folder):
    first = another_user(folder)
    with ensure_database(folder) as how:
        first.communicate("")

        with connect(folder) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)

    assert not how.started
    assert is_stopped(folder)


def test_it_stops_by_itself_when_its_last_user_is_killed(folder):
    user = another_user(folder)

    user.kill()
    user.communicate()

    assert is_stopped(folder)
    assert not (folder / "postgres" / "postmaster.pid").exists()


def test_many_who_come_at_once_start_one(folder):
    found = []

    def use() -> None:
        with ensure_database(folder) as how:
            found.append((how.started, Postgres(folder).pid()))
            barrier.wait()

    barrier = threading.Barrier(4)
    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(started for started, _ in found) == [False, False, False, True]
    assert len({pid for _, pid in found}) == 1
    assert is_stopped(folder)


def test_a_crash_of_the_server_and_its_keeper_loses_no_row(folder):
    user = another_user(folder)
    with connect(folder) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")
    kill_everything(folder)
    user.communicate()

    with ensure_database(folder) as how, connect(folder) as connection:
        rows = connection.execute("SELECT one FROM kept").fetchall()

    assert how.started
    assert rows == [(1,)]


def test_a_number_that_now_belongs_to_a_stranger_is_no_server(folder):
    words = f"{os.getpid()}\n{folder / 'postgres'}\n1700000000\n5432\n/x\n\n 1 1\nready\n"
    for stale in (folder / "postgres" / "postmaster.pid", folder / "run" / ".s.PGSQL.5432.lock"):
        stale.write_text(words)

    with ensure_database(folder) as how:
        pass

    assert how.started


def test_a_folder_left_half_made_is_made_anew(tmp_path):
    (tmp_path / "postgres.new").mkdir()
    (tmp_path / "postgres.new" / "PG_VERSION").write_text("1")

    with ensure_database(tmp_path) as how:
        assert how.started

    assert not (tmp_path / "postgres.new").exists()


def test_a_folder_of_another_major_version_is_left_alone(folder):
    (folder / "postgres" / "PG_VERSION").write_text("9\n")
    before = sorted(path.name for path in (folder / "postgres").iterdir())

    with pytest.raises(CannotStart, match=r"was made by PostgreSQL 9 .* set PGBIN"):
        ensure_database(folder).__enter__()

    assert sorted(path.name for path in (folder / "postgres").iterdir()) == before
    assert is_stopped(folder)


@pytest.mark.parametrize("name", ["with space + plus", "d" * 120])
def test_any_folder_name_will_do(prepared_folder, tmp_path, name):
    folder = shutil.copytree(prepared_folder, tmp_path / name)

    with ensure_database(folder), connect(folder) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)

    sockets = places.socket_folder(folder)
    assert len(os.fsencode(sockets / ".s.PGSQL.5432")) <= 107
    shutil.rmtree(sockets)
