"""Agents with their versions, and environments."""

from datetime import datetime
from functools import partial
from typing import Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, OuterRef, Q, Subquery
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Coalesce, JSONObject
from django.utils import timezone

from apps.accounts.models import Workspace
from apps.core.ids import new_id

# More than this is told as "so many and more": a list counts nothing to its end.
MOST_RUNS_COUNTED = 1_000


class AgentQuerySet(models.QuerySet["Agent"]):
    def seen_in(self, workspace: Workspace) -> Self:
        """The agents of a workspace, for a filter: by name."""
        return self.filter(workspace=workspace).order_by("name", "pk")

    def defined_in(self, workspace: Workspace, *, include_archived: bool = True) -> Self:
        """Those that have a definition, and not only sessions."""
        defined = self.filter(workspace=workspace, version__gte=1)
        return defined if include_archived else defined.filter(archived_at=None)

    def recorded_in(self, workspace: Workspace) -> Self:
        """Those that are known from transcripts alone."""
        return self.filter(workspace=workspace, version=0)

    def with_newest(self) -> Self:
        """Each with its newest version beside it, as `definition`."""
        newest = AgentVersion.objects.filter(version=F("agent__version"))
        return self.prefetch_related(models.Prefetch("versions", newest, to_attr="newest_versions"))

    def with_gist(self) -> Self:
        """Each with its model and roster, as `gist`, and not the rest of what it says."""
        newest = AgentVersion.objects.filter(agent=OuterRef("pk"), version=OuterRef("version"))
        told = JSONObject(model="definition__model", multiagent="definition__multiagent")
        return self.annotate(gist=Subquery(newest.values_list(told)))

    def with_runs(self, *, since: datetime) -> Self:
        """Each with when it ran last, and how often since then, counted up to MOST_RUNS_COUNTED."""
        # Sessions belong to an app above: known here as the other side of a key alone.
        sessions: Any = self.model._meta.get_field("sessions").related_model  # noqa: SLF001
        rows = sessions._base_manager.all()  # noqa: SLF001
        own = rows.filter(workspace=OuterRef("workspace"), agent=OuterRef("pk"))
        runs = own.order_by("-created_at", "-pk")
        recent = runs.filter(created_at__gte=since).values("pk")[:MOST_RUNS_COUNTED]
        counted = Func(
            ArraySubquery(recent), function="CARDINALITY", output_field=models.IntegerField()
        )
        last = Subquery(runs.values("created_at")[:1])
        return self.annotate(last_run_at=last, recent_runs=Coalesce(counted, 0))

    def named(self, workspace: Workspace, name: str, *, public_id: str = "") -> "Agent":
        """The agent with this public id, or else the oldest of this name, made if it is new."""
        known = self.filter(workspace=workspace)
        known = known.filter(public_id=public_id) if public_id else known.filter(name=name)
        if agent := known.order_by("pk").first():
            return agent
        made, _ = self.get_or_create(
            workspace=workspace,
            public_id=public_id or new_id("agent"),
            defaults={"name": name},
        )
        return made


class Agent(models.Model):
    """A definition that sessions run. Its versions hold what it says."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="agents")
    public_id = models.CharField(max_length=128, default=partial(new_id, "agent"))
    name = models.CharField(max_length=256)
    # The newest version. 0: it is only known from transcripts and was never defined here.
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = AgentQuerySet.as_manager()

    # Filled by with_newest: the newest version alone.
    newest_versions: list["AgentVersion"]
    # Filled by with_gist, and by with_runs.
    gist: dict[str, Any]
    last_run_at: datetime | None
    recent_runs: int

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "public_id"), name="an_agent_id_is_unique_in_its_workspace"
            ),
        )
        indexes = (models.Index(fields=("workspace", "-created_at", "-id"), name="agent_newest"),)

    def __str__(self) -> str:
        return self.name

    def runs(self) -> models.QuerySet[Any]:
        """Its sessions, newest first, by the index that lists them."""
        own = self.sessions.filter(workspace=self.workspace_id)
        return own.order_by("-created_at", "-pk")

    @property
    def is_addressable(self) -> bool:
        """Whether its id can stand in an address: one from elsewhere may be anything."""
        return "/" not in self.public_id and self.public_id.strip() not in {"", ".", ".."}

    @property
    def definition(self) -> dict[str, Any]:
        """What it says now. Loaded by with_newest."""
        definition: dict[str, Any] = self.newest_versions[0].definition
        return definition


class AgentVersionQuerySet(models.QuerySet["AgentVersion"]):
    def newest_in(self, workspace: Workspace) -> Self:
        """What the workspace's agents say now, archived ones left out."""
        return self.filter(
            agent__workspace=workspace, agent__archived_at=None, version=F("agent__version")
        ).select_related("agent")

    def callable_in(self, workspace: Workspace) -> Self:
        """Those that may be in a roster: they have none of their own."""
        return self.newest_in(workspace).filter(definition__multiagent=None).without_text()

    def calling(self, public_id: str) -> Self:
        """Those that have this agent in their roster, in whichever version of it."""
        member = [{"type": "agent", "id": public_id}]
        delegates = {"predefined_agents": member}
        return self.filter(
            Q(definition__multiagent__contains={"agents": member})
            | Q(definition__multiagent__contains={"subagents": delegates})
            | Q(definition__multiagent__contains={"workflows": delegates})
        ).without_text()

    def without_text(self) -> Self:
        """Without what they say, which may be long."""
        return self.defer("definition")


class AgentVersion(models.Model):
    """What an agent said from one update to the next. Never changed."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="versions", db_index=False)
    version = models.PositiveIntegerField()
    # Every key of the contract's agent but its id, version and times, resolved.
    definition = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.CharField(max_length=150, blank=True)

    objects = AgentVersionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("agent", "version"), name="versions_of_an_agent_are_numbered_once"
            ),
            models.CheckConstraint(
                condition=models.Q(version__gte=1), name="versions_are_numbered_from_one"
            ),
        )
        indexes = (
            GinIndex(
                OpClass(KeyTransform("multiagent", "definition"), name="jsonb_path_ops"),
                name="version_by_roster",
            ),
        )

    def __str__(self) -> str:
        return f"version {self.version}"


class EnvironmentQuerySet(models.QuerySet["Environment"]):
    def live_in(self, workspace: Workspace, *, include_archived: bool = True) -> Self:
        """Those that nobody deleted."""
        live = self.filter(workspace=workspace, deleted_at=None)
        return live if include_archived else live.filter(archived_at=None)

    def of_record(self, workspace: Workspace, public_id: str = "") -> "Environment":
        """The environment with this public id, or the one that stands for work done elsewhere."""
        environment, _ = self.get_or_create(
            workspace=workspace,
            public_id=public_id or Environment.ELSEWHERE,
            defaults={"name": public_id or "Recorded elsewhere"},
        )
        return environment


class Environment(models.Model):
    """Where an agent's tools ran."""

    ELSEWHERE = "env_recorded_elsewhere"

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="environments")
    public_id = models.CharField(max_length=128, default=partial(new_id, "env"))
    name = models.CharField(max_length=256)
    # The contract tells nothing and empty text apart.
    description = models.TextField(null=True, blank=True)  # noqa: DJ001
    # The contract's, resolved. Empty: known from transcripts alone.
    config = models.JSONField(default=dict)
    metadata = models.JSONField(default=dict, blank=True)
    scope = models.CharField(max_length=32, default="organization")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True, blank=True)
    # Sessions go on pointing to it: deleted, it is gone for everybody but them.
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = EnvironmentQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "public_id"),
                name="an_environment_id_is_unique_in_its_workspace",
            ),
        )
        indexes = (
            models.Index(fields=("workspace", "-created_at", "-id"), name="environment_newest"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_of_record(self) -> bool:
        """Whether it stands for work done elsewhere, where nothing can be run or changed."""
        return self.public_id == self.ELSEWHERE
