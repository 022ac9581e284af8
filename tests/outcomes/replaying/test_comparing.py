"""What pairs of answers prove, and how little few of them do."""

from math import sqrt

import pytest

from apps.outcomes.replaying.comparing import Pair, compared


def pairs(both=0, lost=0, won=0, neither=0):
    return [
        *[Pair(True, True)] * both,
        *[Pair(True, False)] * lost,
        *[Pair(False, True)] * won,
        *[Pair(False, False)] * neither,
    ]


def test_the_interval_of_pass_rates_is_that_of_agresti_and_min():
    # Agresti and Min (2005), the prime minister's approval: 794, 150, 86 and 570 of 1,600.
    found = compared(pairs(both=794, lost=150, won=86, neither=570)).rates

    assert found.value == pytest.approx(-0.04)
    assert (round(found.low, 3), round(found.high, 3)) == (-0.059, -0.021)
    assert found.is_worse


def test_five_sessions_that_all_get_worse_show_it_and_one_does_not():
    five, one = compared(pairs(lost=5)), compared(pairs(lost=1))

    assert five.rates.value == -1
    assert five.rates.high == pytest.approx(-5 / 7 + 1.959964 * sqrt(6 - 25 / 7) / 7)
    assert five.rates.is_worse
    assert five.is_small
    assert not one.rates.is_worse


def test_the_interval_of_scores_is_students():
    scored = [Pair(True, True, 0.5, 0.5 + each) for each in (0.1, 0.2, 0.3)]

    found = compared(scored).scores

    assert found.value == pytest.approx(0.2)
    assert found.high - found.value == pytest.approx(4.3027 * 0.1 / sqrt(3))
    assert not found.is_better


def test_what_has_no_score_counts_for_none():
    assert compared([Pair(True, True, 1.0, None), Pair(True, True, 1.0, 1.0)]).scores is None


def test_nothing_compared_says_nothing():
    found = compared([])

    assert (found.pairs, found.rates, found.scores) == (0, None, None)
