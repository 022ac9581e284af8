"""One run of an agent, from its first message to wherever it stands."""

from collections.abc import Collection
from decimal import Decimal
from functools import partial
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse

from apps.accounts.models import Workspace
from apps.agents.models import Agent, Environment
from apps.core.ids import new_id
from apps.engine import pricing
from apps.sessions.models.counters import Counted, Status

__all__ = ["Session", "SessionQuerySet", "Source", "Status"]


# Names have no index: reading this many takes some milliseconds, however many there are.
MOST_NAMES_READ = 10_000


class Source(models.TextChoices):
    """Where a session's events come from."""

    NATIVE = "native", "Native"
    CLAUDE_CODE = "claude-code", "Claude Code"
    CHAT = "chat", "Chat completions"
    DEMO = "demo", "Demo"
    API = "api", "API"
    OTLP = "otlp", "OpenTelemetry"
    LINKED = "linked", "Linked workspace"


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_in(self, workspace: Workspace) -> Self:
        """Everything of this workspace, and of no other."""
        return self.filter(workspace=workspace)

    def newest_named(self, words: str) -> Self:
        """Of the newest few thousand, those with these words in the title, or this id."""
        newest = self.order_by("-created_at", "-pk").values("pk")[:MOST_NAMES_READ]
        named = Q(title__icontains=words) | Q(public_id__startswith=words)
        return self.filter(named, pk__in=newest)

    def standing(self, statuses: Collection[str]) -> Self:
        """Those that have one of these statuses as the API tells it: archived is `terminated`."""
        is_one = Q(status__in=tuple(statuses), archived_at=None)
        if Status.TERMINATED in statuses:
            is_one |= Q(archived_at__isnull=False)
        return self.filter(is_one)

    def for_page(self) -> Self:
        """What the page of one session shows beside its events."""
        return self.select_related("agent", "environment")

    def for_list(self) -> Self:
        """What a row of the list shows, and nothing wider."""
        return self.select_related("agent").defer(
            "agent_snapshot", "metadata", "outcome_evaluations", "tool_names"
        )


class Session(Counted):
    """A session of the contract, with its counters. Its events are its truth."""

    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="sessions")
    public_id = models.CharField(max_length=128, default=partial(new_id, "sesn"))
    agent = models.ForeignKey(Agent, models.PROTECT, related_name="sessions")
    # The version of it that was asked for; 0: it is only known from a transcript.
    agent_version = models.PositiveIntegerField(default=0)
    environment = models.ForeignKey(Environment, models.PROTECT, related_name="sessions")
    # The agent as it was when the session began: what was in force is what must be read later.
    agent_snapshot = models.JSONField(default=dict)
    vault_ids = models.JSONField(default=list, blank=True)
    # The contract's; null is none, and none can come later.
    budget = models.JSONField(null=True, blank=True)
    title = models.CharField(max_length=500, blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    source = models.CharField(max_length=16, choices=Source)
    # The name its source knows it by, for ever; importing again finds it by this.
    external_id = models.CharField(max_length=512, blank=True)
    # False where the source had no clock: then there are no durations, only an order.
    timed = models.BooleanField(default=True)
    updated_at = models.DateTimeField()

    # Denormalised from threads and events by recording.record.
    thread_count = models.PositiveIntegerField(default=0)
    outcome_result = models.CharField(max_length=32, blank=True)
    outcome_evaluations = models.JSONField(default=list, blank=True)
    tool_names = ArrayField(models.CharField(max_length=128), default=list, blank=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "public_id"), name="a_session_id_is_unique_in_its_workspace"
            ),
            models.UniqueConstraint(
                fields=("workspace", "source", "external_id"),
                condition=~models.Q(external_id=""),
                name="a_source_names_a_session_once",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=Status.values), name="a_session_has_a_known_status"
            ),
        )
        indexes = (
            models.Index(fields=("workspace", "-created_at", "-id"), name="session_newest"),
            models.Index(
                fields=("workspace", "agent", "-created_at", "-id"), name="session_by_agent"
            ),
            models.Index(
                fields=("workspace", "status", "-created_at", "-id"), name="session_by_status"
            ),
            models.Index(
                fields=("workspace", "source", "-created_at", "-id"), name="session_by_source"
            ),
            models.Index(
                fields=("workspace", "outcome_result", "-created_at", "-id"),
                condition=~models.Q(outcome_result=""),
                name="session_by_outcome",
            ),
            models.Index(
                fields=("workspace", "-created_at", "-id"),
                condition=models.Q(error_count__gt=0),
                name="session_with_errors",
            ),
            GinIndex(fields=("tool_names",), name="session_by_tool"),
        )

    def __str__(self) -> str:
        return self.title or self.public_id

    def get_absolute_url(self) -> str:
        """The session's page. Its workspace must be loaded."""
        return reverse("sessions:session", args=(self.workspace.slug, self.public_id))

    @property
    def running_cost(self) -> Decimal:
        """US dollars of running time, overlapping threads counted once."""
        return pricing.running_cost(self.active_seconds)

    @property
    def cost(self) -> Decimal:
        """US dollars at list price: tokens and running time."""
        return self.token_cost + self.running_cost

    @property
    def model(self) -> str:
        """The model its agent was defined with, or nothing."""
        return str((self.agent_snapshot.get("model") or {}).get("id") or "")
