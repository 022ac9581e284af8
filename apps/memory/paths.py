"""Where a memory lies: `/team/refunds.md`. The rules are the contract's (3.8)."""

import unicodedata

from apps.core.errors import DomainError

LONGEST = 1_024  # bytes
DEEPEST = 20  # segments
# Control, format, surrogate, and the separators of lines and paragraphs.
_REFUSED = {"Cc", "Cf", "Cs", "Zl", "Zp"}


class BadPath(DomainError):
    """path: this is no path of a memory."""


def checked(path: str, field: str = "path") -> str:
    """The path, if it is one. Raises BadPath, which says what is wrong with it."""
    if problem := _problem(path):
        raise BadPath(f"{field}: {problem}")
    return path


def _problem(path: str) -> str:
    """The first rule that the path breaks, in words."""
    segments = path[1:].split("/")
    rules = (
        (path.startswith("/"), "begins with '/', as in /team/notes.md"),
        (
            not {"", ".", ".."}.intersection(segments),
            "has no empty segments, and none that is '.' or '..'",
        ),
        (
            not any(unicodedata.category(character) in _REFUSED for character in path),
            "has no control, format or line-separator characters",
        ),
        (len(path.encode("utf-8", "replace")) <= LONGEST, f"has at most {LONGEST:,} bytes"),
        (len(segments) <= DEEPEST, f"has at most {DEEPEST} segments"),
        (unicodedata.is_normalized("NFC", path), "is written in NFC; normalise it first"),
    )
    return next((problem for holds, problem in rules if not holds), "")


def ancestors(path: str) -> list[str]:
    """Every folder above it: `/a/b/c` lies in `/a/b` and `/a`."""
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(2, len(parts))]


def checked_prefix(prefix: str) -> str:
    """A folder to list: ends in '/'. Raises BadPath."""
    if not prefix.endswith("/"):
        raise BadPath("path_prefix: ends with '/', as in /team/")
    if prefix != "/":
        checked(prefix[:-1], "path_prefix")
    return prefix


def after(path: str) -> str:
    """The least text that lies behind a memory, or behind everything in a folder (`/team/`).

    In order of bytes. A path has no control characters, and '0' comes right after '/'.
    """
    return f"{path[:-1]}0" if path.endswith("/") else f"{path}\x01"
