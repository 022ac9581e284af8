"""Memories."""

from typing import Any

from rest_framework.response import Response

from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.core.api.documenting import Listed, documented
from apps.core.api.framing import VerbatimJSONParser
from apps.core.api.paging import window
from apps.core.api.shapes import read, read_query
from apps.memory import finding, listing, paths, wire
from apps.memory.actions import memories as actions
from apps.memory.api import answers
from apps.memory.api.shapes import (
    DeleteQuery,
    MemoriesQuery,
    MemoryPatch,
    NewMemory,
    ReadQuery,
    WriteQuery,
)
from apps.memory.models import Memory, MemoryStore

TAG = "Memories"


class Memories(Endpoint):
    """`/v1/memory_stores/{memory_store_id}/memories`."""

    parser_classes = (VerbatimJSONParser,)

    @documented(
        "memory_stores_memories_list",
        tag=TAG,
        query=MemoriesQuery,
        answer=Listed[answers.MemoryListItem],
        errors=(404,),
    )
    def get(self, request: ApiRequest, memory_store_id: str) -> Response:
        """List memories by their paths.

        With `depth=1` it is one level: memories, and folders in place of what lies deeper.
        """
        query = read_query(MemoriesQuery, request.query_params)
        prefix = paths.checked_prefix(query.path_prefix or "/")
        store = finding.store(request.workspace, memory_store_id)
        return Response((_level if query.depth else _all)(store, prefix, query))

    @documented(
        "memory_stores_memories_create",
        tag=TAG,
        request=NewMemory,
        query=WriteQuery,
        answer=answers.Memory,
        errors=(404, 409),
    )
    def post(self, request: ApiRequest, memory_store_id: str) -> Response:
        """Make a memory. It never overwrites another."""
        query = read_query(WriteQuery, request.query_params)
        given = read(NewMemory, request.data)
        memory = actions.create_memory(
            store_id=memory_store_id, path=given.path, content=given.content, by=request.actor
        )
        return Response(wire.memory_object(memory, is_full=query.view == "full"))


class OneMemory(Endpoint):
    """`/v1/memory_stores/{memory_store_id}/memories/{memory_id}`."""

    parser_classes = (VerbatimJSONParser,)

    @documented(
        "memory_stores_memories_retrieve",
        tag=TAG,
        query=ReadQuery,
        answer=answers.Memory,
        errors=(404,),
    )
    def get(self, request: ApiRequest, memory_store_id: str, memory_id: str) -> Response:
        """Read a memory."""
        query = read_query(ReadQuery, request.query_params)
        memory = finding.memory(request.workspace, memory_store_id, memory_id)
        return Response(wire.memory_object(memory, is_full=query.view == "full"))

    @documented(
        "memory_stores_memories_update",
        tag=TAG,
        request=MemoryPatch,
        query=WriteQuery,
        answer=answers.Memory,
        errors=(404, 409),
    )
    def post(self, request: ApiRequest, memory_store_id: str, memory_id: str) -> Response:
        """Change what a memory says, where it lies, or both.

        What is the same already writes no version, whether the precondition holds or not.
        """
        query = read_query(WriteQuery, request.query_params)
        patch = read(MemoryPatch, request.data)
        expected = patch.precondition
        memory = actions.update_memory(
            store_id=memory_store_id,
            memory_id=memory_id,
            content=patch.content,
            path=patch.path,
            expected_sha256=expected.content_sha256 if expected else None,
            by=request.actor,
        )
        return Response(wire.memory_object(memory, is_full=query.view == "full"))

    @documented(
        "memory_stores_memories_delete",
        tag=TAG,
        query=DeleteQuery,
        answer=answers.MemoryDeleted,
        errors=(404, 409),
    )
    def delete(self, request: ApiRequest, memory_store_id: str, memory_id: str) -> Response:
        """Delete a memory. Its versions stay as long as the store does."""
        query = read_query(DeleteQuery, request.query_params)
        actions.delete_memory(
            store_id=memory_store_id,
            memory_id=memory_id,
            expected_sha256=query.expected_content_sha256,
            by=request.actor,
        )
        return Response({"id": memory_id, "type": "memory_deleted"})


def _all(store: MemoryStore, prefix: str, query: MemoriesQuery) -> dict[str, Any]:
    rows = Memory.objects.live().filter(store=store).under(prefix)
    shown = window(
        rows if query.is_full else rows.defer("content"),
        of=f"memories of {store.pk} below {prefix}",
        cursor=query.page,
        limit=query.rows,
        by=("path",),
        descending=False,
    )
    return shown.page(lambda memory: wire.memory_object(memory, is_full=query.is_full))


def _level(store: MemoryStore, prefix: str, query: MemoriesQuery) -> dict[str, Any]:
    found = listing.level(store, prefix, cursor=query.page, limit=query.rows, is_full=query.is_full)
    data = [
        wire.memory_object(each.memory, is_full=query.is_full)
        if each.memory
        else wire.prefix_object(each.path)
        for each in found.items
    ]
    return {"data": data, "next_page": found.next_page}
