"""What of a store says the same twice or against itself, looked for once per state of the store.

Small stores are looked through at once, others by a worker, and what was found is kept for a day.
Only places are kept and no text: what a memory said is nowhere once it is redacted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter

from django.core import signing
from django.core.cache import cache

from apps.core.api import paging
from apps.memory import likeness
from apps.memory.likeness import Note, Statement
from apps.memory.models import Memory, MemoryStore

AT_ONCE = 150
"""Memories of a store that is looked through while somebody waits: a quarter of a second."""
MOST_NOTES = 5_000
"""Memories that are compared, those changed last first."""
MOST_KEPT = 500
"""Pairs of either sort."""
_KEPT_FOR = 24 * 3600
_BUSY_FOR = 600
_VERSION = 2
"""Of the rules: other rules find other things in the same store."""


@dataclass(frozen=True, slots=True)
class Place:
    """A statement of a memory by its number, or the memory as a whole; the hash it had then."""

    memory_id: str
    sha256: str
    at: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Two places; `why` is a reason, or for a pair that says the same whether to the letter."""

    first: Place
    second: Place
    score: float
    why: str

    @property
    def key(self) -> tuple[float, str, str]:
        """The surest first, and no two alike."""
        return (-self.score, self.first.memory_id, self.second.memory_id)


@dataclass(frozen=True, slots=True)
class Findings:
    """All that was found in one state of a store."""

    duplicates: tuple[Found, ...]
    contradictions: tuple[Found, ...]
    compared: int


@dataclass(frozen=True, slots=True)
class Side:
    """A memory of a pair, with the statements that the finding is about."""

    memory: Memory
    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """As Found, to be read."""

    first: Side
    second: Side
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Pairs:
    """One page of them, the surest first."""

    rows: list[Pair]
    next_page: str | None


def findings(store: MemoryStore) -> Findings | None:
    """What is known of the store as it is now; None where a worker must look first."""
    known: Findings | None = cache.get(_key(store))
    if known is None and store.memory_count <= AT_ONCE:
        return look(store)
    return known


def look(store: MemoryStore) -> Findings:
    """Compare everything with everything, and keep what is found."""
    newest = Memory.objects.live().filter(store=store).order_by("-updated_at", "-pk")
    rows = newest.values_list("pk", "path", "content", "content_sha256")[:MOST_NOTES]
    hashes, notes = dict[str, str](), list[Note]()
    for pk, path, content, sha256 in rows.iterator():
        hashes[pk] = sha256
        notes.append(Note(pk, path, content))
    notes.sort(key=lambda note: note.path)
    against = likeness.contradictions(notes)
    opposed = {frozenset((each.first.note.key, each.second.note.key)) for each in against}
    same = [
        each
        for each in likeness.near_duplicates(notes)
        if frozenset((each.first.key, each.second.key)) not in opposed
    ]

    def place(note: Note, statements: Iterable[Statement]) -> Place:
        at = tuple(note.statements.index(each) for each in statements)
        return Place(note.key, hashes[note.key], at)

    found = Findings(
        _kept(
            Found(
                place(each.first, each.only_first),
                place(each.second, each.only_second),
                each.score,
                "letter" if each.is_literal else "meaning",
            )
            for each in same
        ),
        _kept(
            Found(
                place(each.first.note, [each.first]),
                place(each.second.note, [each.second]),
                each.score,
                each.reason.value,
            )
            for each in against
        ),
        len(notes),
    )
    cache.set(_key(store), found, _KEPT_FOR)
    return found


def is_first_to_ask(store: MemoryStore) -> bool:
    """Whether nobody has sent a worker yet to look at the store as it is."""
    return bool(cache.add(f"{_key(store)}:asked", True, _BUSY_FOR))


def page(store: MemoryStore, found: Sequence[Found], *, of: str, cursor: str, limit: int) -> Pairs:
    """Some of the pairs after the cursor. Raises InvalidRequest for a cursor of another list."""
    name = f"{of}:{store.pk}"
    at = paging.position(cursor, of=name)
    after = tuple(at.key) if at else None
    rest = (each for each in found if after is None or each.key > after)
    some = list(islice(rest, limit + 1))
    shown = some[:limit]
    onward = None
    if len(some) > limit:
        onward = signing.dumps(["n", False, *shown[-1].key], salt=f"page:{name}")
    return Pairs(_read(store, shown), onward)


def _read(store: MemoryStore, found: Sequence[Found]) -> list[Pair]:
    """With the memories as they are; what has changed since is left out."""
    ids = {place.memory_id for each in found for place in (each.first, each.second)}
    held = Memory.objects.live().filter(store=store).in_bulk(ids)
    return [
        Pair(_side(held, each.first), _side(held, each.second), each.score, each.why)
        for each in found
        if _is_there(held, each.first) and _is_there(held, each.second)
    ]


def _is_there(held: dict[str, Memory], place: Place) -> bool:
    memory = held.get(place.memory_id)
    return memory is not None and memory.content_sha256 == place.sha256


def _side(held: dict[str, Memory], place: Place) -> Side:
    memory = held[place.memory_id]
    statements = Note(memory.pk, memory.path, memory.content).statements
    return Side(memory, tuple(statements[at] for at in place.at))


def _kept(found: Iterable[Found]) -> tuple[Found, ...]:
    return tuple(sorted(found, key=attrgetter("key"))[:MOST_KEPT])


def _key(store: MemoryStore) -> str:
    return f"memory:tidiness:{_VERSION}:{store.pk}:{store.chain_hash}"
