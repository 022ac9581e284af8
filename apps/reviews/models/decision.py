"""What somebody decided, or a policy did. Never changed, never deleted by itself."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import Workspace
from apps.core.ids import PrefixedIdField
from apps.memory.models import MemoryStore, MemoryVersion
from apps.reviews.models.proposal import Proposal


class Verdict(models.TextChoices):
    """What was said of a proposal. `approve` is the first of two acceptances."""

    ACCEPT = "accept", "Accepted"
    REJECT = "reject", "Rejected"
    WITHDRAW = "withdraw", "Withdrawn"
    REVERT = "revert", "Reverted"
    APPROVE = "approve", "Approved"


class Reason(models.TextChoices):
    """Why something is rejected, in the order of the keys 1 to 6."""

    WRONG = "wrong", "Wrong"
    TRIVIAL = "trivial", "Trivial"
    STALE = "stale", "Stale"
    DUPLICATE = "duplicate", "Duplicate"
    PRIVATE = "private", "Private"
    OTHER = "other", "Other"


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_in(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def of(self, store: MemoryStore) -> Self:
        return self.filter(store=store)

    def in_order(self) -> Self:
        return self.order_by("sequence")


class Decision(models.Model):
    """A decision in its place in the store's chain of them. Append-only by trigger."""

    id = PrefixedIdField(prefix="dec")
    workspace = models.ForeignKey(
        Workspace, models.PROTECT, related_name="decisions", db_index=False
    )
    store = models.ForeignKey(MemoryStore, models.CASCADE, related_name="decisions", db_index=False)
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="decisions")
    sequence = models.PositiveIntegerField()
    verdict = models.CharField(max_length=8, choices=Verdict)
    reason = models.CharField(max_length=9, choices=Reason, blank=True)
    note = models.CharField(max_length=2000, blank=True)
    # Of an acceptance: the hunks that were taken, None for all; what was written instead, if so.
    hunks = models.JSONField(null=True, blank=True)
    content = models.TextField(null=True, blank=True)  # noqa: DJ001 -- null is not edited
    content_sha256 = models.CharField(max_length=64, blank=True)
    is_automatic = models.BooleanField(default=False)
    # Of a withdrawal or a reopening: the decision that brought it about.
    because_of = models.CharField(max_length=64, blank=True)
    by_type = models.CharField(max_length=24, blank=True)
    by_id = models.CharField(max_length=128, blank=True)
    by_name = models.CharField(max_length=256)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    # What was decided on, and its place in the chain (chaining.py).
    proposal_sha256 = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("store", "sequence"), name="decisions_of_a_store_are_numbered_once"
            ),
            models.CheckConstraint(
                condition=Q(sequence__gte=1), name="decisions_of_a_store_are_numbered_from_one"
            ),
            models.CheckConstraint(
                condition=Q(verdict="reject") & ~Q(reason="") | ~Q(verdict="reject") & Q(reason=""),
                name="a_rejection_and_only_that_has_a_reason",
            ),
            models.CheckConstraint(condition=~Q(by_name=""), name="a_decision_says_whose_it_is"),
        )
        indexes = (
            models.Index(fields=("workspace", "-created_at", "-id"), name="decision_newest"),
        )

    def __str__(self) -> str:
        return f"{self.by_name}: {self.verdict}"


class WrittenVersion(models.Model):
    """Which decision wrote a version of a memory."""

    version = models.OneToOneField(
        MemoryVersion, models.CASCADE, primary_key=True, related_name="written_by"
    )
    decision = models.ForeignKey(Decision, models.CASCADE, related_name="written")

    def __str__(self) -> str:
        return str(self.version_id)
