"""Against tables whose results are printed in the literature."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.outcomes.agreeing import Standing, agreement, of_table


def test_two_clinicians_diagnose_a_hundred_patients():
    """Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, 3rd ed., 18.1."""
    found = of_table([[75, 1, 4], [5, 4, 1], [0, 0, 10]])

    assert (found.labels, found.disagreements) == (100, 11)
    assert found.observed == pytest.approx(0.89)
    assert found.expected == pytest.approx(0.66)
    assert found.kappa == pytest.approx(0.68, abs=0.005)
    # They print 0.087 and (0.51, 0.85), from a kappa rounded to two places.
    assert (found.high - found.low) / (2 * 1.96) == pytest.approx(0.087, abs=0.001)
    assert (found.low, found.high) == pytest.approx((0.51, 0.85), abs=0.006)


def test_two_judges_sort_two_hundred_patients():
    """Cohen, A coefficient of agreement for nominal scales (1960), by frequencies of table 1."""
    found = of_table([[88, 14, 18], [10, 40, 10], [2, 6, 12]])

    assert found.observed == pytest.approx(0.70)
    assert found.expected == pytest.approx(0.41)
    assert found.kappa == pytest.approx(0.492, abs=0.0005)


def test_the_interval_is_that_of_the_large_sample_error():
    """The example of ci.kappa in the R package statpsych, after Fleiss and Paik (2003)."""
    found = of_table([[31, 12], [4, 58]])

    assert found.kappa == pytest.approx(0.6756757, abs=1e-7)
    assert (found.low, found.high) == pytest.approx((0.5317210, 0.8196303), abs=1e-6)


def test_a_table_is_counted_with_the_grader_in_rows():
    pairs = [("pass", "pass")] * 3 + [("pass", "fail")] * 2 + [("unclear", "fail")]

    assert agreement(pairs).confusion == ((3, 2, 0), (0, 0, 0), (0, 1, 0))


def test_worse_than_chance_is_below_zero():
    found = of_table([[0, 10], [10, 0]])

    assert (found.kappa, found.low) == (-1.0, -1.0)


def test_agreeing_always_is_not_certain_of_few():
    few, many = of_table([[3, 0], [0, 2]]), of_table([[300, 0], [0, 200]])

    assert (few.kappa, few.high) == (1.0, 1.0)
    assert few.low < 0.2
    assert many.low > 0.98


def test_where_everybody_says_one_thing_kappa_has_no_meaning():
    found = of_table([[40, 0, 0], [0, 0, 0], [0, 0, 0]])

    assert (found.kappa, found.low, found.high) == (None, None, None)
    assert found.standing == Standing.ONE_SIDED
    assert not found.is_advisory


@pytest.mark.parametrize(
    ("table", "standing"),
    [
        ([[0, 0], [0, 0]], Standing.TOO_FEW),
        ([[0, 10], [9, 0]], Standing.TOO_FEW),
        ([[5, 5], [5, 5]], Standing.ADVISORY),
        ([[8, 3], [2, 7]], Standing.ADVISORY),  # kappa 0.5
        ([[8, 2], [2, 8]], Standing.TRUSTED),  # kappa 0.6, the least that is trusted
    ],
)
def test_a_criterion_gates_unless_enough_labels_agree_too_little(table, standing, settings):
    settings.OUTCOME_MIN_KAPPA, settings.OUTCOME_MIN_LABELS = 0.6, 20

    found = of_table(table)

    assert found.standing == standing
    assert (found.is_trusted, found.is_advisory) == (
        standing == Standing.TRUSTED,
        standing == Standing.ADVISORY,
    )


@given(st.lists(st.lists(st.integers(0, 60), min_size=3, max_size=3), min_size=3, max_size=3))
def test_kappa_lies_in_its_interval_and_never_beyond_one(table):
    found = of_table(table)

    if found.kappa is not None:
        assert -1 <= found.low <= found.kappa + 1e-9
        assert found.kappa <= found.high + 1e-9 <= 1 + 2e-9
        assert of_table(list(zip(*table, strict=True))).kappa == pytest.approx(found.kappa)
