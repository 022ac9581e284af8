"""Prefixed ids: recognisable in a log, a URL and a test.

The form is the vendor's: a prefix, `01`, and 22 base58 characters. Ours begin with the time, so
that rows made together lie together in an index. Never validate an id's form before looking it up.
"""

import hashlib
import secrets
import time
from typing import Any

from django.db import models

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_GENERATION = "01"
_TIME_LENGTH = 8
_LENGTH = 22


def _base58(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, rest = divmod(number, 58)
        digits.append(_ALPHABET[rest])
    return "".join(reversed(digits))


def new_id(prefix: str) -> str:
    """Return a fresh id such as `sesn_01…`; ids sort by the millisecond they were made in."""
    instant = _base58(time.time_ns() // 1_000_000, _TIME_LENGTH)
    chance = _base58(secrets.randbits(80), _LENGTH - _TIME_LENGTH)
    return f"{prefix}_{_GENERATION}{instant}{chance}"


def derived_id(prefix: str, *parts: str) -> str:
    """Return the one id that these parts always give, so that importing twice finds itself."""
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).digest()
    return f"{prefix}_{_GENERATION}{_base58(int.from_bytes(digest[:17], 'big'), _LENGTH)}"


class PrefixedIdField(models.CharField):  # type: ignore[type-arg]
    """A primary key that makes its own id: `id = PrefixedIdField(prefix="link")`."""

    def __init__(self, *, prefix: str = "", **options: Any) -> None:
        self.prefix = prefix
        options.update(max_length=64, primary_key=True, editable=False)
        super().__init__(**options)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, kwargs = super().deconstruct()
        for implied in ("max_length", "primary_key", "editable"):
            kwargs.pop(implied, None)
        return name, path, args, {**kwargs, "prefix": self.prefix}

    def has_default(self) -> bool:
        return True

    def get_default(self) -> str:
        return new_id(self.prefix)
