"""One line of work in a session: its own history, prompt and model."""

from functools import partial
from typing import Self

from django.db import models

from apps.core.ids import new_id
from apps.sessions.models.counters import Counted, Status
from apps.sessions.models.session import Session


class ThreadQuerySet(models.QuerySet["Thread"]):
    def as_lanes(self) -> Self:
        """Primary first, the rest as they were created."""
        return self.order_by("position")


class Thread(Counted):
    """A thread of the contract. The primary one has no parent and position 0."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="threads", db_index=False)
    public_id = models.CharField(max_length=128, default=partial(new_id, "sthr"))
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="children", db_index=False
    )
    position = models.PositiveIntegerField()
    agent_name = models.CharField(max_length=256)
    agent_snapshot = models.JSONField(default=dict)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("session", "public_id"), name="a_thread_id_is_unique_in_its_session"
            ),
            models.UniqueConstraint(
                fields=("session", "position"), name="two_threads_never_share_a_lane"
            ),
            models.CheckConstraint(
                condition=models.Q(position=0, parent=None)
                | (models.Q(position__gt=0) & models.Q(parent__isnull=False)),
                name="only_the_primary_thread_has_no_parent",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=Status.values), name="a_thread_has_a_known_status"
            ),
        )
        indexes = (
            # Erasing a session looks here for every thread of it.
            models.Index(
                fields=("parent",),
                condition=models.Q(parent__isnull=False),
                name="thread_by_parent",
            ),
        )

    def __str__(self) -> str:
        return self.agent_name

    @property
    def model(self) -> str:
        """The model its agent was defined with, or nothing."""
        return str((self.agent_snapshot.get("model") or {}).get("id") or "")
