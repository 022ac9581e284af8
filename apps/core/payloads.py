"""JSON in and out, fast, and never failing on what a transcript may hold."""

import json
import math
from collections.abc import Callable
from typing import Any

import orjson
from psycopg.types.json import set_json_loads

DEEPEST = 100
"""Levels of nesting. Whoever walks a value may recurse; no transcript comes near."""

_HOLDERS = frozenset({dict, list})
# Nineteen digits in a row, whichever: looked for like this, it takes a tenth of a pattern's time.
_LONG_NUMBER = b"0" * 19
_AS_ZEROS = bytes.maketrans(b"123456789", b"000000000")


class TooDeep(ValueError):
    """This value is nested deeper than 100 levels."""


def load(text: str | bytes, *, constant: Callable[[str], Any] = str) -> Any:
    """Parse JSON; what orjson refuses (lone surrogates) or rounds (long numbers) is read slowly.

    `constant` makes a value of what no database keeps: NaN, Infinity, -Infinity, 1e999.
    Raises TooDeep, and what json raises: JSONDecodeError, UnicodeDecodeError, and ValueError for a
    number of thousands of digits.
    """
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else bytes(text)
    has_long = _LONG_NUMBER in data.translate(_AS_ZEROS)
    try:
        value = _load_slowly(data, constant) if has_long else orjson.loads(data)
    except orjson.JSONDecodeError:
        value = _load_slowly(data, constant)
    if data.count(b"[") + data.count(b"{") > DEEPEST:
        _require_shallow(value)
    return value


def _load_slowly(data: bytes, constant: Callable[[str], Any]) -> Any:
    def number(text: str) -> Any:
        return value if math.isfinite(value := float(text)) else constant(text)

    try:
        return json.loads(data.decode(), parse_constant=constant, parse_float=number)
    except RecursionError:
        raise TooDeep(TooDeep.__doc__) from None


def _require_shallow(value: Any) -> None:
    """It has brackets, so it is a list or an object, or a text with brackets in it."""
    if type(value) not in _HOLDERS:
        return
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for each in level
            for inner in (each.values() if type(each) is dict else each)
            if type(inner) in _HOLDERS
        ]
        if not level:
            return
    raise TooDeep(TooDeep.__doc__)


def dump(value: Any) -> str:
    """Write JSON; text that is no valid Unicode is written in escapes, and NaN as null."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return json.dumps(_finite(value), allow_nan=False)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_finite(each) for each in value]
    return value


def storable(text: str) -> str:
    """The text as PostgreSQL can keep it: without NUL and lone surrogates."""
    if "\x00" in text:
        text = text.replace("\x00", "\N{SYMBOL FOR NULL}")
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def storable_all(value: Any) -> Any:
    """The value with every text in it, names included, as the database and a page can carry it."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(str(key)): storable_all(each) for key, each in value.items()}
    if isinstance(value, list):
        return [storable_all(each) for each in value]
    return value


# Columns of type json come back through the same reader.
set_json_loads(load)
