"""What people and keys changed. Never changed itself, never deleted."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models.keys import ApiKey
from apps.accounts.models.people import User
from apps.accounts.models.workspace import Workspace
from apps.core import payloads
from apps.core.ids import PrefixedIdField


class _Keys(models.Func):
    """The names in two objects."""

    template = "ARRAY(SELECT jsonb_object_keys(%(expressions)s) ORDER BY 1)"
    arg_joiner = " || "
    output_field = ArrayField(models.TextField())


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def visible_in(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def for_list(self) -> Self:
        return self.select_related("user")

    def for_page(self) -> Self:
        """Without the values, which may be long; `fields` names those that changed."""
        return self.defer("before", "after").annotate(fields=_Keys("before", "after"))

    def made_by(self, said: str, workspace: Workspace) -> Self:
        """Those of every person and key of this name, or of this id."""
        said = payloads.storable(said)
        people = User.objects.filter(Q(username__iexact=said) | Q(public_id=said))
        keys = ApiKey.objects.of(workspace).filter(Q(name__iexact=said) | Q(pk=said))
        return self.filter(
            Q(user__in=list(people.values_list("pk", flat=True)))
            | Q(api_key__in=list(keys.values_list("pk", flat=True)))
        )

    def narrow(
        self, *, actor_type: str = "", actor_id: str = "", action: str = "", object_id: str = ""
    ) -> Self:
        """Those that are all of this; what is empty asks for nothing."""
        found = self
        if actor_type:
            found = found.filter(actor_type=actor_type)
        if actor_id:
            found = found.filter(_made_by(payloads.storable(actor_id)))
        if action:
            found = found.filter(action=payloads.storable(action))
        if object_id:
            found = found.filter(object_id=payloads.storable(object_id))
        return found


def _made_by(actor_id: str) -> Q:
    """A person's id lies in another table; a key's is in the entry itself. Each has its index."""
    person = User.objects.filter(public_id=actor_id).values("pk")[:1]
    return Q(user_id=models.Subquery(person)) | Q(api_key_id=actor_id)


class AuditEntry(models.Model):
    """One change: who, what, before and after, in which request. Append-only by trigger."""

    class ActorType(models.TextChoices):
        """The vendor's names of who acts, and ours for what works by itself."""

        USER = "user_actor", "Person"
        API_KEY = "api_actor", "API key"
        SYSTEM = "system_actor", "System"

    id = PrefixedIdField(prefix="audit")
    workspace = models.ForeignKey(Workspace, models.PROTECT, related_name="audit_entries")
    actor_type = models.CharField(max_length=12, choices=ActorType)
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    api_key = models.ForeignKey(ApiKey, models.PROTECT, null=True, blank=True, related_name="+")
    # As it was then: a name can change.
    actor_name = models.CharField(max_length=150)
    action = models.CharField(max_length=64)  # `session.deleted`, `api_key.created`
    object_id = models.CharField(max_length=256)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(actor_type="user_actor", user__isnull=False, api_key=None)
                | Q(actor_type="api_actor", user=None, api_key__isnull=False)
                | Q(actor_type="system_actor", user=None, api_key=None),
                name="an_audit_entry_says_who",
            ),
        )
        indexes = (
            models.Index(fields=("workspace", "-created_at", "-id"), name="audit_newest"),
            models.Index(
                fields=("workspace", "object_id", "-created_at", "-id"), name="audit_by_object"
            ),
            models.Index(
                fields=("workspace", "action", "-created_at", "-id"), name="audit_by_action"
            ),
        )

    def __str__(self) -> str:
        return f"{self.actor_name} {self.action} {self.object_id}"
