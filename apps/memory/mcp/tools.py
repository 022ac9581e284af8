"""What a model can do with memory stores: each tool's name, what it takes, and what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import Field

from apps.accounts.acting import Actor
from apps.accounts.rights import Right
from apps.core import payloads
from apps.core.api.errors import InvalidRequest
from apps.core.api.paging import window
from apps.core.api.shapes import PageQuery, Shape, read
from apps.core.api.times import stamp
from apps.memory import finding, listing, paths, wire
from apps.memory.actions import memories as actions
from apps.memory.models import Memory, MemoryStore
from apps.memory.writing import LARGEST


class InStore(Shape):
    """Whatever is about one store."""

    memory_store_id: str = Field(description="The id of a memory store: memstore_…")


class Stores(PageQuery):
    """Which stores."""

    include_archived: bool = Field(default=False, description="Archived ones can only be read.")


class Listing(InStore, PageQuery):
    """Which memories."""

    path_prefix: str = Field(default="/", description="A folder, such as /team/.")
    depth: int = Field(
        default=0,
        ge=0,
        le=1,
        description="0: all memories below the folder. 1: what lies directly in it, as ls.",
    )
    limit: int = Field(default=100, ge=1, le=100, description="Rows per page.")


class OneMemory(InStore):
    """Which memory."""

    memory: str = Field(description="Its path, such as /team/refunds.md, or its id: mem_…")


class Written(InStore):
    """What to write, and where."""

    path: str = Field(description="Where it lies, such as /team/refunds.md.")
    content: str = Field(description=f"All that it is to say; at most {LARGEST:,} bytes.")
    expected_content_sha256: str | None = Field(
        default=None,
        description="To change a memory: the content_sha256 it was read with. To make one: omit.",
    )


class Moved(OneMemory):
    """What goes where."""

    new_path: str = Field(description="Where it is to lie. Its id and its history stay.")
    expected_content_sha256: str | None = Field(
        default=None, description="Where this is not the hash of its content, nothing is moved."
    )


class Deleted(OneMemory):
    """What goes."""

    expected_content_sha256: str = Field(description="The content_sha256 it was read with.")


@dataclass(frozen=True)
class Tool:
    """One of them. Its first line is the title, and all of it is what a model reads."""

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
    prefix = paths.checked_prefix(f"{given.path_prefix.rstrip('/')}/")
    store = finding.store(actor.workspace, given.memory_store_id)
    if given.depth:
        level = listing.level(store, prefix, cursor=given.page, limit=given.limit)
        data = [_memory(each.memory) if each.memory else _folder(each) for each in level.items]
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


def _folder(item: listing.Item) -> dict[str, Any]:
    return wire.prefix_object(item.path)


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
