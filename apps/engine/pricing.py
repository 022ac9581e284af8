"""What things cost at list price. The figures are data, in `prices.toml`."""

import tomllib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

_MILLION = Decimal(1_000_000)
_HOUR = Decimal(3600)
_PRECISION = Decimal("0.000000001")


class Price(NamedTuple):
    """US dollars per million tokens, from a prompt length on."""

    from_prompt: int
    input: Decimal
    output: Decimal
    cache_read: Decimal
    cache_write: Decimal


class Usage(NamedTuple):
    """Tokens of one model request. `input` counts uncached ones only."""

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0

    @property
    def prompt(self) -> int:
        """All tokens that the model read."""
        return self.input + self.cache_read + self.cache_write


class PriceList(NamedTuple):
    """Prices by model prefix, longest prompts first; US dollars per hour of running time; and the

    share of a price that is paid in a batch.
    """

    models: dict[str, tuple[Price, ...]]
    running_hour: Decimal
    batch: Decimal


@cache
def price_list() -> PriceList:
    """Read the list once."""
    text = (Path(__file__).parent / "prices.toml").read_text()
    data = tomllib.loads(text, parse_float=Decimal)
    models: dict[str, tuple[Price, ...]] = {}
    for row in sorted(data["model"], key=lambda row: -row.get("from_prompt", 0)):
        figures = [row[name] for name in ("input", "output", "cache_read", "cache_write")]
        price = Price(row.get("from_prompt", 0), *figures)
        for prefix in row["prefixes"]:
            models[prefix] = (*models.get(prefix, ()), price)
    return PriceList(models, data["running_hour"], data["batch"])


@cache
def prices_of(model: str) -> tuple[Price, ...]:
    """The list prices of a model, by its longest known prefix; none for an unknown one."""
    prices = price_list().models
    known = [prefix for prefix in prices if model.startswith(prefix)]
    return prices[max(known, key=len)] if known else ()


def token_cost(model: str, usage: Usage) -> Decimal | None:
    """US dollars, to the billionth, or None for a model without a list price."""
    for price in prices_of(model):
        if usage.prompt >= price.from_prompt:
            cost = (
                usage.input * price.input
                + usage.output * price.output
                + usage.cache_read * price.cache_read
                + usage.cache_write * price.cache_write
            )
            return (cost / _MILLION).quantize(_PRECISION)
    return None


def in_a_batch(cost: Decimal | None) -> Decimal | None:
    """What the same costs when it is handed in with others, and answered within a day."""
    return None if cost is None else (cost * price_list().batch).quantize(_PRECISION)


def running_cost(seconds: float) -> Decimal:
    """US dollars of running time."""
    return (Decimal(seconds) * price_list().running_hour / _HOUR).quantize(_PRECISION)
