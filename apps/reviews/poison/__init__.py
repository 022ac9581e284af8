"""What must not slip into a memory: orders to the agent, hidden text, secrets, ways out. Pure.

A memory is read by agents as if it were their own, so whatever reaches it is obeyed. This finds
what looks like an attack, and marks the place; it proves nothing of what it does not find. What it
flags is never applied by itself, and never by one person alone.
"""

from collections.abc import Iterator

from apps.core import masking
from apps.reviews.poison import hiding, wording
from apps.reviews.poison.marking import Flag, Mark

__all__ = ["Flag", "Mark", "marks"]


def marks(text: str) -> list[Mark]:
    """Everything that is wrong with the text, in order."""
    looks = (
        wording.orders,
        wording.markup,
        wording.turned,
        hiding.hidden,
        hiding.lookalikes,
        hiding.encoded,
        _secrets,
    )
    found = {mark for look in looks for mark in look(text)}
    return sorted(found, key=lambda each: (each.start, each.end, each.flag, each.why))


def _secrets(text: str) -> Iterator[Mark]:
    for each in masking.secrets(text):
        yield Mark(each.start, each.end, Flag.SECRET, f"looks like a {each.kind}")
