"""Far too long, in one form or another: by headings, by days, by numbers."""

from collections.abc import Callable
from random import Random

from apps.demo.evaluating.pools import Pool

Long = tuple[str, Callable[[Random], str]]
_TOPICS = ("Boxes", "Labels", "Pallets", "Customs", "Carriers", "Claims", "Returns", "Insurance")
_PEOPLE = ("Ana", "Bo", "Cy", "Di")
_FAULTS = ("belt slipped", "sensor blind", "jam at the gate", "label unreadable", "no fault found")


def _by_heading(chance: Random) -> str:
    """Eight subjects in one file."""
    parts = ["# Shipping\n"]
    for topic in _TOPICS:
        parts.append(f"\n## {topic}\n")
        parts.extend(
            f"\n- {topic} rule {number}: carrier {chance.choice('ABCDE')} takes"
            f" {chance.randint(2, 99)} kg for {chance.randint(3, 80)} EUR, up to zone"
            f" {chance.randint(1, 9)}, and wants form {chance.randint(100, 999)}."
            for number in range(1, 31)
        )
    return "".join(parts)


def _by_day(chance: Random) -> str:
    """A diary of nine months, some days with two lines."""
    lines = ["# Diary of the sorter\n"]
    for month in range(1, 10):
        for day in range(1, 29):
            lines.append(
                f"- 2026-{month:02d}-{day:02d}: line {chance.randint(1, 6)},"
                f" {chance.choice(_FAULTS)}, stopped for {chance.randint(1, 50)} minutes"
            )
            if chance.random() < 0.5:
                lines.append(f"  seen again in shift {chance.randint(1, 3)} and let be for now")
    return "\n".join(lines) + "\n"


def _by_number(chance: Random) -> str:
    """Cases by their number, in order."""
    number, lines = 4_000, ["# Cases\n", "Every case that was closed, newest last.\n"]
    for _ in range(420):
        number += chance.randint(1, 4)
        lines.append(
            f"- {number} {chance.choice(_FAULTS)}, {chance.choice(_TOPICS).lower()},"
            f" settled for {chance.randint(5, 900)} EUR"
        )
    return "\n".join(lines) + "\n"


def _by_nothing(chance: Random) -> str:
    """Paragraphs, and nothing that tells one from the next."""
    return (
        "# Remarks\n\n"
        + "\n\n".join(
            f"The {chance.choice(_TOPICS).lower()} of a {chance.choice(_FAULTS)} were looked at by"
            f" {chance.choice(_PEOPLE)}, who took {chance.randint(2, 90)} of them for good and sent"
            f" back {chance.randint(2, 90)}, as shelf {chance.randint(1, 400)} was full."
            for _ in range(160)
        )
        + "\n"
    )


OVERSIZED: Pool[Long] = Pool(
    (("/shipping/everything.md", _by_heading), ("/sorter/diary.md", _by_day)),
    (("/cases/closed.md", _by_number), ("/remarks.md", _by_nothing)),
)
