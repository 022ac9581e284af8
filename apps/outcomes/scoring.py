"""From verdicts to a result, and to the one text that the contract has for both. Pure.

What gates is every criterion but the advisory ones. The work is satisfactory when each required one
passes and those that pass weigh at least so much of all (`OUTCOME_PASS_SCORE`; 1 is all of them).
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from django.conf import settings

from apps.outcomes.judging import Judged
from apps.outcomes.models import Judgement, Result

LONGEST_EXPLANATION = 20_000
_LONGEST_LINE = 400
_LONGEST_QUOTE = 200
UNMET = "Not met:"
WHY = " — "
_COMPOSED = re.compile(r"\d+ of \d+ criteria are met\.(?:\n|$)")
_HEADINGS = (
    (Judgement.FAIL, UNMET),
    (Judgement.UNCLEAR, "Unclear, and so not met:"),
    (Judgement.PASS, "Met:"),
)
UNGATED = "No criterion counts: on each, people and grader agree too little."


def score(judged: Sequence[Judged]) -> float | None:
    """The share of what gates, by weight, that passes; None if nothing does."""
    gating = [each for each in judged if not each.is_advisory]
    if not gating:
        return None
    passing = [each for each in gating if each.verdict == Judgement.PASS]
    return float(_weight(passing) / _weight(gating))


def result(judged: Sequence[Judged], *, iteration: int = 0, most: int | None = None) -> Result:
    """How the work did, which is its iteration of so many at most."""
    if is_satisfied(judged):
        return Result.SATISFIED
    if most is not None and iteration + 1 >= most:
        return Result.MAX_ITERATIONS_REACHED
    return Result.NEEDS_REVISION


def is_satisfied(judged: Sequence[Judged]) -> bool:
    """Whether the work is good enough. Where nothing gates, nothing is in its way."""
    gating = [each for each in judged if not each.is_advisory]
    if any(each.criterion.is_required and each.verdict != Judgement.PASS for each in gating):
        return False
    reached = score(judged)
    return reached is None or reached >= settings.OUTCOME_PASS_SCORE


def explain(judged: Sequence[Judged], artifact: str) -> str:
    """What the author is told: what is not met first, each with why and the words that show it."""
    gating = [each for each in judged if not each.is_advisory]
    met = sum(each.verdict == Judgement.PASS for each in gating)
    parts = [f"{met} of {len(gating)} criteria are met."] if gating else [UNGATED]
    for verdict, heading in _HEADINGS:
        if some := [each for each in gating if each.verdict == verdict]:
            parts.append("\n".join((heading, *(_line(each, artifact) for each in some))))
    if advisory := [each for each in judged if each.is_advisory]:
        heading = "Advisory, and not counted:"
        lines = (f"{_line(each, artifact)} ({each.verdict})" for each in advisory)
        parts.append("\n".join((heading, *lines)))
    return "\n\n".join(parts)[:LONGEST_EXPLANATION]


def is_composed(explanation: str) -> bool:
    """Whether it is one of ours."""
    return _COMPOSED.match(explanation) is not None or explanation.startswith(UNGATED)


def _line(judged: Judged, artifact: str) -> str:
    required = " (required)" if judged.criterion.is_required else ""
    said = f"- {_short(judged.criterion.text)}{required}"
    if judged.verdict == Judgement.PASS and not judged.is_advisory:
        return said
    why = " ".join(judged.reason.split())
    if judged.span is not None:
        why = f"{why} “{_short(artifact[slice(*judged.span)], _LONGEST_QUOTE)}”".strip()
    return f"{said}{WHY}{why}" if why else said


def _short(text: str, longest: int = _LONGEST_LINE) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def _weight(judged: Sequence[Judged]) -> Decimal:
    return sum((each.criterion.weight for each in judged), Decimal(0))
