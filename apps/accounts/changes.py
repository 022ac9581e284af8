"""What an entry of the audit log says changed, as a person reads it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from apps.accounts.models import AuditEntry

LONGEST_COMPARED = 2_000
"""Lines; comparing takes the square of it."""
AROUND = 3
"""Lines shown around a difference."""


@dataclass(frozen=True, slots=True)
class Line:
    """`-` was, `+` is, nothing is as it was, `…` stands for lines that are."""

    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One field, by its name and the lines that tell it."""

    name: str
    lines: tuple[Line, ...]


def changes(entry: AuditEntry) -> list[Change]:
    """One for each field, by name."""
    names = sorted(entry.before.keys() | entry.after.keys())
    return [Change(name, tuple(_lines(name, entry.before, entry.after))) for name in names]


def _lines(name: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Line]:
    old = _text(before[name]) if name in before else []
    new = _text(after[name]) if name in after else []
    if max(len(old), len(new)) > LONGEST_COMPARED:
        yield from (Line("-", line) for line in old)
        yield from (Line("+", line) for line in new)
        return
    end = 0
    for group in SequenceMatcher(None, old, new).get_grouped_opcodes(AROUND):
        if group[0][1] > end:
            yield Line("…", f"{group[0][1] - end} lines")
        for step, was_from, was_to, is_from, is_to in group:
            if step == "equal":
                yield from (Line("", line) for line in old[was_from:was_to])
                continue
            yield from (Line("-", line) for line in old[was_from:was_to])
            yield from (Line("+", line) for line in new[is_from:is_to])
        end = group[-1][2]
    if end < len(old):
        yield Line("…", f"{len(old) - end} lines")


def _text(value: Any) -> list[str]:
    """A text as it is; anything else as JSON, where a list or an object takes a line per member."""
    if isinstance(value, str):
        return value.splitlines() or [""]
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True).splitlines()
