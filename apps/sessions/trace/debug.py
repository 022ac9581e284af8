"""Every event as a row of its own, as it lies in the record."""

from collections.abc import Iterable
from dataclasses import replace

from apps.core.templatetags.ui import bytes_, duration
from apps.sessions.models.event import Kind
from apps.sessions.trace.entries import ICONS, TONES, Entry, took
from apps.sessions.trace.rows import Row, Telling
from apps.sessions.trace.tellers import spent
from apps.sessions.trace.words import one_line


def debug(entries: Iterable[Entry], telling: Telling) -> list[Row]:
    """Tell each event by its number, its type and the beginning of its text."""
    return [_row(entry, telling) for entry in entries]


def _row(entry: Entry, telling: Telling) -> Row:
    span = took(telling.companions.start_of(entry), entry)
    figures = [spent(entry), duration(span) if span else "", bytes_(entry.size)]
    row = Row(
        id=entry.id,
        sequence=entry.sequence,
        at=entry.at,
        tone="error" if entry.is_error else TONES.get(Kind(entry.kind), "quiet"),
        icon="error" if entry.is_error else ICONS.get(Kind(entry.kind), "info"),
        who=telling.label(entry.thread),
        type=entry.type,
        lane=telling.lane(entry.thread),
        code=entry.tool,
        quiet=one_line(entry.text),
        figures=" · ".join(filter(None, figures)),
        failed=entry.is_error,
        covers=(entry.sequence,),
    )
    if telling.began is None:
        return row
    return replace(row, offset=(entry.at - telling.began).total_seconds())
