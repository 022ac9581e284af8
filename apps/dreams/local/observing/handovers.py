"""Where the work went to somebody else, and why."""

import re
from collections.abc import Iterator

from apps.dreams.findings import Kind, Observation, Span, Transcript, Turn
from apps.dreams.local.calls import Call
from apps.dreams.local.handing import asks_for_a_person, hands_over, says_it_hands_over
from apps.dreams.local.masking import mask
from apps.dreams.local.observing.spans import span
from apps.dreams.local.steps import Step
from apps.dreams.local.words import spoken
from apps.reviews.drafting import Role

_PLACEHOLDER = re.compile(r"<\w+>")
ASKED_FOR, SAID = "somebody asked for a person", "the agent said it hands over"


def handovers_in(transcript: Transcript, calls: list[Call]) -> Iterator[Observation]:
    """One observation per way of handing over, and one where a person was asked for."""
    found: dict[str, Observation] = {}
    for call in calls:
        for step in call.steps:
            if hands_over(step) and not call.has_failed and call.use.text.strip():
                found.setdefault(step.label, _by_call(call, step))
    for turn in transcript.turns:
        if turn.type == "user.message" and (at := asks_for_a_person(turn.text)):
            found.setdefault(ASKED_FOR, _in_words(turn, at, ASKED_FOR))
        elif turn.type == "agent.message" and not found and (at := says_it_hands_over(turn.text)):
            found[SAID] = _in_words(turn, at, SAID)
    yield from found.values()


def _by_call(call: Call, step: Step) -> Observation:
    return _handover(step.label, call.use.tool, call.use.text, (span(call.use, Role.SHOWS_FIX),))


def _in_words(turn: Turn, at: tuple[int, int], key: str) -> Observation:
    start = turn.text.rfind("\n", 0, at[0]) + 1
    end = turn.text.find("\n", at[1])
    spans = (span(turn, Role.STATES_FACT, start, end if end > 0 else None),)
    return _handover(key, "", turn.text[start : end if end > 0 else None], spans)


def _handover(key: str, tool: str, reason: str, spans: tuple[Span, ...]) -> Observation:
    return Observation(
        kind=Kind.ESCALATION,
        key=key,
        statement=key,
        spans=spans,
        tool=tool,
        details={
            "what": "handover",
            "reason_words": " ".join(spoken(_PLACEHOLDER.sub(" ", mask(reason)))),
        },
    )
