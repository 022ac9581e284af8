"""The way a session went: its steps in the order in which they first came."""

from collections import Counter

from apps.dreams.findings import Kind, Observation, Span, Transcript
from apps.dreams.local.calls import Call
from apps.dreams.local.observing.spans import span
from apps.reviews.drafting import Role

PATH = "path"
_MOST_STEPS = 60
_LONGEST_QUOTE = 100


def path_of(transcript: Transcript, calls: list[Call]) -> Observation | None:
    """The raw matter of workflows, of shares and of comparisons: one for every session."""
    steps: dict[str, tuple[str, Span]] = {}
    for call in calls:
        if call.has_failed or len(steps) >= _MOST_STEPS or not call.use.text.strip():
            continue
        for step in call.steps:
            if step.label not in steps:
                quote = span(call.use, Role.SHOWS_SUCCESS, 0, _LONGEST_QUOTE)
                steps[step.label] = (step.coarse, quote)
    spans = tuple(quote for _, quote in steps.values()) or _first_words(transcript)
    if not spans:
        return None
    tools = Counter(call.use.tool for call in calls)
    return Observation(
        kind=Kind.WORKFLOW,
        key=PATH,
        statement=f"{len(calls)} calls of {len(tools)} tools",
        spans=spans,
        details={
            "what": PATH,
            "steps": "\n".join(f"{label}\t{coarse}" for label, (coarse, _) in steps.items()),
            "calls": "\n".join(f"{tool}\t{count}" for tool, count in tools.items()),
        },
    )


def _first_words(transcript: Transcript) -> tuple[Span, ...]:
    said = next((turn for turn in transcript.turns if turn.text.strip()), None)
    return (span(said, Role.SHOWS_SUCCESS, 0, _LONGEST_QUOTE),) if said else ()
