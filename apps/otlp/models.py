"""Traces on their way, and what their lanes remember."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone

from apps.accounts.models import Workspace
from apps.core.fields import VerbatimJSONField
from apps.otlp.placing import State
from apps.sessions.models import Session, Thread

PATIENCE = timedelta(seconds=30)
"""How long a span waits for its parents."""
KEPT = timedelta(days=3)
"""How long a trace without news is known, so that what comes again adds nothing."""
KEPT_WITHOUT_MEANING = timedelta(hours=1)
"""The same, for a trace that has nothing to do with agents so far."""


class TraceQuerySet(models.QuerySet["Trace"]):
    def overdue(self) -> Self:
        """Those with a span that has waited long enough, the longest waiting first."""
        before = timezone.now() - PATIENCE
        return self.filter(waiting_since__lt=before).order_by("waiting_since", "pk")

    def forgettable(self) -> Self:
        """Those that nobody will ask for again."""
        now = timezone.now()
        old = models.Q(touched_at__lt=now - KEPT) | models.Q(
            session=None, touched_at__lt=now - KEPT_WITHOUT_MEANING
        )
        return self.filter(old, waiting_since=None)


class Trace(models.Model):
    """A trace of some workspace, as far as its spans have come."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+", db_index=False)
    trace_id = models.CharField(max_length=32)
    # Decided with the first event; null until then. Goes with it, by a constraint of the database.
    session = models.ForeignKey(
        Session, models.CASCADE, null=True, blank=True, related_name="+", db_constraint=False
    )
    # The conversation that one of its spans has named, if any has.
    conversation = models.CharField(max_length=512, blank=True)
    # Whether one of its spans stands in the primary lane.
    claimed = models.BooleanField(default=False)
    # Spans that meant nothing to a session: counted, not kept.
    passed_over = models.PositiveIntegerField(default=0)
    waiting_since = models.DateTimeField(null=True, blank=True)
    touched_at = models.DateTimeField()

    objects = TraceQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "trace_id"), name="a_workspace_knows_a_trace_once"
            ),
        )
        indexes = (
            models.Index(
                fields=("waiting_since",),
                condition=models.Q(waiting_since__isnull=False),
                name="trace_that_waits",
            ),
            models.Index(fields=("touched_at",), name="trace_by_age"),
        )

    def __str__(self) -> str:
        return self.trace_id


class Span(models.Model):
    """One span of a trace. Its content is kept only while it waits."""

    trace = models.ForeignKey(
        Trace, models.CASCADE, related_name="spans", db_index=False, db_constraint=False
    )
    span_id = models.CharField(max_length=16)
    parent_id = models.CharField(max_length=16, blank=True)
    state = models.CharField(max_length=8, choices=[(each.value, each.value) for each in State])
    # The public id of its thread; the primary one's is empty.
    lane = models.CharField(max_length=128, blank=True)
    # Whether an agent stands at or above it.
    anchored = models.BooleanField(default=False)
    is_request = models.BooleanField(default=False)
    body = VerbatimJSONField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("trace", "span_id"), name="a_trace_has_a_span_once"),
            models.CheckConstraint(
                condition=models.Q(state="waiting", body__isnull=False)
                | (~models.Q(state="waiting") & models.Q(body=None)),
                name="only_a_waiting_span_has_a_body",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[each.value for each in State]),
                name="a_span_has_a_known_state",
            ),
        )
        indexes = (
            models.Index(
                fields=("trace",), condition=models.Q(state="waiting"), name="span_that_waits"
            ),
            models.Index(
                fields=("trace", "parent_id"),
                condition=models.Q(is_request=True),
                name="span_of_a_request",
            ),
        )

    def __str__(self) -> str:
        return self.span_id


class LaneMemory(models.Model):
    """What a thread made of spans has heard already (`remembering.Memory`)."""

    thread = models.OneToOneField(
        Thread, models.CASCADE, primary_key=True, related_name="+", db_constraint=False
    )
    # The agent's; empty as long as no span has named it.
    name = models.CharField(max_length=256, blank=True)
    memory = VerbatimJSONField()

    def __str__(self) -> str:
        return f"memory of {self.thread_id}"
