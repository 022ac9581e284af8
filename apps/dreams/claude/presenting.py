"""Patterns as the model is shown them: what was noted, where it shows, how it goes with success."""

from collections.abc import Iterator, Mapping, Sequence

from apps.core.masking import masked
from apps.core.rates import Rate
from apps.dreams.claude.fencing import fence_for
from apps.dreams.findings import Pattern, Span

_MOST_STATEMENTS, _MOST_QUOTES, _LONGEST_QUOTE, _LONGEST_LINE = 5, 6, 300, 500
_DETAILS = ("sayings", "steps", "goes_with", "step", "before", "after", "fix", "working_call")
_LISTED = frozenset(("sayings", "steps"))


def presented(patterns: Mapping[str, Pattern]) -> tuple[str, str]:
    """All of them by their labels, and the fence before whatever of it is ours."""
    bodies = {label: list(_body(each)) for label, each in patterns.items()}
    fence = fence_for(line for body in bodies.values() for line in body)
    lines: list[str] = []
    for label, each in patterns.items():
        lines += [f"{fence} {label} {_head(each)}", *bodies[label]]
    return "\n".join((*lines, f"{fence} end of the patterns")), fence


def _head(pattern: Pattern) -> str:
    read = pattern.details.get("of_sessions", "0")
    of = f" of {read}" if int(read) >= pattern.sessions else ""
    agents = f", with {pattern.agents} different agents" if pattern.agents > 1 else ""
    last = f", last on {pattern.last_at.date()}" if pattern.last_at else ""
    return f"{pattern.kind}, seen in {pattern.sessions}{of} sessions{agents}{last}"


def _body(pattern: Pattern) -> Iterator[str]:
    yield _line(pattern.title)
    said = dict.fromkeys(each.observation.statement for each in pattern.seen)
    for statement in list(said)[:_MOST_STATEMENTS]:
        if statement != pattern.title:
            yield f"- noted: {_line(statement)}"
    yield from _details(pattern)
    for span in _samples(pattern):
        tool = ", from a tool" if span.is_tainted else ""
        yield f"- {span.role}{tool}: “{_line(span.quote, _LONGEST_QUOTE)}”"
    if pattern.success.tries:
        yield f"- of sessions with it {_rate(pattern.success)}, of others {_rate(pattern.others)}"


def _details(pattern: Pattern) -> Iterator[str]:
    for name in _DETAILS:
        value = pattern.details.get(name, "")
        if value:
            parts = value.splitlines() if name in _LISTED else [value]
            yield f"- {name.replace('_', ' ')}: {_line(' → '.join(parts))}"


def _samples(pattern: Pattern) -> Sequence[Span]:
    """A few from as many sessions as there are: first the first of each."""
    rows = [each.observation.spans for each in pattern.seen]
    deepest = max(map(len, rows), default=0)
    spans = [spans[depth] for depth in range(deepest) for spans in rows if depth < len(spans)]
    return list({each.quote: each for each in spans}.values())[:_MOST_QUOTES]


def _rate(rate: Rate) -> str:
    if not rate.tries:
        return "nobody judged any"
    low, high = round(100 * rate.low), round(100 * rate.high)
    return f"{rate.successes} of {rate.tries} succeeded (likely {low} to {high} in a hundred)"


def _line(text: str, most: int = _LONGEST_LINE) -> str:
    return masked(" ".join(text.split()))[:most]
