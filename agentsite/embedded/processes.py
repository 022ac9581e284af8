"""What the system knows of a process. A zombie is dead: nobody may have collected it yet."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

_KEEPER = Path(__file__).with_name("keeper.py")
_PROC = Path("/proc/self/stat")


def keeper_command(*arguments: str) -> list[str]:
    """The command line of a keeper; isolated and without site, it starts in a few milliseconds."""
    return [sys.executable, "-I", "-S", str(_KEEPER), *arguments]


def birth(pid: int) -> str | None:
    """When the process began, in the system's own words; None when it is gone or a zombie.

    Number and birth together name a process for good: numbers alone are used again.
    """
    if not _PROC.exists():
        return _asked("lstart", pid)
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else fields[19]


def command_line(pid: int) -> str:
    """Its command line, or nothing when it is gone."""
    if not _PROC.exists():
        return _asked("command", pid) or ""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _asked(column: str, pid: int) -> str | None:
    ps = shutil.which("ps") or "/bin/ps"
    told = subprocess.run(  # noqa: S603 -- a fixed program and a number
        [ps, "-o", f"state=,{column}=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    state, _, answer = told.stdout.strip().partition(" ")
    return None if told.returncode or state.startswith("Z") else answer.strip()


def end(pid: int, signum: int) -> None:
    """Send the signal, if the process is still there."""
    try:
        os.kill(pid, signum)
    except ProcessLookupError:
        return


def end_group(pid: int, signum: int = signal.SIGKILL) -> None:
    """Send the signal to the process and everything in its session's group."""
    try:
        os.killpg(pid, signum)
    except ProcessLookupError:
        return


def group_lives(pid: int) -> bool:
    """Whether the group that this process led has a member."""
    try:
        os.killpg(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def boot() -> str:
    """Which run of this machine it is, where the system tells: after it, numbers mean nothing."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def wait_until(reached: Callable[[], bool], *, seconds: float) -> bool:
    """Look every 10 ms; False when the time ran out. For what no signal announces."""
    deadline = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
