"""The arguments of two calls of one tool, and in which they differ."""

import json
from collections.abc import Mapping


def leaves(given: object, name: str = "") -> dict[str, list[str]]:
    """Values by the name of their argument, those of lists together."""
    found: dict[str, list[str]] = {}
    parts: list[tuple[str, object]] = []
    if isinstance(given, Mapping):
        parts = [(f"{name}.{key}" if name else str(key), value) for key, value in given.items()]
    elif isinstance(given, list):
        parts = [(name, value) for value in given]
    else:
        return {name: [json.dumps(given)]}
    for path, value in parts:
        for leaf, values in leaves(value, path).items():
            found.setdefault(leaf, []).extend(values)
    return found


def has_new(before: dict[str, list[str]], after: dict[str, list[str]], name: str) -> bool:
    """Whether an argument has a value that it had not; one that was only left out is no other."""
    return any(value not in before.get(name, ()) for value in after.get(name, ()))


def swapped(before: dict[str, list[str]], after: dict[str, list[str]], name: str) -> list[str]:
    """The first value of an argument that went, and the first that came for it; none where none."""
    gone = [value for value in before.get(name, ()) if value not in after.get(name, ())]
    come = [value for value in after.get(name, ()) if value not in before.get(name, ())]
    return [gone[0].strip('"'), come[0].strip('"')] if gone and come else []
