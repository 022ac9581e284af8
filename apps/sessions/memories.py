"""What one session did to the memories it had mounted: what it read, and what it changed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from apps.memory.models import Memory, MemoryStore, MemoryVersion
from apps.memory.views.history import Comparison, Row, with_previous
from apps.sessions.models import Event, MemoryUse, Resource, Session, UseKind

MOST_USES = 60
"""Of each store: a path counts once for each way it was used in."""
MOST_CHANGES = 20
"""Of each store."""
MOST_DIFFS = 10
"""Of them all: those after are told and linked to."""


@dataclass(frozen=True, slots=True)
class Done:
    """How often a path was used in one way, how often that came to nothing, and the last time."""

    kind: str
    count: int
    failed: int
    event: str

    @property
    def label(self) -> str:
        return UseKind(self.kind).label


@dataclass(slots=True)
class Path:
    """A path of a store, and what the session did there; the memory that lies there now, if any."""

    path: str
    done: list[Done] = field(default_factory=list)
    memory_id: str = ""

    @property
    def is_folder(self) -> bool:
        return self.path.endswith("/")


@dataclass(frozen=True, slots=True)
class Change:
    """A version that the session wrote; its diff only if it is among the newest."""

    row: Row
    path: str
    """Where the memory lies now; of what was redacted nothing else is known."""
    comparison: Comparison | None


@dataclass(frozen=True, slots=True)
class Mounted:
    """A store as the session had it. Without `store` it was deleted since."""

    mount: Resource
    store: MemoryStore | None
    paths: list[Path]
    changes: list[Change]
    is_cut: bool

    @property
    def is_untouched(self) -> bool:
        return not self.paths and not self.changes


def of(session: Session) -> list[Mounted]:
    """Every store that is mounted, in order. The same number of queries however many."""
    mounts = list(session.resources.in_order().filter(type=Resource.Type.MEMORY_STORE))
    if not mounts:
        return []
    ids = [each.memory_store_id for each in mounts]
    stores = MemoryStore.objects.filter(workspace=session.workspace_id).in_bulk(ids)
    used = _used(session, ids)
    changed = _changed(session, list(stores))
    return [
        Mounted(
            mount=each,
            store=stores.get(each.memory_store_id),
            paths=list(used.get(each.memory_store_id, {}).values()),
            changes=changed.get(each.memory_store_id, [])[:MOST_CHANGES],
            is_cut=_is_cut(used, changed, each.memory_store_id),
        )
        for each in mounts
    ]


def _used(session: Session, store_ids: Sequence[str]) -> dict[str, dict[str, Path]]:
    """By store and path, the last used first."""
    rows = _each(
        MemoryUse.objects.filter(session=session, memory_store_id=store_id)
        .values("memory_store_id", "path", "kind")
        .annotate(
            last=Max("sequence"), count=Count("pk"), failed=Count("pk", filter=Q(has_failed=True))
        )
        .order_by("-last", "path", "kind")[: MOST_USES + 1]
        for store_id in store_ids
    )
    rows.sort(key=lambda row: row["last"], reverse=True)
    last = Event.objects.filter(session=session, sequence__in={row["last"] for row in rows})
    events = dict(last.values_list("sequence", "public_id"))
    there = _there(session, rows)
    found: dict[str, dict[str, Path]] = {}
    for row in rows:
        store_id, path = row["memory_store_id"], row["path"]
        of_store = found.setdefault(store_id, {})
        at = of_store.setdefault(path, Path(path, memory_id=there.get((store_id, path), "")))
        at.done.append(Done(row["kind"], row["count"], row["failed"], events[row["last"]]))
    return found


def _there(session: Session, rows: Iterable[dict[str, Any]]) -> dict[tuple[str, str], str]:
    """The memories that lie at these paths now."""
    memories = Memory.objects.live().filter(
        store__workspace=session.workspace_id,
        store__in={row["memory_store_id"] for row in rows},
        path__in={row["path"] for row in rows},
    )
    return {
        (store_id, path): pk for pk, store_id, path in memories.values_list("pk", "store", "path")
    }


def _changed(session: Session, store_ids: Sequence[str]) -> dict[str, list[Change]]:
    """The versions that the session wrote, by store, the newest first."""
    mine = MemoryVersion.objects.filter(
        actor_type=MemoryVersion.ActorType.SESSION, actor_id=session.public_id
    )
    newest = _each(
        mine.filter(store=store_id).order_by("-created_at", "-pk").values("pk")[: MOST_CHANGES + 1]
        for store_id in store_ids
    )
    found: dict[str, list[Change]] = {}
    for change in _compared([row["pk"] for row in newest]):
        found.setdefault(change.row.version.store_id, []).append(change)
    return found


def _compared(ids: Sequence[str]) -> Iterator[Change]:
    """With the version before each, and with what was said of as many as are shown."""
    places = _places(ids)
    versions = MemoryVersion.objects.filter(pk__in=ids).select_related("memory")
    listed = list(versions.defer("content", "memory__content").order_by("-created_at", "-sequence"))
    shown = [each.pk for each in listed[:MOST_DIFFS]]
    before = [places[pk].before for pk in shown]
    texts = MemoryVersion.objects.in_bulk([*shown, *(pk for pk in before if pk)])
    for at, version in enumerate(listed):
        place = places[version.pk]
        said = texts[version.pk] if at < MOST_DIFFS else None
        row = Row(said or version, place.number, texts.get(place.before or ""))
        yield Change(row, version.memory.path, with_previous(row) if said else None)


class _Place(NamedTuple):
    """Where a version stands among those of its memory: its number, and the one before it."""

    number: int
    before: str | None


def _places(ids: Sequence[str]) -> dict[str, _Place]:
    earlier = MemoryVersion.objects.filter(
        memory=OuterRef("memory"), sequence__lt=OuterRef("sequence")
    )
    counted = earlier.order_by().values("memory").annotate(count=Count("pk")).values("count")
    number = Coalesce(Subquery(counted), 0) + 1
    before = Subquery(earlier.order_by("-sequence").values("pk")[:1])
    versions = MemoryVersion.objects.filter(pk__in=ids).annotate(number=number, before=before)
    found = versions.values_list("pk", "number", "before")
    return {pk: _Place(number, before) for pk, number, before in found}


def _each(queries: Iterable[Any]) -> list[Any]:
    """The rows of them all, in one question."""
    all_of_them = list(queries)
    if len(all_of_them) < 2:
        return [row for rows in all_of_them for row in rows]
    first, *rest = all_of_them
    return list(first.union(*rest, all=True))


def _is_cut(
    used: dict[str, dict[str, Path]], changed: dict[str, list[Change]], store_id: str
) -> bool:
    uses = sum(len(path.done) for path in used.get(store_id, {}).values())
    return uses > MOST_USES or len(changed.get(store_id, [])) > MOST_CHANGES
