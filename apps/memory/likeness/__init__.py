"""What memories say twice, against each other, or no longer: pure functions, no database.

They propose, and a person or a dream decides: a text is never changed by them. Each finding names
the statements it rests on, so that nobody has to read two whole memories to judge it.
"""

from apps.memory.likeness.ageing import Dated, Oversized, dated, oversized
from apps.memory.likeness.contradicting import Contradiction, contradictions
from apps.memory.likeness.doubles import Duplicate, near_duplicates
from apps.memory.likeness.opposing import Reason
from apps.memory.likeness.texts import Note, Statement

__all__ = [
    "Contradiction",
    "Dated",
    "Duplicate",
    "Note",
    "Oversized",
    "Reason",
    "Statement",
    "contradictions",
    "dated",
    "near_duplicates",
    "oversized",
]
