"""The minimap's data stays small and its counts exact."""

import random

from hypothesis import given
from hypothesis import strategies as st

from apps.core import payloads
from apps.sessions.timeline import MOST_LINKS, MOST_MARKS, Fold, Tick

_ticks = st.lists(
    st.builds(
        Tick,
        lane=st.integers(0, 3),
        kind=st.integers(1, 9),
        at=st.integers(0, 10**7),
        sequence=st.just(0),
        is_error=st.booleans(),
        started=st.none() | st.integers(0, 10**7),
        peer=st.none() | st.integers(0, 3),
    ),
    max_size=200,
).map(lambda ticks: [tick._replace(sequence=n) for n, tick in enumerate(ticks, 1)])


def crowd(size, lanes=5):
    chance = random.Random(1)
    at = 0
    for sequence in range(1, size + 1):
        at += chance.choice((40, 400, 4_000, 40_000))
        yield Tick(
            chance.randrange(lanes), chance.randint(1, 8), at, sequence, chance.random() < 0.02
        )


def test_few_events_are_a_mark_each():
    fold = Fold()

    fold.add(crowd(100))

    assert (len(fold.marks), fold.grain) == (100, 0)


def test_many_events_fold_into_few_marks_that_count_them_all():
    fold = Fold()

    fold.add(crowd(50_000))

    assert len(fold.marks) <= 2 * MOST_MARKS
    assert sum(mark.count for mark in fold.marks) == 50_000 == sum(fold.counts.values())
    assert sum(mark.errors for mark in fold.marks) == fold.errors
    assert len(payloads.dump(fold.dump())) < 150_000


def test_more_lanes_than_marks_still_end():
    fold = Fold()

    fold.add(crowd(20_000, lanes=900))

    assert sum(mark.count for mark in fold.marks) == 20_000


def test_an_error_is_never_hidden_in_a_mark_of_things_that_went_well():
    fold = Fold()

    fold.add(crowd(50_000))

    assert all(mark.errors in {0, mark.count} for mark in fold.marks)
    assert fold.first_error == min(mark.first_error for mark in fold.marks if mark.errors)


def test_a_mark_reaches_from_what_it_closes_to_its_own_time():
    fold = Fold()

    fold.add([Tick(0, 3, 5_000, 2, started=1_000)])

    assert (fold.marks[0].start, fold.marks[0].end) == (1_000, 5_000)


def test_what_comes_late_but_happened_early_stretches_no_mark():
    fold = Fold(grain=1_000)

    fold.add([Tick(0, 2, 9_000_000, 1), Tick(0, 2, 5, 2)])

    assert [(mark.start, mark.end) for mark in fold.marks] == [(9_000_000, 9_000_000), (5, 5)]


def test_links_that_do_not_fit_are_counted():
    fold = Fold()

    fold.add(Tick(0, 5, n, n, peer=1) for n in range(1, MOST_LINKS + 11))

    assert (len(fold.links), fold.links_left_out) == (MOST_LINKS, 10)


@given(_ticks, st.integers(0, 200))
def test_folding_in_two_steps_gives_what_folding_at_once_gives(ticks, cut):
    whole, steps = Fold(), Fold()
    whole.add(ticks)

    steps.add(ticks[:cut])
    steps = Fold.load(payloads.load(payloads.dump(steps.dump())))
    steps.add(ticks[cut:])

    assert steps == whole
