"""The audit log as a file: rows leave as they are read, so its length costs no memory."""

import csv
from collections.abc import Iterator
from typing import Any

from apps.accounts import wire
from apps.accounts.models import AuditEntry
from apps.accounts.models.audit import AuditEntryQuerySet
from apps.core import payloads
from apps.core.pagination import newest

_ROWS = 1_000
_COLUMNS = (
    "created_at",
    "id",
    "actor_type",
    "actor_id",
    "actor",
    "action",
    "object_id",
    "request_id",
    "before",
    "after",
)
# A spreadsheet takes a cell that begins like this for a formula, and runs it.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def as_ndjson(entries: AuditEntryQuerySet) -> Iterator[str]:
    """One entry per line, as the API has them."""
    for entry in _walk(entries):
        yield payloads.dump(wire.audit_entry(entry)) + "\n"


def as_csv(entries: AuditEntryQuerySet) -> Iterator[str]:
    """One entry per row; no cell is a formula."""
    writer = csv.writer(_Echo())
    yield writer.writerow(_COLUMNS)
    for entry in _walk(entries):
        yield writer.writerow([_harmless(str(cell)) for cell in _cells(wire.audit_entry(entry))])


def _walk(entries: AuditEntryQuerySet) -> Iterator[AuditEntry]:
    """All of them, newest first, by key: none is held up by those that come in meanwhile."""
    page = newest(entries.for_list(), size=_ROWS)
    yield from page.rows
    while page.older:
        page = newest(entries.for_list(), page.older, size=_ROWS)
        yield from page.rows


def _cells(told: dict[str, Any]) -> list[Any]:
    actor = told["actor"]
    return [
        told["created_at"],
        told["id"],
        actor["type"],
        actor.get("user_id") or actor.get("api_key_id") or "",
        actor["name"],
        told["action"],
        told["object_id"],
        told["request_id"] or "",
        payloads.dump(told["before"]),
        payloads.dump(told["after"]),
    ]


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULAS) else cell
