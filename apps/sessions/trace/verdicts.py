"""What graders said, in words."""

from dataclasses import dataclass
from typing import Any

from apps.sessions.trace.words import GRADES

_LONGEST = 4_000
_MOST_CRITERIA = 200


@dataclass(frozen=True, slots=True)
class Verdict:
    """One evaluation of an outcome."""

    result: str
    good: bool
    iteration: int
    description: str
    explanation: str


def verdicts(evaluations: list[dict[str, Any]]) -> list[Verdict]:
    """Read a session's evaluations; what a hostile one lacks or twists stays empty."""
    return [
        Verdict(
            result=GRADES.get(str(each.get("result")), str(each.get("result") or "")),
            good=each.get("result") == "satisfied",
            iteration=_number(each.get("iteration")) + 1,
            description=str(each.get("description") or "")[:_LONGEST],
            explanation=str(each.get("explanation") or "")[:_LONGEST],
        )
        for each in evaluations
    ]


def criteria(payload: dict[str, Any]) -> str:
    """What a grader of ours said of each criterion; nothing where a grading does not tell them."""
    told = payload.get("criteria")
    rows = [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []
    return "\n\n".join(map(_criterion, rows[:_MOST_CRITERIA]))


def _criterion(told: dict[str, Any]) -> str:
    verdict, text, reason, quote = (
        str(told.get(name) or "")[:_LONGEST] for name in ("verdict", "text", "reason", "quote")
    )
    marks = [verdict.capitalize() or "No verdict"]
    marks += ["required"] if told.get("is_required") is True else []
    marks += ["advisory"] if told.get("is_advisory") is True else []
    shown = f"“{quote}”" if quote else ""
    return "\n".join(filter(None, (f"{', '.join(marks)}: {text}", reason, shown)))


def _number(value: Any) -> int:
    return value if isinstance(value, int) and value >= 0 else 0
