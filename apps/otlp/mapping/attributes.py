"""Reading attributes: by the first of several names, out of JSON text, out of numbered names."""

from collections.abc import Iterable
from typing import Any

from apps.core import payloads

Attributes = dict[str, Any]

_MOST_ITEMS = 10_000
_LARGEST_LOOKED_INTO = 32 * 2**20


def first(attributes: Attributes, names: Iterable[str]) -> Any:
    """What stands under the first of these names that says something."""
    for name in names:
        value = attributes.get(name)
        if value not in (None, "", [], {}):
            return value
    return None


def text(attributes: Attributes, *names: str) -> str:
    """The first of them as text, or none."""
    value = first(attributes, names)
    if isinstance(value, str):
        return value
    return "" if value is None else payloads.dump(value)


def count(attributes: Attributes, *names: str) -> int | None:
    """The first of them that is a number of things; None where none is."""
    for name in names:
        value = attributes.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e15:
            return int(value)
        if isinstance(value, str) and value.isdecimal() and len(value) < 16:
            return int(value)
    return None


def parsed(value: Any) -> Any:
    """What JSON text says; any other text, and any other value, as it is."""
    if not isinstance(value, str):
        return value
    begins = value.lstrip()[:1]
    if begins not in ("{", "[", '"') or len(value) > _LARGEST_LOOKED_INTO:
        return value
    try:
        return payloads.load(value)
    except ValueError:
        return value


def numbered(attributes: Attributes, prefix: str) -> list[Any]:
    """`prefix.0.a.b`, `prefix.1.c` as a list of objects, in the order of their numbers."""
    tree: dict[str, Any] = {}
    start = f"{prefix}."
    for name, value in attributes.items():
        if name.startswith(start) and name[len(start) : len(start) + 1].isdecimal():
            _plant(tree, name[len(start) :].split("."), value)
    folded = _fold(tree)
    return folded if isinstance(folded, list) else []


def _plant(tree: dict[str, Any], path: list[str], value: Any) -> None:
    *branches, leaf = path[: payloads.DEEPEST]
    for branch in branches:
        inner = tree.setdefault(branch, {})
        if not isinstance(inner, dict):
            return
        tree = inner
    tree.setdefault(leaf, value)


def _fold(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(key.isdecimal() and len(key) < 10 for key in value):
        ordered = sorted(value, key=int)[:_MOST_ITEMS]
        return [_fold(value[key]) for key in ordered]
    return {key: _fold(each) for key, each in value.items()}
