"""What a request may look like: pydantic models, and their complaints in plain words.

A shape says which keys there are, of which type and within which limits. Rules that need the
database stand in the domain, where a page meets them too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, get_args, get_origin

from django.http import QueryDict
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from apps.core import payloads
from apps.core.api.errors import InvalidRequest

MOST_PROBLEMS_TOLD = 5


class Shape(BaseModel):
    """The keys of a request. Unknown ones are refused by name; types are taken at their word."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class PageQuery(Shape):
    """What every list takes."""

    limit: int = Field(default=20, ge=1, le=100, description="Rows per page.")
    page: str = Field(default="", description="`next_page` of the page before.")


S = TypeVar("S", bound=Shape)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where: the keys and indexes that lead there."""

    path: tuple[str | int, ...]
    text: str

    def __str__(self) -> str:
        where = ".".join(str(part) for part in self.path)
        return f"{where}: {self.text}" if where else self.text


class Misshapen(InvalidRequest):
    """The request is not of the shape that this endpoint takes."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        told = [str(each) for each in problems[:MOST_PROBLEMS_TOLD]]
        if len(problems) > MOST_PROBLEMS_TOLD:
            told.append(f"and {len(problems) - MOST_PROBLEMS_TOLD} more")
        super().__init__("; ".join(told))
        self.problems = tuple(problems)


def read(shape: type[S], given: object) -> S:
    """The body as its shape. Raises Misshapen, which names every field that is wrong."""
    if isinstance(given, QueryDict):  # what an empty body is that calls itself a form
        given = given.dict()
    try:
        return shape.model_validate(given, strict=True)
    except ValidationError as error:
        raise Misshapen(list(_problems(error, given))) from error


def read_query(shape: type[S], params: QueryDict) -> S:
    """The query as its shape: `name[]=` or `name=` repeated for lists, unknown names ignored.

    Raises Misshapen.
    """
    given: dict[str, Any] = {}
    for name, field in shape.model_fields.items():
        wire = field.alias or name
        values = [*params.getlist(wire), *params.getlist(f"{wire}[]")]
        if not values:
            continue
        if any("\x00" in value for value in values):
            raise Misshapen([Problem((wire,), "this holds a NUL character")])
        given[wire] = values if _is_list(field.annotation) else values[-1]
    try:
        return shape.model_validate(given)
    except ValidationError as error:
        raise Misshapen(list(_problems(error, given))) from error


def _is_list(annotation: object) -> bool:
    """Whether it is a list, or may be one."""
    many = {list, tuple, set, frozenset}
    return any(get_origin(each) in many for each in (annotation, *get_args(annotation)))


def _problems(error: ValidationError, given: object) -> Iterator[Problem]:
    for each in error.errors(include_url=False, include_input=False):
        path = _path(each["loc"], given, is_missing=each["type"] == "missing")
        yield Problem(path, payloads.storable(_in_words(each)))


def _in_words(each: Mapping[str, Any]) -> str:
    kind, said = each["type"], each.get("ctx", {})
    if kind in _WORDS:
        return _WORDS[kind].format(**{name: str(value)[:1000] for name, value in said.items()})
    text = str(each["msg"]).removeprefix("Value error, ")
    return text[:1].lower() + text[1:]


# Where pydantic speaks of its own workings.
_WORDS = {
    "missing": "this field is required",
    "extra_forbidden": "unknown field",
    "union_tag_not_found": "{discriminator} is required and says what this is",
    "union_tag_invalid": "{discriminator} must be one of {expected_tags}, not '{tag}'",
}


def _path(
    location: tuple[str | int, ...], given: object, *, is_missing: bool
) -> tuple[str | int, ...]:
    """The location without the names of union members, which pydantic weaves in."""
    path: list[str | int] = []
    current = given
    for place, part in enumerate(location, 1):
        if place < len(location) and isinstance(current, Mapping) and current.get("type") == part:
            continue  # a member named as one of its own keys: a text block's text
        if _leads_on(current, part):
            current = current[part]  # type: ignore[index]
        elif not (is_missing and part == location[-1]):
            continue
        path.append(part)
    return tuple(path)


def _leads_on(value: object, part: str | int) -> bool:
    if isinstance(value, list):
        return isinstance(part, int) and part < len(value)
    return isinstance(value, Mapping) and part in value
