"""How pages write quotes and ids."""

from django import template

from apps.core import masking

register = template.Library()
HEAD, TAIL = 9, 4


@register.filter
def masked(text: str) -> str:
    """Without secrets."""
    return masking.masked(text)


@register.filter
def middle(name: str) -> str:
    """sevt_01Hq…8fK2: its middle tells nobody anything."""
    return name if len(name) <= HEAD + TAIL + 1 else f"{name[:HEAD]}…{name[-TAIL:]}"
