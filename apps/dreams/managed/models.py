"""Stores of linked workspaces, their copies here, what is written back, and the vendor's dreams."""

import secrets
from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from apps.accounts.models import Workspace
from apps.core.ids import PrefixedIdField
from apps.dreams.models import Dream
from apps.linking.models import Link
from apps.memory.authors import Author
from apps.memory.models import MemoryStore

LEASE = timedelta(seconds=60)
"""Renewed before every request, none of which lasts as long."""
LIST_AGAIN_AFTER = timedelta(hours=1)


class StoreListQuerySet(models.QuerySet["StoreList"]):
    def due(self) -> Self:
        return self.filter(due_at__lte=timezone.now(), link__is_paused=False)


class StoreList(models.Model):
    """When the memory stores of a linked workspace were listed, and what went wrong."""

    link = models.OneToOneField(Link, models.CASCADE, primary_key=True, related_name="store_list")
    due_at = models.DateTimeField(default=timezone.now)
    listed_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True)

    objects = StoreListQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.link_id)


class MirrorQuerySet(models.QuerySet["Mirror"]):
    def visible_in(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def offered(self) -> Self:
        """Those that can be dreamed about: they are there, in a workspace that is linked."""
        return self.filter(is_gone=False, link__isnull=False).order_by("name", "pk")

    def due(self) -> Self:
        """What a worker should take up: there is something to do, and nobody does it."""
        now = timezone.now()
        free = Q(lease_expires_at=None) | Q(lease_expires_at__lt=now)
        waiting = WriteBack.objects.filter(mirror=OuterRef("pk"), status=WriteBack.Status.WAITING)
        written = MemoryStore.objects.filter(
            pk=OuterRef("store_id"), version_count__gt=OuterRef("noted_sequence")
        )
        work = Q(Exists(waiting)) | Q(Exists(written)) | Q(is_sync_asked=True)
        return self.filter(free, work, due_at__lte=now)

    def claim(self, mirror_id: str) -> "Mirror | None":
        """Take the mirror for this worker, or None if somebody has it."""
        holder = secrets.token_hex(8)
        free = Q(lease_expires_at=None) | Q(lease_expires_at__lt=timezone.now())
        taken = self.filter(free, pk=mirror_id)
        if not taken.update(lease_holder=holder, lease_expires_at=timezone.now() + LEASE):
            return None
        mine = self.select_related("workspace", "link").filter(pk=mirror_id, lease_holder=holder)
        return mine.first()


class Mirror(models.Model):
    """A memory store of a linked workspace, and the store here that says what it says.

    It names both by id alone: either may be deleted. Until it is dreamed about there is no copy.
    """

    id = PrefixedIdField(prefix="mirror")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="mirrors")
    # None: it was unlinked. The address stays, so that no other server is sent what waits.
    link = models.ForeignKey(Link, models.SET_NULL, null=True, related_name="mirrors")
    base_url = models.CharField(max_length=500)
    vendor_id = models.CharField(max_length=128)
    name = models.CharField(max_length=255)
    description = models.CharField(max_length=1024, blank=True)
    is_gone = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    store_id = models.CharField(max_length=64, blank=True)
    synced_at = models.DateTimeField(null=True, blank=True)
    is_sync_asked = models.BooleanField(default=False)
    # What could not be copied: [{"path", "error"}].
    troubles = models.JSONField(default=list, blank=True)
    # The version of the copy up to which write-backs are noted.
    noted_sequence = models.PositiveIntegerField(default=0)

    lease_holder = models.CharField(max_length=16, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    # When to try again what did not go through, and why it waits.
    due_at = models.DateTimeField(default=timezone.now)
    waits_for = models.CharField(max_length=500, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)

    objects = MirrorQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "base_url", "vendor_id"),
                name="a_store_there_is_mirrored_once",
            ),
            models.UniqueConstraint(
                fields=("store_id",), condition=~Q(store_id=""), name="a_store_mirrors_one_other"
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def author(self) -> Author:
        """Who writes into the copy what the vendor's store says."""
        return Author("service_account_actor", self.pk, f"Mirror of {self.name}"[:256])

    def keep(self, **changes: Any) -> bool:
        """Renew the lease and write down how far it is; False if it is not ours any more."""
        return bool(self._held().update(lease_expires_at=timezone.now() + LEASE, **changes))

    def let_go(self, **changes: Any) -> bool:
        """Give up the lease; False if it was not ours any more."""
        return bool(self._held().update(lease_holder="", lease_expires_at=None, **changes))

    def _held(self) -> MirrorQuerySet:
        return Mirror.objects.filter(pk=self.pk, lease_holder=self.lease_holder)


class MirroredMemory(models.Model):
    """A memory there and its copy here, and what it said there when that was last heard of."""

    mirror = models.ForeignKey(Mirror, models.CASCADE, related_name="memories", db_index=False)
    memory_id = models.CharField(max_length=64)
    vendor_id = models.CharField(max_length=128)
    path = models.CharField(max_length=1024)
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("mirror", "vendor_id"), name="a_memory_there_is_mirrored_once"
            ),
            models.UniqueConstraint(
                fields=("mirror", "memory_id"), name="a_memory_mirrors_one_other"
            ),
        )

    def __str__(self) -> str:
        return self.path


class WriteBackQuerySet(models.QuerySet["WriteBack"]):
    def visible_in(self, workspace: Workspace) -> Self:
        return self.filter(mirror__workspace=workspace)

    def waiting(self) -> Self:
        """Those still to be made, in the order in which their versions were written."""
        return self.filter(status=WriteBack.Status.WAITING).order_by("sequence")

    def troubled(self) -> Self:
        """Those that somebody has to deal with."""
        return self.filter(status__in=(WriteBack.Status.CONFLICT, WriteBack.Status.FAILED))


class WriteBack(models.Model):
    """One version of a mirror that is to be written into the store there, and what came of it."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Waits"
        DONE = "done", "Written there"
        CONFLICT = "conflict", "Conflict"
        FAILED = "failed", "Refused"
        DISMISSED = "dismissed", "Left as it is there"
        REPROPOSED = "reproposed", "Proposed again"

    id = PrefixedIdField(prefix="wback")
    mirror = models.ForeignKey(Mirror, models.CASCADE, related_name="write_backs", db_index=False)
    # Of the version, which says the rest.
    version_id = models.CharField(max_length=64, unique=True)
    sequence = models.PositiveIntegerField()
    memory_id = models.CharField(max_length=64)
    operation = models.CharField(max_length=8)
    path = models.CharField(max_length=1024)
    # Whose word it goes back to: of a decision, the proposal.
    proposal_id = models.CharField(max_length=64, blank=True)
    by_name = models.CharField(max_length=256, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    error = models.CharField(max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Of a conflict that was proposed again: the proposal.
    again_id = models.CharField(max_length=64, blank=True)

    objects = WriteBackQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(status="waiting", ended_at=None)
                | (~Q(status="waiting") & Q(ended_at__isnull=False)),
                name="a_write_back_that_has_ended_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=("conflict", "failed")) | ~Q(error=""),
                name="a_write_back_that_did_not_go_through_says_why",
            ),
        )
        indexes = (
            models.Index(fields=("mirror", "-created_at", "-id"), name="write_back_newest"),
            models.Index(
                fields=("mirror", "sequence"), condition=Q(status="waiting"), name="write_back_next"
            ),
            models.Index(
                fields=("proposal_id",), condition=~Q(proposal_id=""), name="write_back_of_proposal"
            ),
        )

    def __str__(self) -> str:
        return self.path

    def end(self, status: "WriteBack.Status", error: str = "", **changes: Any) -> bool:
        """Say what came of it; False if somebody said so before."""
        waiting = WriteBack.objects.filter(pk=self.pk, status=WriteBack.Status.WAITING)
        return bool(
            waiting.update(status=status, error=error[:500], ended_at=timezone.now(), **changes)
        )


class ManagedDreamQuerySet(models.QuerySet["ManagedDream"]):
    def unsettled(self) -> Self:
        """Those of which the vendor does not know yet what was said of them here."""
        now = timezone.now()
        asked = self.filter(link_due_at__lte=now, asked_at__isnull=False)
        stopped = Q(dream__status__in=(Dream.Status.CANCELED, Dream.Status.FAILED))
        # Its worker died before it knew the answer: perhaps it goes on there.
        goes_on = Q(vendor_status__in=("pending", "running")) | Q(vendor_dream_id="")
        archived = Q(dream__archived_at__isnull=False, is_archived_there=False)
        return asked.filter(stopped & goes_on | archived)


class ManagedDream(models.Model):
    """What a dream here knows of the dream there."""

    dream = models.OneToOneField(Dream, models.CASCADE, primary_key=True, related_name="managed")
    mirror = models.ForeignKey(Mirror, models.CASCADE, related_name="dreams")
    # Written down before it is asked for: when, and which dream was the newest there by then.
    asked_at = models.DateTimeField(null=True, blank=True)
    newest_there = models.JSONField(default=dict, blank=True)  # {"id", "created_at"}, or nothing
    # The store there as it was: [{"vendor_id", "path", "sha256", "memory_id"}].
    before = models.JSONField(default=list, blank=True)
    # Paths that changed there while the dream was asked for; null: nobody has looked yet.
    unsure = models.JSONField(null=True, blank=True)

    vendor_dream_id = models.CharField(max_length=128, blank=True)
    vendor_status = models.CharField(max_length=16, blank=True)
    vendor_session_id = models.CharField(max_length=128, blank=True)
    vendor_store_id = models.CharField(max_length=128, blank=True)  # its output
    is_archived_there = models.BooleanField(default=False)
    looks = models.PositiveIntegerField(default=0)
    looked_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    waits_for = models.CharField(max_length=500, blank=True)
    # When to tell the vendor again what it could not be told.
    link_due_at = models.DateTimeField(default=timezone.now)

    objects = ManagedDreamQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("mirror", "vendor_dream_id"),
                condition=~Q(vendor_dream_id=""),
                name="a_dream_there_is_followed_once",
            ),
            models.CheckConstraint(
                condition=Q(vendor_dream_id="") | Q(asked_at__isnull=False),
                name="a_dream_there_was_asked_for",
            ),
        )

    def __str__(self) -> str:
        return str(self.dream_id)

    def note(self, **changes: Any) -> None:
        """Write down what was heard of it."""
        for name, value in changes.items():
            setattr(self, name, value)
        ManagedDream.objects.filter(pk=self.pk).update(**changes)
