"""A proposal tried on past sessions: each task is answered without it and with it, and graded."""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from apps.accounts.models import Workspace
from apps.core.ids import PrefixedIdField
from apps.outcomes.models.evaluation import Result
from apps.outcomes.models.leasing import FREED, Leased, LeasedQuerySet
from apps.outcomes.models.rubric import RubricVersion
from apps.reviews.models import Proposal
from apps.sessions.models import Session


class TrialQuerySet(models.QuerySet["Trial"]):
    def visible_in(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def unended(self) -> Self:
        return self.filter(status=Trial.Status.RUNNING)

    def stranded(self) -> Self:
        """Those of which nothing is left to do: their last sessions were erased."""
        left = TrialCase.objects.unended().filter(trial=OuterRef("pk"))
        return self.unended().exclude(Exists(left))

    def for_list(self) -> Self:
        """With what came of each task, and without the texts that were sent."""
        return (
            self.defer("before", "after")
            .select_related("rubric_version__rubric")
            .prefetch_related("cases__session", "cases__rubric_version__rubric")
        )


class Trial(models.Model):
    """One try of one proposal, on so many sessions."""

    class Status(models.TextChoices):
        RUNNING = "running", "Runs"
        COMPLETED = "completed", "Completed"
        FAILED = "failed", "Failed"
        CANCELED = "canceled", "Canceled"

    id = PrefixedIdField(prefix="trial")
    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="trials")
    # The database itself deletes a trial with its proposal, which goes with its store.
    proposal = models.ForeignKey(
        Proposal, models.CASCADE, related_name="trials", db_constraint=False, db_index=False
    )
    # Null: each session's own outcome says what is good.
    rubric_version = models.ForeignKey(
        RubricVersion, models.PROTECT, null=True, blank=True, related_name="trials"
    )
    status = models.CharField(max_length=9, choices=Status, default=Status.RUNNING)
    # Who answers, and who grades.
    model = models.CharField(max_length=256)
    grader = models.CharField(max_length=256)
    session_count = models.PositiveSmallIntegerField()
    # What the store says without the proposal and with it; empty once the trial has ended.
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    # Files of the store that are in neither: all of them would be too long.
    left_out = models.PositiveIntegerField(default=0)
    # US dollars: what was thought to come before the start, and what it may come to.
    estimated_cost = models.DecimalField(max_digits=18, decimal_places=9, null=True, blank=True)
    cap = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    error_type = models.CharField(max_length=64, blank=True)
    error_message = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by_type = models.CharField(max_length=24, blank=True)
    created_by_id = models.CharField(max_length=128, blank=True)
    created_by_name = models.CharField(max_length=256, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = TrialQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(status="running", ended_at=None)
                | (~Q(status="running") & Q(ended_at__isnull=False, before="", after="")),
                name="a_trial_that_has_ended_says_when_and_keeps_no_text",
            ),
            models.CheckConstraint(
                condition=(Q(status="failed") & ~Q(error_type=""))
                | (~Q(status="failed") & Q(error_type="")),
                name="a_trial_that_failed_says_why",
            ),
            models.UniqueConstraint(
                fields=("proposal",),
                condition=Q(status="running"),
                name="a_proposal_is_tried_once_at_a_time",
            ),
        )
        indexes = (
            models.Index(fields=("proposal", "-created_at", "-id"), name="trial_of_proposal"),
        )

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def has_ended(self) -> bool:
        return self.ended_at is not None


class TrialCaseQuerySet(LeasedQuerySet["TrialCase"]):
    def claim(self, case_id: int, holder: str) -> "TrialCase | None":
        """Take it for this holder, or None if it is taken, has ended or is gone."""
        if not self.take(case_id, holder):
            return None
        whole = self.select_related("trial", "session", "rubric_version")
        return whole.filter(pk=case_id, lease_holder=holder).first()


class TrialCase(Leased):
    """The task of one session, answered on one side and graded."""

    class Side(models.TextChoices):
        BEFORE = "before", "Without the proposal"
        AFTER = "after", "With the proposal"

    class Status(models.TextChoices):
        PENDING = "pending", "Waits"
        RUNNING = "running", "Runs"
        COMPLETED = "completed", "Completed"
        FAILED = "failed", "Failed"
        CANCELED = "canceled", "Canceled"

    # The database itself deletes these with their trial, and with their session.
    trial = models.ForeignKey(
        Trial, models.CASCADE, related_name="cases", db_constraint=False, db_index=False
    )
    session = models.ForeignKey(
        Session, models.CASCADE, related_name="trial_cases", db_constraint=False
    )
    side = models.CharField(max_length=6, choices=Side)
    position = models.PositiveSmallIntegerField()
    rubric_version = models.ForeignKey(RubricVersion, models.PROTECT, related_name="trial_cases")
    # What was asked of the agent first.
    task = models.TextField()

    # How far it is.
    status = models.CharField(max_length=9, choices=Status, default=Status.PENDING)

    # What came of it.
    answer = models.TextField(blank=True)
    result = models.CharField(max_length=22, choices=Result, blank=True)
    explanation = models.TextField(blank=True)
    # The share of what gates, by weight, that passes; null: nothing gates.
    score = models.FloatField(null=True, blank=True)
    # US dollars at list price of answer and grading; null: a model has none.
    cost = models.DecimalField(max_digits=18, decimal_places=9, null=True, blank=True)
    error_type = models.CharField(max_length=64, blank=True)
    error_message = models.TextField(blank=True)

    objects = TrialCaseQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("trial", "position", "side"), name="a_trial_asks_each_side_once"
            ),
            models.CheckConstraint(
                condition=Q(status="running", lease_expires_at__isnull=False)
                | (~Q(status="running") & Q(lease_expires_at=None)),
                name="a_trials_case_is_held_exactly_while_it_runs",
            ),
            models.CheckConstraint(
                condition=(Q(status="completed") & ~Q(result=""))
                | (~Q(status="completed") & Q(result="")),
                name="a_trials_case_has_a_result_once_it_has_ended_well",
            ),
        )
        indexes = (
            models.Index(
                fields=("lease_expires_at",),
                condition=Q(status__in=("pending", "running")),
                name="trial_case_unended",
            ),
        )

    def __str__(self) -> str:
        return f"{self.trial_id} {self.position} {self.side}"

    @property
    def has_passed(self) -> bool:
        return self.result == Result.SATISFIED

    @property
    def memory(self) -> str:
        """What the store says on its side. Its trial must be loaded."""
        return self.trial.before if self.side == self.Side.BEFORE else self.trial.after

    def let_go(self, **changes: Any) -> bool:
        """Give up the lease with these changes; False if it was not ours."""
        return bool(self.held().update(**FREED, **changes))
