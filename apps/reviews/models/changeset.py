"""What one run, session, integration or person proposed together."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import Workspace
from apps.core.ids import PrefixedIdField
from apps.memory.models import MemoryStore


class ChangesetQuerySet(models.QuerySet["Changeset"]):
    def visible_in(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def of_dream(self, dream_id: str) -> Self:
        return self.filter(origin=Changeset.Origin.DREAM, origin_id=dream_id)


class Changeset(models.Model):
    """Proposals to one store from one origin, and what was drafted and not proposed, with why."""

    class Origin(models.TextChoices):
        """Where it comes from; `origin_id` says which."""

        DREAM = "dream", "Dream"
        SESSION = "session", "Session"
        API = "api", "API"
        PERSON = "person", "Person"

    id = PrefixedIdField(prefix="chgset")
    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="changesets")
    store = models.ForeignKey(
        MemoryStore, models.CASCADE, related_name="changesets", db_index=False
    )
    origin = models.CharField(max_length=8, choices=Origin)
    origin_id = models.CharField(max_length=128, blank=True)
    title = models.CharField(max_length=255, blank=True)
    summary = models.TextField(blank=True)
    author_type = models.CharField(max_length=24, blank=True)
    author_id = models.CharField(max_length=128, blank=True)
    author_name = models.CharField(max_length=256)
    # The person behind a key or a dream, where there is one: nobody passes their own work.
    on_behalf_of = models.CharField(max_length=128, blank=True)
    # What was drafted and is not among the proposals: fingerprint, path, title, reason.
    dropped = models.JSONField(default=list, blank=True)
    proposal_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ChangesetQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(origin__in=["dream", "session", "api", "person"]),
                name="a_changeset_has_a_known_origin",
            ),
            models.CheckConstraint(
                condition=~Q(author_name=""), name="a_changeset_says_who_drafted_it"
            ),
        )
        indexes = (
            models.Index(fields=("workspace", "-created_at", "-id"), name="changeset_newest"),
            models.Index(fields=("store", "-created_at", "-id"), name="changeset_of_store"),
            models.Index(
                fields=("workspace", "origin_id"),
                condition=~Q(origin_id=""),
                name="changeset_by_origin",
            ),
        )

    def __str__(self) -> str:
        return self.title or str(self.id)

    @property
    def dream_id(self) -> str | None:
        """The dream that made it, or None."""
        return self.origin_id if self.origin == self.Origin.DREAM else None
