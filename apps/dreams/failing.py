"""How a dream ends otherwise than well (contract: 3.9)."""

from typing import ClassVar

from django.conf import settings


class Lost(Exception):
    """The dream was canceled, failed or is another worker's by now: leave it."""


class Failure(Exception):
    """The dream cannot go on. The docstring of each is what its `error.message` says."""

    type: ClassVar[str]

    @property
    def message(self) -> str:
        return " ".join((self.__doc__ or "").split())


class StoreUnavailable(Failure):
    """The input memory store was archived or deleted."""

    type = "input_memory_store_unavailable"


class SessionUnavailable(Failure):
    """A session that the dream reads was deleted."""

    type = "input_session_unavailable"


class StoreTooLarge(Failure):
    """The input memory store holds more than a dream reads."""

    type = "input_memory_store_too_large"


class TooManyStores(Failure):
    """This workspace has as many memory stores as it may: there is no room for the output."""

    type = "memory_store_org_limit_exceeded"


class TookTooLong(Failure):
    """The dream took longer than a dream may."""

    type = "timeout"

    @property
    def message(self) -> str:
        return f"The dream took longer than {settings.DREAM_TIMEOUT_HOURS} hours."


class GaveUp(Failure):
    """The workers that dreamed this stopped each time before they got any further.

    The log of the workers says why.
    """

    type = "internal_error"
