"""What becomes of the criteria of one version in the next. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol


class Asked(Protocol):
    """A criterion: a row, or a parsed one."""

    @property
    def key(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def weight(self) -> Decimal: ...
    @property
    def is_required(self) -> bool: ...
    @property
    def check_kind(self) -> str: ...
    @property
    def check_value(self) -> Any: ...


class Fate(StrEnum):
    """Labels and agreement go on with what is kept; what is reworded begins them anew."""

    KEPT = "kept"
    CHANGED = "changed"
    REWORDED = "reworded"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Alteration:
    """One criterion, as it was and as it is."""

    fate: Fate
    old: Asked | None
    new: Asked | None

    @property
    def criterion(self) -> Asked:
        found = self.new or self.old
        assert found is not None  # noqa: S101 -- one of them is there
        return found


def altered(before: Sequence[Asked], after: Sequence[Asked]) -> list[Alteration]:
    """The criteria in the order that they have now, then those that are gone."""
    old = {each.key: each for each in before}
    new = {each.key for each in after}
    return [
        *(Alteration(_fate(old.get(each.key), each), old.get(each.key), each) for each in after),
        *(Alteration(Fate.GONE, each, None) for each in before if each.key not in new),
    ]


def _fate(old: Asked | None, new: Asked) -> Fate:
    if old is None:
        return Fate.NEW
    if old.text != new.text:
        return Fate.REWORDED
    return Fate.KEPT if _terms(old) == _terms(new) else Fate.CHANGED


def _terms(each: Asked) -> tuple[object, ...]:
    return each.weight, each.is_required, each.check_kind, each.check_value or ""
