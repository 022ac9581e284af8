"""`/v1/audit_entries`: who changed what."""

from collections.abc import Mapping
from typing import ClassVar

from rest_framework.response import Response

from apps.accounts import wire
from apps.accounts.api import shapes
from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.accounts.models import AuditEntry
from apps.accounts.rights import Right
from apps.core import payloads
from apps.core.api import paging
from apps.core.api.documenting import Listed, documented
from apps.core.api.shapes import read_query
from apps.core.errors import NotFound

_ADMIN: Mapping[str, Right] = {"GET": Right.ADMIN, "HEAD": Right.ADMIN}


class AuditEntries(Endpoint):
    needs: ClassVar[Mapping[str, Right]] = _ADMIN

    @documented(
        "audit_entries_list",
        tag="Audit log",
        query=shapes.AuditQuery,
        answer=Listed[shapes.AuditEntry],
    )
    def get(self, request: ApiRequest) -> Response:
        """List the changes made in the workspace, newest first."""
        query = read_query(shapes.AuditQuery, request.query_params)
        entries = AuditEntry.objects.visible_in(request.workspace).filter(query.created())
        entries = entries.narrow(
            actor_type=query.actor_type or "",
            actor_id=query.actor_id,
            action=query.action,
            object_id=query.object_id,
        )
        found = paging.window(
            entries.for_list(), of="audit_entries", cursor=query.page, limit=query.limit
        )
        return Response(found.page(wire.audit_entry))


class OneAuditEntry(Endpoint):
    needs: ClassVar[Mapping[str, Right]] = _ADMIN

    @documented("audit_entries_retrieve", tag="Audit log", answer=shapes.AuditEntry, errors=(404,))
    def get(self, request: ApiRequest, entry_id: str) -> Response:
        """Get one change."""
        entries = AuditEntry.objects.visible_in(request.workspace).for_list()
        entry = entries.filter(pk=payloads.storable(entry_id)).first()
        if entry is None:
            raise NotFound(f"There is no audit entry {entry_id}.")
        return Response(wire.audit_entry(entry))
