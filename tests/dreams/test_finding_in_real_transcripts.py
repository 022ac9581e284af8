"""150 sessions of an airline's agent that nobody planted anything in. The verdicts: RESULTS.md."""

import re
from functools import cache

import pytest

from apps.dreams.findings import Kind, Pattern
from tests.dreams.corpora import AIRLINE, airline, patterns_of

pytestmark = pytest.mark.skipif(not AIRLINE.exists(), reason="the tau-bench trials are not here")

EXPECTED = {
    "payment amount does not add up": 10,
    "not enough seats on flight": 5,
    "not available on date": 4,
    "certificate cannot be used": 3,
    "gift card balance is not enough": 3,
    "payment method not found": 3,
}
MOST_PATTERNS = 12
"""A reader has minutes, not hours: what is not worth a minute must not come out."""


@cache
def found() -> tuple[Pattern, ...]:
    return tuple(patterns_of(airline()))


@pytest.mark.parametrize("message", EXPECTED)
def test_every_error_that_recurs_is_found(message: str):
    (pattern,) = (each for each in found() if message in each.details.get("template", ""))

    assert pattern.sessions == EXPECTED[message]
    assert len({seen.session_id for seen in pattern.seen}) >= 3


def test_what_puts_a_payment_right_is_told_by_name():
    pattern = next(each for each in found() if "add up" in each.title)

    assert pattern.kind is Kind.MISTAKE
    assert pattern.details["named"] == "payment_methods.amount"
    assert (pattern.details["failed_calls"], pattern.details["calls"]) == ("19", "38")
    assert (pattern.success.successes, pattern.success.tries) == (1, 10)
    assert pattern.success.value < pattern.others.low


def test_wishes_of_customers_are_no_preferences():
    assert [each.title for each in found() if each.kind is Kind.PREFERENCE] == []


def test_little_else_comes_out():
    assert len(found()) <= MOST_PATTERNS


def test_no_customer_is_named():
    asked = " ".join(str(turn.input) for each in airline() for turn in each.turns if turn.input)
    customers = set(re.findall(r"\b[a-z]+_[a-z]+_\d{4}\b", asked))
    reservations = set(re.findall(r"'reservation_id': '(\w{6})'", asked))
    names = {name.title() for customer in customers for name in customer.split("_")[:2]}
    said = " ".join(
        f"{each.title} {each.key} {' '.join(each.details.values())}" for each in found()
    )

    assert len(customers) > 30
    assert (customers | reservations | names).isdisjoint(re.findall(r"\w+", said))
