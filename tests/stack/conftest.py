import shutil
from pathlib import Path

import pytest

from tests.stack.running import Up, manage


@pytest.fixture(scope="session")
def prepared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with every table and file, made once; nothing ever runs on it afterwards."""
    folder = tmp_path_factory.mktemp("prepared") / "data"
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
