"""Steps that go together, and how the sessions end that take them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from math import fsum
from operator import and_

from apps.core.rates import rate
from apps.dreams.connecting.deciding import Placed, deciding_steps
from apps.dreams.connecting.groups import MOST_SEEN, Group, Whole, pattern
from apps.dreams.connecting.ways import Paths, Ways, ways
from apps.dreams.findings import Kind, Pattern, Seen
from apps.dreams.local.handing import hands_over
from apps.dreams.local.steps import Step, only_looks
from apps.reviews.drafting import Role

_TOGETHER = 0.6
"""Of the sessions that have either step, so many have both."""
_LEAST_JUDGED = 4
_WELL, _MARKEDLY = 0.8, 0.3
_COMMON = 0.8
"""Steps that so many of an agent's sessions take tell nothing apart."""
_MOST_STEPS = 6
_LEAST_FAILED = 5
_MOST_WITHOUT = 4
"""Sessions without the step that are shown beside those with it."""


def workflow_patterns(paths: Paths, whole: Whole, least: int) -> Iterator[Pattern]:
    """One pattern per set of steps that comes with better, or with worse, ends."""
    took = ways(paths, least)
    telling = {
        step: sessions
        for step, sessions in took.where.items()
        if sessions.bit_count() >= least and not only_looks(step) and not _is_common(sessions, took)
    }
    placed = list(deciding_steps(telling, took))
    for each in placed:
        yield _placed(each, took, paths, whole)
    told = {step for each in placed for step in (each.step, each.other)}
    for steps in _together(telling):
        sessions = reduce(and_, (telling[step] for step in steps))
        if sessions.bit_count() >= least and told.isdisjoint(steps):
            yield from _pattern(steps, sessions, took, paths, whole)


def _placed(each: Placed, took: Ways, paths: Paths, whole: Whole) -> Pattern:
    """With the sessions that left the step out and ended badly as evidence beside the others."""
    order = [each.step, each.other] if each.is_before else [each.other, each.step]
    failed = each.without & took.judged & ~took.succeeded
    group = _group(order, took.names(each.with_it), paths)
    without = [
        _narrowed(path, order, Role.SHOWS_MISTAKE)
        for path in paths.whole(took.names(failed)[:_MOST_WITHOUT])
    ]
    group.seen = [*group.seen[: MOST_SEEN - len(without)], *without]
    place = "before" if each.is_before else "after"
    details = {
        "what": "workflow",
        "steps": "\n".join(order),
        "goes_with": "success",
        "step": each.step,
        place: each.other,
        "without_sessions": str(each.without.bit_count()),
        "without_failed": str(failed.bit_count()),
    }
    title = f"`{each.step}` {place} `{each.other}`: ends well, and badly without it"
    found = pattern(Kind.WORKFLOW, group, title, whole, details)
    return replace(found, others=each.rate_without)


def _group(order: list[str], sessions: Sequence[str], paths: Paths) -> Group:
    """These sessions, the first of them with their quotes of these steps."""
    group = Group(" → ".join(order))
    for session in sessions:
        group.count(paths.about[session])
    for path in paths.whole(sessions[:MOST_SEEN]):
        group.show(_narrowed(path, order))
    return group


def _is_common(sessions: int, took: Ways) -> bool:
    count, everything = sessions.bit_count(), took.of_the_agents(sessions).bit_count()
    return count > _COMMON * everything and everything > count + 2


def _together(where: Mapping[str, int]) -> Iterator[list[str]]:
    """Steps that are taken in the same sessions, each set once; and each step alone."""
    left = sorted(where, key=lambda step: (-where[step].bit_count(), step))
    while left:
        first, *rest = left
        alike = [step for step in rest if _overlap(where[first], where[step]) >= _TOGETHER]
        yield [first, *alike][:_MOST_STEPS]
        left = [step for step in rest if step not in alike]


def _overlap(one: int, other: int) -> float:
    return (one & other).bit_count() / (one | other).bit_count()


def _pattern(
    steps: list[str], sessions: int, took: Ways, paths: Paths, whole: Whole
) -> Iterator[Pattern]:
    order = _in_order(steps, sessions, took)
    group = _group(order, took.names(sessions), paths)
    ends = _ends(group, whole, len(order))
    if ends:
        told = ", then ".join(f"`{step}`" for step in order)
        title = f"{told}: {'ends well' if ends == 'success' else 'ends badly'}"
        details = {"what": "workflow", "steps": "\n".join(order), "goes_with": ends}
        yield pattern(Kind.WORKFLOW, group, title, whole, details)


def _ends(group: Group, whole: Whole, steps: int) -> str:
    success, others = rate(*group.judged()), whole.besides(group)
    if steps == 1 and hands_over(Step("", group.key)):
        return ""
    if success.tries < _LEAST_JUDGED or not others.tries:
        return ""
    if success.low > others.high or (
        steps > 1 and success.value >= _WELL and success.value >= others.value
    ):
        return "success"
    is_worse = others.tries and success.high < others.low
    is_markedly = success.tries >= _LEAST_FAILED and others.value - success.value >= _MARKEDLY
    return "failure" if is_worse or (steps > 1 and is_markedly) else ""


def _in_order(steps: list[str], sessions: int, took: Ways) -> list[str]:
    """As most sessions take them."""
    taken = [
        (sequence, count)
        for sequence, mine in took.sequences.items()
        if (count := (mine & sessions).bit_count())
    ]
    place = {
        step: fsum(count * (sequence.index(step) / len(sequence)) for sequence, count in taken)
        for step in steps
    }
    return sorted(steps, key=lambda step: (place[step], step))


def _narrowed(path: Seen, steps: list[str], role: Role | None = None) -> Seen:
    """The observation with the quotes of these steps only."""
    observation = path.observation
    lines = observation.details["steps"].splitlines()
    spans = tuple(
        replace(span, role=role or span.role)
        for line, span in zip(lines, observation.spans, strict=False)
        if not set(line.split("\t")).isdisjoint(steps)
    )
    key = " → ".join(steps)
    return replace(path, observation=replace(observation, key=key, statement=key, spans=spans))
