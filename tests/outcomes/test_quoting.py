"""Where in the work the words stand that a grader quotes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.outcomes.quoting import Shown

WORK = "The total is  42 USD,\nnet of tax.\n\nThe total is final."
KEY = "sk-ant-" + "a1B2c3D4" * 5


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("42 USD", "42 USD"),
        ("The total is 42 USD, net", "The total is  42 USD,\nnet"),
        ("  net of\ttax. ", "net of tax."),
        ("The total is final.", "The total is final."),
        ("l is 42", "l is  42"),
    ],
)
def test_white_space_may_differ(quote, found):
    start, end = Shown(WORK).find(quote)

    assert WORK[start:end] == found


@pytest.mark.parametrize("quote", ["", "  ", "43 USD", "the total", "42 USD, gross", "tax. final"])
def test_nothing_else_may(quote):
    assert Shown(WORK).find(quote) is None


def test_a_grader_never_sees_a_secret_and_quotes_beside_it_are_found():
    work = f"Use {KEY} for staging.\nNever commit it."
    shown = Shown(work)

    assert KEY not in shown.text
    assert work[slice(*shown.find("Never commit it."))] == "Never commit it."
    assert work[slice(*shown.find("Use [API key removed] for"))] == f"Use {KEY} for"
    assert work[slice(*shown.find("key removed] for staging"))] == f"{KEY} for staging"


@given(st.text(alphabet="ab \n", max_size=60), st.data())
def test_whatever_is_copied_is_found_again(work, data):
    start = data.draw(st.integers(0, len(work)))
    end = data.draw(st.integers(start, len(work)))
    copied = " ".join(work[start:end].split())

    found = Shown(work).find(copied)

    assert " ".join(work[slice(*found)].split()) == copied if copied else found is None
