"""Memory stores."""

from rest_framework.response import Response

from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.core.api.documenting import Listed, documented
from apps.core.api.paging import window
from apps.core.api.shapes import read, read_query
from apps.memory import finding, wire
from apps.memory.actions import stores as actions
from apps.memory.api import answers
from apps.memory.api.shapes import NewStore, StorePatch, StoresQuery
from apps.memory.models import MemoryStore

TAG = "Memory stores"


class MemoryStores(Endpoint):
    """`/v1/memory_stores`."""

    @documented(
        "memory_stores_list", tag=TAG, query=StoresQuery, answer=Listed[answers.MemoryStore]
    )
    def get(self, request: ApiRequest) -> Response:
        """List memory stores, newest first."""
        query = read_query(StoresQuery, request.query_params)
        rows = MemoryStore.objects.visible_in(request.workspace).filter(query.created())
        rows = rows if query.include_archived else rows.open()
        shown = window(rows, of="memory stores", cursor=query.page, limit=query.limit)
        return Response(shown.page(wire.store_object))

    @documented("memory_stores_create", tag=TAG, request=NewStore, answer=answers.MemoryStore)
    def post(self, request: ApiRequest) -> Response:
        """Make a memory store. Its name need not be unique."""
        given = read(NewStore, request.data)
        return Response(wire.store_object(actions.create_store(given=given, by=request.actor)))


class OneMemoryStore(Endpoint):
    """`/v1/memory_stores/{memory_store_id}`."""

    @documented("memory_stores_retrieve", tag=TAG, answer=answers.MemoryStore, errors=(404,))
    def get(self, request: ApiRequest, memory_store_id: str) -> Response:
        """Read a memory store."""
        return Response(wire.store_object(finding.store(request.workspace, memory_store_id)))

    @documented(
        "memory_stores_update",
        tag=TAG,
        request=StorePatch,
        answer=answers.MemoryStore,
        errors=(404,),
    )
    def post(self, request: ApiRequest, memory_store_id: str) -> Response:
        """Change a memory store's name, description or metadata.

        Sessions that have it mounted keep the name and description that it had.
        """
        patch = read(StorePatch, request.data)
        changed = actions.update_store(store_id=memory_store_id, patch=patch, by=request.actor)
        return Response(wire.store_object(changed))

    @documented("memory_stores_delete", tag=TAG, answer=answers.MemoryStoreDeleted, errors=(404,))
    def delete(self, request: ApiRequest, memory_store_id: str) -> Response:
        """Delete a memory store for good, with its memories and their whole history."""
        actions.delete_store(store_id=memory_store_id, by=request.actor)
        return Response({"id": memory_store_id, "type": "memory_store_deleted"})


class ArchivedMemoryStore(Endpoint):
    """`/v1/memory_stores/{memory_store_id}/archive`."""

    @documented("memory_stores_archive", tag=TAG, answer=answers.MemoryStore, errors=(404,))
    def post(self, request: ApiRequest, memory_store_id: str) -> Response:
        """Archive a memory store, for good.

        It can be read, and what is in it deleted and redacted. Nothing is written to it any more,
        and no further session mounts it.
        """
        archived = actions.archive_store(store_id=memory_store_id, by=request.actor)
        return Response(wire.store_object(archived))
