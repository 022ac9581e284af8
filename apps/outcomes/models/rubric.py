"""A rubric, its versions, and the criteria of each."""

from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Workspace
from apps.core.ids import PrefixedIdField

LONGEST_RUBRIC = 262_144
"""Characters, as the contract has it."""


class RubricQuerySet(models.QuerySet["Rubric"]):
    def visible_in(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def open(self) -> Self:
        """Those that nobody archived."""
        return self.filter(archived_at=None)

    def in_library(self) -> Self:
        """Those that somebody wrote to be used again, not the ones that came with a session."""
        return self.filter(origin=Rubric.Origin.LIBRARY)


class Rubric(models.Model):
    """What good work is, under a name. Its versions hold what it says."""

    class Origin(models.TextChoices):
        LIBRARY = "library", "Library"
        SESSION = "session", "A session's outcome"

    id = PrefixedIdField(prefix="rubr")
    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="rubrics")
    name = models.CharField(max_length=255)
    description = models.TextField(blank=True)
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.LIBRARY)
    # Of one that came with a session: its text's, by which the next session finds it.
    content_sha256 = models.CharField(max_length=64, blank=True)
    # The number of its newest version.
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by_type = models.CharField(max_length=24, blank=True)
    created_by_id = models.CharField(max_length=128, blank=True)
    created_by_name = models.CharField(max_length=256, blank=True)
    updated_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = RubricQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "content_sha256"),
                condition=Q(origin="session"),
                name="a_rubric_of_sessions_is_kept_once_per_text",
            ),
            models.CheckConstraint(
                condition=(Q(origin="session") & ~Q(content_sha256=""))
                | (Q(origin="library") & Q(content_sha256="")),
                name="only_a_rubric_of_sessions_is_found_by_its_text",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="a_rubric_has_a_name"),
        )
        indexes = (models.Index(fields=("workspace", "-created_at", "-id"), name="rubric_newest"),)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The rubric's page. Its workspace must be loaded."""
        return reverse("outcomes:rubric", args=(self.workspace.slug, self.pk))


class RubricVersionQuerySet(models.QuerySet["RubricVersion"]):
    def visible_in(self, workspace: Workspace) -> Self:
        return self.filter(rubric__workspace=workspace)

    def newest(self) -> Self:
        """What each rubric says now."""
        return self.filter(number=F("rubric__version"))


class RubricVersion(models.Model):
    """What a rubric said from one change to the next. Never changed, never deleted."""

    id = PrefixedIdField(prefix="rubv")
    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by_type = models.CharField(max_length=24, blank=True)
    created_by_id = models.CharField(max_length=128, blank=True)
    created_by_name = models.CharField(max_length=256, blank=True)

    objects = RubricVersionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("rubric", "number"), name="versions_of_a_rubric_are_numbered_once"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1), name="versions_of_a_rubric_are_numbered_from_one"
            ),
        )

    def __str__(self) -> str:
        return f"{self.rubric_id} v{self.number}"


class CriterionQuerySet(models.QuerySet["Criterion"]):
    def in_order(self) -> Self:
        return self.order_by("rubric_version", "position")

    def by_model(self) -> Self:
        """Those that code cannot check."""
        return self.filter(check_kind="")


class Criterion(models.Model):
    """One thing that good work has. Its key is the same in every version that asks for it."""

    rubric_version = models.ForeignKey(
        RubricVersion, models.PROTECT, related_name="criteria", db_index=False
    )
    key = models.CharField(max_length=128)
    position = models.PositiveIntegerField()
    text = models.TextField()
    # The heading that it stands under.
    group = models.CharField(max_length=500, blank=True)
    weight = models.DecimalField(
        max_digits=8, decimal_places=3, default=1, validators=(MinValueValidator(0),)
    )
    is_required = models.BooleanField(default=False)
    # How code checks it; empty: a grader is asked.
    check_kind = models.CharField(max_length=32, blank=True)
    # What for; null without a check.
    check_value = models.JSONField(null=True, blank=True)

    objects = CriterionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("rubric_version", "position"), name="two_criteria_never_share_a_position"
            ),
            models.UniqueConstraint(
                fields=("rubric_version", "key"), name="a_version_asks_for_a_criterion_once"
            ),
            models.CheckConstraint(condition=Q(weight__gt=0), name="a_criterion_weighs_something"),
            models.CheckConstraint(
                condition=(Q(check_kind="") & Q(check_value__isnull=True))
                | (~Q(check_kind="") & Q(check_value__isnull=False)),
                name="a_check_says_what_it_looks_for",
            ),
        )

    def __str__(self) -> str:
        return self.text

    @property
    def is_checked_by_code(self) -> bool:
        return bool(self.check_kind)
