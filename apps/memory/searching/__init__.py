"""Finding memories of a store by what they say and where they lie, the best first.

Words are looked for first, in any of their forms. Where no memory has them all, it is looked for
words that begin so, then for words that are spelled almost so, and last for the letters as they
are, anywhere. Each way is bounded: so many candidates are ranked, and nothing is ever counted.
"""

from dataclasses import dataclass, replace

from django.core import signing

from apps.core.api.errors import InvalidRequest
from apps.memory import keeping
from apps.memory.models import Memory, MemoryStore, MemoryVersion
from apps.memory.searching import asking, marking, ranking
from apps.memory.searching.asking import Query
from apps.memory.searching.marking import Line, Piece
from apps.memory.searching.ranking import MOST_RANKED, Filters, Found, Way

__all__ = ["MOST_RANKED", "Filters", "Found", "Hit", "Line", "Piece", "Results", "Way", "search"]


@dataclass(frozen=True, slots=True)
class Hit:
    """A memory that was found, and what in it was looked for."""

    memory: Memory
    score: float
    path: list[Piece]
    excerpts: list[Line]
    version: MemoryVersion | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """One page of what was found, how, and the cursor of the next, or None."""

    hits: list[Hit]
    way: Way
    is_capped: bool
    next_page: str | None

    @property
    def is_exact(self) -> bool:
        return self.way is Way.WORDS


def search(
    store: MemoryStore,
    words: str,
    *,
    filters: Filters | None = None,
    cursor: str = "",
    limit: int = 20,
    with_versions: bool = False,
) -> Results:
    """The page that the cursor names, in two statements if the words are there and known.

    Whoever wants to know who wrote what was found asks for it `with_versions`. Raises
    InvalidRequest for a cursor of another search.
    """
    query = asking.read(words)
    asked = filters or Filters()
    salt = f"page:search {store.pk} {words} {asked}"
    behind = _place(cursor, salt)
    found = ranking.ranked(store, query, asked)
    rest = [each for each in found.ranked if behind is None or each.place > behind]
    shown = rest[:limit]
    onward = signing.dumps(shown[-1].place, salt=salt) if len(rest) > limit else None
    hits = _hits(store, query, found, shown)
    if with_versions:
        hits = _with_versions(hits)
    return Results(hits, found.way, found.is_capped, onward)


def _place(cursor: str, salt: str) -> tuple[float, str] | None:
    if not cursor:
        return None
    try:
        score, memory_id = signing.loads(cursor, salt=salt)
    except signing.BadSignature:
        raise InvalidRequest(
            "page: this is no cursor of this search. Pass `next_page` of an earlier answer "
            "unchanged, with the same words and filters."
        ) from None
    return score, memory_id


def _hits(store: MemoryStore, query: Query, found: Found, shown: list[ranking.Ranked]) -> list[Hit]:
    memories = keeping.live_memories(store.pk, [each.memory_id for each in shown])
    mark = marking.marker(query, found, memories.values())
    there = [(each, memories[each.memory_id]) for each in shown if each.memory_id in memories]
    return [
        Hit(memory, each.score, mark.pieces(memory.path), mark.excerpts(memory.content))
        for each, memory in there
    ]


def _with_versions(hits: list[Hit]) -> list[Hit]:
    heads = [hit.memory.memory_version_id for hit in hits]
    versions = MemoryVersion.objects.defer("content").in_bulk(heads)
    return [replace(hit, version=versions.get(hit.memory.memory_version_id)) for hit in hits]
