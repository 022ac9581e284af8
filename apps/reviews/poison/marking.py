"""A place in a text, and what is wrong there."""

from dataclasses import dataclass

from apps.reviews.models import Proposal

Flag = Proposal.Flag


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters `start` to `end` of a text."""

    start: int
    end: int
    flag: str
    why: str
