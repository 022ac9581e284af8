"""How far a grader and people agree on a criterion, beyond what chance alone would bring.

Cohen's kappa (J. Cohen, Educational and Psychological Measurement 20, 1960) over pass, fail and
unclear, with the large-sample standard error of Fleiss, Cohen and Everitt (Psychological Bulletin
72, 1969; Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, 3rd edition, 18.1)
and the normal 95 % interval. Where all agree, that formula knows no error: the interval is then
Wilson's of the observed agreement, with the expected one held.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from typing import Final

from django.conf import settings

from apps.core.rates import Z, rate
from apps.outcomes.models import Judgement

SIDES: Final = tuple(Judgement)
"""Rows are what the grader said, columns what a person did, in this order."""


class Standing(StrEnum):
    """What becomes of a criterion's verdicts."""

    TOO_FEW = "too_few"
    TRUSTED = "trusted"
    ADVISORY = "advisory"
    ONE_SIDED = "one_sided"


@dataclass(frozen=True, slots=True)
class Agreement:
    """A table of verdicts against labels, and what it comes to.

    `kappa` is None where it has no meaning: nothing was labelled, or everybody said one and the
    same thing of everything.
    """

    confusion: tuple[tuple[int, ...], ...]
    labels: int
    observed: float
    expected: float
    kappa: float | None
    low: float | None
    high: float | None

    @property
    def disagreements(self) -> int:
        return self.labels - sum(row[at] for at, row in enumerate(self.confusion))

    @property
    def standing(self) -> Standing:
        if self.labels < settings.OUTCOME_MIN_LABELS:
            return Standing.TOO_FEW
        if self.kappa is None:
            return Standing.ONE_SIDED
        if self.kappa < settings.OUTCOME_MIN_KAPPA:
            return Standing.ADVISORY
        return Standing.TRUSTED

    @property
    def is_trusted(self) -> bool:
        return self.standing == Standing.TRUSTED

    @property
    def is_advisory(self) -> bool:
        """Whether the criterion stops gating: enough labels, and they agree too little."""
        return self.standing == Standing.ADVISORY


def agreement(pairs: Iterable[tuple[str, str]]) -> Agreement:
    """Of pairs of what the grader said and what a person did."""
    places = {str(side): at for at, side in enumerate(SIDES)}
    table = [[0] * len(SIDES) for _ in SIDES]
    for verdict, label in pairs:
        table[places[verdict]][places[label]] += 1
    return of_table(table)


def of_table(table: Sequence[Sequence[int]]) -> Agreement:
    """The same of a square table of counts, of any size."""
    confusion = tuple(tuple(row) for row in table)
    labels = sum(map(sum, confusion))
    if not labels:
        return Agreement(confusion, 0, 0.0, 0.0, None, None, None)
    shares = _Shares.of(confusion, labels)
    if shares.expected >= 1:
        return Agreement(confusion, labels, shares.observed, 1.0, None, None, None)
    kappa = shares.chance_corrected(shares.observed)
    low, high = _interval(shares, kappa, labels)
    return Agreement(confusion, labels, shares.observed, shares.expected, kappa, low, high)


@dataclass(frozen=True, slots=True)
class _Shares:
    cells: tuple[tuple[float, ...], ...]
    rows: tuple[float, ...]
    columns: tuple[float, ...]
    observed: float
    expected: float

    @classmethod
    def of(cls, table: Sequence[Sequence[int]], total: int) -> "_Shares":
        cells = tuple(tuple(count / total for count in row) for row in table)
        rows = tuple(sum(row) / total for row in table)
        columns = tuple(sum(column) / total for column in zip(*table, strict=True))
        diagonal = sum(row[at] for at, row in enumerate(table)) / total
        return cls(
            cells, rows, columns, diagonal, sum(a * b for a, b in zip(rows, columns, strict=True))
        )

    def chance_corrected(self, observed: float) -> float:
        return (observed - self.expected) / (1 - self.expected)


def _interval(shares: _Shares, kappa: float, labels: int) -> tuple[float, float]:
    error = _standard_error(shares, kappa, labels)
    if not error:
        whole = rate(round(shares.observed * labels), labels)
        low, high = shares.chance_corrected(whole.low), shares.chance_corrected(whole.high)
        return max(-1.0, low), min(1.0, high)
    return max(-1.0, kappa - Z * error), min(1.0, kappa + Z * error)


def _standard_error(shares: _Shares, kappa: float, labels: int) -> float:
    """Formula 18.14 of Fleiss, Levin and Paik: A, B and C are its names."""
    a = b = 0.0
    for at, row in enumerate(shares.cells):
        for place, cell in enumerate(row):
            if at == place:
                a += cell * (1 - (shares.rows[at] + shares.columns[at]) * (1 - kappa)) ** 2
            else:
                b += cell * (shares.columns[at] + shares.rows[place]) ** 2
    b *= (1 - kappa) ** 2
    c = (kappa - shares.expected * (1 - kappa)) ** 2
    return sqrt(max(0.0, a + b - c) / labels) / (1 - shares.expected)
