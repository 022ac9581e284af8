"""What a file is called and what it is, from what its sender says."""

import re
import unicodedata
from mimetypes import MimeTypes
from pathlib import PurePosixPath

from apps.core.errors import DomainError

LONGEST = 255
UNKNOWN = "application/octet-stream"
_FORBIDDEN = frozenset('<>:"|?*')
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")
# Python's own table and not the machine's, so that every machine says the same.
_TYPES = MimeTypes()
for _ending, _type in (
    (".md", "text/markdown"),
    (".jsonl", "application/x-ndjson"),
    (".ndjson", "application/x-ndjson"),
    (".yaml", "application/yaml"),
    (".yml", "application/yaml"),
    (".toml", "application/toml"),
    (".parquet", "application/vnd.apache.parquet"),
):
    _TYPES.add_type(_type, _ending)


class BadFilename(DomainError):
    """A file's name has 1 to 255 characters, and none that only some systems can store."""


def mime_type_of(filename: str, said: str) -> str:
    """The type that the sender names, or else the one that the name's ending stands for."""
    kind = said.partition(";")[0].strip().lower()
    if kind != UNKNOWN and len(kind) <= LONGEST and _TYPE.fullmatch(kind):
        return kind
    return _TYPES.guess_type(PurePosixPath(filename).name, strict=False)[0] or UNKNOWN


def filename_of(said: str, mime_type: str) -> str:
    """The last part of the path that the sender names, or `unnamed`. Raises BadFilename."""
    name = said.replace("\\", "/").rpartition("/")[2].strip()
    if not name:
        ending = "" if mime_type == UNKNOWN else _TYPES.guess_extension(mime_type)
        return f"unnamed{ending or ''}"
    if name in {".", ".."}:
        raise BadFilename(f"filename: “{name}” names a folder, not a file.")
    bad = sorted({sign for sign in name if _is_forbidden(sign)})
    if bad:
        raise BadFilename(f"filename: {bad[0]!a} may not stand in a file's name.")
    if len(name) > LONGEST:
        raise BadFilename(f"filename: this has {len(name)} characters, and {LONGEST} are allowed.")
    return name


def _is_forbidden(sign: str) -> bool:
    return sign in _FORBIDDEN or unicodedata.category(sign) in {"Cc", "Cs"}
