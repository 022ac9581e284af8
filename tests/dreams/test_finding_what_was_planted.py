"""Over the demo's sessions the local engine finds what was planted there, and little else."""

import re
from functools import cache

import pytest

from apps.demo.planted import DECOYS, PATTERNS
from apps.demo.planted import Pattern as Planted
from apps.dreams.findings import Pattern
from tests.demo.reading import showing
from tests.dreams.corpora import demo, patterns_of

GOALS = {
    "mistake": 0.9,
    "workaround": 0.9,
    "preference": 0.8,
    "workflow": 0.8,
    "fact_change": 0.8,
    "escalation": 0.8,
}
KINDS = {
    "mistake": {"mistake", "workaround"},
    "workaround": {"mistake", "workaround"},
    "fact_change": {"fact"},
}
"""Whether an error was a mistake or needs a way round is told by what followed, not by a name."""
LEAST_SHARED = 0.5


@cache
def found() -> tuple[Pattern, ...]:
    return tuple(patterns_of(demo()))


def is_of(pattern: Pattern, planted: Planted) -> bool:
    """They speak of the same sessions and of the same thing."""
    ours, theirs = (
        {seen.session_id for seen in pattern.seen},
        set(planted.sessions) | set(planted.before),
    )
    if len(ours & theirs) < LEAST_SHARED * len(ours | set(planted.sessions)):
        return False
    quotes = [span.quote for seen in pattern.seen for span in seen.observation.spans]
    quotes += pattern.details.values()
    return any(re.search(sign.text, quote) for sign in planted.signs for quote in quotes)


def matches(planted: Planted) -> list[Pattern]:
    kinds = KINDS.get(planted.kind, {planted.kind})
    return [each for each in found() if each.kind in kinds and is_of(each, planted)]


@pytest.mark.parametrize("kind", GOALS)
def test_what_was_planted_is_found(kind: str):
    planted = [each for each in PATTERNS if each.kind == kind]

    missed = [each.id for each in planted if not matches(each)]

    assert 1 - len(missed) / len(planted) >= GOALS[kind], missed


def test_what_is_found_was_planted():
    unplanted = [
        pattern.title for pattern in found() if not any(is_of(pattern, each) for each in PATTERNS)
    ]

    assert 1 - len(unplanted) / len(found()) >= GOALS["mistake"], unplanted


@pytest.mark.parametrize("decoy", [pytest.param(decoy, id=decoy.id) for decoy in DECOYS])
def test_what_happened_once_is_no_pattern(decoy: Planted):
    (session,) = showing(decoy)

    told = [
        span.quote
        for pattern in found()
        for seen in pattern.seen
        if seen.session_id == session
        for span in seen.observation.spans
    ]

    assert not [quote for quote in told for sign in decoy.signs if re.search(sign.text, quote)]


def test_the_same_sessions_give_the_same_patterns():
    assert patterns_of(demo()) == list(found())
    in_another_order = patterns_of(reversed(demo()))
    assert {(each.key, each.sessions) for each in in_another_order} == {
        (each.key, each.sessions) for each in found()
    }


def test_every_quote_is_of_its_event():
    texts = {turn.event_id: turn.text for each in demo() for turn in each.turns}
    spans = [
        span for pattern in found() for seen in pattern.seen for span in seen.observation.spans
    ]

    assert len(spans) > 200
    assert all(texts[span.event_id][span.start : span.end] == span.quote for span in spans)
    assert all(span.quote.strip() for span in spans)
