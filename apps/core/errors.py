"""Expected failures. A page shows their message in the form, the API in its envelope."""

from collections.abc import Mapping
from typing import Any, ClassVar


class DomainError(Exception):
    """Something a person or client asked for cannot be done."""

    status: ClassVar[int] = 400
    type: ClassVar[str] = "invalid_request_error"
    # The contract's `error.details.error_code`, where it has one for this.
    code: ClassVar[str] = ""

    def __init__(self, message: str = "", **extra: Any) -> None:
        """`extra` stands beside the message inside the API's `error`."""
        super().__init__(message)
        self.extra: Mapping[str, Any] = extra

    @property
    def message(self) -> str:
        """What a user reads: the text it was raised with, or else the class's own docstring."""
        return str(self.args[0]) or " ".join((self.__doc__ or "").split())


class NotFound(DomainError):
    """There is no such thing in this workspace."""

    status = 404
    type = "not_found_error"


class Conflict(DomainError):
    """Somebody else was faster. Look at what is there now and try again."""

    status = 409
    type = "conflict_error"
