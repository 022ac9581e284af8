"""A proposed edit, waiting for somebody's word."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Workspace
from apps.core.ids import PrefixedIdField
from apps.memory.models import Memory, MemoryStore
from apps.reviews.drafting import Kind
from apps.reviews.models.changeset import Changeset

LEASE = timedelta(minutes=15)
"""How long a claim lasts that is not renewed."""
HIGH, MEDIUM = 0.8, 0.5
QUEUE_ORDER = ("risk", "created_at", "pk")
"""By age within risk; all ascending, and unique."""


def new_salt() -> str:
    """So that nobody who guesses a text can tell that it was this one once it is gone."""
    return secrets.token_hex(16)


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_in(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def waiting(self) -> Self:
        return self.filter(status=Proposal.Status.PENDING)

    def of_dream(self, dream_id: str) -> Self:
        return self.filter(changeset__origin=Changeset.Origin.DREAM, changeset__origin_id=dream_id)

    def resting_on(self, version_ids: Collection[str]) -> Self:
        """Those drafted against one of these versions, or whose decision wrote one."""
        rests = Q(sources__base_version__in=version_ids)
        wrote = Q(decisions__written__version__in=version_ids)
        return self.filter(pk__in=self.model.objects.filter(rests | wrote).values("pk"))

    @transaction.atomic
    def flag(self, flag: str) -> None:
        """Have what still waits looked at more closely: by itself, and not as of little risk."""
        for each in self.waiting().select_for_update():
            each.flags = sorted({*each.flags, flag})
            each.risk = min(each.risk, Proposal.Risk.MEDIUM)
            each.save(update_fields=["flags", "risk"])

    def for_list(self) -> Self:
        """A row of the queue: what it is about, from whom, and nothing long."""
        return self.select_related("store", "changeset").defer(
            "content",
            "also",
            "rationale",
            "marks",
            "no_longer_said",
            "changeset__summary",
            "changeset__dropped",
            "store__metadata",
            "store__description",
        )

    def for_wire(self) -> Self:
        """All that the API tells of each; of what its memories say now only the hash."""
        rows = self.select_related("changeset")
        return rows.prefetch_related(
            Prefetch("sources__memory", Memory.objects.defer("content")), "evidence"
        )

    def for_page(self) -> Self:
        """One proposal with all that a reviewer looks at."""
        return self.select_related("store", "changeset", "memory").prefetch_related(
            "sources__memory", "sources__base_version", "evidence", "decisions"
        )

    def claimable_by(self, claimant_id: str, now: datetime) -> Self:
        """Waiting, and free: claimed by nobody, by them, or by somebody whose lease is over."""
        free = Q(claimed_until=None) | Q(claimed_until__lte=now) | Q(claimed_by_id=claimant_id)
        return self.waiting().filter(free)


class Proposal(models.Model):
    """One edit of a store: what it would say, why, on what evidence, and what became of it."""

    class Status(models.TextChoices):
        """Rejected and withdrawn ones can be put back; a reverted one was accepted and undone."""

        PENDING = "pending", "Pending"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"
        WITHDRAWN = "withdrawn", "Withdrawn"
        REVERTED = "reverted", "Reverted"

    class Risk(models.IntegerChoices):
        """What can go wrong; the first is looked at first."""

        HIGH = 1, "High"
        MEDIUM = 2, "Medium"
        LOW = 3, "Low"

    class Flag(models.TextChoices):
        """Why it needs a closer look."""

        TAINTED = "tainted", "Rests on text from tools alone"
        LOSES_FACTS = "loses_facts", "Drops something the memory said"
        SECRET = "secret", "Holds a secret"
        INJECTION = "injection", "Gives an agent instructions"
        EXFILTRATION = "exfiltration", "Carries data out"
        MARKUP = "markup", "Holds active markup"
        HIDDEN_CHARACTERS = "hidden_characters", "Holds characters nobody sees"
        LOOKALIKES = "lookalikes", "Holds letters that look like others"
        ENCODED = "encoded", "Holds encoded text"
        LARGE = "large", "Changes much"
        ANECDOTE = "anecdote", "Seen in one session"
        WORSE_WHEN_TRIED = "worse_when_tried", "Did worse with it when tried on past sessions"

    id = PrefixedIdField(prefix="prop")
    workspace = models.ForeignKey(
        Workspace, models.PROTECT, related_name="proposals", db_index=False
    )
    store = models.ForeignKey(MemoryStore, models.CASCADE, related_name="proposals", db_index=False)
    changeset = models.ForeignKey(Changeset, models.CASCADE, related_name="proposals")
    kind = models.CharField(
        max_length=12, choices=[(each.value, each.name.title()) for each in Kind]
    )
    # Its target: where the text goes, of the memories it changes. None if it makes a new one.
    memory = models.ForeignKey(
        Memory, models.CASCADE, null=True, blank=True, related_name="proposals"
    )
    path = models.CharField(max_length=1024, db_collation="C")
    content = models.TextField(null=True, blank=True)  # noqa: DJ001 -- null is no text at all
    also = models.JSONField(default=list, blank=True)  # further files: path, content
    title = models.CharField(max_length=300)
    rationale = models.TextField(blank=True)
    confidence_value = models.FloatField(default=0.5)
    support = models.JSONField(default=dict, blank=True)
    flags = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    marks = models.JSONField(default=list, blank=True)  # file, start, end, flag, why
    no_longer_said = models.JSONField(default=list, blank=True)
    risk = models.PositiveSmallIntegerField(choices=Risk)
    needs_two = models.BooleanField(default=False)
    fingerprint = models.CharField(max_length=128, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    status = models.CharField(max_length=9, choices=Status, default=Status.PENDING)
    # Actors as versions have them: by type, id, and the name they had then.
    claimed_by_type = models.CharField(max_length=24, blank=True)
    claimed_by_id = models.CharField(max_length=128, blank=True)
    claimed_by_name = models.CharField(max_length=256, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)

    # Of its newest decision, by `deciding`.
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_type = models.CharField(max_length=24, blank=True)
    decided_by_id = models.CharField(max_length=128, blank=True)
    decided_by_name = models.CharField(max_length=256, blank=True)
    # Its texts are hashed with the salt (chaining.py); the hash is kept once they are redacted.
    salt = models.CharField(max_length=32, default=new_salt, editable=False)
    text_sha256 = models.CharField(max_length=64, blank=True)
    redacted_at = models.DateTimeField(null=True, blank=True)
    # Of the first of two approvals, while it waits for the second.
    approved_by_id = models.CharField(max_length=128, blank=True)
    approved_by_name = models.CharField(max_length=256, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(status="pending", decided_at=None, decided_by_name="")
                | (~Q(status="pending") & Q(decided_at__isnull=False) & ~Q(decided_by_name="")),
                name="a_decided_proposal_says_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=Q(claimed_until=None, claimed_by_id="", claimed_by_name="")
                | (Q(claimed_until__isnull=False, status="pending") & ~Q(claimed_by_id="")),
                name="a_claim_says_whose_and_until_when",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["rename", "retire"], content=None)
                | Q(kind__in=["create", "update", "merge", "restructure"], content__isnull=False)
                | Q(redacted_at__isnull=False, content=None),
                name="a_proposal_has_text_where_its_kind_does",
            ),
            models.CheckConstraint(
                condition=Q(redacted_at=None, text_sha256="")
                | Q(
                    ~Q(status="pending"),
                    ~Q(text_sha256=""),
                    redacted_at__isnull=False,
                    content=None,
                    also=[],
                    rationale="",
                    marks=[],
                    no_longer_said=[],
                    salt="",
                ),
                name="a_redacted_proposal_says_nothing_and_waits_for_nobody",
            ),
            models.CheckConstraint(
                condition=Q(confidence_value__gte=0, confidence_value__lte=1),
                name="confidence_is_between_nothing_and_one",
            ),
            models.CheckConstraint(
                condition=Q(risk__in=[1, 2, 3]), name="a_proposal_has_a_known_risk"
            ),
            models.UniqueConstraint(
                fields=("store", "fingerprint"),
                condition=Q(status="pending") & ~Q(fingerprint=""),
                name="a_finding_waits_once_in_a_store",
            ),
        )
        indexes = (
            models.Index(
                fields=("workspace", "risk", "created_at", "id"),
                condition=Q(status="pending"),
                name="proposal_queue",
            ),
            models.Index(
                fields=("store", "risk", "created_at", "id"),
                condition=Q(status="pending"),
                name="proposal_queue_of_store",
            ),
            models.Index(fields=("workspace", "-created_at", "-id"), name="proposal_newest"),
            models.Index(fields=("store", "-created_at", "-id"), name="proposal_of_store"),
            models.Index(
                fields=("workspace", "-decided_at", "-id"),
                condition=Q(decided_at__isnull=False),
                name="proposal_decided",
            ),
            models.Index(
                fields=("store", "fingerprint"),
                condition=~Q(fingerprint=""),
                name="proposal_by_finding",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The proposal's page. Its workspace must be loaded."""
        return reverse("reviews:proposal", args=(self.workspace.slug, self.pk))

    @property
    def confidence(self) -> str:
        """`high`, `medium` or `low`."""
        if self.confidence_value >= HIGH:
            return "high"
        return "medium" if self.confidence_value >= MEDIUM else "low"

    @property
    def is_waiting(self) -> bool:
        return self.status == self.Status.PENDING

    def claimant_at(self, now: datetime) -> str:
        """The id of whoever holds it; empty if nobody does, or not any more."""
        held = self.claimed_until is not None and self.claimed_until > now
        return self.claimed_by_id if held else ""
