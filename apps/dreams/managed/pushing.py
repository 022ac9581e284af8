"""From the copy here into the store there: every version that was written here, once, in order.

A write that was made and not yet written down, because the worker died between, is found to be
made: what it asked for is there already.
"""

from typing import Any

from django.db import transaction

from apps.core.errors import DomainError
from apps.dreams.failing import Lost
from apps.dreams.managed import pulling
from apps.dreams.managed.models import Mirror, MirroredMemory, WriteBack
from apps.dreams.managed.pulling import There
from apps.linking.remote import Clash, Gone, Refused, Writable
from apps.memory.models import MemoryVersion, Operation
from apps.reviews.models import Decision, WrittenVersion

AT_ONCE = 500
CHANGED = "It says something else there by now."
DELETED = "It was deleted there."
TAKEN = "Something else lies at this path there."
REDACTED = "What it said was redacted before it was written there."
_Status = WriteBack.Status


class Differs(DomainError):
    """What is there is neither what was expected nor what was to be written."""


def note(mirror: Mirror) -> None:
    """A write-back for each version that was written here since the last one noted. Raises Lost."""
    while versions := list(
        MemoryVersion.objects.filter(
            store=mirror.store_id, sequence__gt=mirror.noted_sequence
        ).order_by("sequence")[:AT_ONCE]
    ):
        decided = {
            each.version_id: each.decision
            for each in WrittenVersion.objects.filter(version__in=versions).select_related(
                "decision"
            )
        }
        own = (mirror.author.type, mirror.author.id)
        with transaction.atomic():
            WriteBack.objects.bulk_create(
                (
                    _noted(mirror, each, decided.get(each.pk))
                    for each in versions
                    if (each.actor_type, each.actor_id) != own
                ),
                ignore_conflicts=True,
            )
            mirror.noted_sequence = versions[-1].sequence
            if not mirror.keep(noted_sequence=mirror.noted_sequence):
                raise Lost


def _noted(mirror: Mirror, version: MemoryVersion, decision: Decision | None) -> WriteBack:
    return WriteBack(
        mirror=mirror,
        version_id=version.pk,
        sequence=version.sequence,
        memory_id=version.memory_id,
        operation=version.operation,
        path=version.path or "",
        proposal_id=decision.proposal_id if decision else "",
        by_name=decision.by_name if decision else version.actor_name,
        created_at=version.created_at,
    )


def push(mirror: Mirror, remote: Writable) -> None:
    """Write back all that waits. Raises Lost, and what a Remote raises but for refusals."""
    note(mirror)
    while (each := WriteBack.objects.waiting().filter(mirror=mirror).first()) is not None:
        if not mirror.keep():
            raise Lost
        _make(mirror, remote, each)


def _make(mirror: Mirror, remote: Writable, each: WriteBack) -> None:
    version = MemoryVersion.objects.filter(pk=each.version_id).first()
    if version is None or version.path is None:
        each.end(_Status.FAILED, REDACTED)
        return
    try:
        found = _written(_Write(mirror, remote, version))
    except Differs as differs:
        each.end(_Status.CONFLICT, differs.message)
    except Refused as refused:
        each.end(_Status.FAILED, refused.message)
    else:
        _settle(mirror, each, found)


@transaction.atomic
def _settle(mirror: Mirror, each: WriteBack, found: There | None) -> None:
    """It is there as it is here; None: it is gone there as it is gone here."""
    if not each.end(_Status.DONE):
        return
    rows = MirroredMemory.objects.filter(mirror=mirror)
    if found is None:
        rows.filter(memory_id=each.memory_id).delete()
        return
    rows.filter(vendor_id=found.vendor_id).exclude(memory_id=each.memory_id).delete()
    MirroredMemory.objects.update_or_create(
        mirror=mirror,
        memory_id=each.memory_id,
        defaults={"vendor_id": found.vendor_id, "path": found.path, "sha256": found.sha256},
    )


class _Write:
    """One version, with what it was before and where it is there."""

    def __init__(self, mirror: Mirror, remote: Writable, version: MemoryVersion) -> None:
        self.store, self.remote, self.version = mirror.vendor_id, remote, version
        earlier = MemoryVersion.objects.filter(
            memory=version.memory_id, sequence__lt=version.sequence
        )
        self.before = earlier.order_by("-sequence").first()
        row = mirror.memories.filter(memory_id=version.memory_id).first()
        self.vendor_id = row.vendor_id if row else ""
        self.path = version.path or ""
        said = self.before.content_sha256 if self.before else None
        self.expected = said or (row.sha256 if row else "")


def _written(write: _Write) -> There | None:
    """Raises Differs, Refused, and what else a Remote raises."""
    if write.version.operation == Operation.DELETED:
        _delete(write)
        return None
    if write.version.operation == Operation.CREATED or not write.vendor_id:
        return _created(write)
    return _changed(write)


def _created(write: _Write) -> There | None:
    try:
        made = write.remote.create_memory(write.store, write.path, write.version.content or "")
    except Clash:
        found = _lying_at(write)
        if found is None or found.sha256 != write.version.content_sha256:
            raise Differs(TAKEN) from None
        return found
    return _answered(write, made)


def _changed(write: _Write) -> There | None:
    version, before = write.version, write.before
    changes: dict[str, str] = {}
    if before is None or before.content_sha256 != version.content_sha256:
        changes["content"] = version.content or ""
    if before is None or before.path != version.path:
        changes["path"] = write.path
    try:
        made = write.remote.change_memory(
            write.store, write.vendor_id, expected=write.expected, **changes
        )
    except Gone:
        raise Differs(DELETED) from None
    except Clash:
        return _as_it_should_be(write)
    return _answered(write, made)


def _as_it_should_be(write: _Write) -> There:
    """What is there, if that is what was to be written. Raises Differs."""
    try:
        found = pulling.there(write.remote.memory(write.store, write.vendor_id))
    except Gone:
        raise Differs(DELETED) from None
    if found is not None and found.sha256 == write.version.content_sha256:
        if found.path == write.path:
            return found
        if found.sha256 == write.expected:
            raise Differs(TAKEN)
    raise Differs(CHANGED)


def _delete(write: _Write) -> None:
    if not write.vendor_id:  # it never was there
        return
    try:
        write.remote.delete_memory(write.store, write.vendor_id, expected=write.expected)
    except Gone:
        return
    except Clash:
        raise Differs(CHANGED) from None


def _lying_at(write: _Write) -> There | None:
    folder = write.path.rpartition("/")[0] + "/"
    asked = pulling.rows(
        lambda page: write.remote.memories_below(write.store, folder, page), lambda: True
    )
    return next(
        (found for row in asked if (found := pulling.there(row)) and found.path == write.path), None
    )


def _answered(write: _Write, made: dict[str, Any]) -> There:
    """By their answer; where that lacks something, by what was asked for."""
    found = pulling.there(made)
    if found is not None:
        return found
    vendor_id = made.get("id")
    if not isinstance(vendor_id, str) or not vendor_id:
        raise Refused("Its answer names no memory.")
    return There(vendor_id[:128], write.path, write.version.content_sha256 or "")
