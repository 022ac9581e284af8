"""How pages write what a trial came to."""

from django import template

from apps.outcomes.replaying.comparing import Difference

register = template.Library()


@register.filter
def points(found: Difference | None) -> str:
    """−60, −100 to −17: in points of a hundred, with a sign."""
    if found is None:
        return "–"
    low, high = _signed(found.low), _signed(found.high)
    return f"{_signed(found.value)}, {low} to {high}" if low != high else f"{low} in each"


def _signed(share: float) -> str:
    return f"{round(100 * share):+d}".replace("-", "−").replace("+0", "0")
