"""Saying what an endpoint takes and answers, once, where it stands.

    class Agents(Endpoint):
        @documented("agents_list", tag="Agents", query=AgentsQuery, answer=Listed[Agent])
        def get(self, request: ApiRequest) -> Response:
            "List agents, newest first."

        @documented("agents_create", tag="Agents", request=NewAgent, answer=Agent, errors=(409,))
        def post(self, request: ApiRequest) -> Response: …

The docstring's first sentence is the summary, what follows a blank line the description. What every
endpoint may answer (401, 403, 429; 400 and 413 with a body, 400 with a query) is added; `errors`
names the rest.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, Literal, TypeVar

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from pydantic import BaseModel, ConfigDict, Field

from apps.core.api.errors import TYPES
from apps.core.api.shapes import Shape

T = TypeVar("T")
Method = TypeVar("Method", bound=Callable[..., Any])
JSON = "application/json"

MEANINGS = {
    400: "The request is not what this takes; the message names the field.",
    401: "No API key came along, or it is unknown, expired or revoked.",
    402: "A budget is used up.",
    403: "The key's scopes do not include this.",
    404: "There is no such thing in this workspace.",
    409: "It is in a state that does not allow this, or somebody was faster.",
    410: "It was there, and is gone.",
    412: "A precondition does not hold.",
    413: "The body is too large.",
    415: "The body is of a type that this does not take.",
    416: "The range lies beyond the end.",
    422: "What it says is not so: a quote, or what it was drafted against.",
    429: "Too many requests; `retry-after` says how many seconds to wait.",
    503: "Not now; try again.",
}
_ALWAYS = {401, 403, 429}


class ErrorDetails(BaseModel):
    """What a program may tell apart within one type of error."""

    error_code: str


class ErrorBody(BaseModel):
    """What went wrong. Some errors carry more beside this."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description=f"One of: {', '.join(sorted(set(TYPES.values())))}, api_error.")
    message: str
    details: ErrorDetails | None = Field(default=None, description="Absent where there are none.")


class ErrorEnvelope(BaseModel):
    """Every refusal. The header `request-id` says the same id."""

    type: Literal["error"]
    error: ErrorBody
    request_id: str


class Listed(BaseModel, Generic[T]):
    """One page of a list. `Listed[Agent]` is called AgentPage."""

    data: list[T]
    next_page: str | None = Field(description="Pass it as `page` to go on; null at the end.")

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        return f"{params[0].__name__}Page"


class ListedBothWays(Listed[T], Generic[T]):
    """One page of a list that can be walked back as well."""

    prev_page: str | None = Field(description="Pass it as `page` to go back; null at the start.")


class Described(AutoSchema):
    """Summary and description are the two halves of the method's docstring."""

    def get_summary(self) -> str:
        return self._halves()[0].removesuffix(".")

    def get_description(self) -> str:  # type: ignore[override]  # as the library itself has it
        return self._halves()[1]

    def _halves(self) -> tuple[str, str]:
        text = inspect.getdoc(getattr(self.view, self.method.lower(), None)) or ""
        first, _, rest = text.partition("\n\n")
        return " ".join(first.split()), " ".join(rest.split())


def documented(  # noqa: PLR0913 -- one keyword for each thing that an operation has
    operation_id: str,
    *,
    tag: str,
    answer: Any,
    request: Any = None,
    query: type[Shape] | None = None,
    errors: Iterable[int] = (),
    status: int = 200,
    media_type: str = JSON,
    refusal: type[BaseModel] = ErrorEnvelope,
) -> Callable[[Method], Method]:
    """Describe one method of an endpoint for the OpenAPI document.

    `answer` and `request` are pydantic models, or raw schemas; a request of another type than JSON
    is `{"multipart/form-data": …}`.
    """
    refused = _ALWAYS | set(errors) | ({400, 413} if request is not None else set())
    refused |= {400} if query is not None else set()
    said = OpenApiResponse(answer, description="Done.")
    answers = {(status, media_type): said} | failures(*sorted(refused), told_as=refusal)

    def mark(method: Method) -> Method:
        marked: Method = extend_schema(
            operation_id=operation_id,
            tags=[tag],
            request=request,
            responses=answers,
            parameters=parameters(query) if query is not None else None,
        )(method)
        return marked

    return mark


def failures(
    *statuses: int, told_as: type[BaseModel] = ErrorEnvelope
) -> dict[tuple[int, str], OpenApiResponse]:
    """The answers of these statuses, in the envelope or whatever this address has instead."""
    return {
        (status, JSON): OpenApiResponse(told_as, description=MEANINGS[status])
        for status in statuses
    }


def parameters(query: type[Shape]) -> list[OpenApiParameter]:
    """The fields of a query as parameters, by the names that they have on the wire."""
    schema = query.model_json_schema(mode="validation")
    required = schema.get("required", ())
    named = schema.get("$defs", {})
    return [
        _parameter(name, _plain(given, named), name in required)
        for name, given in schema.get("properties", {}).items()
    ]


def _parameter(name: str, schema: dict[str, Any], required: bool) -> OpenApiParameter:
    description = schema.pop("description", "")
    if schema.get("type") == "array":
        return OpenApiParameter(
            f"{name}[]", schema, required=required, description=description, explode=True
        )
    return OpenApiParameter(name, schema, required=required, description=description)


def _plain(schema: Mapping[str, Any], named: Mapping[str, Any]) -> dict[str, Any]:
    """The schema with what it refers to put in, and without null: a query has no way to say it."""
    given = {key: value for key, value in schema.items() if key != "title"}
    if "$ref" in given:
        target = named[given.pop("$ref").removeprefix("#/$defs/")]
        given = _plain(target, named) | given
    if "items" in given:
        given["items"] = _plain(given["items"], named)
    if "anyOf" in given:
        members = [_plain(each, named) for each in given.pop("anyOf")]
        members = [each for each in members if each.get("type") != "null"]
        given = members[0] | given if len(members) == 1 else {"anyOf": members} | given
    if given.get("default", ...) in (None, "", []):
        del given["default"]
    return given
