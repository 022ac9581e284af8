"""What was said of one criterion, and what people say of that."""

from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from apps.accounts.models import User, Workspace
from apps.core.ids import PrefixedIdField
from apps.outcomes.models.evaluation import Evaluation
from apps.outcomes.models.rubric import Criterion, RubricVersion


class Judgement(models.TextChoices):
    """What is said of a criterion, by a grader or a person."""

    PASS = "pass", "Pass"
    FAIL = "fail", "Fail"
    UNCLEAR = "unclear", "Unclear"


class VerdictQuerySet(models.QuerySet["Verdict"]):
    def visible_in(self, workspace: Workspace) -> Self:
        return self.filter(evaluation__workspace=workspace)

    def in_order(self) -> Self:
        """As the rubric has them. Their criteria come along."""
        return self.select_related("criterion").order_by("evaluation", "criterion__position")


class Verdict(models.Model):
    """Whether an artifact meets a criterion, and the words of it that show so."""

    class By(models.TextChoices):
        CODE = "code", "Checked by code"
        MODEL = "model", "Judged by a model"

    id = PrefixedIdField(prefix="overd")
    # The database itself deletes these with their evaluation.
    evaluation = models.ForeignKey(
        Evaluation, models.CASCADE, related_name="verdicts", db_constraint=False, db_index=False
    )
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="verdicts")
    verdict = models.CharField(max_length=7, choices=Judgement)
    # Exactly as it stands in the artifact, from start to end in characters; or nothing.
    quote = models.TextField(blank=True)
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    reason = models.TextField(blank=True)
    by = models.CharField(max_length=5, choices=By)
    # Whether it counted for nothing: people and grader agreed too little on its criterion.
    was_advisory = models.BooleanField(default=False)

    objects = VerdictQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("evaluation", "criterion"),
                name="a_criterion_is_judged_once_in_an_evaluation",
            ),
            models.CheckConstraint(
                condition=Q(quote="", start=None, end=None)
                | (~Q(quote="") & Q(start__isnull=False, end__gt=F("start"))),
                name="a_quote_says_where_it_stands",
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=Judgement.values), name="a_verdict_is_one_of_three"
            ),
            models.CheckConstraint(
                condition=Q(by="model") | Q(was_advisory=False),
                name="what_code_checks_is_never_advisory",
            ),
        )

    def __str__(self) -> str:
        return f"{self.criterion_id}: {self.verdict}"


class HumanLabelQuerySet(models.QuerySet["HumanLabel"]):
    def visible_in(self, workspace: Workspace) -> Self:
        return self.filter(verdict__evaluation__workspace=workspace)

    def on(self, version: RubricVersion) -> Self:
        """On what models judged by its criteria, in whatever version of the rubric they say so."""
        same = Criterion.objects.filter(
            rubric_version=version,
            key=OuterRef("verdict__criterion__key"),
            text=OuterRef("verdict__criterion__text"),
        )
        of_rubric = self.filter(verdict__criterion__rubric_version__rubric=version.rubric_id)
        return of_rubric.filter(Exists(same), verdict__by=Verdict.By.MODEL)


class HumanLabel(models.Model):
    """What a person says of a criterion that a grader has judged."""

    # The database itself deletes these with their verdict.
    verdict = models.ForeignKey(
        Verdict, models.CASCADE, related_name="labels", db_constraint=False, db_index=False
    )
    user = models.ForeignKey(User, models.PROTECT, related_name="outcome_labels")
    label = models.CharField(max_length=7, choices=Judgement)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now)

    objects = HumanLabelQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("verdict", "user"), name="a_person_labels_a_verdict_once"
            ),
            models.CheckConstraint(
                condition=Q(label__in=Judgement.values), name="a_label_is_one_of_three"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id}: {self.label}"
