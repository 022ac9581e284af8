"""What recurs in the sessions of a dream."""

from typing import Self

from django.db import models
from django.db.models import Q

from apps.core.ids import PrefixedIdField
from apps.core.rates import Rate
from apps.dreams.models.dream import Dream
from apps.dreams.models.reading import KINDS


class PatternQuerySet(models.QuerySet["Pattern"]):
    def in_order(self) -> Self:
        """What is seen in most sessions comes first."""
        return self.order_by("number")

    def undecided(self) -> Self:
        """Those of which nothing has become yet."""
        return self.filter(became="").in_order()


class Pattern(models.Model):
    """A finding over several sessions (`findings.Pattern`), and what became of it."""

    class Became(models.TextChoices):
        UNDECIDED = "", "Not written up yet"
        PROPOSED = "proposed", "Proposed"
        DROPPED = "dropped", "Dropped"

    id = PrefixedIdField(prefix="ptrn")
    dream = models.ForeignKey(Dream, models.CASCADE, related_name="patterns", db_index=False)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=KINDS)
    key = models.CharField(max_length=500)
    title = models.CharField(max_length=500)
    session_count = models.PositiveIntegerField()
    agent_count = models.PositiveIntegerField()
    user_count = models.PositiveIntegerField()
    first_at = models.DateTimeField(null=True, blank=True)
    last_at = models.DateTimeField(null=True, blank=True)
    # Of the judged sessions in which it was seen, and of those in which it was not.
    success_count = models.PositiveIntegerField(default=0)
    success_tries = models.PositiveIntegerField(default=0)
    success_low = models.FloatField(default=0)
    success_high = models.FloatField(default=1)
    others_count = models.PositiveIntegerField(default=0)
    others_tries = models.PositiveIntegerField(default=0)
    others_low = models.FloatField(default=0)
    others_high = models.FloatField(default=1)
    details = models.JSONField(default=dict, blank=True)
    # As many `findings.Seen` as evidence needs.
    seen = models.JSONField(default=list, blank=True)

    became = models.CharField(max_length=8, choices=Became, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    proposal_id = models.CharField(max_length=64, blank=True)

    objects = PatternQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("dream", "number"), name="patterns_of_a_dream_are_numbered_once"
            ),
            models.UniqueConstraint(
                fields=("dream", "kind", "key"), name="a_dream_finds_a_pattern_once"
            ),
            models.CheckConstraint(
                condition=Q(session_count__gte=1), name="a_pattern_was_seen_in_a_session"
            ),
            models.CheckConstraint(
                condition=Q(success_count__lte=models.F("success_tries"))
                & Q(others_count__lte=models.F("others_tries")),
                name="no_more_sessions_succeeded_than_were_judged",
            ),
            models.CheckConstraint(
                condition=(Q(became="dropped") & ~Q(reason=""))
                | (~Q(became="dropped") & Q(reason="")),
                name="a_pattern_that_was_dropped_says_why",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def fingerprint(self) -> str:
        """What its proposals are known by, whatever the dream."""
        return f"{self.kind}:{self.key}"

    @property
    def success(self) -> Rate:
        return Rate(self.success_count, self.success_tries, self.success_low, self.success_high)

    @property
    def others(self) -> Rate:
        return Rate(self.others_count, self.others_tries, self.others_low, self.others_high)
