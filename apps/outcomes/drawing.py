"""Where the lines and bars of outcomes' pictures go: numbers in, attributes of an SVG out.

Positions are whole numbers, so that no language's decimal comma gets into one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.core.rates import Rate
from apps.outcomes.agreeing import Agreement

LEFT, RIGHT = 6, 144


@dataclass(frozen=True, slots=True)
class Range:
    """A value with its interval on an axis, and where the line is that it should pass."""

    low: int
    high: int
    at: int
    text: str
    value: str


def rate_range(rate: Rate) -> Range | None:
    """From 0 to 100 %; None of nothing."""
    if not rate.tries:
        return None
    low, high, value = (round(100 * each) for each in (rate.low, rate.high, rate.value))
    return Range(
        _along(rate.low),
        _along(rate.high),
        _along(rate.value),
        f"{rate.successes} of {rate.tries} satisfied: {value}%, 95% interval {low} to {high}%",
        f"{value}%",
    )


def kappa_range(found: Agreement) -> Range | None:
    """From 0 to 1: what is worse than chance stands at 0."""
    if found.kappa is None or found.low is None or found.high is None:
        return None
    return Range(
        _along(max(0.0, found.low)),
        _along(max(0.0, found.high)),
        _along(max(0.0, found.kappa)),
        f"kappa {found.kappa:.2f}, 95% interval {found.low:.2f} to {found.high:.2f}, "
        f"of {found.labels} labels",
        f"{found.kappa:.2f}".replace("-", "−"),
    )


def threshold(value: float) -> int:
    """Where the least kappa that is trusted stands on the axis."""
    return _along(max(0.0, min(1.0, value)))


def _along(share: float) -> int:
    return round(LEFT + (RIGHT - LEFT) * share)


@dataclass(frozen=True, slots=True)
class WeekBar:
    """A week: a pale bar as high as what was judged, and the part of it that was satisfactory."""

    x: int
    width: int
    y: int
    height: int
    good_y: int
    good_height: int
    label: str


def week_bars(
    weeks: Sequence[tuple[str, int, int]], *, width: int, height: int, most: int
) -> list[WeekBar]:
    """Of (label, satisfied, judged) per week, side by side."""
    step = width / max(1, len(weeks))
    bars = []
    for number, (label, good, tries) in enumerate(weeks):
        if not tries:
            continue
        whole = max(3, round(height * tries / max(1, most)))
        part = round(whole * good / tries)
        bars.append(
            WeekBar(
                x=round(number * step + step * 0.14),
                width=max(2, round(step * 0.72)),
                y=height - whole,
                height=whole,
                good_y=height - part,
                good_height=part,
                label=f"{label}: {good} of {tries}",
            )
        )
    return bars
