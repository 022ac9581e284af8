"""Steps whose place decides: before or after another one, which without them ends badly."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from apps.core.rates import Rate
from apps.dreams.connecting.ways import Ways
from apps.dreams.local.handing import hands_over
from apps.dreams.local.steps import Step, only_looks

_NEARLY_ALL = 0.8
"""Of the sessions with the step, so many have the other one on the same side of it."""
_LEAST_JUDGED = 4
_FAR_APART = 0.45
_LEAST_GOOD = 0.65


@dataclass(frozen=True, slots=True)
class Placed:
    """A step, the one beside which it has to stand, and how sessions of that one end."""

    step: str
    other: str
    is_before: bool
    with_it: int
    without: int
    rate_with: Rate
    rate_without: Rate
    distance: float

    @property
    def gap(self) -> float:
        return self.rate_with.low - self.rate_without.high


def deciding_steps(telling: Mapping[str, int], ways: Ways) -> Iterator[Placed]:
    """Each step at the one place where it matters most; of steps beside the same one, the best."""
    looks = frozenset(step for step in ways.where if only_looks(step))
    taking: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for sequence in ways.sequences:
        for step in sequence:
            taking[step].append(sequence)
    best: dict[str, Placed] = {}
    for step, sessions in sorted(telling.items()):
        if hands_over(Step("", step)):
            continue
        found = [
            placed
            for placed in _places(step, sessions, taking[step], looks, ways)
            if _matters(placed)
        ]
        if found:
            placed = max(found, key=_telling)
            if placed.other not in best or _telling(placed) > _telling(best[placed.other]):
                best[placed.other] = placed
    yield from best.values()


def _matters(placed: Placed) -> bool:
    """Few sessions prove little: the intervals must be apart, or the shares far apart."""
    apart = placed.rate_with.value - placed.rate_without.value
    return placed.gap > 0 or (apart >= _FAR_APART and placed.rate_with.value >= _LEAST_GOOD)


def _telling(placed: Placed) -> tuple[bool, float, float, str]:
    """What is to be done before something helps more to know than what is to be done after it."""
    return (placed.is_before, -placed.distance, placed.gap, placed.step)


def _places(
    step: str, sessions: int, taking: Sequence[tuple[str, ...]], looks: Set[str], ways: Ways
) -> Iterator[Placed]:
    sides: Counter[tuple[str, bool]] = Counter()
    distances: Counter[tuple[str, bool]] = Counter()
    for sequence in taking:
        at, took = sequence.index(step), ways.sequences[sequence].bit_count()
        for place, other in enumerate(sequence):
            if place != at and other not in looks:
                sides[other, place > at] += took
                distances[other, place > at] += took * abs(place - at)
    for (other, is_before), count in sorted(sides.items()):
        if count < _NEARLY_ALL * sessions.bit_count():
            continue
        with_it, without = ways.where[other] & sessions, ways.where[other] & ~sessions
        rate_with, rate_without = ways.rate(with_it), ways.rate(without)
        if min(rate_with.tries, rate_without.tries) >= _LEAST_JUDGED:
            yield Placed(
                step,
                other,
                is_before,
                with_it,
                without,
                rate_with,
                rate_without,
                distances[other, is_before] / count,
            )
