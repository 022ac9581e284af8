"""One dream, how far it is, and the sessions that it reads."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Workspace
from apps.core.ids import PrefixedIdField

MOST_ATTEMPTS = 5
"""Times that workers may take a dream up without getting it any further."""
MOST_TRIES_OF_A_SESSION = 3
ENDED: dict[str, Any] = {
    "lease_expires_at": None,
    "waits_until": None,
    "waits_for": "",
    "drafts": [],
}
"""What a dream holds no more once it has ended."""


class Stage(models.TextChoices):
    """What a dream does, in this order."""

    COLLECT = "collect", "Collecting"
    OBSERVE = "observe", "Reading sessions"
    CONNECT = "connect", "Looking for what recurs"
    CURATE = "curate", "Writing proposals"
    CHECK = "check", "Checking proposals"
    PROPOSE = "propose", "Handing in"


class OutputBehavior(models.TextChoices):
    """The contract's two."""

    CREATE_NEW = "create_new", "Into a new store"
    UPDATE_EXISTING = "update_existing", "Into the store itself"


class WaitsFor(models.TextChoices):
    """What a dream that runs may wait for."""

    MODEL = "model", "The model is busy"
    BATCH = "batch", "A batch is under way"


class DreamQuerySet(models.QuerySet["Dream"]):
    def visible_in(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def open(self) -> Self:
        """Those that nobody archived."""
        return self.filter(archived_at=None)

    def for_list(self) -> Self:
        """What a row tells, and not the drafts, which may be long."""
        return self.defer("drafts", "funnel")

    def unended(self) -> Self:
        return self.filter(status__in=(Dream.Status.PENDING, Dream.Status.RUNNING))

    def of_run(self, dream: "Dream") -> Self:
        """The dream, and those that gather for it."""
        return self.filter(Q(pk=dream.pk) | Q(gathers_for=dream.pk))

    def due(self) -> Self:
        """What a worker should take up: it waits for nothing, or its worker is gone."""
        orphaned = Q(status=Dream.Status.RUNNING, lease_expires_at__lt=timezone.now())
        waiting = Q(status=Dream.Status.PENDING)
        gathering = self.model.objects.unended().filter(gathers_for=OuterRef("pk"))
        return self.not_put_back().filter(
            waiting | orphaned,
            ~Exists(gathering),
            ~Exists(self._reading_the_same()),
            attempts__lt=MOST_ATTEMPTS,
        )

    def _reading_the_same(self) -> "DreamQuerySet":
        """Of a comparison the first side, while it reads what the second can use then."""
        reading = self.model.objects.unended().filter(stage__in=("", Stage.COLLECT, Stage.OBSERVE))
        return reading.filter(
            side__comparison=OuterRef("side__comparison"),
            side__letter__lt=OuterRef("side__letter"),
            side__engine=OuterRef("side__engine"),
        )

    def on_their_own(self) -> Self:
        """Those that are no side of a comparison, whose page tells of its own."""
        return self.filter(side=None)

    def not_put_back(self) -> Self:
        """Those that no model lets wait any more."""
        return self.filter(Q(waits_until=None) | Q(waits_until__lte=timezone.now()))

    def exhausted(self) -> Self:
        """Begun as often as may be without getting on, and every worker that did is gone."""
        return self.filter(
            status=Dream.Status.RUNNING,
            lease_expires_at__lt=timezone.now(),
            attempts__gte=MOST_ATTEMPTS,
        )

    def late(self) -> Self:
        """Those that have taken longer than any dream may."""
        began = timezone.now() - timedelta(hours=settings.DREAM_TIMEOUT_HOURS)
        return self.unended().filter(created_at__lt=began)

    def claim(self, dream_id: str, holder: str) -> "Dream | None":
        """Take the dream for this holder, or None if it is taken, waits, has ended or is gone.

        Nobody holds it while its sessions are read. Who holds it already gets it again: a job that
        is delivered twice lost its first worker.
        """
        free = Q(status=Dream.Status.RUNNING, lease_holder__in=("", holder))
        # Said of the row as well: who waited for another's claim looks at it again, and not at what
        # a subquery has found before.
        orphaned = Q(status=Dream.Status.RUNNING, lease_expires_at__lt=timezone.now())
        unheld = Q(status=Dream.Status.PENDING) | orphaned
        mine = (unheld & Q(pk__in=self.due())) | free
        taken = (
            self.not_put_back()
            .filter(mine, pk=dream_id)
            .update(
                status=Dream.Status.RUNNING,
                waits_until=None,
                waits_for="",
                lease_holder=holder,
                lease_expires_at=lease_end(),
                attempts=F("attempts") + 1,
            )
        )
        if not taken:
            return None
        return self.select_related("workspace").filter(pk=dream_id, lease_holder=holder).first()


class Dream(models.Model):
    """A dream of the contract, and how far it is. What it reads and writes it names by id alone:

    stores and sessions may be erased, and the dream still says what it was about.
    """

    class Status(models.TextChoices):
        PENDING = "pending", "Waits"
        RUNNING = "running", "Dreaming"
        COMPLETED = "completed", "Completed"
        FAILED = "failed", "Failed"
        CANCELED = "canceled", "Canceled"

    id = PrefixedIdField(prefix="drm")
    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="dreams")
    status = models.CharField(max_length=9, choices=Status, default=Status.PENDING)
    input_store_id = models.CharField(max_length=64)
    # Public ids, sorted.
    session_ids = ArrayField(models.CharField(max_length=128))
    output_behavior = models.CharField(
        max_length=15, choices=OutputBehavior, default=OutputBehavior.CREATE_NEW
    )
    output_store_id = models.CharField(max_length=64, blank=True)
    model = models.CharField(max_length=256)
    # As it was asked for; empty: it was not.
    speed = models.CharField(max_length=16, blank=True)
    # What reads the sessions: the engine that speaks for the model.
    engine = models.CharField(max_length=64)
    instructions = models.TextField(blank=True)
    # The strictest of this and the store's own policy holds; empty: the store's.
    policy = models.CharField(max_length=16, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by_type = models.CharField(max_length=24, blank=True)
    created_by_id = models.CharField(max_length=128, blank=True)
    created_by_name = models.CharField(max_length=256, blank=True)
    # Only what 100 sessions hold is one dream on the wire. Of more that are to be read, all but one
    # dream gather what is to be seen, and that one looks for what recurs in all of it. What was
    # read before is among its inputs, too, and not among its session_ids.
    gathers_for = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="gathering"
    )
    schedule = models.ForeignKey(
        "DreamSchedule", models.SET_NULL, null=True, blank=True, related_name="dreams"
    )
    # Of a comparison: it finds the store as that has it, and hands nothing in.
    side = models.ForeignKey(
        "ComparisonSide", models.CASCADE, null=True, blank=True, related_name="dreams"
    )
    # US dollars that its questions to a model, and those of what gathers for it, may cost; null: as
    # much as the workspace allows.
    cap_usd = models.DecimalField(max_digits=12, decimal_places=4, null=True, blank=True)
    # What is asked of each session goes into a batch: for half the price, within a day.
    is_batched = models.BooleanField(default=False)

    # How far it is.
    # When its questions were handed in together.
    batched_at = models.DateTimeField(null=True, blank=True)
    stage = models.CharField(max_length=8, choices=Stage, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_holder = models.CharField(max_length=64, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    # Until then nobody takes it up, and why.
    waits_until = models.DateTimeField(null=True, blank=True)
    waits_for = models.CharField(max_length=8, choices=WaitsFor, blank=True)
    # The public id of the session that it is itself.
    session_id = models.CharField(max_length=128, blank=True)
    # What curating came to, until it is handed in.
    drafts = models.JSONField(default=list, blank=True)

    # What came of it.
    # {"sessions", "read", "reused", "with_signal", "observations", "patterns", "drafts",
    #  "proposals"}: counts, and "dropped": [{"stage", "reason", "count", "examples"}].
    funnel = models.JSONField(default=dict, blank=True)
    changeset_id = models.CharField(max_length=64, blank=True)
    input_tokens = models.BigIntegerField(default=0)
    output_tokens = models.BigIntegerField(default=0)
    cache_read_tokens = models.BigIntegerField(default=0)
    cache_write_tokens = models.BigIntegerField(default=0)
    error_type = models.CharField(max_length=64, blank=True)
    error_message = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = DreamQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=("pending", "running"), ended_at=None)
                | Q(status__in=("completed", "failed", "canceled"), ended_at__isnull=False),
                name="a_dream_that_has_ended_says_when",
            ),
            models.CheckConstraint(
                condition=(Q(status="failed") & ~Q(error_type=""))
                | (~Q(status="failed") & Q(error_type="")),
                name="a_dream_that_failed_says_why",
            ),
            models.CheckConstraint(
                condition=Q(status="running", lease_expires_at__isnull=False)
                | (~Q(status="running") & Q(lease_expires_at=None)),
                name="a_dream_is_held_exactly_while_it_runs",
            ),
            models.CheckConstraint(
                condition=Q(archived_at=None) | Q(ended_at__isnull=False),
                name="only_a_dream_that_has_ended_is_archived",
            ),
            models.CheckConstraint(
                condition=Q(waits_until=None, waits_for="")
                | (Q(status="running", waits_until__isnull=False) & ~Q(waits_for="")),
                name="a_dream_that_waits_runs_and_says_what_for",
            ),
            models.CheckConstraint(
                condition=Q(cap_usd=None) | Q(cap_usd__gt=0), name="a_dream_may_cost_something"
            ),
            models.UniqueConstraint(
                fields=("input_store_id",),
                condition=Q(
                    output_behavior="update_existing",
                    status__in=("pending", "running"),
                    gathers_for=None,
                ),
                name="one_dream_at_a_time_writes_into_a_store",
            ),
            models.UniqueConstraint(
                fields=("side",),
                condition=Q(side__isnull=False, gathers_for=None),
                name="a_side_of_a_comparison_dreams_once",
            ),
        )
        indexes = (
            models.Index(fields=("workspace", "-created_at", "-id"), name="dream_newest"),
            models.Index(
                fields=("workspace", "input_store_id", "-created_at", "-id"), name="dream_by_store"
            ),
            models.Index(
                fields=("lease_expires_at",),
                condition=Q(status__in=("pending", "running")),
                name="dream_unended",
            ),
        )

    def __str__(self) -> str:
        return str(self.id)

    def get_absolute_url(self) -> str:
        """The dream's page. Its workspace must be loaded."""
        return reverse("dreams:dream", args=(self.workspace.slug, self.pk))

    @property
    def has_ended(self) -> bool:
        return self.ended_at is not None

    @property
    def is_gathering(self) -> bool:
        """Whether it only reads, for another dream that looks for what recurs."""
        return self.gathers_for_id is not None

    @property
    def is_compared(self) -> bool:
        """Whether it is a side of a comparison, or reads for one."""
        return self.side_id is not None

    def keep(self, **changes: Any) -> bool:
        """Renew the lease and write down how far it is; False if it is not ours to go on with."""
        changes = {"lease_expires_at": lease_end(), **changes}
        return bool(self._held().update(**changes))

    def end(self, status: "Dream.Status", **changes: Any) -> bool:
        """Give up the lease, for good; False if it was not ours any more."""
        ended = ENDED | {"ended_at": timezone.now()} | changes
        return bool(self._held().update(status=status, **ended))

    def put_back(self, *, until: datetime, waits_for: WaitsFor) -> bool:
        """Let go of it until then; False if it has ended, or waits longer already."""
        mine = Dream.objects.filter(pk=self.pk, status=Dream.Status.RUNNING)
        shorter = Q(waits_until=None) | Q(waits_until__lt=until)
        return bool(
            mine.filter(shorter).update(
                waits_until=until,
                waits_for=waits_for,
                lease_holder="",
                lease_expires_at=until,
                attempts=0,
            )
        )

    def _held(self) -> DreamQuerySet:
        return Dream.objects.filter(
            pk=self.pk, status=Dream.Status.RUNNING, lease_holder=self.lease_holder
        )


class DreamInputQuerySet(models.QuerySet["DreamInput"]):
    def unread(self) -> Self:
        return self.filter(status=DreamInput.Status.WAITING)

    def claim(self, input_ids: Collection[int], holder: str) -> "list[DreamInput]":
        """Take these sessions for this holder, but for those that somebody has or that are read."""
        free = Q(lease_expires_at=None) | Q(lease_expires_at__lt=timezone.now())
        mine = self.unread().filter(pk__in=input_ids)
        mine.filter(free | Q(lease_holder=holder)).update(
            lease_holder=holder, lease_expires_at=lease_end(), attempts=F("attempts") + 1
        )
        return list(mine.filter(lease_holder=holder).order_by("pk"))


class DreamInput(models.Model):
    """One session of a dream, and whether it is read."""

    class Status(models.TextChoices):
        WAITING = "waiting", "Waits"
        READ = "read", "Read"
        REUSED = "reused", "Was read before"
        FAILED = "failed", "Could not be read"

    dream = models.ForeignKey(Dream, models.CASCADE, related_name="inputs", db_index=False)
    session_id = models.CharField(max_length=128)
    status = models.CharField(max_length=7, choices=Status, default=Status.WAITING)
    # The session's last event when it was read.
    last_sequence = models.PositiveIntegerField(default=0)
    observation_count = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=500, blank=True)
    # What was said to be seen in it and was not: how often, by reason.
    dropped = models.JSONField(default=dict, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_holder = models.CharField(max_length=64, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)

    objects = DreamInputQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("dream", "session_id"), name="a_dream_reads_a_session_once"
            ),
            models.CheckConstraint(
                condition=(Q(status="failed") & ~Q(reason=""))
                | (~Q(status="failed") & Q(reason="")),
                name="a_session_that_was_not_read_says_why",
            ),
        )
        indexes = (models.Index(fields=("session_id", "dream"), name="dream_input_by_session"),)

    def __str__(self) -> str:
        return self.session_id


def lease_end() -> Any:
    """Until when whoever gets on with a dream now need not say so again."""
    return timezone.now() + timedelta(seconds=settings.DREAM_LEASE_SECONDS)
