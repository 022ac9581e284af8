"""What a proposal rests on: the memories it was drafted against, and what events said."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from apps.accounts.models import Workspace
from apps.memory.models import Memory, MemoryVersion
from apps.reviews.drafting import Role
from apps.reviews.models.proposal import Proposal


class Source(models.Model):
    """A memory that a proposal changes or replaces, and the version it was drafted against."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="sources", db_index=False)
    position = models.PositiveSmallIntegerField()
    memory = models.ForeignKey(Memory, models.CASCADE, related_name="proposed_in")
    path = models.CharField(max_length=1024)  # as it was then
    base_sha256 = models.CharField(max_length=64)
    base_version = models.ForeignKey(
        MemoryVersion, models.CASCADE, related_name="proposed_from", db_index=False
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("proposal", "position"), name="sources_of_a_proposal_are_in_order"
            ),
            models.UniqueConstraint(
                fields=("proposal", "memory"), name="a_memory_is_a_source_once"
            ),
        )

    def __str__(self) -> str:
        return self.path

    @property
    def has_moved_on(self) -> bool:
        """Whether the memory says something else now, or nothing. It must be loaded."""
        return self.memory.deleted_at is not None or (
            self.memory.content_sha256 != self.base_sha256 or self.memory.path != self.path
        )


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_in(self, workspace: Workspace) -> Self:
        return self.filter(proposal__workspace=workspace)


class Evidence(models.Model):
    """Words of an event, byte for byte as they were when they were handed in.

    It names session and event by their public ids and keeps what a card shows of them: it outlives
    the erasure of its session.
    """

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="evidence", db_index=False)
    position = models.PositiveSmallIntegerField()
    session_id = models.CharField(max_length=128)
    event_id = models.CharField(max_length=128)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()
    sha256 = models.CharField(max_length=64)
    role = models.CharField(
        max_length=20, choices=[(each.value, each.name.replace("_", " ").title()) for each in Role]
    )
    is_tainted = models.BooleanField(default=False)

    # Of its session and event, as they were when it was handed in.
    session_title = models.CharField(max_length=500, blank=True)
    agent_name = models.CharField(max_length=256, blank=True)
    event_type = models.CharField(max_length=64)
    event_sequence = models.PositiveIntegerField()
    occurred_at = models.DateTimeField()

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("proposal", "position"), name="evidence_of_a_proposal_is_in_order"
            ),
            models.CheckConstraint(
                condition=Q(end__gt=F("start")), name="evidence_quotes_something"
            ),
        )
        indexes = (models.Index(fields=("session_id",), name="evidence_by_session"),)

    def __str__(self) -> str:
        return f"{self.event_id}[{self.start}:{self.end}]"
