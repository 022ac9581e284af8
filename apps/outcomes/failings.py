"""Which criteria work fell short of, read back from what its author was told. Pure."""

from typing import NamedTuple

from apps.outcomes.scoring import UNMET, WHY, is_composed


class Failing(NamedTuple):
    """A criterion that was not met, and where in the explanation it stands with the reason."""

    criterion: str
    start: int
    end: int


def told_in(explanation: str) -> list[Failing] | None:
    """Every criterion that is not met; None of an explanation that was not composed here.

    What is unclear or advisory is left out: that says more of the rubric than of the work.
    """
    if not is_composed(explanation):
        return None
    found = []
    at, is_unmet = 0, False
    for line in explanation.splitlines(keepends=True):
        said = line.rstrip()
        if not said.startswith("- "):
            is_unmet = said == UNMET if said else False
        elif is_unmet:
            criterion = said[2:].split(WHY)[0].removesuffix(" (required)")
            found.append(Failing(criterion, at + 2, at + len(said)))
        at += len(line)
    return found
