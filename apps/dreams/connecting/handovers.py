"""Handovers by their reason: one tool serves many."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from math import ceil, log

from apps.dreams.connecting.groups import Group, Whole, joined, pattern
from apps.dreams.connecting.saying import headline
from apps.dreams.findings import Kind, Pattern
from apps.dreams.local.words import content, spoken, stem

_REASON = 0.25
_CORE = 0.5
_MOST_REASONS = 6
_ALIKE = 0.34
_MOST_SAYINGS = 5
_MOST_WISHES, _LEAST_WANTING = 2, 2
_OF_EVERY_HANDOVER = (
    "user", "customer", "id", "request", "assistance", "assist", "help", "human", "agent",
    "transfer", "someone", "speak", "person", "supervisor", "ticket", "title", "text", "severity",
    "attach", "colleague", "hand", "handle", "pass", "handing", "passing", "transferring", "team",
    "decide", "case", "escalate", "escalating", "summary", "reason", "note",
    "appreciate", "apologize", "issue", "needed",
)  # fmt: skip
_KNOWN = frozenset(map(stem, _OF_EVERY_HANDOVER))
_MASKED = re.compile(r"<\w+>")


def handover_patterns(groups: Iterable[Group], whole: Whole, least: int) -> Iterator[Pattern]:
    """One pattern per reason; where there are no reasons, one per way of handing over."""
    by_way: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        by_way[group.details["how"]].append(group)
    for how, some in by_way.items():
        for alike in _by_reason(some, how):
            together = joined(alike, how)
            if together.sessions >= least:
                yield _pattern(together, how, whole, _rarity(some))


def _by_reason(groups: list[Group], how: str) -> list[list[Group]]:
    """Around each handover the others whose words weigh alike, the largest first."""
    told = {id(group): _reasons(group, how) for group in groups}
    weights = _weights(groups, told)
    near = {
        id(one): [other for other in groups if _is_alike(told[id(one)], told[id(other)], weights)]
        for one in groups
    }
    left = sorted(groups, key=lambda one: (-_sessions(near[id(one)]), one.key))
    found: list[list[Group]] = []
    taken: set[int] = set()
    for one in left:
        if id(one) not in taken:
            alike = [other for other in near[id(one)] if id(other) not in taken]
            taken.update(map(id, alike))
            found.append(alike)
    return found


def _reasons(group: Group, how: str) -> frozenset[str]:
    return frozenset(group.details["stems"].split()) - _KNOWN - set(content(how))


def _sessions(groups: list[Group]) -> int:
    return len({session for group in groups for session in group.verdicts})


def _weights(groups: list[Group], told: dict[int, frozenset[str]]) -> dict[str, float]:
    """Words that every handover has say nothing of the reason."""
    held = Counter(stem for group in groups for stem in told[id(group)])
    return {stem: log(1 + len(groups) / count) for stem, count in held.items()}


def _is_alike(one: frozenset[str], other: frozenset[str], weights: dict[str, float]) -> bool:
    if not (one and other):
        return one == other
    shared = sum(weights[stem] for stem in one & other)
    smaller = min(sum(weights[stem] for stem in each) for each in (one, other))
    return shared >= _ALIKE * smaller


def _rarity(groups: list[Group]) -> dict[str, float]:
    """Of the words in what people wanted: what everybody wants tells no two wishes apart."""
    told = [set(content(wish)) for each in groups for wish in _wishes_of(each.details)]
    held = Counter(root for stems in told for root in stems)
    return {root: log(1 + len(told) / count) for root, count in held.items()}


def _wishes_of(details: Mapping[str, str]) -> list[str]:
    return details.get("wishes", "").splitlines()


def _wishes(together: Group, weights: dict[str, float]) -> list[tuple[str, int]]:
    """What most of these people wanted, in the words nearest to all, and how many of those kept."""
    wanted = [_wishes_of(seen.observation.details) for seen in together.seen]
    found: list[tuple[str, int]] = []
    while wanted and len(found) < _MOST_WISHES:
        candidates = sorted({wish for each in wanted for wish in each}, key=_plainly)
        if not candidates:
            break
        best = max(candidates, key=lambda wish: _nearness(wish, wanted, weights))
        alike = [each for each in wanted if _is_wanted(best, each, weights)]
        if len(alike) < max(_LEAST_WANTING, len(together.seen) * _REASON):
            break
        found.append((best, len(alike)))
        wanted = [each for each in wanted if each not in alike]
    return found


def _plainly(wish: str) -> tuple[bool, int, str]:
    return (not wish.startswith("to "), len(wish), wish)


def _nearness(wish: str, wanted: list[list[str]], weights: dict[str, float]) -> float:
    return sum(
        max((_shared(wish, other, weights) for other in each), default=0.0) for each in wanted
    )


def _shared(one: str, other: str, weights: dict[str, float]) -> float:
    here, there = set(content(one)), set(content(other))
    return _weight(here & there, weights) / _weight(here | there, weights)


def _is_wanted(wish: str, wishes: list[str], weights: dict[str, float]) -> bool:
    """Whether one of them is the same but for what only one of the two says."""
    words = set(content(wish))
    for other in wishes:
        there = set(content(other))
        smaller = min(_weight(words, weights), _weight(there, weights))
        if _weight(words & there, weights) >= _CORE * smaller:
            return True
    return False


def _weight(stems: set[str], weights: dict[str, float]) -> float:
    return sum(weights[each] for each in stems)


def _pattern(together: Group, how: str, whole: Whole, weights: dict[str, float]) -> Pattern:
    reasons = _told(together, how)
    sayings = _sayings(together, {stem(word) for word in reasons})
    saying = sayings[0] if sayings else ""
    if reasons and sayings:
        together.key = f"{how}: {' '.join(sorted(map(stem, reasons)))}"
    called = f"Handed over with `{how}`" if together.tool else headline(how)
    wanted = _wishes(together, weights)
    about = wanted[0][0] if wanted else saying
    details = {
        "what": "handover",
        "how": how,
        "tool": together.tool,
        "reasons": " ".join(reasons),
        "saying": saying,
        "sentence": saying,
        "sayings": "\n".join(sayings),
        "words": " ".join(sorted(map(stem, reasons))),
        "wishes": "\n".join(f"{wish}\t{count}" for wish, count in wanted),
        "looked_at": str(len(together.seen)),
    }
    title = f"{called}: {headline(about)}" if about else called
    return pattern(Kind.ESCALATION, together, title, whole, details)


def _told(together: Group, how: str) -> list[str]:
    """The words that go with it often, as they are mostly said."""
    forms: dict[str, Counter[str]] = {}
    for seen in together.seen:
        words = seen.observation.details["reason_words"].split()
        words += spoken(_MASKED.sub(" ", seen.observation.details["said"]))
        for word in dict.fromkeys(words):
            forms.setdefault(stem(word), Counter())[word] += 1
    often = max(2, ceil(len(together.seen) * _REASON))
    known = _KNOWN | set(map(stem, spoken(how)))
    often_said = sorted(
        (said for root, said in forms.items() if said.total() >= often and root not in known),
        key=lambda said: (-said.total(), min(said)),
    )
    return [said.most_common(1)[0][0] for said in often_said[:_MOST_REASONS]]


def _sayings(together: Group, core: set[str]) -> list[str]:
    """What the agents said and wrote, that which holds for most of the sessions first."""
    held = Counter(
        root
        for seen in together.seen
        for root in set(content(_MASKED.sub(" ", seen.observation.details["said"])))
    )
    often = len(together.seen) * _CORE
    fits: dict[str, tuple[int, int, str]] = {}
    for seen in together.seen:
        for line in seen.observation.details["said"].splitlines():
            stems = set(content(_MASKED.sub(" ", line)))
            shared = sum(held[root] > 1 for root in stems)
            is_about_it = len(core & stems) >= max(1, len(core) * _ALIKE)
            if is_about_it and shared >= len(stems) * _CORE:
                strange = sum(held[root] < often for root in stems - core)
                masked = len(_MASKED.findall(line))
                fits[line] = (2 * masked + 2 * len(core - stems) + strange, len(line), line)
    return sorted(fits, key=fits.__getitem__)[:_MOST_SAYINGS]
