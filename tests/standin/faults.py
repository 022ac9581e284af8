"""What can go wrong with an answer, each as it is seen on the wire."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """What a model said, and why it stopped."""

    text: str
    stop_reason: str = "end_turn"
    stop_details: Json | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to fail. What was sent of an answer is billed, and an error is not."""

    name: str
    status: int = 0
    """Of the error that is answered instead."""
    type: str = ""
    retry_after: float | None = None
    changes: Callable[[Said], Said] | None = None
    """The model says something else; that is billed as any answer."""
    ends: Literal["", "cut", "reset", "error", "silence"] = ""
    """How the connection ends after `sends` of the answer; an error is an event of the stream."""
    sends: float = 0.5
    seconds: float = 0
    """How long the answer takes."""

    @classmethod
    def error(cls, status: int, type: str, retry_after: float | None = None) -> "Fault":  # noqa: A002 -- the wire's word
        return cls(f"{status}", status=status, type=type, retry_after=retry_after)

    @classmethod
    def rate_limited(cls, retry_after: float = 0) -> "Fault":
        return cls.error(429, "rate_limit_error", retry_after)

    @classmethod
    def overloaded(cls) -> "Fault":
        return cls.error(529, "overloaded_error")

    @classmethod
    def broken(cls) -> "Fault":
        return cls.error(500, "api_error")

    @classmethod
    def reset(cls) -> "Fault":
        """The connection is gone before a byte of an answer."""
        return cls("reset", ends="reset", sends=0)

    @classmethod
    def cut(cls, sends: float = 0.5) -> "Fault":
        """The answer ends in the middle, and with it the connection."""
        return cls("cut", ends="cut", sends=sends)

    @classmethod
    def silent(cls, sends: float = 0.5) -> "Fault":
        """The answer stops in the middle, and the connection stays."""
        return cls("silent", ends="silence", sends=sends)

    @classmethod
    def overloaded_midway(cls, sends: float = 0.5) -> "Fault":
        """A stream that began well ends in an `error` event."""
        return cls("overloaded midway", type="overloaded_error", ends="error", sends=sends)

    @classmethod
    def slow(cls, seconds: float) -> "Fault":
        return cls("slow", seconds=seconds)

    @classmethod
    def invalid_json(cls) -> "Fault":
        return cls(
            "invalid JSON", changes=lambda said: Said(f"Sure! {said.text[: -len(said.text) // 3]}")
        )

    @classmethod
    def not_as_asked(cls) -> "Fault":
        """JSON, but not of the schema."""
        return cls("not as asked", changes=lambda _: Said('{"unasked": [1, 2, 3]}'))

    @classmethod
    def refusal(cls) -> "Fault":
        details = {"type": "refusal", "category": None, "explanation": None}
        return cls("refusal", changes=lambda _: Said("", "refusal", details))

    @classmethod
    def too_long(cls) -> "Fault":
        """Stopped at `max_tokens`, wherever they are said to end."""
        return cls(
            "too long", changes=lambda said: Said(said.text[: len(said.text) // 2], "max_tokens")
        )

    @classmethod
    def expired(cls) -> "Fault":
        """Of a request in a batch: its day was over before its turn."""
        return cls("expired")
