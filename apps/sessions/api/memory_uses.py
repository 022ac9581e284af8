"""Which sessions read and wrote which memories."""

from datetime import datetime
from typing import Any, Literal

from django.db.models import OuterRef, Q, Subquery
from pydantic import BaseModel, Field
from rest_framework.response import Response

from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.core.api import paging
from apps.core.api.documenting import Listed, documented
from apps.core.api.shapes import read_query
from apps.core.api.times import stamp
from apps.memory import finding
from apps.sessions.api.shapes.memory_uses import MemoryUsesQuery
from apps.sessions.models import Event, MemoryUse

TAG = "Memory stores"


class MemoryUseAnswer(BaseModel):
    """An event of a session whose tool touched a path of a store that the session mounts."""

    type: Literal["memory_use"]
    memory_store_id: str
    path: str = Field(description="As it was then; a folder's ends in `/`.")
    kind: Literal["read", "write", "mention"] = Field(
        description="A `mention` is a command of which it is not plain what it did there."
    )
    has_failed: bool = Field(description="The tool failed or was not allowed.")
    session_id: str
    event_id: str
    occurred_at: datetime


class MemoryUses(Endpoint):
    """`/v1/memory_stores/{memory_store_id}/memory_uses`."""

    @documented(
        "memory_stores_memory_uses_list",
        tag=TAG,
        query=MemoryUsesQuery,
        answer=Listed[MemoryUseAnswer],
        errors=(404,),
    )
    def get(self, request: ApiRequest, memory_store_id: str) -> Response:
        """List what sessions read and wrote in a store, the latest first.

        One entry for each path that an event touched. What was written is told by versions, too.
        """
        query = read_query(MemoryUsesQuery, request.query_params)
        store = finding.store(request.workspace, memory_store_id)
        events = Event.objects.filter(session=OuterRef("session"), sequence=OuterRef("sequence"))
        uses = MemoryUse.objects.of(store).filter(_asked(query))
        window = paging.window(
            uses.select_related("session").only(
                *("memory_store_id", "path", "kind", "has_failed", "at", "session__public_id")
            ),
            of=f"uses of {store.pk} {query.path} {query.session_id} {query.kind}",
            cursor=query.page,
            limit=query.limit,
            by=("at", "pk"),
        )
        shown = MemoryUse.objects.filter(pk__in=[each.pk for each in window.rows])
        event_ids = dict(shown.values_list("pk", Subquery(events.values("public_id"))))
        return Response(window.page(lambda use: _told(use, event_ids[use.pk])))


def _asked(query: MemoryUsesQuery) -> Q:
    asked = Q()
    if query.path:
        asked &= Q(path=query.path)
    if query.session_id:
        asked &= Q(session__public_id=query.session_id)
    if query.kind:
        asked &= Q(kind=query.kind)
    return asked


def _told(use: MemoryUse, event_id: str) -> dict[str, Any]:
    return {
        "type": "memory_use",
        "memory_store_id": use.memory_store_id,
        "path": use.path,
        "kind": use.kind,
        "has_failed": use.has_failed,
        "session_id": use.session.public_id,
        "event_id": event_id,
        "occurred_at": stamp(use.at),
    }
