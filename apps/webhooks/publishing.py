"""Writing down what happened."""

from collections.abc import Mapping
from typing import Any

from django.db import connection

from apps.accounts.models import Workspace
from apps.core import payloads
from apps.webhooks.models import OutboxEvent


def publish(
    kind: str, *, workspace: Workspace, object_id: str, data: Mapping[str, Any] | None = None
) -> OutboxEvent:
    """Put an event in the outbox, in the transaction that makes it true.

    `kind` is `noun.verb` in the past (`proposal.accepted`). The data hold ids, and no contents.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an outbox event belongs into the transaction of what it tells")
    return OutboxEvent.objects.create(
        workspace=workspace,
        type=kind,
        object_id=object_id,
        data=payloads.storable_all(dict(data or {})),
    )
