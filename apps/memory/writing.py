"""The one way into a store: every write is a version, in its place in the chain.

A write locks the store's row, so writers take turns and a precondition that holds when it is looked
at holds when it is kept. Each costs a fixed number of statements, whatever the store holds.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import AuditEntry, Workspace
from apps.core import payloads
from apps.core.errors import Conflict, DomainError, NotFound
from apps.memory import chain, keeping, paths
from apps.memory.authors import Author
from apps.memory.gathering import Gathering
from apps.memory.models import Memory, MemoryStore, MemoryVersion, Operation

LARGEST = 102_400
"""Bytes of one memory's content."""


class NoSuchStore(NotFound):
    """There is no such memory store in this workspace."""


class NoSuchMemory(NotFound):
    """There is no such memory in this store, or it was deleted."""


class StoreArchived(DomainError):
    """This memory store is archived: what is in it can be read and deleted, and not changed."""


class ContentTooLarge(DomainError):
    """content: a memory holds at most 102,400 bytes of text. Split it, or shorten it."""


class BadContent(DomainError):
    """content: this is no valid Unicode text."""


class StoreFull(DomainError):
    """This memory store holds as many memories as it may. Delete some, or use another store."""


class PathTaken(Conflict):
    """There is a memory at this path already, or one that lies above or below it."""

    type = "memory_path_conflict_error"


class PreconditionFailed(Conflict):
    """The memory has changed since: its content is not the one that was expected."""

    type = "memory_precondition_failed_error"


@dataclass(slots=True)
class Pen:
    """A store in the hands of one writer, for one transaction."""

    store: MemoryStore
    author: Author
    at: datetime
    reason: str = ""
    # Of a single write: many are noted together by whoever writes them.
    entry_of: Callable[[MemoryVersion], AuditEntry] | None = None
    versions: list[MemoryVersion] = field(default_factory=list)
    _gathering: Gathering | None = None

    @contextmanager
    def many(self, touched: Iterable[str] = ()) -> Iterator[None]:
        """Keep what is written a hundred at a time. Nobody may look for it elsewhere meanwhile.

        It pays from some ten writes on. Name the memories that will be changed or deleted, in
        order, and they are read as many at a time.
        """
        self._gathering = Gathering(self.store, touched)
        try:
            yield
        finally:  # a failure may be caught where the transaction goes on
            self._gathering.keep()
            self._gathering = None

    def create(self, path: str, content: str) -> Memory:
        """Raises BadPath, ContentTooLarge, BadContent, StoreFull, PathTaken."""
        paths.checked(path)
        size = checked_size(content)
        if self.store.memory_count >= settings.MEMORIES_PER_STORE:
            raise StoreFull
        self._require_free(path)
        memory = Memory(store=self.store, path=path, created_at=self.at)
        self.store.memory_count += 1
        self.store.size_bytes += size
        version = self._version(memory, Operation.CREATED, path, content, size)
        self._keep(memory, version, is_new=True)
        return memory

    def update(
        self,
        memory_id: str,
        *,
        content: str | None = None,
        path: str | None = None,
        expected_sha256: str | None = None,
    ) -> Memory:
        """Change what it says, where it lies, or both; what is the same already is no version.

        Somebody who asks for what is there is right, whatever they expected to find. Raises
        NoSuchMemory, PreconditionFailed and what creating does.
        """
        memory = self._live(memory_id)
        new_content = memory.content if content is None else content
        new_path = memory.path if path is None else paths.checked(path)
        size = checked_size(new_content)
        if new_path == memory.path and new_content == memory.content:
            return memory
        _require_expected(memory, expected_sha256)
        if new_path != memory.path:
            self._require_free(new_path, besides=memory)
        self.store.size_bytes += size - memory.content_size_bytes
        version = self._version(memory, Operation.MODIFIED, new_path, new_content, size)
        self._keep(memory, version)
        return memory

    def delete(self, memory_id: str, *, expected_sha256: str | None = None) -> Memory:
        """Raises NoSuchMemory, PreconditionFailed."""
        memory = self._live(memory_id)
        _require_expected(memory, expected_sha256)
        self.store.size_bytes -= memory.content_size_bytes
        self.store.memory_count -= 1
        version = self._version(memory, Operation.DELETED, memory.path, None, None)
        memory.deleted_at = self.at
        self._keep(memory, version)
        return memory

    def revive(self, memory: Memory, *, path: str, content: str) -> Memory:
        """Bring a deleted memory back under its id. Raises what creating does."""
        paths.checked(path)
        size = checked_size(content)
        if self.store.memory_count >= settings.MEMORIES_PER_STORE:
            raise StoreFull
        self._require_free(path)
        self.store.memory_count += 1
        self.store.size_bytes += size
        version = self._version(memory, Operation.CREATED, path, content, size)
        memory.deleted_at = None
        self._keep(memory, version)
        return memory

    def _live(self, memory_id: str) -> Memory:
        memory = self._gathering.memory(memory_id) if self._gathering else None
        memory = memory or keeping.live_memory(self.store.pk, payloads.storable(memory_id))
        if memory is None:
            raise NoSuchMemory
        return memory

    def _require_free(self, path: str, besides: Memory | None = None) -> None:
        """A path is free if nothing lies at it, above it or below it."""
        mine = besides.pk if besides else ""
        if self._gathering is not None:
            taken = self._gathering.blocking(path, mine)
        else:
            taken = keeping.in_the_way(self.store.pk, path, besides=mine)
        if taken is not None:
            conflicting_path, memory_id = taken
            raise PathTaken(conflicting_path=conflicting_path, conflicting_memory_id=memory_id)

    def _version(
        self, memory: Memory, operation: str, path: str, content: str | None, size: int | None
    ) -> MemoryVersion:
        """The next link of the chain, not yet kept."""
        store = self.store
        sha256 = None if content is None else chain.content_sha256(content)
        version = MemoryVersion(
            store=store,
            memory=memory,
            sequence=store.version_count + 1,
            operation=operation,
            path=path,
            content=content,
            content_sha256=sha256,
            content_size_bytes=size,
            actor_type=self.author.type,
            actor_id=self.author.id,
            actor_name=self.author.name,
            reason=self.reason,
            created_at=self.at,
            salt=secrets.token_hex(16),
            previous_hash=store.chain_hash,
        )
        version.seal = seal_of(version)
        version.hash = hash_of(version)
        store.version_count = version.sequence
        store.chain_hash = version.hash
        store.changed_at = self.at
        self.versions.append(version)
        return version

    def _keep(self, memory: Memory, version: MemoryVersion, *, is_new: bool = False) -> None:
        self._follow(memory, version)
        if self._gathering is not None:
            self._gathering.add(memory, version, is_new=is_new)
            return
        entry = self.entry_of(version) if self.entry_of else None
        keep = keeping.keep_new if is_new else keeping.keep_changed
        keep(self.store, [(memory, version)], entry)

    def _follow(self, memory: Memory, version: MemoryVersion) -> None:
        memory.path = version.path or memory.path
        memory.content = version.content or ""
        memory.content_sha256 = version.content_sha256 or ""
        memory.content_size_bytes = version.content_size_bytes or 0
        memory.memory_version_id = version.pk
        memory.updated_at = self.at


def locked(store_id: str, *, within: Workspace | None = None) -> MemoryStore:
    """The store, until the transaction ends: nobody else writes to it. Raises NoSuchStore."""
    stores = MemoryStore.objects.select_for_update(no_key=True)
    if within is not None:
        stores = stores.visible_in(within)
    store = stores.filter(pk=payloads.storable(store_id)).first()
    if store is None:
        raise NoSuchStore
    return store


@contextmanager
def writing(
    store_id: str,
    *,
    by: Author,
    within: Workspace | None = None,
    reason: str = "",
    only_deleting: bool = False,
    entry_of: Callable[[MemoryVersion], AuditEntry] | None = None,
) -> Iterator[Pen]:
    """Lock the store for a transaction's worth of writes: all of them are kept, or none.

    A store that somebody named is looked for `within` their workspace alone. An archived store
    takes deletions alone. What `entry_of` gives for a version is kept with it. Raises NoSuchStore,
    StoreArchived.
    """
    with transaction.atomic():
        store = keeping.held_store(payloads.storable(store_id), within.pk if within else None)
        if store is None:
            raise NoSuchStore
        if store.archived_at is not None and not only_deleting:
            raise StoreArchived
        yield Pen(store, by, _later_than(store.changed_at), reason, entry_of)


def _require_expected(memory: Memory, sha256: str | None) -> None:
    if sha256 is not None and memory.content_sha256 != sha256:
        raise PreconditionFailed(current_sha256=memory.content_sha256)


def _later_than(moment: datetime | None) -> datetime:
    """Now, and never before the last write: clocks may step back, a history does not."""
    now = timezone.now()
    return max(now, moment) if moment is not None else now


def checked_size(content: str) -> int:
    """The content's bytes. Raises ContentTooLarge, BadContent."""
    if "\x00" in content:
        raise BadContent("content: a memory is text; it cannot hold a NUL character.")
    try:
        size = len(content.encode())
    except UnicodeEncodeError:
        raise BadContent from None
    if size > LARGEST:
        raise ContentTooLarge
    return size


def seal_of(version: MemoryVersion) -> str:
    """What the version's own columns give; `verifying` compares it with what was kept."""
    return chain.seal(
        salt=version.salt or "",
        path=version.path or "",
        content_sha256=version.content_sha256,
        content_size_bytes=version.content_size_bytes,
    )


def hash_of(version: MemoryVersion) -> str:
    """As seal_of, for its place in the chain."""
    return chain.Link(
        previous=version.previous_hash,
        store_id=version.store_id,
        sequence=version.sequence,
        version_id=version.pk,
        memory_id=version.memory_id,
        operation=version.operation,
        actor=Author(version.actor_type, version.actor_id).chained,
        actor_name=version.actor_name,
        reason=version.reason,
        created_at=version.created_at,
        seal=version.seal,
    ).hash


def told(versions: Sequence[MemoryVersion]) -> list[dict[str, Any]]:
    """What the audit log keeps of writes."""
    return [told_of(each) for each in versions]


def told_of(version: MemoryVersion) -> dict[str, Any]:
    """Which memory, and what was done. Never the content."""
    return {
        "memory_id": version.memory_id,
        "memory_store_id": version.store_id,
        "memory_version_id": version.pk,
        "path": version.path,
        "operation": version.operation,
    }
