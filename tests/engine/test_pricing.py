"""List prices are data; a cost follows from them."""

from decimal import Decimal

import pytest

from apps.engine.pricing import Usage, price_list, prices_of, running_cost, token_cost


@pytest.mark.parametrize(
    ("model", "usage", "dollars"),
    [
        ("claude-sonnet-4-5", Usage(input=1_000_000), "3"),
        ("claude-sonnet-4-5-20250929", Usage(output=1_000_000), "15"),
        ("claude-opus-4-5", Usage(cache_read=1_000_000), "0.5"),
        ("claude-opus-4-1", Usage(cache_write=1_000_000), "18.75"),
        ("claude-haiku-5-5", Usage(input=100_000), "0.01"),
        ("claude-haiku-5-5", Usage(input=1, cache_read=100_000), "0.0050005"),
    ],
)
def test_a_request_costs_what_the_list_says(model, usage, dollars):
    assert token_cost(model, usage) == Decimal(dollars)


def test_a_model_that_is_not_on_the_list_has_no_cost():
    assert token_cost("gpt-4o", Usage(input=1)) is None


def test_an_hour_of_running_time_costs_eight_cents():
    assert running_cost(3600) == Decimal("0.08")


def test_every_family_on_the_list_has_a_price_from_the_first_token_on():
    for prefix in price_list().models:
        assert min(price.from_prompt for price in prices_of(prefix)) == 0
