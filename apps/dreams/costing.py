"""What dreams cost at list price. The engine without a model costs nothing."""

from decimal import Decimal
from typing import Protocol

from apps.dreams import engines
from apps.engine.models import JobSpend
from apps.engine.pricing import Usage, token_cost


class Spent(Protocol):
    """What counts tokens: a dream, a reading."""

    input_tokens: int
    output_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int


def cost(model: str, spent: Spent, bill: JobSpend | None = None) -> Decimal | None:
    """US dollars, by the bill where there is one; or None for a model without a list price."""
    if bill is not None:
        return bill.cost_usd if not bill.unpriced_requests else None
    usage = Usage(
        spent.input_tokens, spent.output_tokens, spent.cache_read_tokens, spent.cache_write_tokens
    )
    return cost_of(model, usage)


def cost_of(model: str, usage: Usage) -> Decimal | None:
    """As `cost`, of tokens that were summed elsewhere."""
    if not any(usage):
        return Decimal(0)
    return token_cost(model, usage)


def is_free(engine: str) -> bool:
    """Whether no model is asked."""
    return engine == engines.LOCAL
