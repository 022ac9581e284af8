"""What a made-up store may be made of: texts with flaws, and texts that only look like it.

Each pool has two halves. `OPEN` is for seeds below 100, which rules are improved on; `KEPT` is for
the others, which are only looked at to see what the rules are worth.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

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
    """Halves that have nothing in common."""

    open: tuple[T, ...]
    kept: tuple[T, ...]

    def of(self, *, kept: bool) -> tuple[T, ...]:
        return self.kept if kept else self.open
