"""How outcomes' pages write weights, checks and shares."""

from decimal import Decimal
from typing import Any

from django import template

register = template.Library()

_CHECKS = {
    "regex": "matches {}",
    "contains": "contains {}",
    "not_contains": "lacks {}",
    "min_words": "at least {} words",
    "max_words": "at most {} words",
    "min_characters": "at least {} characters",
    "max_characters": "at most {} characters",
    "json_schema": "JSON schema",
}
_LONGEST = 40


@register.filter
def weight(value: Decimal) -> str:
    """2, 0.5: without the zeros that a column keeps."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.filter
def check_words(criterion: Any) -> str:
    """What code looks for, in a few words."""
    value = str(criterion.check_value)
    short = value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"
    return _CHECKS[str(criterion.check_kind)].format(short)


@register.filter
def percent(value: float | None) -> str:
    """0.625 → 63%."""
    return "–" if value is None else f"{round(100 * value)}%"


@register.filter
def marked_advisory(key: str, advisory: frozenset[str]) -> bool:
    """Whether the criterion with this key counts for nothing now."""
    return key in advisory


@register.filter
def first_line(text: str) -> str:
    """What a criterion says before its nested bullets."""
    return text.partition("\n")[0]
