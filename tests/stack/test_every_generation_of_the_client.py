"""The vendor's client, unchanged, in the generations whose wire differs, against a real server."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stack.running import environment, manage

ROUND_TRIP = Path(__file__).with_name("round_trip.py")
# 0.121 sends its key in X-Api-Key and knows fewer events; 1.17 is the last of the old headers.
OLDER = ("0.121.0", "1.17.0")


@pytest.fixture(scope="module")
def key(up):
    words = ("--workspace", "default", "--name", "round trip", "--scopes", "read,write")
    made = manage(up.folder, "create_api_key", *words)
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


def run(up, key, *python):
    return subprocess.run(
        [*python, str(ROUND_TRIP), f"http://127.0.0.1:{up.port}", key],
        env=environment(up.folder),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_newest_client(up, key):
    done = run(up, key, sys.executable)

    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(": fine\n")


@pytest.mark.parametrize("version", OLDER)
def test_an_older_client(up, key, version):
    uv = shutil.which("uv")
    isolated = [uv or "uv", "run", "--quiet", "--no-project", "--with", f"anthropic=={version}"]
    if uv is None or subprocess.run([*isolated, "true"], check=False).returncode:
        if os.environ.get("CI"):
            pytest.fail(f"anthropic {version} cannot be installed beside the project")
        pytest.skip(f"needs uv, and anthropic {version} to install beside the project")

    done = run(up, key, *isolated, "python")

    assert done.returncode == 0, done.stderr
    assert done.stdout == f"anthropic {version}: fine\n"
