"""Memories as resources, which a person picks: `memory://memstore_01…/team/refunds.md`."""

from typing import Any
from urllib.parse import quote, unquote

from apps.accounts.acting import Actor
from apps.accounts.rights import Right
from apps.core import payloads
from apps.core.api.paging import window
from apps.memory import finding
from apps.memory.models import Memory
from apps.memory.writing import NoSuchMemory

SCHEME = "memory://"
TEMPLATE = "memory://{memory_store_id}{+path}"
PER_PAGE = 100


def page(actor: Actor, cursor: str) -> tuple[list[dict[str, Any]], str | None]:
    """Memories of every store that is not archived. Raises InvalidRequest."""
    actor.require(Right.READ)
    rows = Memory.objects.live().filter(
        store__workspace=actor.workspace, store__archived_at__isnull=True
    )
    shown = window(
        rows.defer("content").select_related("store"),
        of=f"resources of {actor.workspace.pk}",
        cursor=payloads.storable(cursor),
        limit=PER_PAGE,
        by=("store_id", "path"),
        descending=False,
    )
    return [_described(each) for each in shown.rows], shown.next_page


def read(actor: Actor, uri: str) -> dict[str, Any]:
    """Raises NoSuchStore, NoSuchMemory."""
    actor.require(Right.READ)
    store_id, slash, path = uri.removeprefix(SCHEME).partition("/")
    if not uri.startswith(SCHEME):
        raise NoSuchMemory
    memory = finding.memory_at(actor.workspace, unquote(store_id), unquote(f"{slash}{path}"))
    return {"uri": uri, "mime_type": _mime_type(memory.path), "text": memory.content}


def _described(memory: Memory) -> dict[str, Any]:
    return {
        "uri": f"{SCHEME}{memory.store_id}{quote(memory.path)}",
        "name": memory.path,
        "title": f"{memory.path} in {memory.store.name}",
        "mime_type": _mime_type(memory.path),
        "size": memory.content_size_bytes,
    }


def _mime_type(path: str) -> str:
    return "text/markdown" if path.endswith((".md", ".markdown")) else "text/plain"
