"""The formats that transcripts come in, and how each becomes records.

A format is one function, `read(file, name=…)`, that yields records as it goes: memory stays flat
however large the file is, and a line that is broken is refused and costs only itself. Ids are
made of what the source calls things, never of chance or a clock: reading twice gives the same
records, and reading a file that has grown gives the same ones and more.

The package knows no database. What each format maps to what is documented for users in
`.github/docs/importing.md`; a change here is a change there.
"""

from apps.sessions.formats.detecting import HEAD, UnknownFormat, detect
from apps.sessions.formats.files import (
    AUTO,
    FORMATS,
    NothingThere,
    Reader,
    find_files,
    read_together,
)

__all__ = [
    "AUTO",
    "FORMATS",
    "HEAD",
    "NothingThere",
    "Reader",
    "UnknownFormat",
    "detect",
    "find_files",
    "read_together",
]
