"""Where the lines and bars of dreams' pictures go: numbers in, attributes of an SVG out.

Positions are whole numbers, so that no language's decimal comma gets into one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.core.rates import Rate

LEFT, RIGHT = 6, 144
"""Of an interval's axis, 0 % and 100 %."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A rate on an axis from 0 to 100 %: its range, its dot, and where all sessions are."""

    low: int
    high: int
    at: int
    overall: int
    percent: int
    text: str


def interval(rate: Rate, overall: float) -> Interval | None:
    """None where nobody judged a session: there is no rate then."""
    if not rate.tries:
        return None
    low, high = _percent(rate.low), _percent(rate.high)
    return Interval(
        low=_along(rate.low),
        high=_along(rate.high),
        at=_along(rate.value),
        overall=_along(overall),
        percent=_percent(rate.value),
        text=f"{rate.successes} of {rate.tries} judged sessions succeeded: "
        f"{_percent(rate.value)}%, by the interval {low} to {high}%; "
        f"of all, {_percent(overall)}%",
    )


def _along(share: float) -> int:
    return round(LEFT + (RIGHT - LEFT) * share)


def _percent(share: float) -> int:
    return round(100 * share)


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a whole, drawn: how long or high, and how strong."""

    label: str
    value: int
    size: int
    y: int = 0


def funnel(counts: Sequence[tuple[str, int]], height: int = 18) -> list[Bar]:
    """One bar per count, the greatest as high as there is room; one that is not zero is seen."""
    most = max((count for _, count in counts), default=0) or 1
    sizes = [max(2, round(height * count / most)) for _, count in counts]
    return [
        Bar(label, count, size if count else 1, height - (size if count else 1))
        for (label, count), size in zip(counts, sizes, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class Stack:
    """A week's bar: parts from the ground up as (class, y, height), and words above and below."""

    x: int
    width: int
    parts: list[tuple[str, int, int]]
    top: int
    above: str
    below: str

    @property
    def middle(self) -> int:
        return self.x + self.width // 2


def stacks(
    weeks: Sequence[tuple[str, Sequence[tuple[str, int]], str]],
    *,
    width: int,
    height: int,
    room: int = 18,
) -> list[Stack]:
    """One bar per (words below, parts as (class, count), words above), side by side."""
    most = max((sum(count for _, count in parts) for _, parts, _ in weeks), default=0) or 1
    step = width / max(1, len(weeks))
    drawn = []
    for number, (below, parts, above) in enumerate(weeks):
        x, thick, y = round(number * step + step * 0.15), round(step * 0.7), height
        rows = []
        for name, count in parts:
            high = round((height - room) * count / most)
            if count:
                high = max(2, high)
                y -= high
                rows.append((name, y, max(1, high - 1)))
        drawn.append(Stack(x, thick, rows, y, above, below))
    return drawn


@dataclass(frozen=True, slots=True)
class Line:
    """Shares over weeks: pieces of a line with the ground below each, and where the mark stands."""

    lines: list[str]
    areas: list[str]
    dots: list[tuple[int, int]]
    mark: int


def line(shares: Sequence[float | None], at: float, *, width: int, height: int) -> Line:
    """A line that breaks where a week has no share; `at` is the week before which the mark is."""
    most = max((share for share in shares if share is not None), default=0) or 1
    step = width / max(1, len(shares))
    pieces: list[list[tuple[int, int]]] = [[]]
    for number, share in enumerate(shares):
        if share is None:
            pieces.append([])
        else:
            y = round(4 + (height - 6) * (1 - share / most))
            pieces[-1].append((round((number + 0.5) * step), y))
    drawn = [piece for piece in pieces if len(piece) > 1]
    return Line(
        lines=[_points(piece) for piece in drawn],
        areas=[
            f"{piece[0][0]},{height} {_points(piece)} {piece[-1][0]},{height}" for piece in drawn
        ],
        dots=[piece[0] for piece in pieces if len(piece) == 1],
        mark=round(at * step),
    )


def _points(piece: Sequence[tuple[int, int]]) -> str:
    return " ".join(f"{x},{y}" for x, y in piece)
