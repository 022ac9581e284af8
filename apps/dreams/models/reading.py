"""What an engine saw in a session: kept, so that the next dream need not read it again."""

from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from apps.dreams.findings import Kind
from apps.outcomes.models import Evaluation
from apps.sessions.models import Session

KINDS = [(kind.value, kind.value.capitalize()) for kind in Kind]


class ReadingQuerySet(models.QuerySet["Reading"]):
    def of(self, engine: str, version: str) -> Self:
        return self.filter(engine=engine, version=version)

    def current(self) -> Self:
        """Those of sessions to which nothing was added since, and which nobody graded since."""
        graded = Evaluation.objects.apart().filter(
            session=OuterRef("session"), ended_at__gt=OuterRef("read_at")
        )
        return self.filter(~Exists(graded), last_sequence=F("session__event_count"))


class Reading(models.Model):
    """A session as one engine, at one version of it, read it up to an event."""

    # The database itself deletes these with their session: it is erased by a function.
    session = models.ForeignKey(
        Session, models.CASCADE, related_name="readings", db_constraint=False, db_index=False
    )
    engine = models.CharField(max_length=64)
    version = models.CharField(max_length=64)
    last_sequence = models.PositiveIntegerField()
    read_at = models.DateTimeField()

    # Of the session, as it was read.
    agent = models.CharField(max_length=256, blank=True)
    user = models.CharField(max_length=256, blank=True)
    # Null: nobody judged it.
    succeeded = models.BooleanField(null=True)
    happened_at = models.DateTimeField(null=True, blank=True)

    input_tokens = models.BigIntegerField(default=0)
    output_tokens = models.BigIntegerField(default=0)
    cache_read_tokens = models.BigIntegerField(default=0)
    cache_write_tokens = models.BigIntegerField(default=0)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("session", "engine", "version"), name="an_engine_reads_a_session_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.session_id} by {self.engine} {self.version}"


class ObservationQuerySet(models.QuerySet["Observation"]):
    def in_order(self) -> Self:
        return self.order_by("reading", "number")


class Observation(models.Model):
    """One thing seen in a session (`findings.Observation`), with the words that show it."""

    reading = models.ForeignKey(
        Reading,
        models.CASCADE,
        related_name="observations",
        db_constraint=False,
        db_index=False,
    )
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=KINDS)
    # Observations of the same kind and key say the same.
    key = models.CharField(max_length=500)
    statement = models.TextField()
    tool = models.CharField(max_length=128, blank=True)
    spans = models.JSONField()
    details = models.JSONField(default=dict, blank=True)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("reading", "number"), name="observations_of_a_reading_are_numbered_once"
            ),
            models.CheckConstraint(
                condition=~Q(spans=[]), name="an_observation_shows_where_it_was_seen"
            ),
        )
        indexes = (models.Index(fields=("kind", "key", "reading"), name="observation_by_key"),)

    def __str__(self) -> str:
        return self.statement
