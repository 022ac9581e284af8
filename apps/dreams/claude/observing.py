"""What Claude sees in one session: the questions about it, and what is made of the answers."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from apps.core.masking import masked
from apps.dreams.claude import prompts
from apps.dreams.claude.answers import Noted, Notes, Shows
from apps.dreams.claude.rendering import Shown, rendered, shown, windows
from apps.dreams.claude.veiling import Hidden, NotThere
from apps.dreams.findings import Kind, Observation, Span, Transcript
from apps.dreams.local.calls import calls_of
from apps.dreams.local.observing import VERSION as PATHS
from apps.dreams.local.observing.paths import path_of
from apps.dreams.local.observing.spans import span
from apps.dreams.local.words import content
from apps.engine.asking import Question

VERSION = f"{prompts.VERSION}.{PATHS}"
"""The way that a session took is read as the local engine reads it."""
PURPOSE = "dreams.observe"
TOLD = "told"
"""`details["what"]` of what a model says in its own words."""
MOST_TOKENS = 6_000
UNKNOWN_EVENT = "a quote of an event that is not there"
EMPTY = "no statement"
Name = tuple[Kind, frozenset[str] | str]
_LONGEST_KEY, _LONGEST_STATEMENT, _MOST_SPANS = 80, 500, 4


def questions(transcript: Transcript, model: str) -> list[Question[Notes]]:
    """One per window; none about a session in which nothing was said."""
    parts = list(windows(shown(transcript)))
    return [
        Question(
            purpose=PURPOSE,
            model=model,
            system=prompts.OBSERVE,
            text=rendered(transcript, part, number, len(parts)),
            answer=Notes,
            max_tokens=MOST_TOKENS,
        )
        for number, part in enumerate(parts, 1)
    ]


def observations(
    transcript: Transcript, answers: Iterable[Notes]
) -> tuple[tuple[Observation, ...], Counter[str]]:
    """What is borne out by the very words of the session, and why how much else is not."""
    events = {each.label: each for each in shown(transcript)}
    dropped: Counter[str] = Counter()
    found = [
        [seen for noted in answer.notes if (seen := _observed(noted, events, dropped))]
        for answer in answers
    ]
    path = path_of(transcript, calls_of(transcript))
    return (*([path] if path else ()), *_once(found)), dropped


def _observed(
    noted: Noted, events: Mapping[str, Shown], dropped: Counter[str]
) -> Observation | None:
    key, statement = _plain(noted.key, _LONGEST_KEY).lower(), _plain(noted.statement)
    spans, reasons = _spans(noted.evidence, events)
    if not statement or not key:
        dropped[EMPTY] += 1
        return None
    if not spans:
        dropped[reasons[0] if reasons else str(NotThere.__doc__)] += 1
        return None
    return Observation(
        kind=noted.kind,
        key=key,
        statement=statement,
        spans=tuple(spans),
        tool=next((tool for each in spans if (tool := _tool(each, events))), ""),
        details={"what": TOLD},
    )


def _spans(shows: Sequence[Shows], events: Mapping[str, Shown]) -> tuple[list[Span], list[str]]:
    """Those that can be looked up; whether one is tainted says its event, and not the model."""
    found: list[Span] = []
    reasons: list[str] = []
    for each in shows:
        event = events.get(each.event.strip())
        if event is None:
            reasons.append(UNKNOWN_EVENT)
            continue
        try:
            start, end = event.veiled.origin(each.quote.strip())
        except (NotThere, Hidden) as error:
            reasons.append(str(error.__doc__))
        else:
            found.append(span(event.turn, each.role, start, end))
    return found, reasons


def _once(windows_of_it: Iterable[Sequence[Observation]]) -> Iterator[Observation]:
    """Each thing once, with all of its evidence: windows overlap, and some things are said twice.

    What two windows saw at the same place is the same, whatever they call it.
    """
    kept: dict[Name, Observation] = {}
    places: dict[tuple[Kind, str, int], Name] = {}
    for window in windows_of_it:
        before = dict(places)
        for each in window:
            first = each.spans[0]
            at = (each.kind, first.event_id, first.start)
            name = before.get(at) or (each.kind, frozenset(content(each.key)) or each.key)
            places.setdefault(at, name)
            known = kept.get(name, each)
            spans = dict.fromkeys((*known.spans, *each.spans))
            kept[name] = replace(known, spans=tuple(spans)[:_MOST_SPANS])
    yield from kept.values()


def _tool(shown_at: Span, events: Mapping[str, Shown]) -> str:
    return next((e.turn.tool for e in events.values() if e.turn.event_id == shown_at.event_id), "")


def _plain(text: str, most: int = _LONGEST_STATEMENT) -> str:
    return masked(" ".join(text.replace("\x00", "").split()))[:most].strip()
