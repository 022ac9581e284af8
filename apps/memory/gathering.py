"""Many writes with one pen: the same versions in the same chain, a hundred to a statement.

Where everything lies is read once, what is touched is read ahead, and what is written waits until
there is enough of it. Whatever could see the difference comes after all that waits has been kept.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, TypeVar

from apps.memory import keeping
from apps.memory.models import Memory, MemoryStore, MemoryVersion
from apps.memory.places import Places

AT_ONCE = 100
"""Memories whose contents are in hand together."""
T = TypeVar("T")


class Ahead(Generic[T]):
    """What is asked for by its key, mostly in this order: loaded a hundred at a time."""

    def __init__(
        self, keys: Iterable[str], load: Callable[[Sequence[str]], Mapping[str, T]]
    ) -> None:
        self._keys = list(dict.fromkeys(keys))
        self._place = {key: place for place, key in enumerate(self._keys)}
        self._load = load
        self._at_hand: dict[str, T] = {}

    def take(self, key: str) -> T | None:
        """It, as it is when it was loaded; None if it was not to be expected, or is not there."""
        if key not in self._at_hand and key in self._place:
            begin = self._place[key]
            self._at_hand |= self._load(self._keys[begin : begin + AT_ONCE])
        return self._at_hand.pop(key, None)


class Gathering:
    """What a pen knows and has not kept yet."""

    def __init__(self, store: MemoryStore, touched: Iterable[str]) -> None:
        self._store = store
        self._live = Memory.objects.live().filter(store=store)
        where = dict(self._live.values_list("pk", "path"))
        self._paths = where
        self._places = Places((path, memory_id) for memory_id, path in where.items())
        self._ahead = Ahead(touched, self._loaded)
        self._waiting: dict[str, tuple[Memory, MemoryVersion, bool]] = {}
        self._left: set[str] = set()

    def memory(self, memory_id: str) -> Memory | None:
        """The memory as it is now, if it lives and is one that was to be touched."""
        found = self._ahead.take(memory_id)
        if found is None:
            self.keep()  # whoever looks further looks into the database
        return found

    def blocking(self, path: str, besides: str) -> tuple[str, str] | None:
        return self._places.blocking(path, besides)

    def add(self, memory: Memory, version: MemoryVersion, *, is_new: bool) -> None:
        """To be kept with others. A path that another one leaves meanwhile is not free before."""
        old = self._paths.pop(memory.pk, None)
        new = memory.path if memory.deleted_at is None else None
        if memory.pk in self._waiting or new in self._left or len(self._waiting) == AT_ONCE:
            self.keep()
        if old is not None and old != new:
            self._places.remove(old)
            self._left.add(old)
        if new is not None:
            self._paths[memory.pk] = new
            self._places.add(new, memory.pk)
        self._waiting[memory.pk] = (memory, version, is_new)

    def keep(self) -> None:
        """Keep all that waits."""
        waiting = list(self._waiting.values())
        self._waiting.clear()
        self._left.clear()
        new = [(memory, version) for memory, version, is_new in waiting if is_new]
        changed = [(memory, version) for memory, version, is_new in waiting if not is_new]
        if new:
            keeping.keep_new(self._store, new)
        if changed:
            keeping.keep_changed(self._store, changed)

    def _loaded(self, memory_ids: Sequence[str]) -> dict[str, Memory]:
        self.keep()
        return self._live.in_bulk(memory_ids)
