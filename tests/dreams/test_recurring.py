"""Whether a memory helps: verdicts of counts, and how seldom chance alone makes one."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.dreams.recurring import Tally, Verdict, difference, judge

WORKS, NO_EFFECT, HARMFUL, TOO_EARLY = Verdict


def corpus(seed, share, sessions):
    """Sessions in each of which it is seen by this chance."""
    chance = random.Random(seed)
    return Tally(sum(chance.random() < share for _ in range(sessions)), sessions)


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ((0.5, 60), (0.05, 60), WORKS),
        ((0.9, 20), (0.1, 20), WORKS),
        ((0.4, 400), (0.4, 400), NO_EFFECT),
        ((0.1, 60), (0.6, 60), HARMFUL),
        ((0.5, 60), (0.05, 4), TOO_EARLY),
        ((0.15, 30), (0.1, 20), TOO_EARLY),
    ],
)
@pytest.mark.parametrize("seed", range(5))
def test_each_verdict_is_reached(before, after, verdict, seed):
    found = judge(corpus(seed, *before), corpus(seed + 100, *after))

    assert found.verdict == verdict


@pytest.mark.parametrize("share", [0.05, 0.2, 0.5, 0.9])
@pytest.mark.parametrize(("first", "second"), [(8, 8), (50, 10), (200, 200)])
def test_chance_alone_is_seldom_taken_for_an_effect(share, first, second):
    verdicts = [
        judge(corpus(seed, share, first), corpus(-seed - 1, share, second)).verdict
        for seed in range(400)
    ]

    fooled = sum(each in {WORKS, HARMFUL} for each in verdicts)
    assert fooled / len(verdicts) < 0.08


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Tally(3, 3), Tally(0, 3)),
        (Tally(7, 7), Tally(0, 100)),
        (Tally(100, 100), Tally(0, 7)),
        (Tally(0, 50), Tally(0, 50)),
        (Tally(), Tally()),
        (Tally(9, 40), Tally()),
    ],
)
def test_few_sessions_or_nothing_seen_before_prove_nothing(before, after):
    assert judge(before, after).verdict == TOO_EARLY


def test_the_interval_is_newcombes():
    # Newcombe 1998, example (a): 56 of 70 against 48 of 80.
    low, high = difference(Tally(48, 80), Tally(56, 70))

    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)


TALLIES = st.integers(0, 60).flatmap(
    lambda read: st.builds(Tally, st.integers(0, read), st.just(read))
)


@given(TALLIES, TALLIES)
def test_the_interval_holds_the_difference_and_turns_with_its_sides(before, after):
    low, high = difference(before, after)

    assert -1 <= low <= after.share - before.share <= high <= 1 or not (before.read and after.read)
    turned = difference(after, before)
    assert (round(-turned[1], 9), round(-turned[0], 9)) == (round(low, 9), round(high, 9))
