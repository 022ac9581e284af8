"""A collection of memories that sessions mount together."""

import re
from typing import Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Workspace
from apps.core.ids import PrefixedIdField
from apps.memory.chain import GENESIS

_NO_SLUG = re.compile(r"[^a-z0-9]+")


class MemoryStoreQuerySet(models.QuerySet["MemoryStore"]):
    def visible_in(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def open(self) -> Self:
        """Those that can still be written to."""
        return self.filter(archived_at=None)


class MemoryStore(models.Model):
    """A store of the contract, with the end of its chain."""

    id = PrefixedIdField(prefix="memstore")
    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="memory_stores")
    name = models.CharField(max_length=255)
    description = models.CharField(max_length=1024, blank=True)
    metadata = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Moves with name, description, metadata and archiving, not with memories.
    updated_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True, blank=True)

    # Of its versions, by `writing`: the newest one's number and hash.
    version_count = models.PositiveIntegerField(default=0)
    chain_hash = models.CharField(max_length=64, default=GENESIS)
    # Of its live memories, by `writing`.
    memory_count = models.PositiveIntegerField(default=0)
    size_bytes = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField(null=True, blank=True)

    objects = MemoryStoreQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(name=""), name="a_memory_store_has_a_name"),
        )
        indexes = (
            models.Index(fields=("workspace", "-created_at", "-id"), name="memory_store_newest"),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The store's page. Its workspace must be loaded."""
        return reverse("memory:store", args=(self.workspace.slug, self.pk))

    @property
    def mount_path(self) -> str:
        """Where sessions find it: the name in lower case, the rest hyphens (contract: 3.8)."""
        slug = _NO_SLUG.sub("-", self.name.lower()).strip("-")
        return f"/mnt/memory/{slug or self.pk}/"
