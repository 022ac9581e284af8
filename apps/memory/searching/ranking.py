"""Which memories a search finds, in their order: words, beginnings, spellings, letters."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import connection
from rapidfuzz import process
from rapidfuzz.distance import OSA

from apps.memory import paths
from apps.memory.models import MemoryStore
from apps.memory.searching import stemming
from apps.memory.searching.asking import Query

MOST_RANKED = 300
"""Memories of one search that are ranked: a word that is in all of them ranks nothing."""
MOST_READ = 5_000
"""Memories whose letters are read where there is no such word at all."""
_ALMOST = 0.8
_SPELLINGS = 3
_SHORTEST = 3


class Way(StrEnum):
    """How closely what was found is what was asked for."""

    WORDS = "words"
    BEGINNINGS = "beginnings"
    SPELLINGS = "spellings"
    LETTERS = "letters"


@dataclass(frozen=True, slots=True)
class Filters:
    """Where a memory lies, who wrote its newest version (an id), and when."""

    prefix: str = "/"
    author: str = ""
    since: datetime | None = None
    before: datetime | None = None


class Ranked(NamedTuple):
    """A memory and how well it fits."""

    memory_id: str
    score: float

    @property
    def place(self) -> tuple[float, str]:
        """In order of these, the best comes first."""
        return -self.score, self.memory_id


@dataclass(frozen=True, slots=True)
class Found:
    """The best of what was found; by which words of the index, where they are not the query's."""

    ranked: list[Ranked]
    way: Way
    lexemes: tuple[str, ...] = ()

    @property
    def is_capped(self) -> bool:
        return len(self.ranked) >= MOST_RANKED


def ranked(store: MemoryStore, query: Query, filters: Filters) -> Found:
    """The first way that finds anything."""
    asked = _asked(store, filters)
    if not query.words:
        return Found([], Way.WORDS)
    found = _run(_BY_WORDS, asked | {"query": query.text, "wanted": query.wanted})
    if found or query.has_unwanted:
        return Found(found, Way.WORDS)
    if found := _run(_BY_BEGINNINGS, asked | {"query": _beginnings(query)}):
        return Found(found, Way.BEGINNINGS)
    stems = stemming.stems(set(query.words))
    near = [_spellings(asked, stem) for word in query.words for stem in stems[word]]
    if near and all(near) and (found := _run(_BY_LEXEMES, asked | {"query": _any_of_each(near)})):
        return Found(found, Way.SPELLINGS, tuple(word for words in near for word in words))
    return Found(_letters(query, asked), Way.LETTERS)


def _asked(store: MemoryStore, filters: Filters) -> dict[str, Any]:
    return {
        "store": store.pk,
        "prefix": filters.prefix,
        "end": paths.after(filters.prefix),
        "author": filters.author or None,
        "since": filters.since,
        "before": filters.before,
        "most": MOST_RANKED,
    }


def _run(statement: str, asked: dict[str, Any]) -> list[Ranked]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return [Ranked(*row) for row in cursor.fetchall()]


def _beginnings(query: Query) -> str:
    """Every word, whatever follows; one or two letters begin too much."""
    return " & ".join(word if len(word) < _SHORTEST else f"{word}:*" for word in query.words)


def _any_of_each(near: Sequence[Sequence[str]]) -> str:
    return " & ".join(f"({' | '.join(map(_quoted, words))})" for words in near)


def _quoted(lexeme: str) -> str:
    escaped = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _spellings(asked: dict[str, Any], stem: str) -> list[str]:
    """The store's words that are spelled almost so, the likest first; two letters must be right."""
    with connection.cursor() as cursor:
        cursor.execute(_SPELLED, asked | {"begins": stem[:2]})
        known = [lexeme for (lexeme,) in cursor.fetchall()]
    like = process.extract(
        stem, known, scorer=OSA.normalized_similarity, score_cutoff=_ALMOST, limit=_SPELLINGS
    )
    return [lexeme for lexeme, _, _ in like]


def _letters(query: Query, asked: dict[str, Any]) -> list[Ranked]:
    text = query.typed.strip('"')
    if len(text) < _SHORTEST or query.has_unwanted:
        return []
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return _run(_BY_LETTERS, asked | {"letters": f"%{escaped}%", "read": MOST_READ})


_HERE = """
    it.store_id = %(store)s AND it.deleted_at IS NULL
    AND (%(prefix)s = '/' OR (it.path >= %(prefix)s AND it.path < %(end)s))
    AND (%(since)s::timestamptz IS NULL OR it.updated_at >= %(since)s)
    AND (%(before)s::timestamptz IS NULL OR it.updated_at < %(before)s)
    AND (%(author)s::text IS NULL OR EXISTS (
        SELECT FROM memory_memoryversion head
        WHERE head.id = it.memory_version_id AND head.actor_id = %(author)s
    ))
"""
# 1: a long memory has every word somewhere; it is divided by the logarithm of its length.
# The query is a constant, so that the planner knows how common its words are: rare ones are looked
# up in their index, and of common ones the first are met while walking along the paths.
_RANKED = f"""
    SELECT found.id, ts_rank(found.words, {{wanted}}, 1)::float8 AS score
    FROM (
        SELECT it.id, it.words FROM memory_memory it
        WHERE it.words @@ {{query}} AND {_HERE} ORDER BY it.path LIMIT %(most)s
    ) found
    ORDER BY score DESC, found.id
"""  # noqa: S608 -- composed of constants
_BY_WORDS = _RANKED.format(
    query="websearch_to_tsquery('english', %(query)s)",
    wanted="websearch_to_tsquery('english', %(wanted)s)",
)
_BY_BEGINNINGS, _BY_LEXEMES = (
    _RANKED.format(query=query, wanted=query)
    for query in ("to_tsquery('english', %(query)s)", "%(query)s::tsquery")
)
_BY_LETTERS = f"""
    SELECT id, CASE WHEN path ILIKE %(letters)s THEN 1 ELSE 0.5 END::float8 AS score
    FROM (
        SELECT it.id, it.path, it.content FROM memory_memory it WHERE {_HERE} LIMIT %(read)s
    ) looked_at
    WHERE path ILIKE %(letters)s OR content ILIKE %(letters)s
    ORDER BY score DESC, id LIMIT %(most)s
"""  # noqa: S608 -- composed of constants
# ts_stat takes a statement as text.
_SPELLED = """
    SELECT word FROM ts_stat(format(
        'SELECT words FROM memory_memory WHERE store_id = %%L AND deleted_at IS NULL
            AND words @@ (quote_literal(%%L) || '':*'')::tsquery LIMIT %%s',
        %(store)s::text, %(begins)s::text, %(most)s::int
    ))
    WHERE starts_with(word, %(begins)s)
"""
