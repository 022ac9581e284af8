"""What a made-up store may be made of: texts with flaws, and texts that only look like it.

Each pool has texts for seeds below 100, which rules are improved on, and others for those from 100
on, which are only looked at to see what the rules are worth. Some have a third set, from 200 on,
written when the second had been measured before.
"""

import re
from dataclasses import dataclass
from typing import Generic, TypeVar

KEPT_FROM = 100
"""The seed from which on corpora are made of texts that no rule was improved on."""
LAST_FROM = 200
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two memories, each with its path, that say the same, or the opposite, or neither.

    Of what is the same, `signs` must be found in whatever the two become.
    """

    id: str
    first: tuple[str, str]
    second: tuple[str, str]
    signs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pool(Generic[T]):
    """Sets that have nothing in common."""

    open: tuple[T, ...]
    kept: tuple[T, ...]
    last: tuple[T, ...] = ()

    def of(self, seed: int) -> tuple[T, ...]:
        if seed >= LAST_FROM and self.last:
            return self.last
        return self.kept if seed >= KEPT_FROM else self.open


_PAIR = re.compile(r"^= (.+)$", re.MULTILINE)
_PATH = re.compile(r"^@ (/\S+)\n", re.MULTILINE)


def pairs(told: str) -> tuple[Pair, ...]:
    """From texts as they stand: `= id` begins a pair, `@ /path` each of its two memories."""
    _, *parts = _PAIR.split(told)
    return tuple(map(_pair, parts[::2], parts[1::2]))


def _pair(name: str, told: str) -> Pair:
    _, *texts = _PATH.split(told)
    first, second = zip(texts[::2], (text.strip() + "\n" for text in texts[1::2]), strict=True)
    return Pair(name, first, second)
