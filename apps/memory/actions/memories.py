"""Writing and deleting single memories. Each is a version, and an entry of the audit log.

The pen's transaction is the action's own: a second one around it would cost a savepoint.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager

from apps.accounts.acting import Actor, entry_of
from apps.accounts.models import AuditEntry
from apps.memory import paths, writing
from apps.memory.authors import Author
from apps.memory.models import Memory, MemoryVersion, Operation


def create_memory(*, store_id: str, path: str, content: str, by: Actor) -> Memory:
    """Raises NoSuchStore, StoreArchived, and what a pen's create raises."""
    with _writing(store_id, by) as pen:
        return pen.create(path, content)


def update_memory(
    *,
    store_id: str,
    memory_id: str,
    content: str | None = None,
    path: str | None = None,
    expected_sha256: str | None = None,
    by: Actor,
) -> Memory:
    """Change what it says, where it lies, or both; None leaves it.

    Raises NoSuchStore, StoreArchived, and what a pen's update raises.
    """
    with _writing(store_id, by) as pen:
        return pen.update(memory_id, content=content, path=path, expected_sha256=expected_sha256)


def write_memory(
    *, store_id: str, path: str, content: str, expected_sha256: str | None = None, by: Actor
) -> Memory:
    """Make what is not there yet; change what is, if it says what is expected.

    Nobody overwrites what they have not read: without an expectation this changes nothing. Raises
    NoSuchStore, StoreArchived, PreconditionFailed, and what a pen's create raises.
    """
    paths.checked(path)
    with _writing(store_id, by) as pen:
        there = Memory.objects.live().filter(store=pen.store, path=path).first()
        if there is None:
            _require_nothing_expected(expected_sha256)
            return pen.create(path, content)
        if expected_sha256 is None and there.content != content:
            raise writing.PreconditionFailed(
                "There is a memory at this path already, which says something else.",
                current_sha256=there.content_sha256,
            )
        return pen.update(there.pk, content=content, expected_sha256=expected_sha256)


def _require_nothing_expected(sha256: str | None) -> None:
    if sha256 is not None:
        raise writing.PreconditionFailed(
            "There is no memory at this path now: it was moved or deleted, or never was.",
            current_sha256=None,
        )


def delete_memory(
    *, store_id: str, memory_id: str, expected_sha256: str | None = None, by: Actor
) -> Memory:
    """Its history stays. Raises NoSuchStore, NoSuchMemory, PreconditionFailed."""
    with _writing(store_id, by, only_deleting=True) as pen:
        return pen.delete(memory_id, expected_sha256=expected_sha256)


_ACTIONS = {
    Operation.CREATED: "memory.created",
    Operation.MODIFIED: "memory.updated",
    Operation.DELETED: "memory.deleted",
}


def _writing(
    store_id: str, by: Actor, *, only_deleting: bool = False
) -> AbstractContextManager[writing.Pen]:
    """Every version that is written is noted; what changes nothing writes none."""
    return writing.writing(
        store_id,
        by=Author.of(by),
        within=by.workspace,
        only_deleting=only_deleting,
        entry_of=_noting(by),
    )


def _noting(by: Actor) -> Callable[[MemoryVersion], AuditEntry]:
    def entry(version: MemoryVersion) -> AuditEntry:
        action = _ACTIONS[Operation(version.operation)]
        return entry_of(by, action, version.memory_id, after=writing.told_of(version))

    return entry
