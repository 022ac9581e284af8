"""Addresses that do one thing each, beside all others: what every endpoint shares shows in them."""

from datetime import datetime
from typing import Any, ClassVar, Literal

from django.core.exceptions import PermissionDenied
from django.http import Http404, StreamingHttpResponse
from django.urls import path
from pydantic import Field
from rest_framework.response import Response

from agentsite import urls
from apps.accounts.endpoints import Endpoint
from apps.accounts.models import AuditEntry
from apps.core.api import paging
from apps.core.api.shapes import PageQuery, Shape, read, read_query
from apps.core.api.times import CreatedQuery
from apps.core.errors import Conflict, DomainError

handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500


class Boat(Shape):
    name: str
    length: float = 0
    extra: dict[str, Any] = Field(default={})


class BoatsQuery(CreatedQuery, PageQuery):
    kinds: list[Literal["sail", "row"]] = Field(default=[])
    ids: list[str] | None = None
    order: Literal["asc", "desc"] = "desc"
    sunk: bool = False
    seen: datetime | None = Field(default=None, alias="seen[lte]")


class OutOfMoney(DomainError):
    """The budget is used up."""

    status = 402
    type = "billing_error"


class Precondition(DomainError):
    """The heartbeat is another one."""

    status = 412
    code = "heartbeat_precondition_failed"


class Overloaded(DomainError):
    """Everything is busy."""

    status = 529
    type = "overloaded_error"


class Boats(Endpoint):
    def get(self, request):
        return Response(read_query(BoatsQuery, request.query_params).model_dump(mode="json"))

    def post(self, request):
        return Response(read(Boat, request.data).model_dump())


class Raw(Endpoint):
    """Whatever came in."""

    def post(self, request):
        return Response(request.data)


class Harbours(Endpoint):
    """Two lists of the same rows: their cursors are not each other's."""

    def get(self, request, harbour):
        query = read_query(BoatsQuery, request.query_params)
        found = paging.window(
            AuditEntry.objects.visible_in(request.workspace).filter(query.created()),
            of=f"harbour:{harbour}",
            cursor=query.page,
            limit=query.limit,
            descending=query.order == "desc",
        )
        return Response(found.two_way_page(lambda entry: entry.object_id))


class Failing(Endpoint):
    """Fails in the way that is asked for."""

    WAYS: ClassVar[dict[str, Exception]] = {
        "conflict": Conflict("Version 3 is not the newest.", conflicting_path="/P"),
        "missing": Http404(),
        "denied": PermissionDenied("Not you."),
        "crash": ZeroDivisionError("a secret in a trace"),
        "money": OutOfMoney(),
        "precondition": Precondition(),
        "overloaded": Overloaded(),
    }

    def get(self, request, way):
        raise self.WAYS[way]


class Streamed(Endpoint):
    def get(self, request):
        return StreamingHttpResponse(iter([b"a", b"b"]), content_type="text/event-stream")


urlpatterns = [
    path("v1/boats", Boats.as_view()),
    path("v1/raw", Raw.as_view()),
    path("v1/harbours/<str:harbour>", Harbours.as_view()),
    path("v1/failing/<str:way>", Failing.as_view()),
    path("v1/streamed", Streamed.as_view()),
    *urls.urlpatterns,
]
