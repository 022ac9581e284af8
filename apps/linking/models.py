"""Links to other workspaces, and how far each of their sessions is read."""

import secrets
from datetime import datetime, timedelta
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Min, Q
from django.utils import timezone

from apps.accounts.models import Workspace
from apps.core import sealing
from apps.core.fields import VerbatimJSONField
from apps.core.ids import PrefixedIdField

VENDOR = "https://api.anthropic.com"
LEASE = timedelta(seconds=60)
"""Renewed before every request, none of which lasts as long."""
MOST_ATTEMPTS = 6
CHECK_LASTS = timedelta(minutes=2)
"""A test of a key that has no answer by then has been lost."""
LEAST_MINUTES, MOST_MINUTES = 1, 7 * 24 * 60
SETTLES_AFTER = timedelta(days=3)
"""A session that has not changed for so long is looked at once a day only."""
LOOK_AT_ALL_EVERY = timedelta(days=1)


class LinkQuerySet(models.QuerySet["Link"]):
    def visible_in(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def due(self) -> Self:
        """What a worker should take up: its time has come, or the worker that had it is gone."""
        now = timezone.now()
        waiting = Q(status__in=_RESTING | {Link.Status.PENDING}, due_at__lte=now)
        orphaned = Q(status=Link.Status.RUNNING, lease_expires_at__lt=now)
        return self.filter(waiting | orphaned, is_paused=False, attempts__lt=MOST_ATTEMPTS)

    def exhausted(self) -> Self:
        """Begun as often as may be without getting on, and every worker that did is gone."""
        return self.filter(
            Q(status=Link.Status.PENDING)
            | Q(status=Link.Status.RUNNING, lease_expires_at__lt=timezone.now()),
            attempts__gte=MOST_ATTEMPTS,
        )

    def claim(self, link_id: str) -> "Link | None":
        """Take the link for this worker, or None if it is taken, paused, not due or gone."""
        lease_id = secrets.token_hex(8)
        taken = (
            self.due()
            .filter(pk=link_id)
            .update(
                status=Link.Status.RUNNING,
                lease_id=lease_id,
                lease_expires_at=timezone.now() + LEASE,
                attempts=F("attempts") + 1,
            )
        )
        if not taken:
            return None
        return self.select_related("workspace").filter(pk=link_id, lease_id=lease_id).first()


class Link(models.Model):
    """Another workspace that is read again and again: where, with which key, and how far it is."""

    class Status(models.TextChoices):
        IDLE = "idle", "Up to date"
        PENDING = "pending", "Waits"
        RUNNING = "running", "Syncing"
        NEEDS_KEY = "needs_key", "Needs a new key"
        FAILED = "failed", "Failed"

    id = PrefixedIdField(prefix="wlink")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="links")
    name = models.CharField(max_length=100)
    base_url = models.CharField(max_length=500, default=VENDOR)
    sealed_key = models.TextField()
    key_hint = models.CharField(max_length=16)
    every_minutes = models.PositiveIntegerField(
        default=15,
        validators=(MinValueValidator(LEAST_MINUTES), MaxValueValidator(MOST_MINUTES)),
    )
    is_paused = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now)

    # The sync at hand, or the last one.
    status = models.CharField(max_length=9, choices=Status, default=Status.PENDING)
    # When the next step may be made: by the schedule, or because the other side asked to wait.
    due_at = models.DateTimeField(default=timezone.now)
    waits_for = models.CharField(max_length=200, blank=True)
    stage = models.CharField(max_length=16, blank=True)
    # Where the stage is: the page it is at, and what the sync began with.
    cursor = models.JSONField(default=dict, blank=True)
    progress = models.JSONField(default=dict, blank=True)
    error = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_id = models.CharField(max_length=16, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    # [minute since 1970, requests made in it]: what the budget is counted by.
    spent = models.JSONField(default=list, blank=True)
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # The last sync that reached its end: its counts, and when it was.
    result = models.JSONField(default=dict, blank=True)
    synced_at = models.DateTimeField(null=True, blank=True)
    # When a sync last looked at every session, and not only at those that may have changed.
    looked_at_all_at = models.DateTimeField(null=True, blank=True)

    # The last test of the key alone; an empty error means that it works.
    check_asked_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    check_error = models.TextField(blank=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(status="running", lease_expires_at__isnull=False)
                | (~Q(status="running") & Q(lease_expires_at=None)),
                name="a_link_is_held_exactly_while_it_syncs",
            ),
            models.CheckConstraint(
                condition=Q(every_minutes__gte=LEAST_MINUTES, every_minutes__lte=MOST_MINUTES),
                name="a_link_syncs_between_each_minute_and_each_week",
            ),
            models.CheckConstraint(
                condition=~Q(sealed_key=""), name="a_link_always_has_a_sealed_key"
            ),
        )
        indexes = (models.Index(fields=("workspace", "-created_at", "-id"), name="link_newest"),)

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """The key in the clear, to ask with. Raises sealing.CannotBeOpened."""
        return sealing.open_sealed(self.sealed_key)

    @property
    def is_busy(self) -> bool:
        """Whether something goes on that a page should follow."""
        waiting = self.status == Link.Status.PENDING and not self.is_paused
        return waiting or self.status == Link.Status.RUNNING or self.is_being_checked

    @property
    def is_being_checked(self) -> bool:
        asked, answered = self.check_asked_at, self.checked_at
        if asked is None or asked < timezone.now() - CHECK_LASTS:
            return False
        return answered is None or answered < asked

    def keep(self, **changes: Any) -> bool:
        """Renew the lease and write down how far it is; False if it is not ours to go on with."""
        held = Link.objects.filter(
            pk=self.pk, status=Link.Status.RUNNING, lease_id=self.lease_id, is_paused=False
        )
        return bool(held.update(lease_expires_at=timezone.now() + LEASE, **changes))

    def let_go(self, status: "Link.Status", **changes: Any) -> bool:
        """Give up the lease, with what came of it; False if it was not ours any more."""
        held = Link.objects.filter(pk=self.pk, status=Link.Status.RUNNING, lease_id=self.lease_id)
        return bool(held.update(status=status, lease_expires_at=None, **changes))


_RESTING = {Link.Status.IDLE, Link.Status.FAILED}


class LinkedSessionQuerySet(models.QuerySet["LinkedSession"]):
    def wanted(self) -> Self:
        """Those to read, oldest first; one that fails again and again keeps nobody waiting."""
        return self.filter(is_wanted=True).order_by("failures", "created_at", "pk")

    def set_aside(self) -> Self:
        """Those that the last sync could not read: still described, and not wanted."""
        return self.filter(is_wanted=False, listed__isnull=False)

    def first_unsettled(self) -> datetime | None:
        """Where to begin to look for changes: what is older has come to rest."""
        lively = Q(is_active=True) | Q(changed_at__gt=timezone.now() - SETTLES_AFTER)
        first: datetime | None = self.filter(lively).aggregate(at=Min("created_at"))["at"]
        return first


class LinkedSession(models.Model):
    """How far a session of the other workspace is read here."""

    link = models.ForeignKey(Link, models.CASCADE, related_name="sessions", db_index=False)
    public_id = models.CharField(max_length=128)  # theirs, and ours
    created_at = models.DateTimeField()
    # When it last changed there, as far as they say.
    changed_at = models.DateTimeField()
    # The session as it was listed last; kept only until it is read.
    listed = VerbatimJSONField(null=True, blank=True)
    # The digest of what was listed when it was last read to its end; empty: never.
    digest = models.CharField(max_length=64, blank=True)
    listed_digest = models.CharField(max_length=64)
    is_active = models.BooleanField(default=False)
    is_wanted = models.BooleanField(default=True)
    is_gone = models.BooleanField(default=False)
    failures = models.PositiveSmallIntegerField(default=0)
    # Per stream of events (a thread's id, or "" for the session's own): the page to go on from.
    streams = models.JSONField(default=dict, blank=True)

    objects = LinkedSessionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("link", "public_id"), name="a_link_knows_a_session_once"
            ),
            models.CheckConstraint(
                condition=Q(is_wanted=False) | Q(listed__isnull=False),
                name="a_session_to_be_read_is_described",
            ),
        )
        indexes = (
            models.Index(
                fields=("link", "failures", "created_at", "id"),
                condition=Q(is_wanted=True),
                name="linked_session_to_read",
            ),
            models.Index(fields=("link", "created_at"), name="linked_session_by_age"),
        )

    def __str__(self) -> str:
        return self.public_id

    def settle(self, *, is_gone: bool = False) -> None:
        """It is read to its end, or will never be: want it no more until it changes."""
        LinkedSession.objects.filter(pk=self.pk).update(
            digest=self.listed_digest, listed=None, is_wanted=False, is_gone=is_gone, failures=0
        )
