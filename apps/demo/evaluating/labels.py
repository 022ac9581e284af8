"""What was put into a corpus, in the words by which a proposal about it is known."""

from dataclasses import dataclass
from enum import StrEnum


class Finding(StrEnum):
    """What a proposal is about; a draft says it in `support["finding"]`."""

    MISTAKE = "mistake"
    PREFERENCE = "preference"
    WORKFLOW = "workflow"
    ESCALATION = "escalation"
    FACT = "fact"
    DUPLICATE = "duplicate"
    CONTRADICTION = "contradiction"
    OUTDATED = "outdated"
    OVERSIZED = "oversized"


@dataclass(frozen=True, slots=True)
class Label:
    """Something to be found: in these sessions, or in the memories at these paths.

    `signs` are expressions, every one of which a proposal that says it must have.
    """

    id: str
    finding: Finding
    signs: tuple[str, ...] = ()
    sessions: frozenset[str] = frozenset()
    paths: frozenset[str] = frozenset()
