"""Mirrors and write-backs as the API tells them."""

from typing import Any

from apps.core.api.times import stamp
from apps.dreams.managed.models import Mirror, WriteBack


def mirror_object(mirror: Mirror) -> dict[str, Any]:
    return {
        "type": "mirror",
        "id": mirror.pk,
        "name": mirror.name,
        "description": mirror.description,
        "workspace_link_id": mirror.link_id,
        "remote_memory_store_id": mirror.vendor_id,
        "memory_store_id": mirror.store_id or None,
        "is_gone": mirror.is_gone,
        "troubles": mirror.troubles,
        "waits_for": mirror.waits_for or None,
        "synced_at": stamp(mirror.synced_at),
        "created_at": stamp(mirror.created_at),
    }


def write_back_object(each: WriteBack) -> dict[str, Any]:
    return {
        "type": "write_back",
        "id": each.pk,
        "mirror_id": each.mirror_id,
        "status": each.status,
        "error": each.error or None,
        "operation": each.operation,
        "path": each.path,
        "memory_id": each.memory_id,
        "memory_version_id": each.version_id,
        "proposal_id": each.proposal_id or None,
        "by": each.by_name or None,
        "proposed_again_id": each.again_id or None,
        "created_at": stamp(each.created_at),
        "ended_at": stamp(each.ended_at),
    }
