"""The conversation as it is told: what ran at once is one row, and gaps are said."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from apps.sessions.trace.entries import SENT, USES, Entry
from apps.sessions.trace.rows import Part, Row, Telling
from apps.sessions.trace.tellers import tell
from apps.sessions.trace.words import one_line

IDLE = timedelta(seconds=30)
MOST_NAMES = 4
NEARBY = 12
"""Events between two messages of one request that went to different threads."""


def transcript(entries: Iterable[Entry], telling: Telling) -> list[Row]:
    """Tell these events as a conversation: uses with their results, starts with their ends."""
    told = [row for entry in entries if (row := tell(entry, telling))]
    return [_placed(row, telling) for row in _together(told, telling)]


def with_gaps(
    rows: Iterable[Row], busy_until: datetime | None = None, shortest: timedelta = IDLE
) -> Iterator[Row]:
    """Say before each row how long nothing had happened."""
    for row in rows:
        idle = row.at - busy_until if busy_until else None
        ends = row.ends or row.at
        busy_until = max(busy_until or ends, ends)
        if idle is not None and idle > shortest:
            waited_for = "the user" if row.tone == "user" else ""
            yield replace(row, idle=idle, waited_for=waited_for)
        else:
            yield row


def _placed(row: Row, telling: Telling) -> Row:
    if telling.began is None:
        return row
    return replace(row, offset=(row.at - telling.began).total_seconds())


# ---- what is told together ----------------------------------------------------------------------


def _together(rows: list[Row], telling: Telling) -> Iterator[Row]:
    """Join calls that ran at once, and messages that one request sent to several threads."""
    groups: list[list[Row]] = []
    latest: dict[int | None, list[Row]] = {}
    for row in rows:
        lane = row.lane.pk if row.lane else None
        group = latest.get(lane)
        if group is not None and not telling.matches and _belongs(group, row):
            group.append(row)
        else:
            latest[lane] = [row]
            groups.append(latest[lane])
    for group in groups:
        yield _joined(group) if len(group) > 1 else group[0]


def _belongs(group: list[Row], row: Row) -> bool:
    first, last = group[0], group[-1]
    if first.type == SENT == row.type:
        at_once = row.sequence - last.sequence <= NEARBY and row.at - last.at < IDLE
        return at_once and row.icon == first.icon == "thread"
    if first.type not in USES or row.type not in USES or "memory" in (first.tone, row.tone):
        return False
    answered = (max(each.covers) for each in group if len(each.covers) > 1)
    return row.sequence < min(answered, default=row.sequence + 1)


def _joined(group: list[Row]) -> Row:
    first = group[0]
    joined = replace(
        first,
        covers=tuple(sequence for row in group for sequence in row.covers),
        ends=max(row.ends or row.at for row in group),
        text="",
        figures="",
        failed=False,
        goes_on=False,
    )
    if first.type == SENT:
        threads = tuple(dict.fromkeys(row.names[0] for row in group))
        names = threads if len(threads) <= MOST_NAMES else threads[: MOST_NAMES - 1]
        if len(names) < len(threads):
            names = (*names, f"{len(threads) - len(names)} others")
        parts = tuple(_part(row, "thread", row.names[0], row.text) for row in group)
        return replace(
            joined, names=names, quoted=False, figures=f"{len(threads)} threads", parts=parts
        )
    failures = sum(row.failed for row in group)
    return replace(
        joined,
        tone="tool",
        icon="tool",
        code="",
        verb=f"{len(group)} tool calls",
        quiet="in parallel" + (f", {failures} failed" if failures else ""),
        parts=tuple(_call_part(row) for row in group),
    )


def _call_part(row: Row) -> Part:
    icon = "cross" if row.failed else "check" if len(row.covers) > 1 else "busy"
    text = row.text if row.failed else row.quiet
    part = _part(row, icon, row.code, text)
    return replace(part, tone="bad" if row.failed else "good", failed=row.failed)


def _part(row: Row, icon: str, name: str, text: str) -> Part:
    return Part(
        id=row.id,
        sequence=row.sequence,
        icon=icon,
        tone=row.tone,
        name=name,
        text=one_line(text),
        figures=row.figures.removeprefix("ok · ") if row.type in USES else "",
        covers=row.covers,
    )
