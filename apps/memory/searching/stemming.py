"""What words are without their endings, as the index has them.

The database's dictionary knows, and never says otherwise: whatever it was asked once is kept, as
the same few words come again and again.
"""

from collections.abc import Set as AbstractSet

from django.db import connection

MOST_KEPT = 50_000
"""Words that a process keeps, of at most so many letters: some ten megabytes."""
LONGEST_KEPT = 40
Stems = tuple[str, ...]
_kept: dict[str, Stems] = {}


def stems(words: AbstractSet[str]) -> dict[str, Stems]:
    """Of each word, in lower case; a word that stands in every text has none."""
    known = {word: found for word in words if (found := _kept.get(word)) is not None}
    if missing := words - known.keys():
        with connection.cursor() as cursor:
            cursor.execute(_STEMS, {"words": list(missing)})
            asked = {word: tuple(found) for word, found in cursor.fetchall()}
        if len(_kept) + len(asked) > MOST_KEPT:
            _kept.clear()
        _kept.update((word, asked[word]) for word in asked if len(word) <= LONGEST_KEPT)
        known |= asked
    return known


_STEMS = """
    SELECT word, coalesce(ts_lexize('english_stem', word), '{}') FROM unnest(%(words)s::text[]) word
"""
