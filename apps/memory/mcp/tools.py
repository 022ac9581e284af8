"""What a model can do with memory stores: each tool's name, what it takes, and what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from apps.accounts.acting import Actor
from apps.accounts.rights import Right
from apps.core import payloads
from apps.core.api.errors import InvalidRequest
from apps.core.api.paging import window
from apps.core.api.shapes import Shape, read
from apps.core.api.times import stamp
from apps.memory import finding, listing, paths, searching, wire
from apps.memory.actions import memories as actions
from apps.memory.mcp.shapes import Deleted, Listing, Moved, OneMemory, Search, Stores, Written
from apps.memory.models import Memory, MemoryStore


@dataclass(frozen=True)
class Tool:
    """One of them; `description` is what a model reads to choose."""

    name: str
    title: str
    description: str
    needs: Right
    takes: type[Shape]
    run: Callable[[Actor, Any], dict[str, Any]]

    @cached_property
    def schema(self) -> dict[str, Any]:
        """What it takes, as JSON Schema."""
        return self.takes.model_json_schema()

    @property
    def is_reading(self) -> bool:
        return self.needs == Right.READ

    def use(self, arguments: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
        """Raises NotAllowed, Misshapen, and what it does itself."""
        actor.require(self.needs)
        # Models write null where they mean nothing.
        given = {name: value for name, value in arguments.items() if value is not None}
        if payloads.storable_all(given) != given:
            raise InvalidRequest("The arguments hold a NUL character, or no valid Unicode text.")
        return self.run(actor, read(self.takes, given))


def offered(actor: Actor) -> list[Tool]:
    """Those that whoever asks may use."""
    return [tool for tool in TOOLS.values() if actor.may(tool.needs)]


def _list_stores(actor: Actor, given: Stores) -> dict[str, Any]:
    rows = MemoryStore.objects.visible_in(actor.workspace)
    shown = window(
        rows if given.include_archived else rows.open(),
        of="memory stores",
        cursor=given.page,
        limit=given.limit,
    )
    return shown.page(_store)


def _store(store: MemoryStore) -> dict[str, Any]:
    return {
        **wire.store_object(store),
        "memory_count": store.memory_count,
        "size_bytes": store.size_bytes,
        "changed_at": stamp(store.changed_at),
    }


def _list_memories(actor: Actor, given: Listing) -> dict[str, Any]:
    prefix = _folder(given.path_prefix)
    store = finding.store(actor.workspace, given.memory_store_id)
    if given.depth:
        level = listing.level(store, prefix, cursor=given.page, limit=given.limit)
        data = [
            _memory(each.memory) if each.memory else wire.prefix_object(each.path)
            for each in level.items
        ]
        return {"data": data, "next_page": level.next_page}
    shown = window(
        Memory.objects.live().filter(store=store).under(prefix).defer("content"),
        of=f"memories of {store.pk} below {prefix}",
        cursor=given.page,
        limit=given.limit,
        by=("path",),
        descending=False,
    )
    return shown.page(_memory)


def _memory(memory: Memory) -> dict[str, Any]:
    """Without its content."""
    told = wire.memory_object(memory, is_full=False)
    del told["content"]
    return told


def _folder(path: str) -> str:
    """Models leave the last slash away. Raises BadPath."""
    return paths.checked_prefix(f"{path.rstrip('/')}/")


def _search(actor: Actor, given: Search) -> dict[str, Any]:
    filters = searching.Filters(_folder(given.path_prefix))
    store = finding.store(actor.workspace, given.memory_store_id)
    found = searching.search(
        store, given.query, filters=filters, cursor=given.page, limit=given.limit
    )
    data = [{"memory": _memory(hit.memory), "excerpts": _excerpts(hit)} for hit in found.hits]
    return {"data": data, "next_page": found.next_page, "matched": found.way.value}


def _excerpts(hit: searching.Hit) -> list[dict[str, Any]]:
    return [{"line": line.number, "text": line.text} for line in hit.excerpts]


def _read(actor: Actor, given: OneMemory) -> dict[str, Any]:
    return wire.memory_object(_found(actor, given), is_full=True)


def _found(actor: Actor, given: OneMemory) -> Memory:
    look = finding.memory_at if given.memory.startswith("/") else finding.memory
    return look(actor.workspace, given.memory_store_id, given.memory)


def _write(actor: Actor, given: Written) -> dict[str, Any]:
    return _memory(
        actions.write_memory(
            store_id=given.memory_store_id,
            path=given.path,
            content=given.content,
            expected_sha256=given.expected_content_sha256,
            by=actor,
        )
    )


def _move(actor: Actor, given: Moved) -> dict[str, Any]:
    moved = actions.update_memory(
        store_id=given.memory_store_id,
        memory_id=_found(actor, given).pk,
        path=given.new_path,
        expected_sha256=given.expected_content_sha256,
        by=actor,
    )
    return _memory(moved)


def _delete(actor: Actor, given: Deleted) -> dict[str, Any]:
    gone = actions.delete_memory(
        store_id=given.memory_store_id,
        memory_id=_found(actor, given).pk,
        expected_sha256=given.expected_content_sha256,
        by=actor,
    )
    return {"id": gone.pk, "type": "memory_deleted", "path": gone.path}


TOOLS = {
    tool.name: tool
    for tool in (
        Tool(
            "list_memory_stores",
            "List memory stores",
            "List the memory stores of this workspace, newest first, with what each is for and"
            " how much it holds.",
            Right.READ,
            Stores,
            _list_stores,
        ),
        Tool(
            "list_memories",
            "List memories",
            "List memories of a store by their paths, without their content. With depth 1 it is one"
            " level: memories, and folders in place of what lies deeper.",
            Right.READ,
            Listing,
            _list_memories,
        ),
        Tool(
            "read_memory",
            "Read a memory",
            "Read a memory: its content, and the content_sha256 that changing it takes.",
            Right.READ,
            OneMemory,
            _read,
        ),
        Tool(
            "search_memories",
            "Search memories",
            "Find memories of a store by what they say and where they lie, the best first, with the"
            " lines that were found.",
            Right.READ,
            Search,
            _search,
        ),
        Tool(
            "write_memory",
            "Write a memory",
            "Make a memory, or change one. To change one, read it first and pass its content_sha256"
            " as expected_content_sha256: if somebody wrote meanwhile, nothing is changed and you"
            " are told. What was there stays in its history.",
            Right.WRITE,
            Written,
            _write,
        ),
        Tool(
            "move_memory",
            "Move a memory",
            "Give a memory another path, in the same store. It never overwrites another.",
            Right.WRITE,
            Moved,
            _move,
        ),
        Tool(
            "delete_memory",
            "Delete a memory",
            "Delete a memory that you have read. Its history stays, and a person can restore it.",
            Right.WRITE,
            Deleted,
            _delete,
        ),
    )
}
"""By their names."""
