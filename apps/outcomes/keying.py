"""Which criterion of a new version is which of the one before."""

import re
from collections.abc import Iterable, Sequence
from typing import Final, Protocol

from django.utils.text import slugify
from rapidfuzz import fuzz, process

LEAST_ALIKE: Final = 70
"""Of 100: how much of two texts must be the same for one to be the other, reworded."""
_LONGEST_COMPARED: Final = 2_000
_LONGEST_NEW: Final = 40


class Known(Protocol):
    """A criterion that has its key: a row, or a parsed one."""

    @property
    def key(self) -> str: ...

    @property
    def text(self) -> str: ...


def keyed(
    drafts: Sequence[tuple[str, str]], before: Sequence[Known], taken: Iterable[str]
) -> list[str]:
    """A key for each pair of named key, or "", and text. No two get the same.

    What names its key has it. Of the others, those that say what one did before come first, then
    the most alike, one to one; the rest is new.
    """
    keys = [named for named, _ in drafts]
    used = {key.lower() for key in keys if key}
    texts = [_plain(text) for _, text in drafts]
    old = [(each.key, _plain(each.text)) for each in before if each.key.lower() not in used]
    for found in (_same, _alike):
        open_ = [at for at, key in enumerate(keys) if not key]
        for at, place in found([texts[at] for at in open_], [text for _, text in old]):
            keys[open_[at]] = old[place][0]
        used.update(key.lower() for key in keys if key)
        old = [pair for pair in old if pair[0].lower() not in used]
    used.update(each.key.lower() for each in before)
    used.update(key.lower() for key in taken)
    for at, key in enumerate(keys):
        if not key:
            keys[at] = _new(texts[at], used)
            used.add(keys[at])
    return keys


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().casefold()


def _same(texts: Sequence[str], old: Sequence[str]) -> list[tuple[int, int]]:
    """Equal texts, in order: the second of two equal ones is the second."""
    places: dict[str, list[int]] = {}
    for place, text in enumerate(old):
        places.setdefault(text, []).append(place)
    return [(at, places[text].pop(0)) for at, text in enumerate(texts) if places.get(text)]


def _alike(texts: Sequence[str], old: Sequence[str]) -> list[tuple[int, int]]:
    """The most alike pair, then the most alike of what is left, and so on."""
    if not texts or not old:
        return []
    short = [[each[:_LONGEST_COMPARED] for each in side] for side in (texts, old)]
    scores = process.cdist(short[0], short[1], scorer=fuzz.ratio, score_cutoff=LEAST_ALIKE)
    pairs = sorted(
        (-float(scores[at][place]), abs(at - place), at, place)
        for at in range(len(texts))
        for place in range(len(old))
        if scores[at][place]
    )
    found: list[tuple[int, int]] = []
    for _, _, at, place in pairs:
        if all(at != other and place != mate for other, mate in found):
            found.append((at, place))
    return found


def _new(text: str, used: set[str]) -> str:
    """The first words, as far as they make a readable id."""
    slug = slugify(text[:400])[: _LONGEST_NEW + 1]
    if len(slug) > _LONGEST_NEW:
        slug = slug[:_LONGEST_NEW].rpartition("-")[0] or slug[:_LONGEST_NEW]
    slug = slug.strip("-_") or "criterion"
    number = 1
    key = slug
    while key in used:
        number += 1
        key = f"{slug}-{number}"
    return key
