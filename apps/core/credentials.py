"""What can be a key of the other side, and what may be shown of it."""

from apps.core.errors import DomainError

LONGEST = 1_000
_LONG_ENOUGH_TO_HINT_AT = 16


class NoKey(DomainError):
    """A key is one line of up to 1,000 letters, digits and signs, as the other side shows it."""


def usable(text: str) -> str:
    """The key as a header can carry it. Raises NoKey."""
    key = text.strip()
    if not 0 < len(key) <= LONGEST or not key.isascii() or not key.isprintable() or " " in key:
        raise NoKey
    return key


def hint(key: str) -> str:
    """Enough to recognise it by, and of a short one nothing."""
    return f"…{key[-4:]}" if len(key) >= _LONG_ENOUGH_TO_HINT_AT else "…"
