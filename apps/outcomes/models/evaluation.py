"""One artifact graded against one version of a rubric, and runs that grade many."""

from typing import Self

from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Coalesce, JSONObject
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Workspace
from apps.core.ids import PrefixedIdField
from apps.outcomes.models.leasing import Leased, LeasedQuerySet
from apps.outcomes.models.rubric import RubricVersion
from apps.sessions.models import Session


class ArtifactKind(models.TextChoices):
    """Where what is graded comes from."""

    TEXT = "text", "Text"
    FILE = "file", "File"
    DELIVERABLE = "deliverable", "Deliverable of a session"
    ANSWER = "answer", "Last answer of a session"


class Result(models.TextChoices):
    """The contract's words for how the work did."""

    SATISFIED = "satisfied", "Satisfied"
    NEEDS_REVISION = "needs_revision", "Needs revision"
    MAX_ITERATIONS_REACHED = "max_iterations_reached", "Max iterations reached"
    FAILED = "failed", "Failed"
    INTERRUPTED = "interrupted", "Interrupted"


class EvaluationRunQuerySet(models.QuerySet["EvaluationRun"]):
    def visible_in(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def unended(self) -> Self:
        return self.filter(status=EvaluationRun.Status.RUNNING)

    def with_counts(self) -> Self:
        """Each with what became of its evaluations, as `counts`."""
        ended = Q(evaluations__ended_at__isnull=False)
        return self.annotate(
            counts=JSONObject(
                ended=Count("evaluations", filter=ended),
                completed=Count("evaluations", filter=Q(evaluations__status="completed")),
                satisfied=Count("evaluations", filter=Q(evaluations__result="satisfied")),
                failed=Count("evaluations", filter=Q(evaluations__status="failed")),
            )
        )


class EvaluationRun(models.Model):
    """Many sessions graded alike."""

    class Status(models.TextChoices):
        RUNNING = "running", "Runs"
        COMPLETED = "completed", "Completed"
        FAILED = "failed", "Failed"
        CANCELED = "canceled", "Canceled"

    id = PrefixedIdField(prefix="orun")
    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="evaluation_runs")
    rubric_version = models.ForeignKey(RubricVersion, models.PROTECT, related_name="runs")
    status = models.CharField(max_length=9, choices=Status, default=Status.RUNNING)
    model = models.CharField(max_length=256)
    # What chose the sessions, as it was asked for.
    filter = models.JSONField(default=dict, blank=True)
    session_count = models.PositiveIntegerField(default=0)
    # Sessions of the filter that have nothing to grade.
    skipped_count = models.PositiveIntegerField(default=0)
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

    objects = EvaluationRunQuerySet.as_manager()

    # Filled by with_counts.
    counts: dict[str, int]

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(status="running", ended_at=None)
                | (~Q(status="running") & Q(ended_at__isnull=False)),
                name="a_run_of_evaluations_that_has_ended_says_when",
            ),
            models.CheckConstraint(
                condition=(Q(status="failed") & ~Q(error_type=""))
                | (~Q(status="failed") & Q(error_type="")),
                name="a_run_of_evaluations_that_failed_says_why",
            ),
        )
        indexes = (
            models.Index(fields=("workspace", "-created_at", "-id"), name="evaluation_run_newest"),
        )

    def __str__(self) -> str:
        return str(self.pk)


class EvaluationQuerySet(LeasedQuerySet["Evaluation"]):
    def visible_in(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def for_list(self) -> Self:
        """What a row tells, and not the artifact, which may be long."""
        return self.defer("artifact").select_related("rubric_version__rubric", "session")

    def apart(self) -> Self:
        """Those that came to an end of which no event of their session tells."""
        return self.filter(status=Evaluation.Status.COMPLETED, outcome_id="")

    def claim(self, evaluation_id: str, holder: str) -> "Evaluation | None":
        """Take the evaluation for this holder, or None if it is taken, has ended or is gone."""
        if not self.take(evaluation_id, holder, started_at=Coalesce("started_at", timezone.now())):
            return None
        whole = self.select_related("workspace", "rubric_version__rubric", "run", "session")
        return whole.filter(pk=evaluation_id, lease_holder=holder).first()


class Evaluation(Leased):
    """The grading of one artifact by one version of a rubric."""

    class Status(models.TextChoices):
        PENDING = "pending", "Waits"
        RUNNING = "running", "Grading"
        COMPLETED = "completed", "Completed"
        FAILED = "failed", "Failed"
        CANCELED = "canceled", "Canceled"

    id = PrefixedIdField(prefix="oeval")
    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="evaluations")
    rubric_version = models.ForeignKey(RubricVersion, models.PROTECT, related_name="evaluations")
    status = models.CharField(max_length=9, choices=Status, default=Status.PENDING)
    model = models.CharField(max_length=256)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by_type = models.CharField(max_length=24, blank=True)
    created_by_id = models.CharField(max_length=128, blank=True)
    created_by_name = models.CharField(max_length=256, blank=True)
    run = models.ForeignKey(
        EvaluationRun, models.PROTECT, null=True, blank=True, related_name="evaluations"
    )

    # What is graded, as it was then.
    artifact_kind = models.CharField(max_length=11, choices=ArtifactKind)
    artifact_name = models.CharField(max_length=255, blank=True)
    artifact = models.TextField()
    artifact_sha256 = models.CharField(max_length=64)

    # Whose work it is. The database itself deletes an evaluation with its session, which is erased
    # by a function: what is graded is a copy of what it said.
    session = models.ForeignKey(
        Session,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="evaluations",
        db_constraint=False,
        db_index=False,
    )
    # The agent as it ran: what pass rates are told apart by. Version 0: it has none.
    agent_id = models.CharField(max_length=128, blank=True)
    agent_name = models.CharField(max_length=256, blank=True)
    agent_version = models.PositiveIntegerField(default=0)
    # Of an outcome that the session defines: empty where the session is only what is graded.
    outcome_id = models.CharField(max_length=128, blank=True)
    iteration = models.PositiveIntegerField(default=0)
    max_iterations = models.PositiveSmallIntegerField(null=True, blank=True)
    # The event by which the session says that it began.
    start_event_id = models.CharField(max_length=128, blank=True)

    started_at = models.DateTimeField(null=True, blank=True)

    # What came of it.
    result = models.CharField(max_length=22, choices=Result, blank=True)
    explanation = models.TextField(blank=True)
    # The share of what gates, by weight, that passes; null: nothing gates.
    score = models.FloatField(null=True, blank=True)
    input_tokens = models.BigIntegerField(default=0)
    output_tokens = models.BigIntegerField(default=0)
    cache_read_tokens = models.BigIntegerField(default=0)
    cache_write_tokens = models.BigIntegerField(default=0)
    # US dollars at list price; null: the model has none.
    cost = models.DecimalField(max_digits=18, decimal_places=9, null=True, blank=True)
    error_type = models.CharField(max_length=64, blank=True)
    error_message = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=("pending", "running"), ended_at=None)
                | Q(status__in=("completed", "failed", "canceled"), ended_at__isnull=False),
                name="an_evaluation_that_has_ended_says_when",
            ),
            models.CheckConstraint(
                condition=(Q(status="failed") & ~Q(error_type=""))
                | (~Q(status="failed") & Q(error_type="")),
                name="an_evaluation_that_failed_says_why",
            ),
            models.CheckConstraint(
                condition=Q(status="running", lease_expires_at__isnull=False)
                | (~Q(status="running") & Q(lease_expires_at=None)),
                name="an_evaluation_is_held_exactly_while_it_runs",
            ),
            models.CheckConstraint(
                condition=(Q(status="completed") & ~Q(result__in=("", "interrupted")))
                | (Q(status="canceled") & Q(result="interrupted"))
                | Q(status__in=("pending", "running", "failed"), result=""),
                name="an_evaluation_has_a_result_once_it_has_ended_well",
            ),
            models.CheckConstraint(
                condition=Q(outcome_id="") | Q(session__isnull=False),
                name="an_outcome_is_of_a_session",
            ),
            models.UniqueConstraint(
                fields=("session", "outcome_id", "iteration"),
                condition=~Q(outcome_id="") & Q(status__in=("pending", "running", "completed")),
                name="an_iteration_of_an_outcome_is_graded_once",
            ),
        )
        indexes = (
            models.Index(fields=("workspace", "-created_at", "-id"), name="evaluation_newest"),
            models.Index(
                fields=("session", "-created_at"),
                condition=Q(session__isnull=False),
                name="evaluation_by_session",
            ),
            models.Index(
                fields=("lease_expires_at",),
                condition=Q(status__in=("pending", "running")),
                name="evaluation_unended",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)

    def get_absolute_url(self) -> str:
        """The evaluation's page. Its workspace must be loaded."""
        return reverse("outcomes:evaluation", args=(self.workspace.slug, self.pk))

    @property
    def has_ended(self) -> bool:
        return self.ended_at is not None
