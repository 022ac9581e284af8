"""Keys of the API."""

import secrets
from datetime import timedelta
from functools import cache
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models.people import User, hashed
from apps.accounts.models.workspace import Workspace
from apps.accounts.rights import Right, of_scopes
from apps.core.ids import PrefixedIdField
from apps.core.statements import prepared

PREFIX = "sk-agentsite-"
SHOWN = len(PREFIX) + 4
"""Characters of a key that are kept in the clear, to recognise it by."""
USE_IS_NOTED_EVERY = timedelta(minutes=1)


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def of(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def for_list(self) -> Self:
        return self.select_related("created_by")


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
    def state(self) -> str:
        """`active`, `expired` or `revoked`."""
        if self.revoked_at is not None:
            return "revoked"
        expired = self.expires_at is not None and self.expires_at <= timezone.now()
        return "expired" if expired else "active"

    @property
    def rights(self) -> frozenset[Right]:
        return of_scopes(self.scopes)

    @classmethod
    def presented(cls, secret: str) -> "ApiKey | None":
        """The key that this secret is, with its workspace; None if it is none that can be used.

        Every request asks this: to compose and plan the statement anew takes ten times what it
        takes to run it.
        """
        with prepared() as cursor:
            cursor.execute(_presented(), {"hash": hashed(secret), "now": timezone.now()})
            row = cursor.fetchone()
        if row is None:
            return None
        names, names_of_workspace = _names(cls), _names(Workspace)
        key = cls.from_db(connection.alias, names, row[: len(names)])
        key.workspace = Workspace.from_db(connection.alias, names_of_workspace, row[len(names) :])
        return key

    @staticmethod
    def new_secret() -> str:
        """A secret of 256 random bits: nobody guesses it, so a fast hash of it is enough."""
        return PREFIX + secrets.token_urlsafe(32)

    def note_use(self) -> None:
        """Write down that it was used, at most once a minute."""
        now = timezone.now()
        if self.last_used_at is None or self.last_used_at < now - USE_IS_NOTED_EVERY:
            type(self).objects.filter(pk=self.pk).update(last_used_at=now)


def _names(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]  # noqa: SLF001 -- Django's own


@cache
def _presented() -> str:
    columns = [f"k.{name}" for name in _names(ApiKey)] + [f"w.{name}" for name in _names(Workspace)]
    return f"""
        SELECT {", ".join(columns)}
        FROM accounts_apikey k JOIN accounts_workspace w ON w.id = k.workspace_id
        WHERE k.secret_sha256 = %(hash)s AND k.revoked_at IS NULL
          AND (k.expires_at IS NULL OR k.expires_at > %(now)s)
    """  # noqa: S608 -- the columns are the models' own
