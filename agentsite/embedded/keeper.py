"""A small process between agentsite and what it starts; run by its path, with nothing imported.

    python -I -S keeper.py keep LOCK SIGNAL COMMAND…      run a server while anybody holds LOCK
    python -I -S keeper.py tether PARENT SIGNAL COMMAND…  become COMMAND, told when PARENT ends
    python -I -S keeper.py run COMMAND…                   become COMMAND, as an ordinary user
    python -I -S keeper.py namespace                      tell whether the kernel grants one

Every user of a server holds a shared lock on LOCK, which the kernel takes back however a process
ends. So the keeper learns of the last user's death, `kill -9` included, and stops the server
properly. PostgreSQL refuses to be root: as root, it gets a namespace in which root has the number
of an ordinary user. Outside nothing changes: no new user, no chmod, no second owner of the data.
"""

# ruff: noqa: PTH123, S606 -- pathlib would double its start; becoming another program is its job

import ctypes
import fcntl
import os
import pwd
import signal
import sys
from typing import NoReturn

_LINUX = sys.platform == "linux"
_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER = 0x10000000


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def end_with(parent: int, signum: int) -> None:
    """Ask the kernel for a signal to this process when its parent ends. Survives exec."""
    if _LINUX:
        _libc().prctl(_PR_SET_PDEATHSIG, signum, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)  # it ended before we could ask


def is_ordinary() -> bool:
    """Whether PostgreSQL would run as this user: not root, and known by a name."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_uid != 0
    except KeyError:
        return False


def enter_namespace() -> bool:
    """Take an ordinary user's number where only this process sees it; False if not allowed here."""
    user, group = os.geteuid(), os.getegid()
    ordinary = max((entry for entry in pwd.getpwall() if entry.pw_uid), key=lambda e: e.pw_uid)
    if not _LINUX or _libc().unshare(_CLONE_NEWUSER) != 0:
        return False
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{ordinary.pw_uid} {user} 1"),
        ("gid_map", f"{ordinary.pw_gid or ordinary.pw_uid} {group} 1"),
    ):
        try:
            with open(f"/proc/self/{name}", "w") as file:
                file.write(text)
        except OSError:
            return False
    return True


def become_ordinary() -> None:
    """In a namespace where the kernel allows one, else as the system's `nobody`."""
    if is_ordinary() or enter_namespace():
        return
    nobody = pwd.getpwnam("nobody")
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)


def keep(lock: str, signum: int, command: list[str]) -> NoReturn:
    """Run the server; stop it with the signal once the lock is ours alone."""
    keeper = os.getpid()
    child = os.fork()
    if child == 0:
        become_ordinary()
        end_with(keeper, signum)
        os.execv(command[0], command)

    def server_ended(*_: object) -> None:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            os._exit(0 if status == 0 else 1)

    signal.signal(signal.SIGCHLD, server_ended)
    for stopping in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stopping, lambda *_: os.kill(child, signum))
    server_ended()  # it may have ended before we listened
    with open(lock, "rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        os.kill(child, signum)
        while True:
            signal.pause()


def main(mode: str, *rest: str) -> None:
    if mode == "keep":
        keep(rest[0], int(rest[1]), list(rest[2:]))
    if mode == "namespace":
        sys.exit(not enter_namespace())
    if mode == "tether":
        end_with(int(rest[0]), int(rest[1]))
        os.execv(rest[2], rest[2:])
    become_ordinary()
    os.execv(rest[0], rest)


if __name__ == "__main__":
    main(*sys.argv[1:])
