"""Quotes, cut from a turn so that they are its very characters."""

from apps.dreams.findings import Span, Turn
from apps.reviews.drafting import Role

LONGEST_QUOTE = 400


def span(turn: Turn, role: Role, start: int = 0, end: int | None = None) -> Span:
    """These characters of the turn, without the blanks around them, and not more than one reads."""
    end = len(turn.text) if end is None else end
    text = turn.text[start:end]
    start += len(text) - len(text.lstrip())
    end = min(start + len(text.strip()), start + LONGEST_QUOTE)
    is_tainted = turn.type.endswith("tool_result")
    return Span(turn.event_id, start, end, turn.text[start:end], role, is_tainted)
