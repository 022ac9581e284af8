"""One memory: its text, its source, who wrote which line, what changed, and its history.

Everything that is chosen stands in the address: the view, the version, what it is compared with.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from apps.accounts.middleware import WorkspaceRequest
from apps.accounts.rights import Right
from apps.core.htmx import render_page
from apps.memory import blaming, browsing, matching, rendering, trailing
from apps.memory.blaming import BlamedLine, Source
from apps.memory.models import Memory, MemoryVersion
from apps.memory.rendering import Block
from apps.memory.trailing import Trail
from apps.memory.views import history, last_check, memory_of, store_of, version_of
from apps.memory.views.history import Row, Timeline

VIEWS = {"text": "Text", "source": "Source", "blame": "Blame", "changes": "Changes"}
BLAMED_AT_ONCE = 60
"""Versions of a memory whose text is shown with who wrote what, unasked: blame reads them all."""
MOST_BLAMED = 2_000
HEATS = 5


@dataclass(frozen=True, slots=True)
class Shown:
    """What the address asks for, of which memory."""

    memory: Memory
    view: str
    row: Row
    timeline: Timeline
    is_head: bool

    @property
    def content(self) -> str | None:
        return self.row.version.content

    @property
    def is_said(self) -> bool:
        """Whether this is what the memory says now."""
        return self.is_head and self.memory.deleted_at is None


@require_safe
def page(request: WorkspaceRequest, store_id: str, memory_id: str) -> HttpResponse:
    store = store_of(request, store_id)
    memory = memory_of(store, memory_id)
    shown = _shown(request, memory)
    context: dict[str, Any] = {
        "store": store,
        "memory": memory,
        "shown": shown,
        "row": shown.row,
        "timeline": shown.timeline,
        "segments": _segments(request, shown),
        "tree": browsing.tree(store, memory),
        "check": last_check(store),
        "may_change": request.actor.may(Right.WRITE) and store.archived_at is None,
        "may_redact": request.actor.may(Right.WRITE) and _can_be_redacted(shown),
    }
    context |= _VIEWS[shown.view](request, shown)
    return render_page(request, "memory/memory.html", context)


def _shown(request: WorkspaceRequest, memory: Memory) -> Shown:
    view = request.GET.get("view", "")
    timeline = history.timeline(memory, before=request.GET.get("before", ""))
    asked = request.GET.get("version", "")
    version = version_of(memory, asked or memory.memory_version_id)
    if not asked and version.content is None:  # deleted: the last that can be read
        version = _last_words(memory) or version
    row = history.numbered(memory, version)
    is_head = version.pk == memory.memory_version_id
    return Shown(memory, view if view in VIEWS else "text", row, timeline, is_head)


def _can_be_redacted(shown: Shown) -> bool:
    """What the memory says now cannot be, and what was redacted is."""
    return shown.row.version.redacted_at is None and not shown.is_said


def _last_words(memory: Memory) -> MemoryVersion | None:
    readable = MemoryVersion.objects.filter(memory=memory, content__isnull=False)
    return readable.order_by("-sequence").first()


def _segments(request: WorkspaceRequest, shown: Shown) -> list[dict[str, object]]:
    """The views of this version; who wrote which line is told of what it says now."""
    kept = {name: request.GET[name] for name in ("version", "before") if request.GET.get(name)}
    return [
        {"label": label, "url": _query(kept, view), "current": view == shown.view}
        for view, label in VIEWS.items()
        if view != "blame" or shown.is_said
    ]


def _query(kept: dict[str, str], view: str) -> str:
    asked = kept if view == "text" else kept | {"view": view}
    return f"?{urlencode(asked)}"


def _text(request: WorkspaceRequest, shown: Shown) -> dict[str, Any]:
    content = shown.content or ""
    at = reverse("memory:at", args=[request.workspace.slug, shown.memory.store_id, "x"])[:-1]
    path = shown.row.version.path or shown.memory.path
    reading = rendering.read(content, path=path, link=lambda to: at + quote(to.lstrip("/")))
    context: dict[str, Any] = {"reading": reading, "comparison": history.with_previous(shown.row)}
    if not reading.is_drawn:
        context["lines"] = matching.lines(content)
    if shown.is_said and shown.timeline.total <= BLAMED_AT_ONCE:
        lines = blaming.blame(shown.memory)
        context["blocks"] = list(_attributed(reading.blocks, lines, shown.timeline.total))
    return context


@dataclass(frozen=True, slots=True)
class Attributed:
    """A block, the newest version that wrote in it, and whether the one above says the same."""

    block: Block
    source: Source
    is_repeated: bool
    heat: int


def _attributed(
    blocks: Sequence[Block], lines: Sequence[BlamedLine], total: int
) -> Iterator[Attributed]:
    before = ""
    for block in blocks:
        own = lines[block.first_line - 1 : block.last_line] or lines[-1:]
        source = max((line.source for line in own), key=lambda each: each.number)
        yield Attributed(block, source, source.id == before, heat(source.number, total))
        before = source.id


def heat(number: int, total: int) -> int:
    """How recent, from 1 to 5."""
    return 1 + (number - 1) * (HEATS - 1) // max(1, total - 1)


def _source(_: WorkspaceRequest, shown: Shown) -> dict[str, Any]:
    return {"lines": [matching.split_end(each)[0] for each in matching.lines(shown.content or "")]}


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines that came with the same version."""

    source: Source
    is_known: bool
    lines: list[BlamedLine]
    heat: int
    trail: Trail | None
    """The proposal that it came by, who decided that, and what it rests on."""


def _blame(_: WorkspaceRequest, shown: Shown) -> dict[str, Any]:
    if not shown.is_said or shown.timeline.total > MOST_BLAMED:
        return {"passages": None, "most_blamed": MOST_BLAMED}
    blamed = blaming.blame(shown.memory)
    trails = trailing.of({line.source.id for line in blamed})
    together = groupby(blamed, lambda line: (line.source, line.is_known))
    total = shown.timeline.total
    passages = [
        Passage(source, is_known, list(lines), heat(source.number, total), trails.get(source.id))
        for (source, is_known), lines in together
    ]
    return {"passages": passages}


def _changes(request: WorkspaceRequest, shown: Shown) -> dict[str, Any]:
    """From the version that the address names, or the one before."""
    context = None if request.GET.get("lines") == "all" else 3
    asked = request.GET.copy()
    asked["lines"] = "all"
    more = {"all_url": f"?{asked.urlencode()}"}
    chosen = request.GET.get("from", "")
    if not chosen:
        return more | {"comparison": history.with_previous(shown.row, context=context)}
    old = history.numbered(shown.memory, version_of(shown.memory, chosen))
    compared = history.compared(old, shown.row, context=context)
    return more | {"comparison": compared, "chosen": chosen}


_VIEWS = {"text": _text, "source": _source, "blame": _blame, "changes": _changes}
