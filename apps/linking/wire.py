"""A link as the API tells it. Never its key."""

from typing import Any

from apps.core.api.times import stamp
from apps.linking.models import Link

COUNTS = (
    "agents",
    "versions",
    "environments",
    "listed",
    "wanted",
    "read",
    "sessions",
    "threads",
    "events",
    "skipped",
    "gone",
    "refused",
    "set_aside",
    "requests",
    "waits",
)


def link_object(link: Link) -> dict[str, Any]:
    goes_on = link.status in {Link.Status.PENDING, Link.Status.RUNNING}
    return {
        "id": link.pk,
        "type": "workspace_link",
        "name": link.name,
        "base_url": link.base_url,
        "key_hint": link.key_hint,
        "sync_every_minutes": link.every_minutes,
        "paused": link.is_paused,
        "status": link.status,
        "error": link.error or None,
        "progress": {"stage": link.stage, **_counts(link.progress)} if goes_on else None,
        "waiting_for": link.waits_for or None,
        "next_sync_at": None if link.is_paused else stamp(link.due_at),
        "last_sync": {"synced_at": stamp(link.synced_at), **_counts(link.result)}
        if link.synced_at
        else None,
        "created_at": stamp(link.created_at),
        "updated_at": stamp(link.updated_at),
    }


def _counts(progress: dict[str, Any]) -> dict[str, Any]:
    counted = {name: progress.get(name, 0) for name in COUNTS}
    return counted | {"troubles": progress.get("troubles", [])}
