"""How the same tasks went without a proposal and with it. Pure.

Of pass rates the difference of paired shares with the adjusted Wald interval of A. Agresti and
Y. Min (Statistics in Medicine 24, 2005): half a pair is added to each of the four cells, so that it
is right for few pairs, too. With n pairs, b of which pass only without the proposal and c only with
it: (c - b) / (n + 2), give or take 1.96 times √(b + c + 1 - (c - b)² / (n + 2)) / (n + 2). Of
scores the mean of the paired differences with Student's interval of n - 1 degrees of freedom.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev
from typing import Final

from apps.core.rates import Z

FEW: Final = 10
"""Pairs below which no interval is narrow enough to rest a decision on it alone."""
_T: Final = (
    *(12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281),
    *(2.2010, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860),
    *(2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423),
)
"""Student's 97.5 % quantiles for 1 to 30 degrees of freedom; beyond, the normal one is near."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One task: how it went without the proposal, and with it."""

    passed_before: bool
    passed_after: bool
    score_before: float | None = None
    score_after: float | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """With minus without: above 0 the proposal helps."""

    value: float
    low: float
    high: float

    @property
    def is_better(self) -> bool:
        return self.low > 0

    @property
    def is_worse(self) -> bool:
        return self.high < 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """What all pairs came to. `scores` is None where fewer than two pairs have them."""

    pairs: int
    passed_before: int
    passed_after: int
    rates: Difference | None
    scores: Difference | None

    @property
    def is_harmful(self) -> bool:
        """Whether fewer tasks pass with the proposal, and not by chance."""
        return self.rates is not None and self.rates.is_worse

    @property
    def is_small(self) -> bool:
        return self.pairs < FEW


def compared(pairs: Sequence[Pair]) -> Comparison:
    """`rates` is None without any pair."""
    before = sum(each.passed_before for each in pairs)
    after = sum(each.passed_after for each in pairs)
    rates = _rates(pairs) if pairs else None
    return Comparison(len(pairs), before, after, rates, _scores(pairs))


def _rates(pairs: Sequence[Pair]) -> Difference:
    lost = sum(each.passed_before and not each.passed_after for each in pairs)
    won = sum(each.passed_after and not each.passed_before for each in pairs)
    total = len(pairs) + 2
    middle = (won - lost) / total
    half = Z * sqrt(lost + won + 1 - (won - lost) ** 2 / total) / total
    observed = (won - lost) / len(pairs)
    return Difference(observed, max(-1.0, middle - half), min(1.0, middle + half))


def _scores(pairs: Sequence[Pair]) -> Difference | None:
    changes = [
        each.score_after - each.score_before
        for each in pairs
        if each.score_before is not None and each.score_after is not None
    ]
    if len(changes) < 2:
        return None
    freedom = len(changes) - 1
    quantile = _T[freedom - 1] if freedom <= len(_T) else Z
    middle = fmean(changes)
    half = quantile * stdev(changes) / sqrt(len(changes))
    return Difference(middle, max(-1.0, middle - half), min(1.0, middle + half))
