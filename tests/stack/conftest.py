import fcntl
import os
import shutil
from pathlib import Path

import pytest

from tests.stack.running import Up, manage


@pytest.fixture(scope="session")
def prepared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with every table and file, made once; nothing ever runs on it afterwards.

    Processes that run tests side by side have it in common: who comes first makes it.
    """
    base = tmp_path_factory.getbasetemp()
    common = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = common / "prepared"
    with (common / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            _prepare(common / "prepared.draft").rename(folder)
    return folder


def _prepare(folder: Path) -> Path:
    code = "from apps.core import preparing as p; p.migrate(); p.collect_static_files()"
    done = manage(folder, "shell", "--no-imports", "-c", code)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def folder(prepared_folder: Path, tmp_path: Path) -> Path:
    """A copy of it for one test."""
    return shutil.copytree(prepared_folder, tmp_path / "data")


@pytest.fixture(scope="module")
def up(prepared_folder: Path, tmp_path_factory: pytest.TempPathFactory):
    """A running console for the tests of one file."""
    folder = shutil.copytree(prepared_folder, tmp_path_factory.mktemp("up") / "data")
    with Up(folder, variables=(("LOG_FORMAT", "json"),)) as running:
        yield running
