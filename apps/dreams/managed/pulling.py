"""From the store there into its copy here: what is new, what changed, what is gone.

The other side is asked for a list first and only then for the texts that are not known. What was
written here and is still to be written back stays as it is; everything else says afterwards what
it says there. Nothing is lost by that: the history of the copy has what it said before.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.accounts.acting import Actor
from apps.core import payloads
from apps.core.errors import DomainError
from apps.dreams.failing import Lost
from apps.dreams.managed.models import Mirror, MirroredMemory, WriteBack
from apps.linking.describing import own_id
from apps.linking.remote import Gone, Page, Unreadable, Writable
from apps.memory import writing
from apps.memory.actions import stores
from apps.memory.api.shapes import NewStore
from apps.memory.models import Memory, MemoryStore
from apps.memory.writing import PathTaken, Pen
from apps.sessions.formats.shapes import Json, text_of

MIRROR_OF = "mirror_of"
"""What the metadata of a copy name its store by: other stores are not asked about."""
FEW = 10
"""Texts that are fetched one by one; more come with the whole list."""
MOST_TROUBLES_KEPT = 20
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class There:
    """A memory of the other side."""

    vendor_id: str
    path: str
    sha256: str
    content: str = ""


def pull(mirror: Mirror, remote: Writable) -> list[There]:
    """Bring the copy up to date; everything that is there, without what it says.

    Raises Lost, and what a Remote raises.
    """
    listed = listing(mirror, remote)
    _require_copy(mirror)
    known = {row.vendor_id: row for row in mirror.memories.all()}
    wanted = [each for each in listed if _differs(known.get(each.vendor_id), each)]
    texts = list(_texts(mirror, remote, wanted))
    present = {each.vendor_id for each in listed}
    gone = [row for vendor_id, row in known.items() if vendor_id not in present]
    with transaction.atomic():
        _keep(mirror)
        copy = _Copy(mirror, known)
        reason = f"As {mirror.vendor_id} says it"
        with writing.writing(mirror.store_id, by=mirror.author, reason=reason) as pen:
            copy.drop(pen, gone)
            copy.take(pen, texts)
        told = copy.troubles[:MOST_TROUBLES_KEPT]
        _keep(mirror, synced_at=timezone.now(), is_sync_asked=False, troubles=told)
    mirror.refresh_from_db(fields=["synced_at", "is_sync_asked", "troubles"])
    return listed


def listing(mirror: Mirror, remote: Writable) -> list[There]:
    """Everything that is there, without what it says."""
    return [
        found
        for row in rows(lambda page: remote.memories(mirror.vendor_id, page), mirror.keep)
        if (found := there(row)) is not None
    ]


def rows(ask: Callable[[str], Page], keep: Callable[[], bool]) -> Iterator[Json]:
    """Of all pages. Whoever asks goes on holding what they hold. Raises Lost."""
    at = ""
    while True:
        if not keep():
            raise Lost
        page = ask(at)
        yield from page.rows
        if not page.next:
            return
        if page.next == at:
            raise Unreadable("A page there leads to itself.")
        at = page.next


def there(row: Json) -> There | None:
    """None for what is no memory, such as a folder."""
    vendor_id, sha256, path = own_id(row), text_of(row, "content_sha256"), text_of(row, "path")
    if not vendor_id or not path or not _SHA256.fullmatch(sha256):
        return None
    content = payloads.storable(text_of(row, "content"))
    return There(vendor_id, payloads.storable(path), sha256, content)


def _differs(row: MirroredMemory | None, each: There) -> bool:
    return row is None or (row.path, row.sha256) != (each.path, each.sha256)


def _texts(mirror: Mirror, remote: Writable, wanted: Sequence[There]) -> Iterator[There]:
    """The same, as they are when they are fetched, with what they say."""
    if len(wanted) > FEW:
        ids = {each.vendor_id for each in wanted}
        for row in rows(
            lambda page: remote.memories(mirror.vendor_id, page, whole=True), mirror.keep
        ):
            found = there(row)
            if found is not None and found.vendor_id in ids:
                yield found
        return
    for each in wanted:
        _keep(mirror)
        try:
            found = there(remote.memory(mirror.vendor_id, each.vendor_id))
        except Gone:  # deleted since it was listed
            continue
        if found is not None:
            yield found


def _require_copy(mirror: Mirror) -> None:
    """Make the store here, the first time, or again if somebody deleted it."""
    if mirror.store_id and MemoryStore.objects.filter(pk=mirror.store_id).exists():
        return
    with transaction.atomic():
        given = NewStore(
            name="".join(filter(str.isprintable, mirror.name)) or mirror.vendor_id,
            description=mirror.description,
            metadata={MIRROR_OF: mirror.vendor_id},
        )
        made = stores.create_store(given=given, by=Actor.system(mirror.workspace))
        mirror.memories.all().delete()
        _keep(mirror, store_id=made.pk, noted_sequence=0)
    mirror.store_id, mirror.noted_sequence = made.pk, 0


class _Copy:
    """The store here, while what is there is written into it."""

    def __init__(self, mirror: Mirror, known: dict[str, MirroredMemory]) -> None:
        self.mirror = mirror
        self.known = known
        self.unsent = set(
            WriteBack.objects.waiting()
            .filter(mirror=mirror)
            .order_by()
            .values_list("memory_id", flat=True)
        )
        self.troubles: list[dict[str, str]] = []

    def drop(self, pen: Pen, gone: Sequence[MirroredMemory]) -> None:
        for row in gone:
            if row.memory_id in self.unsent:
                continue
            if Memory.objects.live().filter(pk=row.memory_id).exists():
                pen.delete(row.memory_id)
            row.delete()

    def take(self, pen: Pen, texts: Sequence[There]) -> None:
        """What stands in another one's way makes room for it, if it moves as well."""
        left = [each for each in texts if not self._taken(pen, each)]
        for each in left:
            self._step_aside(pen, each)
        for each in left:
            if not self._taken(pen, each):
                self._complain(each, PathTaken.__doc__ or "")

    def _step_aside(self, pen: Pen, each: There) -> None:
        """Two that change places need a third one."""
        memory = self._memory(each, self.known.get(each.vendor_id))
        if memory is not None and memory.deleted_at is None:
            pen.update(memory.pk, path=f"/moving-{memory.pk}")

    def _taken(self, pen: Pen, each: There) -> bool:
        try:
            self._take(pen, each)
        except PathTaken:
            return False
        except DomainError as error:
            self._complain(each, error.message)
        return True

    def _take(self, pen: Pen, each: There) -> None:
        row = self.known.get(each.vendor_id)
        memory = self._memory(each, row)
        if memory is not None and memory.pk in self.unsent:
            return
        if memory is None:
            memory = pen.create(each.path, each.content)
        elif memory.deleted_at is not None:
            memory = pen.revive(memory, path=each.path, content=each.content)
        else:
            memory = pen.update(memory.pk, content=each.content, path=each.path)
        self.known[each.vendor_id], _ = MirroredMemory.objects.update_or_create(
            mirror=self.mirror,
            vendor_id=each.vendor_id,
            defaults={"memory_id": memory.pk, "path": each.path, "sha256": memory.content_sha256},
        )

    def _memory(self, each: There, row: MirroredMemory | None) -> Memory | None:
        """Its copy, or what was made here at its path and never got there."""
        mine = Memory.objects.filter(store=self.mirror.store_id)
        if row is not None:
            return mine.filter(pk=row.memory_id).first()
        copied = self.mirror.memories.values("memory_id")
        return mine.live().filter(path=each.path).exclude(pk__in=copied).first()

    def _complain(self, each: There, error: str) -> None:
        self.troubles.append({"path": each.path[:1024], "error": error})


def _keep(mirror: Mirror, **changes: Any) -> None:
    if not mirror.keep(**changes):
        raise Lost
