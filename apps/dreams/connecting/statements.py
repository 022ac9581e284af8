"""Statements of people that mean the same in other words."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil, log

from apps.dreams.connecting.groups import MOST_SEEN, Group, Whole, joined, pattern
from apps.dreams.connecting.ruling import talk_in
from apps.dreams.connecting.saying import headline
from apps.dreams.findings import Kind, Pattern, Seen
from apps.dreams.local.words import NUMBER, content

_TWO_SHARED, _ONE_SHARED, _GRADES_SHARED = 0.35, 0.6, 0.5
_MOST_COMMON = 400
"""A word that more different statements have than this brings none of them together."""
_LEAST_RULE, _LEAST_PUT_RIGHT = 0.3, 0.6
"""Of the sessions, so many must say it as a rule, or else as a correction or a change."""
_LEAST_MEANT = 2
_CORE, _OF_CORE = 0.4, 0.35
_MOSTLY, _TOLD = 0.5, 0.6
"""Of its quotes, so many in another pattern make it a part of that one."""
_LONG = 15
_MOST_SAYINGS = 5
_ASKED, _STANDING, _GRADE = "asked", "standing", "grade"
_NAME = re.compile(r"(?<=\s)[A-Z][a-z]+")


@dataclass(slots=True, eq=False)
class _Said:
    group: Group
    stems: frozenset[str]
    weight: float

    @property
    def cue(self) -> str:
        return self.group.details["cue"]

    @property
    def is_meant(self) -> bool:
        return self.cue != _ASKED


def statement_patterns(groups: Iterable[Group], whole: Whole, least: int) -> Iterator[Pattern]:
    """One pattern per thing that people of several sessions said."""
    weights, said = _weighed(groups)
    told: set[str] = set()
    for cluster in _clusters(said, weights):
        together = joined((one.group for one in cluster), "")
        if together.sessions >= least and _is_meant(cluster, together.sessions):
            core = _core(cluster, together.sessions)
            quoted = [seen.observation.spans[0].quote for seen in together.seen]
            is_told = sum(quote in told for quote in quoted) >= len(quoted) * _TOLD
            if core - {NUMBER} and not is_told:
                told.update(quoted)
                together.key = " ".join(sorted(core))
                yield _pattern(together, cluster, core, whole)


def _is_meant(cluster: list[_Said], sessions: int) -> bool:
    rules: set[str] = set()
    meant: set[str] = set()
    for one in cluster:
        if one.is_meant:
            meant |= one.group.verdicts.keys()
        if one.cue == _STANDING:
            rules |= one.group.verdicts.keys()
    if len(rules) >= max(_LEAST_MEANT, ceil(sessions * _LEAST_RULE)):
        return True
    return len(meant) >= max(_LEAST_MEANT + 1, ceil(sessions * _LEAST_PUT_RIGHT))


def _weighed(groups: Iterable[Group]) -> tuple[dict[str, float], list[_Said]]:
    """Rare words weigh most."""
    said = [_Said(group, frozenset(group.key.split()), 0.0) for group in groups]
    held: dict[str, set[str]] = defaultdict(set)
    sessions: set[str] = set()
    for one in said:
        sessions |= one.group.verdicts.keys()
        for stem in one.stems:
            held[stem] |= one.group.verdicts.keys()
    weights = {stem: log(1 + len(sessions) / len(where)) for stem, where in held.items()}
    for one in said:
        one.weight = sum(weights[stem] for stem in one.stems)
    return weights, said


def _clusters(said: list[_Said], weights: dict[str, float]) -> Iterator[list[_Said]]:
    """Around each statement that is meant as a rule, those that say the same."""
    holding: dict[str, list[_Said]] = defaultdict(list)
    for one in said:
        for stem in one.stems - {NUMBER}:
            holding[stem].append(one)
    taken: set[int] = set()
    leaders = sorted(
        (one for one in said if one.is_meant),
        key=lambda one: (-_company(one, holding, weights), len(one.stems), one.group.key),
    )
    for leader in leaders:
        if id(leader) not in taken:
            cluster = _kept(leader, _around(leader, holding, weights, taken), weights)
            taken.update(map(id, cluster))
            yield cluster


def _company(one: _Said, holding: dict[str, list[_Said]], weights: dict[str, float]) -> int:
    near = _neighbours(one, holding, weights)
    return len({session for other in near for session in other.group.verdicts})


def _neighbours(
    one: _Said, holding: dict[str, list[_Said]], weights: dict[str, float]
) -> list[_Said]:
    near: dict[int, _Said] = {}
    for stem in sorted(one.stems - {NUMBER}):
        if len(holding[stem]) <= _MOST_COMMON:
            near.update((id(other), other) for other in holding[stem])
    return [other for other in near.values() if _says_the_same(one, other, weights)]


def _around(
    leader: _Said, holding: dict[str, list[_Said]], weights: dict[str, float], taken: set[int]
) -> list[_Said]:
    cluster = {id(leader): leader}
    first = [one for one in _neighbours(leader, holding, weights) if id(one) not in taken]
    cluster.update((id(one), one) for one in first)
    for one in first:
        if one.is_meant:
            further = _neighbours(one, holding, weights)
            cluster.update((id(other), other) for other in further if id(other) not in taken)
    return list(cluster.values())


def _kept(leader: _Said, cluster: list[_Said], weights: dict[str, float]) -> list[_Said]:
    """Without those that came in by words which are of little weight in the whole."""
    sessions = {session for one in cluster for session in one.group.verdicts}
    core = _core(cluster, len(sessions)) & leader.stems
    heavy = sum(weights[stem] for stem in core) * _OF_CORE
    return [
        one
        for one in cluster
        if one is leader or sum(weights[stem] for stem in core & one.stems) >= heavy
    ]


def _says_the_same(one: _Said, other: _Said, weights: dict[str, float]) -> bool:
    """One word in common is enough between short statements about the same agents' work."""
    shared = one.stems & other.stems
    if not shared - {NUMBER}:
        return False
    overlap = sum(weights[stem] for stem in shared) / min(one.weight, other.weight)
    if len(shared) > 1:
        return overlap >= (_TWO_SHARED if one.cue != _GRADE else _GRADES_SHARED)
    is_near = not one.group.agents.isdisjoint(other.group.agents)
    return overlap >= _ONE_SHARED and is_near and one.cue != _GRADE


def _core(cluster: list[_Said], sessions: int) -> set[str]:
    """The words that most sessions of it have in common."""
    held: dict[str, set[str]] = defaultdict(set)
    for one in cluster:
        for stem in one.stems:
            held[stem] |= one.group.verdicts.keys()
    return {stem for stem, where in held.items() if len(where) >= sessions * _CORE}


def _pattern(together: Group, cluster: list[_Said], core: set[str], whole: Whole) -> Pattern:
    cues = Counter[str]()
    changing: set[str] = set()
    for one in cluster:
        cues[one.cue] += one.group.sessions
        if one.group.details.get("changes"):
            changing |= one.group.verdicts.keys()
    is_change = len(changing) >= together.sessions * _MOSTLY
    best = sorted(cluster, key=lambda one: _fit(one, core, as_rule=not is_change))
    saying = _with_values(best[0], cluster, together.sessions)
    together.seen.sort(key=lambda seen: _says_little(seen, core))
    details = {
        "what": "grade" if best[0].cue == _GRADE else "statement",
        "cue": cues.most_common(1)[0][0],
        "saying": saying,
        "sentence": best[0].group.details["sentence"],
        "sayings": "\n".join(_sayings(cluster, core)),
        "words": " ".join(sorted(core)),
        "meant_in": str(len({s for one in cluster if one.is_meant for s in one.group.verdicts})),
    }
    kind = Kind.FACT if is_change else _kind_by_cue(cues)
    return pattern(kind, together, headline(saying), whole, details)


def _with_values(best: _Said, cluster: list[_Said], sessions: int) -> str:
    """Its words, with the numbers that most sessions name, and only those."""
    named: dict[str, set[str]] = defaultdict(set)
    for one in cluster:
        for seen in one.group.seen:
            for number in seen.observation.details.get("numbers", "").split():
                named[number].add(seen.session_id)
    text = best.group.statement
    for number in best.group.details.get("numbers", "").split():
        is_shared = len(named[number]) >= min(sessions, MOST_SEEN) * _MOSTLY
        text = text.replace(NUMBER, number if is_shared else "<*>", 1)
    return text


def _sayings(cluster: list[_Said], core: set[str]) -> list[str]:
    """Its wordings, that first which would stand as a rule."""
    seen = (seen for one in cluster for seen in one.group.seen)
    told = (
        each.observation.details["sentence"]
        for each in sorted(seen, key=lambda each: _says_little(each, core))
    )
    return list(dict.fromkeys(told))[:_MOST_SAYINGS]


def _says_little(seen: Seen, core: set[str]) -> tuple[int, int, str]:
    """How far its sentence is from a rule that says it all."""
    details = seen.observation.details
    sentence = details["sentence"]
    missing = len(core - set(content(sentence)))
    wished = details["cue"] == _ASKED
    return (2 * missing + talk_in(sentence) + wished, len(sentence), sentence)


def _kind_by_cue(cues: Counter[str]) -> Kind:
    return Kind.PREFERENCE if cues[_STANDING] else Kind.MISTAKE


def _fit(one: _Said, core: set[str], *, as_rule: bool) -> tuple[bool, int, str]:
    """The one that says it best: as a rule, with all of its words and few others, naming nobody."""
    missing = len(core - one.stems)
    names = len(_NAME.findall(one.group.statement))
    length = len(one.group.statement) // _LONG
    talk = talk_in(one.group.statement) if as_rule else 0
    strange = len(one.stems - core)
    return (not one.is_meant, 3 * missing + strange + names + length + talk, one.group.key)
