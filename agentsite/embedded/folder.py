"""The data folder: where it is, and the addresses and secrets that follow from it."""

import errno
import hashlib
import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from platformdirs import user_data_path

from agentsite.embedded.trouble import CannotStart

LONGEST_SOCKET_PATH = 107
_LONGEST_NAME = len("/.s.PGSQL.5432")
_REASONS = {
    errno.EROFS: "it is on a read-only disk",
    errno.EACCES: "this user may not write there",
    errno.EPERM: "this user may not write there",
    errno.ENOTDIR: "a file is in the way",
    errno.EEXIST: "a file is in the way",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
}


def data_folder() -> Path:
    """`AGENTSITE_DATA`, or the platform's place for an application's data."""
    named = os.environ.get("AGENTSITE_DATA", "")
    return Path(named).expanduser().resolve() if named else user_data_path("agentsite", False)


def writable(folder: Path) -> Path:
    """The folder, made and tried out; everything in it is for this user alone."""
    probe = folder / f"probe.{os.getpid()}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe.write_bytes(bytes(4096))
        probe.unlink()
    except OSError as error:
        with suppress(OSError):
            probe.unlink()
        raise CannotStart(
            f"The data folder {folder} cannot be written:"
            f" {_REASONS.get(error.errno or 0, error.strerror)}."
            " Choose another one with AGENTSITE_DATA, or `up --data DIR`."
        ) from error
    return folder


def socket_folder(folder: Path) -> Path:
    """Where the servers' sockets lie: in the data folder, unless that makes their path too long."""
    inside = folder / "run"
    if len(os.fsencode(inside)) + _LONGEST_NAME <= LONGEST_SOCKET_PATH:
        return inside
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"agentsite-{os.getuid()}-{name}"


def database_url(folder: Path) -> str:
    """The address of the embedded database, whether or not it runs."""
    return f"postgres://agentsite@/{quote(str(socket_folder(folder)))}/agentsite"


def broker_url(folder: Path) -> str:
    """The address of the embedded queue, whether or not it runs."""
    return f"redis+socket://{quote(str(socket_folder(folder) / 'valkey.sock'))}"


def cache_url(broker: str) -> str:
    """Where processes count together: beside the queue if that can count, or else each alone."""
    socket = broker.removeprefix("redis+socket://")
    if socket != broker:
        return f"redis://{socket}?db=1"
    address = urlsplit(broker)
    if address.scheme in {"redis", "rediss"}:
        return urlunsplit(address._replace(path="/1"))
    return "locmemcache://"


def secret_key(folder: Path) -> str:
    """The installation's own secret, made on first use and readable by its owner alone."""
    path = folder / "secret_key"
    try:
        return path.read_text()
    except (FileNotFoundError, NotADirectoryError):
        draft = writable(folder) / f"secret_key.{os.getpid()}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
        with suppress(FileExistsError):  # another process was faster; its secret is the one
            os.link(draft, path)
        draft.unlink()
        return path.read_text()
