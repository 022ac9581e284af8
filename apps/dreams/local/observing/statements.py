"""What people say should be so: standing instructions, corrections, and what has changed."""

import re
from collections.abc import Iterator

from apps.dreams.findings import Kind, Observation, Transcript, Turn
from apps.dreams.local.cues import CHANGE, CORRECTION, STANDING, cue_of, tells_a_change
from apps.dreams.local.masking import mask, numbers_in
from apps.dreams.local.observing.spans import span
from apps.dreams.local.words import NUMBER, content, sentences
from apps.reviews.drafting import Role

_ROLES = {CORRECTION: Role.SHOWS_MISTAKE, CHANGE: Role.STATES_FACT}
_KINDS = {CORRECTION: Kind.MISTAKE, CHANGE: Kind.FACT}
REFUSAL = "user.tool_confirmation"
_FROM_PEOPLE = frozenset(("user.message", REFUSAL))
_BETWEEN = re.compile(r"\s*(?:[;:–—!?]|\s-\s|,\s+(?:and|but|so|or|then|plus|nor)\b)\s*")
_MOST_SENTENCES = 40
_LONGEST_MESSAGE = 4_000
_LEAST_STEMS, _MOST_STEMS = 1, 30


def statements_in(transcript: Transcript) -> Iterator[Observation]:
    """One observation per sentence of a person that says how something is to be."""
    left = _MOST_SENTENCES
    for turn in transcript.turns:
        if turn.type in _FROM_PEOPLE and turn.text:
            for observed in _statements(turn):
                if left:
                    left -= 1
                    yield observed


def _statements(turn: Turn) -> Iterator[Observation]:
    """A sentence like `Every time, please.` speaks of the one before it."""
    is_refusal = turn.type == REFUSAL
    said: list[tuple[int, int, str]] = []
    for start, end in sentences(turn.text[:_LONGEST_MESSAGE]):
        sentence = turn.text[start:end]
        cue = STANDING if is_refusal else cue_of(sentence)
        if said and cue == STANDING and not content(sentence):
            said[-1] = (said[-1][0], end, STANDING)
        else:
            said.append((start, end, cue))
    for start, end, cue in said:
        if cue:
            yield from _parts(turn, start, end, cue)


def _parts(turn: Turn, start: int, end: int, cue: str) -> Iterator[Observation]:
    """A sentence may ask for several things: each is one statement, with the sentence as quote."""
    sentence = turn.text[start:end]
    for part in _BETWEEN.split(sentence):
        stems = content(part)
        if _LEAST_STEMS <= len(stems) <= _MOST_STEMS and stems != [NUMBER]:
            yield Observation(
                kind=_KINDS.get(cue, Kind.PREFERENCE),
                key=" ".join(sorted(stems)),
                statement=mask(part),
                spans=(span(turn, _ROLES.get(cue, Role.STATES_PREFERENCE), start, end),),
                details={
                    "what": "statement",
                    "cue": cue,
                    "changes": "yes" if tells_a_change(sentence) else "",
                    "refuses": "yes" if turn.type == REFUSAL else "",
                    "sentence": mask(sentence),
                    "numbers": " ".join(numbers_in(part)),
                },
            )
