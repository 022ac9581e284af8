"""What graders said, in words."""

from dataclasses import dataclass
from typing import Any

from apps.sessions.trace.words import GRADES

_LONGEST = 4_000


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


def _number(value: Any) -> int:
    return value if isinstance(value, int) and value >= 0 else 0
