"""Pages of the API: both envelopes of the contract, by key, never counted.

A cursor is opaque and signed. It carries the list it belongs to, its order and its way, so that
one list's cursor is refused by another, and by the same list in another order.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import F, Field, Model, QuerySet, Value
from django.db.models.lookups import GreaterThan, LessThan

from apps.core.api.errors import InvalidRequest
from apps.core.pagination import Row

M = TypeVar("M", bound=Model)
NEWEST_FIRST = ("created_at", "pk")
_ONWARD, _BACK = "n", "p"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a cursor points: the key of the last row seen, the order, and the way to go on."""

    key: tuple[Any, ...]
    is_descending: bool
    is_back: bool


@dataclass(frozen=True, slots=True)
class Window(Generic[M]):
    """Some rows in their order, and the cursors of what lies beside them, or None."""

    rows: list[M]
    next_page: str | None
    prev_page: str | None

    def page(self, write: Callable[[M], object]) -> dict[str, Any]:
        """The one-way envelope."""
        return {"data": [write(each) for each in self.rows], "next_page": self.next_page}

    def two_way_page(self, write: Callable[[M], object]) -> dict[str, Any]:
        """The envelope of `GET /v1/sessions`."""
        return {**self.page(write), "prev_page": self.prev_page}


def position(cursor: str, *, of: str) -> Position | None:
    """Where the cursor of this list points; None without one. Raises InvalidRequest."""
    if not cursor:
        return None
    try:
        way, descending, *key = signing.loads(cursor, salt=f"page:{of}")
    except signing.BadSignature:
        raise InvalidRequest(
            "page: this is no cursor of this list. Pass `next_page` of an earlier answer unchanged."
        ) from None
    return Position(tuple(key), bool(descending), way == _BACK)


def window(
    rows: QuerySet[M],
    *,
    of: str,
    cursor: str = "",
    limit: int = 20,
    by: Sequence[str] = NEWEST_FIRST,
    descending: bool = True,
) -> Window[M]:
    """One page of the rows by these columns, which together must be unique.

    `of` names the list and everything that its cursors depend on beside the order (an id, a
    parent). Raises InvalidRequest for a cursor of another list or order.
    """
    at = position(cursor, of=of)
    if at is not None and at.is_descending != descending:
        raise InvalidRequest("page: this cursor belongs to the other `order`.")
    is_back = at is not None and at.is_back
    if at is not None:
        rows = _beyond(rows, by, at.key, below=descending != is_back)
    signs = "-" if descending != is_back else ""
    found = list(rows.order_by(*(f"{signs}{name}" for name in by))[: limit + 1])
    shown = found[:limit]
    has_more = len(found) > limit
    if is_back:
        shown.reverse()
    ends = [_write(way, descending, shown[end], by, of) if shown else None for way, end in _ENDS]
    onward = ends[0] if is_back or has_more else None
    back = ends[1] if (has_more if is_back else at is not None) else None
    return Window(shown, onward, back)


def beside(
    row: Model,
    *,
    of: str,
    by: Sequence[str] = NEWEST_FIRST,
    descending: bool = True,
    back: bool = False,
) -> str:
    """The cursor of what comes after this row of the list, or before it: pages by an id."""
    return _write(_BACK if back else _ONWARD, descending, row, by, of)


_ENDS = ((_ONWARD, -1), (_BACK, 0))


def _beyond(
    rows: QuerySet[M], by: Sequence[str], key: Iterable[Any], *, below: bool
) -> QuerySet[M]:
    meta = rows.model._meta  # noqa: SLF001 -- Django's own name for it
    values = []
    for name, given in zip(by, key, strict=True):
        column = meta.pk if name == "pk" else meta.get_field(name)
        assert isinstance(column, Field)  # noqa: S101 -- lists are ordered by columns
        is_time = column.get_internal_type() == "DateTimeField"
        values.append(Value(datetime.fromisoformat(given) if is_time else given, column))
    compare = LessThan if below else GreaterThan
    return rows.filter(compare(Row(*(F(name) for name in by)), Row(*values)))


def _write(way: str, descending: bool, row: Model, by: Sequence[str], of: str) -> str:
    key = [getattr(row, name) for name in by]
    told = [each.isoformat() if isinstance(each, datetime) else each for each in key]
    return signing.dumps([way, descending, *told], salt=f"page:{of}")
