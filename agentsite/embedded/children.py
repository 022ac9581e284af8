"""The processes that `up` runs: started, watched, started again when they die, stopped together.

Each has a session of its own, so that Ctrl-C reaches `up` alone and the order of stopping is ours.
On Linux they also end when `up` does, however it ends; elsewhere the next `up` finds what is left.
"""

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from queue import SimpleQueue

from agentsite.embedded import processes
from agentsite.embedded.trouble import CannotStart

STOP_WITHIN = 3.5
_SETTLED = 10.0  # seconds of life after which a death is news, not a pattern
_LONGEST_PAUSE = 30.0
_TRIES_BEFORE_READY = 3

Say = Callable[[str], object]


@dataclass
class Child:
    """One process to keep alive; with `once`, one to run to its end."""

    name: str
    command: Sequence[str]
    sockets: tuple[int, ...] = ()
    once: bool = False
    orphaned: int = signal.SIGTERM  # what it is sent when `up` is killed
    process: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    deaths: int = 0
    due: float | None = None

    def pause(self) -> float:
        """How long to wait before the next try: longer with every early death."""
        return min(_LONGEST_PAUSE, 0.25 * 2**self.deaths) if self.deaths > 1 else 0.0


@dataclass
class Children:
    """All of them. Whatever happens is put into `events` as a function to call."""

    record: Path
    environment: Mapping[str, str]
    say: Say
    events: SimpleQueue[Callable[[], None]] = field(default_factory=SimpleQueue)
    ready: bool = False
    _all: list[Child] = field(default_factory=list)
    _stopping: bool = False

    def start(self, child: Child) -> None:
        self._all.append(child)
        self._spawn(child)

    def start_those_due(self) -> None:
        """Start again what died and has waited long enough."""
        for child in self._all:
            if child.due is not None and child.due <= time.monotonic():
                self._spawn(child)

    def _spawn(self, child: Child) -> None:
        """Only ever called by the main thread: a child ends with the thread that started it."""
        child.due, child.began = None, time.monotonic()
        child.process = process = subprocess.Popen(  # noqa: S603 -- our own programs
            processes.keeper_command(
                "tether", str(os.getpid()), str(int(child.orphaned)), *child.command
            ),
            stdin=subprocess.DEVNULL,
            stdout=None if child.once else subprocess.DEVNULL,  # their logs go to stderr
            env=dict(self.environment),
            pass_fds=child.sockets,
            start_new_session=True,
        )
        self._write_down()

        def watch() -> None:
            process.wait()
            self.events.put(lambda: self._ended(child))

        threading.Thread(target=watch, daemon=True, name=child.name).start()

    def _ended(self, child: Child) -> None:
        process = child.process
        if process is None or self._stopping:
            return
        processes.end_group(process.pid)
        if child.once and process.returncode == 0:
            return
        lived = time.monotonic() - child.began
        child.deaths = 1 if lived > _SETTLED else child.deaths + 1
        reason = _reason(process.returncode)
        if child.once or (not self.ready and child.deaths >= _TRIES_BEFORE_READY):
            raise CannotStart(f"The {child.name} process {reason}; its reason stands above.")
        child.due = time.monotonic() + child.pause()
        self.say(f"{child.name} {reason} after {lived:.0f} s; started again")

    def stop(self) -> None:
        """Ask all of them to end; kill what has not in 3.5 s: its job runs again later."""
        self._stopping = True
        running = [child.process for child in self._all if child.process is not None]
        for process in running:
            processes.end(process.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_WITHIN
        for process in running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                processes.end_group(process.pid)
                process.wait()
            processes.end_group(process.pid)
        self.record.unlink(missing_ok=True)

    def _write_down(self) -> None:
        pids = [child.process.pid for child in self._all if child.process is not None]
        born = {str(pid): processes.birth(pid) for pid in pids}
        draft = self.record.with_suffix(".new")
        try:
            draft.write_text(json.dumps({"boot": processes.boot(), "born": born}))
            draft.replace(self.record)
        except OSError as error:
            self.say(f"cannot note the processes in {self.record}: {error.strerror}")


def _reason(code: int) -> str:
    return f"ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"


def end_leftovers(record: Path) -> int:
    """End what a killed `up` left running, never a stranger with a used number; say how many."""
    try:
        noted = json.loads(record.read_text())
    except (FileNotFoundError, ValueError):
        return 0
    left = [int(pid) for pid, birth in noted["born"].items() if _is_left(int(pid), birth, noted)]
    for pid in left:
        processes.end_group(pid, signal.SIGTERM)
    for pid in left:
        if not processes.wait_until(partial(_is_gone, pid), seconds=2):
            processes.end_group(pid)
    record.unlink()
    return len(left)


def _is_left(pid: int, birth: str | None, noted: Mapping[str, object]) -> bool:
    """Whether the process, or else the group it led, is still there since this same boot."""
    now = processes.birth(pid)
    return noted["boot"] == processes.boot() and (now == birth if now else not _is_gone(pid))


def _is_gone(pid: int) -> bool:
    return not processes.group_lives(pid)
