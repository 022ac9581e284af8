"""Two dreams on the same input, laid beside each other, and which of the two was better."""

import hashlib
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Workspace
from apps.core.ids import PrefixedIdField


class Letter(models.TextChoices):
    """The two sides, as whoever asked for the comparison named them."""

    A = "a", "A"
    B = "b", "B"

    @property
    def other(self) -> "Letter":
        return Letter.B if self == Letter.A else Letter.A


class ComparisonQuerySet(models.QuerySet["Comparison"]):
    def visible_in(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def open(self) -> Self:
        """Those that nobody archived."""
        return self.filter(archived_at=None)

    def for_list(self) -> Self:
        """What a row tells, and not the sessions, which may be many."""
        return self.defer("session_ids")


class Comparison(models.Model):
    """Two dreams about a store as it was at one time, which hand nothing in by themselves."""

    id = PrefixedIdField(prefix="drmcmp")
    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="dream_comparisons")
    input_store_id = models.CharField(max_length=64)
    # Public ids, sorted.
    session_ids = ArrayField(models.CharField(max_length=128))
    # The number of the store's last version when it began: what both sides find there.
    at_sequence = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by_type = models.CharField(max_length=24, blank=True)
    created_by_id = models.CharField(max_length=128, blank=True)
    created_by_name = models.CharField(max_length=256, blank=True)
    # Both dreams have ended, and the rows are there.
    ended_at = models.DateTimeField(null=True, blank=True)
    # Somebody wanted to know which side is which before all was judged.
    revealed_at = models.DateTimeField(null=True, blank=True)
    handed_in_at = models.DateTimeField(null=True, blank=True)
    handed_in_by_name = models.CharField(max_length=256, blank=True)
    changeset_id = models.CharField(max_length=64, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = ComparisonQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(archived_at=None) | Q(ended_at__isnull=False),
                name="only_a_comparison_that_has_ended_is_archived",
            ),
            models.CheckConstraint(
                condition=Q(handed_in_at=None, changeset_id="", handed_in_by_name="")
                | (
                    Q(handed_in_at__isnull=False, ended_at__isnull=False)
                    & ~Q(changeset_id="")
                    & ~Q(handed_in_by_name="")
                ),
                name="a_comparison_is_handed_in_by_somebody_as_something",
            ),
        )
        indexes = (
            models.Index(fields=("workspace", "-created_at", "-id"), name="comparison_newest"),
        )

    def __str__(self) -> str:
        return str(self.id)

    def get_absolute_url(self) -> str:
        """The comparison's page. Its workspace must be loaded."""
        return reverse("dreams:comparison", args=(self.workspace.slug, self.pk))

    @property
    def has_ended(self) -> bool:
        return self.ended_at is not None

    @property
    def shown_first(self) -> Letter:
        """Which side stands left as long as nobody is to know: always the same, and either."""
        return Letter.B if hashlib.sha256(str(self.pk).encode()).digest()[0] % 2 else Letter.A


class ComparisonSide(models.Model):
    """One of the two: what dreams, what it is told, and what that takes."""

    comparison = models.ForeignKey(Comparison, models.CASCADE, related_name="sides", db_index=False)
    letter = models.CharField(max_length=1, choices=Letter)
    model = models.CharField(max_length=256)
    engine = models.CharField(max_length=64)
    instructions = models.TextField(blank=True)

    # Once it has ended, of its dreams: what it takes where nothing was read before.
    input_tokens = models.BigIntegerField(default=0)
    output_tokens = models.BigIntegerField(default=0)
    cache_read_tokens = models.BigIntegerField(default=0)
    cache_write_tokens = models.BigIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("comparison", "letter"), name="a_comparison_has_each_side_once"
            ),
            models.CheckConstraint(
                condition=Q(letter__in=["a", "b"]), name="a_side_of_a_comparison_is_a_or_b"
            ),
        )

    def __str__(self) -> str:
        return f"{self.letter} of {self.comparison_id}"


class ComparisonRow(models.Model):
    """What both propose about the same thing, or what one of them alone proposes."""

    class Verdict(models.TextChoices):
        """How the two go together."""

        AGREE = "agree", "Agree"
        DIFFER = "differ", "Differ"
        ONLY_A = "only_a", "Only A"
        ONLY_B = "only_b", "Only B"

    id = PrefixedIdField(prefix="drmrow")
    comparison = models.ForeignKey(Comparison, models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField()
    verdict = models.CharField(max_length=6, choices=Verdict)
    # Why these two stand in one row: aligning.Bond.
    bond = models.CharField(max_length=8, blank=True)
    # Drafts as `keeping.written` has them.
    draft_a = models.JSONField(null=True, blank=True)
    draft_b = models.JSONField(null=True, blank=True)
    # What was handed in of it, if the queue took it.
    proposal_id = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("comparison", "number"), name="rows_of_a_comparison_are_numbered_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    verdict__in=["agree", "differ"], draft_a__isnull=False, draft_b__isnull=False
                )
                | Q(verdict="only_a", draft_a__isnull=False, draft_b__isnull=True)
                | Q(verdict="only_b", draft_a__isnull=True, draft_b__isnull=False),
                name="a_row_holds_the_drafts_that_it_speaks_of",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} of {self.comparison_id}"

    @property
    def is_contested(self) -> bool:
        """Whether one of the two can be the better one."""
        return self.verdict != self.Verdict.AGREE


class ComparisonPick(models.Model):
    """Which was better, in one row, by whose word. A later word takes its place."""

    class Choice(models.TextChoices):
        """Beside a draft that has no counterpart, the other side's choice is: nothing is better."""

        A = "a", "A"
        B = "b", "B"
        BOTH = "both", "Both are good"
        NEITHER = "neither", "Neither"

    row = models.OneToOneField(ComparisonRow, models.CASCADE, related_name="pick")
    choice = models.CharField(max_length=7, choices=Choice)
    # Whether they could not know whose is which.
    is_blind = models.BooleanField()
    picked_at = models.DateTimeField()
    by_type = models.CharField(max_length=24, blank=True)
    by_id = models.CharField(max_length=128, blank=True)
    by_name = models.CharField(max_length=256)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(choice__in=["a", "b", "both", "neither"]),
                name="a_pick_is_one_of_four",
            ),
            models.CheckConstraint(condition=~Q(by_name=""), name="a_pick_says_whose_it_is"),
        )

    def __str__(self) -> str:
        return f"{self.choice} of {self.row_id}"
