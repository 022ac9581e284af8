"""Whatever somebody points at: a folder, a zip, or a single text file."""

from collections.abc import Sequence
from pathlib import Path
from typing import IO

from apps.memory.porting import reading, zips
from apps.memory.porting.reading import Bundle, CannotRead


def opened(path: Path) -> Bundle:
    """A path of this machine.

    Raises CannotRead, BadArchive, NothingToImport, TooManyFiles, ImportTooLarge.
    """
    if path.is_dir():
        return reading.from_folder(path)
    if not path.is_file():
        raise CannotRead(f"There is no file or folder {path}.")
    try:
        with path.open("rb") as source:
            return from_upload([(path.name, source)])
    except OSError as error:
        raise CannotRead(f"{path} cannot be read: {error.strerror}.") from error


def from_upload(files: Sequence[tuple[str, IO[bytes]]]) -> Bundle:
    """One zip, or some text files. Raises as `opened` does."""
    origin = files[0][0] if len(files) == 1 else f"{len(files)} files"
    if len(files) == 1 and zips.is_zip(files[0][1]):
        return zips.from_zip(files[0][1], origin)
    return reading.from_files(files, origin)
