"""What models noted in their own words: the same thing, though each session calls it otherwise.

Deterministic: words count by how rare they are and by what they mean, a key's twice, for a model is
asked for keys that are the same everywhere. Of two that are hardly the same, whoever writes edits
sees both.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.dreams.connecting.groups import Group, Whole, joined, pattern
from apps.dreams.connecting.saying import short
from apps.dreams.findings import Kind, Pattern
from apps.dreams.local.words import content
from apps.memory.likeness import meaning

ALIKE, ALIKE_OF_FEW, WITH_OTHER_TOOLS = 0.42, 0.44, 0.3
"""How near two must be; where there are few, nothing can be taken off; more where tools differ."""
_FEW = 20
_MOST_KEYS, _MOST_SAYINGS = 20, 5
_LONGEST_TITLE = 200
_KIN = {Kind.WORKAROUND: Kind.MISTAKE}
"""One session shows a way round what in another just failed: the lesson is the same."""
Rows = NDArray[np.float32]


@dataclass(slots=True, eq=False)
class _Cluster:
    """What is taken to say the same, and its middle."""

    members: list[Group]
    keys: set[frozenset[str]]
    tools: set[str]
    total: Any

    @property
    def length(self) -> float:
        return float(np.linalg.norm(self.total)) or 1.0


def told_patterns(groups: Iterable[Group], whole: Whole, least: int) -> Iterator[Pattern]:
    """One pattern for each thing that enough sessions show."""
    for members in clusters(list(groups)):
        together = joined(members, members[0].key)
        if together.sessions >= least:
            yield _pattern(together, members, whole)


def clusters(groups: Sequence[Group]) -> Iterator[list[Group]]:
    """Around what most sessions call the same, everything that is near enough to it."""
    alike = ALIKE if len(groups) >= _FEW else ALIKE_OF_FEW
    found: dict[Kind, list[_Cluster]] = {}
    told = sorted(
        zip(groups, _rows(groups), strict=True),
        key=lambda each: (-each[0].sessions, each[0].key, each[0].statement),
    )
    for group, row in told:
        kind = group.seen[0].observation.kind
        of_kind = found.setdefault(_KIN.get(kind, kind), [])
        key = frozenset(content(group.key))
        nearness = [_near(group.tool, key, row, each) for each in of_kind]
        nearest = max(range(len(of_kind)), key=nearness.__getitem__, default=-1)
        if nearest < 0 or nearness[nearest] < alike:
            nearest = -1
            of_kind.append(_Cluster([], set(), set(), np.zeros_like(row)))
        _add(group, key, row, of_kind[nearest])
    for of_kind in found.values():
        yield from (each.members for each in of_kind)


def _add(group: Group, key: frozenset[str], row: Any, cluster: _Cluster) -> None:
    cluster.members.append(group)
    cluster.keys.add(key)
    cluster.tools.update(filter(None, (group.tool,)))
    cluster.total = cluster.total + row


def _near(tool: str, key: frozenset[str], row: Any, cluster: _Cluster) -> float:
    """To the cluster's middle. What is called the same is the same."""
    if key and key in cluster.keys:
        return 1.0
    near = float(row @ cluster.total) / cluster.length
    is_elsewhere = tool and cluster.tools and tool not in cluster.tools
    return near - WITH_OTHER_TOOLS if is_elsewhere else near


def _rows(groups: Sequence[Group]) -> Rows:
    """A vector for each: its words by their meaning, the rare ones most, those of its key twice.

    What all have in common is taken off.
    """
    texts = [content(each.key) + content(each.statement) for each in groups]
    spread = Counter(stem for text in texts for stem in set(text))
    order = sorted(spread)
    if not order:
        return np.zeros((len(groups), 1), dtype=np.float32)
    vectors = meaning.of_words(order)
    at = {stem: number for number, stem in enumerate(order)}
    weights = {stem: log(1 + len(groups) / count) for stem, count in spread.items()}
    rows = meaning.unit(
        np.stack([_sum(text, weights, vectors, at) for text in texts]).astype(np.float32)
    )
    if len(groups) < _FEW:
        return rows
    return meaning.unit(rows - rows.mean(axis=0))


def _sum(text: Sequence[str], weights: dict[str, float], vectors: Rows, at: dict[str, int]) -> Any:
    return sum(
        (weights[stem] * vectors[at[stem]] for stem in text),
        start=np.zeros(vectors.shape[1], dtype=np.float32),
    )


def _pattern(together: Group, members: Sequence[Group], whole: Whole) -> Pattern:
    """Named as most sessions name it, told in the words of one of those."""
    first = members[0]
    keys = dict.fromkeys(each.key for each in members)
    said = dict.fromkeys(each.statement for each in members)
    details = {
        "what": "told",
        "keys": "\n".join(list(keys)[:_MOST_KEYS]),
        "sayings": "\n".join(list(said)[:_MOST_SAYINGS]),
    }
    return pattern(
        first.seen[0].observation.kind,
        together,
        short(first.statement, _LONGEST_TITLE),
        whole,
        details,
    )
