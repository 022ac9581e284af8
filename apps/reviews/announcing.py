"""Telling every web process that something waits, is claimed or was decided, once it is committed.

What is said is `reviews <workspace> <proposal>`; whoever hears it looks the rest up.
"""

from typing import NamedTuple

from django.db import connection

from apps.core.live.hub import CHANNEL

TOPIC = "reviews"


class News(NamedTuple):
    """A proposal of which something changed."""

    workspace_id: str
    proposal_id: str

    @classmethod
    def read(cls, payload: str) -> "News | None":
        """None if it is of something else."""
        topic, _, rest = payload.partition(" ")
        workspace_id, _, proposal_id = rest.partition(" ")
        return cls(workspace_id, proposal_id) if topic == TOPIC else None


def changed(workspace_id: str, proposal_id: str) -> None:
    """Say it within the transaction that makes it so."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_notify(%s, %s)", [CHANNEL, f"{TOPIC} {workspace_id} {proposal_id}"]
        )
