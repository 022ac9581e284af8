"""A border between what we say and what others said, which they cannot have known."""

import hashlib
from collections.abc import Iterable


def fence_for(texts: Iterable[str]) -> str:
    """What occurs in none of the texts; the same for the same texts, so that a question is, too."""
    whole = "\n".join(texts)
    fence = _digest(whole)
    while fence in whole:
        fence = _digest(fence + whole)
    return fence


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]
