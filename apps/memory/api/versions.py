"""Memory versions."""

from django.db.models import Q
from rest_framework.response import Response

from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.core.api.documenting import Listed, documented
from apps.core.api.paging import NEWEST_FIRST, window
from apps.core.api.shapes import read_query
from apps.memory import finding, wire
from apps.memory.actions import versions as actions
from apps.memory.api import answers
from apps.memory.api.shapes import ReadQuery, VersionsQuery
from apps.memory.models import MemoryVersion

TAG = "Memory versions"


class MemoryVersions(Endpoint):
    """`/v1/memory_stores/{memory_store_id}/memory_versions`."""

    @documented(
        "memory_stores_memory_versions_list",
        tag=TAG,
        query=VersionsQuery,
        answer=Listed[answers.MemoryVersion],
        errors=(404,),
    )
    def get(self, request: ApiRequest, memory_store_id: str) -> Response:
        """List versions, newest first.

        Those of one memory with `memory_id`, also once it was deleted.
        """
        query = read_query(VersionsQuery, request.query_params)
        store = finding.store(request.workspace, memory_store_id)
        rows = MemoryVersion.objects.of(store).filter(_asked(query))
        shown = window(
            rows if query.is_full else rows.defer("content"),
            of=f"versions of {store.pk} {query.memory_id}",
            cursor=query.page,
            limit=query.rows,
            # Of one memory there is an index in the very order of the chain.
            by=("sequence",) if query.memory_id else NEWEST_FIRST,
        )
        return Response(
            shown.page(lambda version: wire.version_object(version, is_full=query.is_full))
        )


class OneMemoryVersion(Endpoint):
    """`/v1/memory_stores/{memory_store_id}/memory_versions/{memory_version_id}`."""

    @documented(
        "memory_stores_memory_versions_retrieve",
        tag=TAG,
        query=ReadQuery,
        answer=answers.MemoryVersion,
        errors=(404,),
    )
    def get(self, request: ApiRequest, memory_store_id: str, memory_version_id: str) -> Response:
        """Read a version."""
        query = read_query(ReadQuery, request.query_params)
        version = finding.version(request.workspace, memory_store_id, memory_version_id)
        return Response(wire.version_object(version, is_full=query.view == "full"))


class RedactedMemoryVersion(Endpoint):
    """`/v1/memory_stores/{memory_store_id}/memory_versions/{memory_version_id}/redact`."""

    @documented(
        "memory_stores_memory_versions_redact",
        tag=TAG,
        answer=answers.MemoryVersion,
        errors=(400, 404),
    )
    def post(self, request: ApiRequest, memory_store_id: str, memory_version_id: str) -> Response:
        """Erase for good what a version says.

        Who wrote it and when stays. What a memory says now cannot be redacted: write something
        else over it first, or delete it.
        """
        redacted = actions.redact_version(
            store_id=memory_store_id, version_id=memory_version_id, by=request.actor
        )
        return Response(wire.version_object(redacted, is_full=True))


def _asked(query: VersionsQuery) -> Q:
    """Those that are all of this; two authors at once are nobody."""
    asked = query.created()
    kinds = MemoryVersion.ActorType
    for kind, actor_id in (
        (kinds.API_KEY, query.api_key_id),
        (kinds.SESSION, query.session_id),
        (kinds.SERVICE_ACCOUNT, query.service_account_id),
    ):
        if actor_id:
            asked &= Q(actor_type=kind, actor_id=actor_id)
    if query.memory_id:
        asked &= Q(memory=query.memory_id)
    if query.operation:
        asked &= Q(operation=query.operation)
    return asked
