"""Expected failures. A page shows their message in the form, the API in its envelope."""

from typing import ClassVar


class DomainError(Exception):
    """Something a person or client asked for cannot be done."""

    status: ClassVar[int] = 400
    type: ClassVar[str] = "invalid_request_error"

    @property
    def message(self) -> str:
        """What a user reads: the text it was raised with, or else the class's own docstring."""
        return str(self.args[0]) if self.args else (self.__doc__ or "").strip()


class Conflict(DomainError):
    """Somebody else was faster. Look at what is there now and try again."""

    status = 409
    type = "conflict_error"
