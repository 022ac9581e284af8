"""Unions of a string and objects: which one was sent, so that an error speaks of that one alone."""

from typing import Any

from pydantic import Discriminator

STRING, OBJECT = "string", "object"


def _string_or_object(value: Any) -> str | None:
    if isinstance(value, str):
        return STRING
    return OBJECT if isinstance(value, dict) else None


STRING_OR_OBJECT = Discriminator(
    _string_or_object,
    custom_error_type="no_such_kind",
    custom_error_message="give a string or an object",
)


def by_type(*types: str) -> Discriminator:
    """Tells a string and objects by their `type` apart; the tags are STRING and the types."""
    *most, last = (f"'{each}'" for each in types)
    kinds = f"{', '.join(most)} or {last}" if most else last
    return Discriminator(
        _type,
        custom_error_type="no_such_kind",
        custom_error_message=f"give a string, or an object whose type is {kinds}",
    )


def _type(value: Any) -> str | None:
    if isinstance(value, str):
        return STRING
    kind = value.get("type") if isinstance(value, dict) else getattr(value, "type", None)
    return kind if isinstance(kind, str) else None
