"""Pages by key: the next one begins after the last row of this one, and nothing is ever counted.

A page far down costs what the first one costs, and rows that come in meanwhile shift nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import F, Field, Func, Model, QuerySet, TextField, Value
from django.db.models.lookups import GreaterThan, LessThan

from apps.core.errors import DomainError

M = TypeVar("M", bound=Model)
SIZE = 50
_OLDER, _NEWER = "o", "n"


class BadCursor(DomainError):
    """This address of a page is damaged, or belongs to another list."""


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Some rows, and the cursors of the pages beside them, empty where there is none."""

    rows: list[M]
    older: str = ""
    newer: str = ""


def newest(rows: QuerySet[M], cursor: str = "", *, size: int = SIZE) -> Page[M]:
    """Return the rows by `created_at` and key, newest first: the page that the cursor names.

    Without a cursor it is the first page. Raises BadCursor.
    """
    if not cursor:
        return _first(rows, size)
    way, *key = _read(rows.model, cursor)
    return _newer(rows, key, size) if way == _NEWER else _older(rows, key, size)


def _first(rows: QuerySet[M], size: int) -> Page[M]:
    found = list(rows.order_by("-created_at", "-pk")[: size + 1])
    return Page(found[:size], older=_write(_OLDER, found[size - 1]) if len(found) > size else "")


def _older(rows: QuerySet[M], key: Sequence[Any], size: int) -> Page[M]:
    page = _first(rows.filter(LessThan(_KEY, _value(rows.model, key))), size)
    if not page.rows:  # all of them are gone
        return _first(rows, size)
    return Page(page.rows, page.older, newer=_write(_NEWER, page.rows[0]))


def _newer(rows: QuerySet[M], key: Sequence[Any], size: int) -> Page[M]:
    above = rows.filter(GreaterThan(_KEY, _value(rows.model, key))).order_by("created_at", "pk")
    found = list(above[: size + 1])
    if len(found) <= size:  # the top: a whole first page, not what is left of one
        return _first(rows, size)
    shown = found[size - 1 :: -1]
    return Page(shown, older=_write(_OLDER, shown[-1]), newer=_write(_NEWER, shown[0]))


class Row(Func):
    """`(a, b)`: compared as a whole, which one walk along an index answers."""

    template = "(%(expressions)s)"
    output_field = TextField()


_KEY = Row(F("created_at"), F("pk"))


def _value(model: type[Model], key: Sequence[Any]) -> Row:
    moment, pk = key
    created_at = model._meta.get_field("created_at")  # noqa: SLF001 -- Django's own name for it
    assert isinstance(created_at, Field)  # noqa: S101 -- every list has this column
    return Row(
        Value(datetime.fromisoformat(moment), created_at),
        Value(pk, model._meta.pk),  # noqa: SLF001 -- as above
    )


def _write(way: str, row: Model) -> str:
    key = (way, row.created_at.isoformat(), row.pk)  # type: ignore[attr-defined]
    return signing.dumps(key, salt=_salt(type(row)))


def _read(model: type[Model], cursor: str) -> list[Any]:
    """Signed, so that nothing but what we wrote ever comes back."""
    try:
        key: list[Any] = signing.loads(cursor, salt=_salt(model))
    except signing.BadSignature:
        raise BadCursor from None
    return key


def _salt(model: type[Model]) -> str:
    """A cursor of one list is none of another."""
    return f"cursor:{model._meta.label_lower}"  # noqa: SLF001 -- as above
