"""Whatever is wrong: one sentence that says what to do, exit code 1, nothing damaged."""

import os
import shutil
import subprocess
from contextlib import suppress

import pytest

from tests.stack.running import is_stopped, manage


def refusal(folder, *options: str, **variables: str) -> str:
    done = manage(folder, "up", "--port", "0", *options, **variables)
    told = [line for line in done.stderr.splitlines() if "[info]" not in line]
    assert done.returncode == 1, done.stderr
    assert len(told) == 1, done.stderr
    assert is_stopped(folder)
    return told[0]


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"DATABASE_URL": "postgres://me:secret@127.0.0.1:1/x"}, "(127.0.0.1:1) does not answer"),
        ({"CELERY_BROKER_URL": "redis://:secret@127.0.0.1:1/0"}, "(127.0.0.1:1) does not answer"),
        ({"CELERY_BROKER_URL": "amqp://me:secret@127.0.0.1:1//"}, "(127.0.0.1:1) does not answer"),
        ({"PGBIN": "/nowhere"}, "PostgreSQL's programs were not found in PGBIN=/nowhere"),
    ],
    ids=["database away", "redis away", "rabbitmq away", "programs missing"],
)
def test_a_part_that_is_not_there_is_named_without_its_password(folder, variables, told):
    sentence = refusal(folder, **variables)

    assert told in sentence
    assert "secret" not in sentence


def test_a_file_where_the_folder_should_be(tmp_path):
    (tmp_path / "taken").write_text("mine")

    assert "a file is in the way" in refusal(tmp_path / "taken")
    assert (tmp_path / "taken").read_text() == "mine"


def test_a_host_that_is_not_here(folder):
    assert "is no address of this machine" in refusal(folder, "--host", "203.0.113.9")


def test_a_database_of_another_major_version(folder):
    (folder / "postgres" / "PG_VERSION").write_text("9\n")

    assert "was made by PostgreSQL 9" in refusal(folder)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of its own, which only root can mount."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if os.geteuid() != 0 or not mount or not umount:
        pytest.skip("only root can mount a small disk")
    arguments = [mount, "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(disk)]
    if subprocess.run(arguments, check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a disk")
    yield disk
    subprocess.run([umount, str(disk)], check=True)


def test_a_disk_too_small(small_disk):
    assert "200 MB are needed" in refusal(small_disk / "data")


def test_a_disk_that_is_full(small_disk):
    with (small_disk / "filler").open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))

    assert "the disk is full" in refusal(small_disk / "data")


def test_a_read_only_disk(small_disk):
    mount = shutil.which("mount")
    subprocess.run([mount, "-o", "remount,ro", str(small_disk)], check=True)

    assert "it is on a read-only disk" in refusal(small_disk / "data")
