"""Steps that go together, and how the sessions end that take them."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from apps.core.rates import rate
from apps.dreams.connecting.deciding import Placed, deciding_steps
from apps.dreams.connecting.groups import MOST_SEEN, Group, Whole, pattern
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


@dataclass(slots=True)
class Paths:
    """The ways all sessions went, as numbers of steps."""

    names: dict[str, int] = field(default_factory=dict)
    coarse: list[str] = field(default_factory=list)
    taken: dict[str, tuple[int, ...]] = field(default_factory=dict)
    about: dict[str, Seen] = field(default_factory=dict)

    @property
    def verdicts(self) -> dict[str, bool | None]:
        return {session: path.succeeded for session, path in self.about.items()}

    def add(self, path: Seen) -> None:
        """Keep what is needed of it, and the rest of the quotes only of a few."""
        numbers = []
        for line in path.observation.details["steps"].splitlines():
            label, _, coarse = line.partition("\t")
            if label not in self.names:
                self.names[label] = len(self.names)
                self.coarse.append(coarse)
            numbers.append(self.names[label])
        self.taken[path.session_id] = tuple(numbers)
        self.about[path.session_id] = path


def workflow_patterns(paths: Paths, whole: Whole, least: int) -> Iterator[Pattern]:
    """One pattern per set of steps that comes with better, or with worse, ends."""
    sequences = _told_alike(paths, least)
    where: dict[str, set[str]] = defaultdict(set)
    for session, steps in sequences.items():
        for step in steps:
            where[step].add(session)
    telling = {
        step: sessions
        for step, sessions in where.items()
        if len(sessions) >= least and not only_looks(step) and not _is_common(sessions, paths)
    }
    placed = list(deciding_steps(telling, where, sequences, paths.verdicts))
    for each in placed:
        yield _placed(each, paths, whole)
    told = {step for each in placed for step in (each.step, each.other)}
    for steps in _together(telling):
        sessions = set.intersection(*(telling[step] for step in steps))
        if len(sessions) >= least and told.isdisjoint(steps):
            yield from _pattern(steps, sessions, sequences, paths, whole)


def _placed(each: Placed, paths: Paths, whole: Whole) -> Pattern:
    """With the sessions that left the step out and ended badly as evidence beside the others."""
    order = [each.step, each.other] if each.is_before else [each.other, each.step]
    group = Group(" → ".join(order))
    for session in sorted(each.with_it):
        group.add(_narrowed(paths.about[session], order))
    without = [
        _narrowed(paths.about[session], order, Role.SHOWS_MISTAKE)
        for session in sorted(each.without)
        if paths.verdicts[session] is False
    ]
    group.seen = group.seen[: MOST_SEEN - min(len(without), _MOST_WITHOUT)]
    group.seen += without[:_MOST_WITHOUT]
    place = "before" if each.is_before else "after"
    details = {
        "what": "workflow",
        "steps": "\n".join(order),
        "goes_with": "success",
        "step": each.step,
        place: each.other,
        "without_sessions": str(len(each.without)),
        "without_failed": str(len(without)),
    }
    title = f"`{each.step}` {place} `{each.other}`: ends well, and badly without it"
    found = pattern(Kind.WORKFLOW, group, title, whole, details)
    return replace(found, others=each.rate_without)


def _told_alike(paths: Paths, least: int) -> dict[str, list[str]]:
    """Steps by their name where several sessions have it, else by what they have in common."""
    labels = list(paths.names)
    met = Counter(number for steps in paths.taken.values() for number in steps)
    names = [
        label if met[number] >= least else paths.coarse[number]
        for number, label in enumerate(labels)
    ]
    return {
        session: list(dict.fromkeys(names[number] for number in steps))
        for session, steps in paths.taken.items()
    }


def _is_common(sessions: set[str], paths: Paths) -> bool:
    agents = {paths.about[session].agent for session in sessions}
    everything = sum(path.agent in agents for path in paths.about.values())
    return len(sessions) > _COMMON * everything and everything > len(sessions) + 2


def _together(where: dict[str, set[str]]) -> Iterator[list[str]]:
    """Steps that are taken in the same sessions, each set once; and each step alone."""
    left = sorted(where, key=lambda step: (-len(where[step]), step))
    while left:
        first, *rest = left
        alike = [step for step in rest if _overlap(where[first], where[step]) >= _TOGETHER]
        yield [first, *alike][:_MOST_STEPS]
        left = [step for step in rest if step not in alike]


def _overlap(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other)


def _pattern(
    steps: list[str],
    sessions: set[str],
    sequences: dict[str, list[str]],
    paths: Paths,
    whole: Whole,
) -> Iterator[Pattern]:
    order = _in_order(steps, [sequences[session] for session in sorted(sessions)])
    group = Group(" → ".join(order))
    for session in sorted(sessions):
        group.add(_narrowed(paths.about[session], order))
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


def _in_order(steps: list[str], sequences: list[list[str]]) -> list[str]:
    """As most sessions take them."""
    place = {
        step: sum(
            sequence.index(step) / len(sequence) for sequence in sequences if step in sequence
        )
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
