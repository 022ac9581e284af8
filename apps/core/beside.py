"""What an app above has to say on a page of an app below, which does not know it.

The app above tells how it finds its word on a thing; the page below shows what is found. A teller
answers without a query for most things: pages show many of them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Aside:
    """A line beside a thing, and where one goes on from it."""

    title: str
    text: str
    url: str
    label: str
    icon: str = "info"
    tone: str = ""


Teller = Callable[[Any], Iterable[Aside]]
_TELLERS: dict[str, list[Teller]] = {}


def tell(about: str, teller: Teller) -> None:
    """Have this teller asked about things of this kind: `proposal`, `memory_store`."""
    known = _TELLERS.setdefault(about, [])
    if teller not in known:
        known.append(teller)


def asides(about: str, thing: Any) -> list[Aside]:
    """All that is to be said of it."""
    return [each for teller in _TELLERS.get(about, ()) for each in teller(thing)]
