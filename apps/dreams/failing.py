"""How a dream ends otherwise than well (contract: 3.9)."""

from django.conf import settings

from apps.engine.asking import BudgetSpent, EngineError, KeyRejected, NoKey

ABOUT_ALL = (BudgetSpent, KeyRejected, NoKey)
"""What one question goes wrong for, and so would every other."""


class Lost(Exception):
    """The dream was canceled, failed or is another worker's by now: leave it."""


class Failure(Exception):
    """The dream cannot go on. The docstring of each is what its `error.message` says."""

    type: str

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


class NothingRead(Failure):
    """No session could be read."""

    type = "nothing_read"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def message(self) -> str:
        return f"No session could be read. {self.reason}"


class ModelFailed(Failure):
    """What a model is asked goes wrong, and would again."""

    type = "model_error"

    def __init__(self, error: EngineError) -> None:
        super().__init__(error)
        self.error = error
        if isinstance(error, BudgetSpent):
            self.type = "cost_cap_reached"
        elif isinstance(error, (KeyRejected, NoKey)):
            self.type = "model_unavailable"

    @property
    def message(self) -> str:
        return self.error.message
