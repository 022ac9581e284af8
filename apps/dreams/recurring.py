"""Whether what recurred recurs less since a memory says so: a verdict of four counts, and no more.

Of the sessions that were read before and after, in how many was it seen? The difference of the two
shares has a 95 % interval (Newcombe's, of two Wilson intervals), which few sessions make wide. Only
what the whole interval says is said.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import hypot

from apps.core.rates import rate

LEAST_SESSIONS = 8
"""Of either side; below, there is nothing to compare."""
WORTH_HAVING = 0.5
"""A memory that takes away less than this part of what it is about has no effect to speak of."""


class Verdict(StrEnum):
    """What came of a memory."""

    WORKS = "works"
    NO_EFFECT = "no_effect"
    HARMFUL = "harmful"
    TOO_EARLY = "too_early"


@dataclass(frozen=True, slots=True)
class Tally:
    """Sessions that were read, and those of them in which it was seen."""

    seen: int = 0
    read: int = 0

    @property
    def share(self) -> float:
        return self.seen / self.read if self.read else 0.0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.seen + other.seen, self.read + other.read)


@dataclass(frozen=True, slots=True)
class Judged:
    """Before and after, by how much the share changed at least and at most, and what that says."""

    before: Tally
    after: Tally
    low: float
    high: float
    verdict: Verdict


def judge(before: Tally, after: Tally) -> Judged:
    """Compare. It takes more sessions to say that nothing changed than that something did."""
    low, high = difference(before, after)
    return Judged(before, after, low, high, _verdict(before, after, low, high))


def difference(before: Tally, after: Tally) -> tuple[float, float]:
    """By how much the share rose (below zero: fell), at least and at most, 95 % sure."""
    first, second = rate(before.seen, before.read), rate(after.seen, after.read)
    rose = second.value - first.value
    low = rose - hypot(second.value - second.low, first.high - first.value)
    high = rose + hypot(second.high - second.value, first.value - first.low)
    return max(-1.0, low), min(1.0, high)


def _verdict(before: Tally, after: Tally, low: float, high: float) -> Verdict:
    if min(before.read, after.read) < LEAST_SESSIONS or not before.seen:
        return Verdict.TOO_EARLY
    if high < 0:
        return Verdict.WORKS
    if low > 0:
        return Verdict.HARMFUL
    if low > -WORTH_HAVING * before.share:
        return Verdict.NO_EFFECT
    return Verdict.TOO_EARLY
