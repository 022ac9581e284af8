"""What the stand-in answers to this project's own questions: found in what it is given."""

from typing import Any

from tests.standin import schemas
from tests.standin.asked import Asked


def sensible(asked: Asked) -> Any:
    """The least that fits, to a question that it does not know."""
    return schemas.filled(asked.schema) if asked.schema else "Nothing to say."
