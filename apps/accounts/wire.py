"""Entries of the audit log as the API and the export have them."""

from typing import Any

from apps.accounts.models import AuditEntry
from apps.core.api.times import stamp


def audit_entry(entry: AuditEntry) -> dict[str, Any]:
    """The entry. Its user must be loaded."""
    return {
        "id": entry.pk,
        "type": "audit_entry",
        "actor": _actor(entry),
        "action": entry.action,
        "object_id": entry.object_id,
        "before": entry.before,
        "after": entry.after,
        "request_id": entry.request_id or None,
        "created_at": stamp(entry.created_at),
    }


def _actor(entry: AuditEntry) -> dict[str, str]:
    who = {"type": entry.actor_type, "name": entry.actor_name}
    if entry.user is not None:
        return who | {"user_id": entry.user.public_id}
    return who | ({"api_key_id": entry.api_key_id} if entry.api_key_id else {})
