"""Keys of the API."""

import secrets
from datetime import timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models.people import User, hashed
from apps.accounts.models.workspace import Workspace
from apps.accounts.rights import Right, of_scopes
from apps.core.ids import PrefixedIdField

PREFIX = "sk-agentsite-"
SHOWN = len(PREFIX) + 4
"""Characters of a key that are kept in the clear, to recognise it by."""
USE_IS_NOTED_EVERY = timedelta(minutes=1)


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def of(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def usable(self) -> Self:
        now = timezone.now()
        lasting = Q(expires_at=None) | Q(expires_at__gt=now)
        return self.filter(lasting, revoked_at=None)

    def presented(self, secret: str) -> "ApiKey | None":
        """The key that this secret is, with its workspace; None if it is none that can be used."""
        usable = self.usable().select_related("workspace")
        return usable.filter(secret_sha256=hashed(secret)).first()


class ApiKey(models.Model):
    """Lets a program in, within its scopes. Shown once; only its hash is kept."""

    id = PrefixedIdField(prefix="apikey")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100)
    secret_sha256 = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=24)
    scopes = ArrayField(models.CharField(max_length=8))
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(scopes__contained_by=[each.value for each in Right], scopes__len__gt=0),
                name="a_key_has_known_scopes",
            ),
        )
        indexes = (models.Index(fields=("workspace", "-created_at", "-id"), name="key_newest"),)

    def __str__(self) -> str:
        return self.name

    @property
    def rights(self) -> frozenset[Right]:
        return of_scopes(self.scopes)

    @staticmethod
    def new_secret() -> str:
        """A secret of 256 random bits: nobody guesses it, so a fast hash of it is enough."""
        return PREFIX + secrets.token_urlsafe(32)

    def note_use(self) -> None:
        """Write down that it was used, at most once a minute."""
        now = timezone.now()
        if self.last_used_at is None or self.last_used_at < now - USE_IS_NOTED_EVERY:
            type(self).objects.filter(pk=self.pk).update(last_used_at=now)
