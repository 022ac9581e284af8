"""What a tool says when it refuses, to a model that can do something about it."""

from typing import Any

from apps.core.errors import DomainError
from apps.memory.writing import PathTaken, PreconditionFailed


def refusal(error: DomainError) -> dict[str, Any]:
    """The API's error, whose message also says what to do next."""
    advice = _advice(error)
    message = f"{error.message} {advice}" if advice else error.message
    return {"error": {"type": error.type, "message": message, **error.extra}}


def _advice(error: DomainError) -> str:
    match error:
        case PreconditionFailed() if error.extra.get("current_sha256"):
            return (
                f"Its content_sha256 is {error.extra['current_sha256']} now. Read it with"
                " read_memory, put your change into what it says now, and write that with the"
                " content_sha256 you read."
            )
        case PathTaken():
            return (
                f"{error.extra['conflicting_path']} ({error.extra['conflicting_memory_id']}) is in"
                " the way. Read that one, or choose another path."
            )
    return ""
