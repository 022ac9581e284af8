"""Where the work went to somebody else, and why."""

import re
from collections.abc import Iterator

from apps.dreams.findings import Kind, Observation, Span, Transcript, Turn
from apps.dreams.local.calls import Call
from apps.dreams.local.handing import asks_for_a_person, hands_over, says_it_hands_over
from apps.dreams.local.masking import mask
from apps.dreams.local.observing.spans import span
from apps.dreams.local.observing.wishing import wishes_in
from apps.dreams.local.steps import Step
from apps.dreams.local.words import content, sentences, spoken
from apps.reviews.drafting import Role

_PLACEHOLDER = re.compile(r"<\w+>")
_FIELD = re.compile(r"(?m)^[\w.-]+: ")
_NAMED = re.compile(r"(?<=[\w,;:>'] )[A-Z][a-z]+|\b[A-Z][a-z]+(?= [A-Z][a-z])")
_CODE = re.compile(r"\b[A-Z]{5,}\b")
_TURNS_BEFORE = 3
_LONGEST_SAID = 600
ASKED_FOR, SAID = "somebody asked for a person", "the agent said it hands over"


def handovers_in(transcript: Transcript, calls: list[Call]) -> Iterator[Observation]:
    """One observation per handing over, and one where a person was asked for."""
    found: dict[str, Observation] = {}
    places = {turn.sequence: place for place, turn in enumerate(transcript.turns)}
    for call in calls:
        for step in call.steps:
            if hands_over(step) and not call.has_failed and _says_why(call, step):
                before = _said_before(transcript.turns, places[call.use.sequence])
                observed = _by_call(call, step, before)
                found.setdefault(observed.key, observed)
    for turn in transcript.turns:
        if turn.type == "user.message" and (at := asks_for_a_person(turn.text)):
            found.setdefault(ASKED_FOR, _in_words(turn, at, ASKED_FOR))
        elif turn.type == "agent.message" and not found and (at := says_it_hands_over(turn.text)):
            found[SAID] = _in_words(turn, at, SAID)
    yield from found.values()


def _says_why(call: Call, step: Step) -> bool:
    """To open a case is daily work where nothing is written to anybody."""
    values = _FIELD.sub("", call.use.text)
    return bool(values.strip()) and (bool(step.text) or len(content(_open(values))) > 1)


def _said_before(turns: tuple[Turn, ...], place: int) -> Turn | None:
    """What the agent said right before, if nobody else has spoken since."""
    thread = turns[place].thread
    for turn in reversed(turns[max(place - _TURNS_BEFORE, 0) : place]):
        if turn.thread == thread and turn.type == "user.message":
            return None
        if turn.thread == thread and turn.type == "agent.message" and turn.text.strip():
            return turn
    return None


def _by_call(call: Call, step: Step, before: Turn | None) -> Observation:
    written = content(_open(_FIELD.sub("", call.use.text)))
    spans = [span(call.use, Role.SHOWS_FIX, *_reason_at(call))]
    said: list[str] = []
    if before:
        at = _telling_sentence(before.text, set(written))
        said = content(_open(before.text[slice(*at)]))
        spans.insert(0, span(before, Role.STATES_FACT, *at))
    stems = sorted({*written, *said})
    return _handover(step.label, call.use.tool, call.use.text, tuple(spans), stems)


def _reason_at(call: Call) -> tuple[int, int | None]:
    """Where in the call the longest thing stands that was written with it."""
    values = [each for each in (call.use.input or {}).values() if isinstance(each, str)]
    longest = max(values, key=len, default="")
    start = call.use.text.find(longest) if " " in longest.strip() else -1
    return (start, start + len(longest)) if start >= 0 else (0, None)


def _telling_sentence(text: str, written: set[str]) -> tuple[int, int]:
    """The sentence that has most of what was written in it; of equals the last."""
    found = list(sentences(text[:_LONGEST_SAID])) or [(0, len(text))]
    return max(found, key=lambda at: (len(written & set(content(text[slice(*at)]))), at))


def _in_words(turn: Turn, at: tuple[int, int], key: str) -> Observation:
    start = turn.text.rfind("\n", 0, at[0]) + 1
    end = turn.text.find("\n", at[1])
    spans = (span(turn, Role.STATES_FACT, start, end if end > 0 else None),)
    return _handover(key, "", turn.text[start : end if end > 0 else None], spans)


def _handover(
    how: str, tool: str, reason: str, spans: tuple[Span, ...], stems: list[str] | None = None
) -> Observation:
    return Observation(
        kind=Kind.ESCALATION,
        key=f"{how}: {' '.join(stems)}" if stems else how,
        statement=how,
        spans=spans,
        tool=tool,
        details={
            "what": "handover",
            "how": how,
            "stems": " ".join(stems or ()),
            "reason_words": " ".join(spoken(_open(reason))),
            "said": "\n".join(_nameless(spans)) if stems else "",
            "wishes": "\n".join(wishes_in(reason)) if stems else "",
        },
    )


def _nameless(spans: tuple[Span, ...]) -> Iterator[str]:
    """The sentences of it that name nobody, without values."""
    for each in spans:
        for start, end in sentences(each.quote):
            sentence = mask(each.quote[start:end])
            if not (_NAMED.search(sentence) or _CODE.search(sentence)):
                yield sentence


def _open(text: str) -> str:
    """Without what is of the case, people's names among it."""
    return _NAMED.sub(" ", _PLACEHOLDER.sub(" ", mask(text)))
