"""A store as files: every memory at its path, its bytes as they are.

The same memories give the same zip, byte for byte, whenever and wherever it is made.
"""

import io
import secrets
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from apps.core.errors import DomainError
from apps.memory import paths
from apps.memory.models import Memory, MemoryStore
from apps.memory.porting import zips

_BATCH = 200
_BEGINNING = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say
_ORDINARY_FILE = 0o100644 << 16


class CannotWrite(DomainError):
    """This export cannot be written."""


def files(store: MemoryStore, prefix: str = "/") -> Iterator[tuple[str, bytes]]:
    """Names and bytes in order of paths, as of one moment. Raises BadPath."""
    paths.checked_prefix(prefix)
    live = Memory.objects.live().filter(store=store)
    found = live if prefix == "/" else live.under(prefix)
    rows = found.order_by("path").values_list("path", "content")
    return ((path[1:], content.encode()) for path, content in rows.iterator(chunk_size=_BATCH))


def zipped(store: MemoryStore, prefix: str = "/") -> Iterator[bytes]:
    """The zip as it is made, one memory at a time. Raises BadPath."""
    return _packed(files(store, prefix))


def filename(store: MemoryStore) -> str:
    """What the zip is called, as the folder that sessions mount is."""
    return f"{Path(store.mount_path).name}.zip"


def into_folder(store: MemoryStore, folder: Path, prefix: str = "/") -> int:
    """Write every memory as a file below the folder, which must be empty or not there.

    It appears when it is whole. Returns how many. Raises CannotWrite, BadPath.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CannotWrite(f"{folder} is there already and not an empty folder.")
    part = _beside(folder)
    count = 0
    try:
        part.mkdir(parents=True)
        for name, data in files(store, prefix):
            _write(part / name, name, data)
            count += 1
        part.rename(folder)
    except OSError as error:
        raise CannotWrite(f"{folder} cannot be written: {error.strerror}.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return count


def into_zip(store: MemoryStore, path: Path, prefix: str = "/") -> int:
    """As into_folder, into a zip that must not be there."""
    if path.exists():
        raise CannotWrite(f"{path} is there already.")
    part = _beside(path)
    pieces = 0
    try:
        with part.open("xb") as sink:
            for piece in zipped(store, prefix):
                sink.write(piece)
                pieces += 1
        part.rename(path)
    except OSError as error:
        raise CannotWrite(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        with suppress(OSError):
            part.unlink()
    return pieces - 1  # the last one ends the zip


def _beside(path: Path) -> Path:
    """A name on the same disk that nobody else has."""
    return path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")


def _write(path: Path, name: str, data: bytes) -> None:
    """Never over anything: some disks take two paths for one, or a long name for none."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as sink:
            sink.write(data)
    except FileExistsError:
        raise CannotWrite(
            f"/{name} has a name that this disk takes for another's. Export a zip instead."
        ) from None
    except OSError as error:
        raise CannotWrite(
            f"/{name} cannot be a file here: {error.strerror}. Export a zip instead."
        ) from error


class _Sink(io.RawIOBase):
    """Keeps what is written until it is taken; it cannot be gone back in."""

    def __init__(self) -> None:
        self._kept = bytearray()

    def write(self, data: bytes) -> int:  # type: ignore[override]  # bytes are all that comes
        self._kept += data
        return len(data)

    def take(self) -> bytes:
        taken = bytes(self._kept)
        self._kept.clear()
        return taken


def _packed(found: Iterator[tuple[str, bytes]]) -> Iterator[bytes]:
    """One piece for each file, and one for the end."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = zips.MARK
        for name, data in found:
            info = zipfile.ZipInfo(name, _BEGINNING)
            info.create_system = 3
            info.external_attr = _ORDINARY_FILE
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
            yield sink.take()
    yield sink.take()
