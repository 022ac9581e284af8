"""Shares with the interval that says how little a few tries prove."""

from dataclasses import dataclass
from math import sqrt
from typing import Final

Z: Final = 1.959964
"""The normal deviate of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Successes of tries, with its 95 % interval; never shown without it."""

    successes: int
    tries: int
    low: float
    high: float

    @property
    def value(self) -> float:
        return self.successes / self.tries if self.tries else 0.0


def rate(successes: int, tries: int) -> Rate:
    """The 95 % Wilson interval: right for few tries, too, and never beyond 0 and 1."""
    if not tries:
        return Rate(0, 0, 0.0, 1.0)
    share = successes / tries
    spread = 1 + Z**2 / tries
    middle = (share + Z**2 / (2 * tries)) / spread
    half = Z * sqrt(share * (1 - share) / tries + Z**2 / (4 * tries**2)) / spread
    return Rate(successes, tries, max(0.0, middle - half), min(1.0, middle + half))
