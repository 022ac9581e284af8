"""Why an evaluation goes no further."""

import re

from apps.core.errors import DomainError


class Lost(Exception):
    """The evaluation is not ours any more."""


class GaveUp(DomainError):
    """The workers that graded this stopped each time."""


class TookTooLong(DomainError):
    """No answer came in the time that a grading may take."""


def kind_of(error: DomainError) -> str:
    """The failure's name as the wire has it: `no_key`, `budget_spent`."""
    names: dict[type[DomainError], str] = {GaveUp: "internal_error", TookTooLong: "timeout"}
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(error).__name__)
    return names.get(type(error), words.lower())
