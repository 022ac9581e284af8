"""People, workspaces, memberships and one-time sign-in links."""

import hashlib
import secrets
from datetime import timedelta
from typing import Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone

from apps.core.ids import PrefixedIdField

LINK_LIFETIME = timedelta(hours=1)


class User(AbstractUser):
    """A person who signs in to the console."""


class WorkspaceQuerySet(models.QuerySet["Workspace"]):
    def of(self, user: User) -> Self:
        """The workspaces this person is a member of, by name."""
        return self.filter(members__user=user).order_by("name", "pk")


class Workspace(models.Model):
    """A wall: nothing is visible across two of them."""

    id = PrefixedIdField(prefix="wrkspc")
    slug = models.SlugField(max_length=50, unique=True)
    name = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = WorkspaceQuerySet.as_manager()

    def __str__(self) -> str:
        return self.slug


class Member(models.Model):
    """A person's place in a workspace."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="members")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "user"), name="a_person_is_a_member_of_a_workspace_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} in {self.workspace_id}"


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class SignInLinkQuerySet(models.QuerySet["SignInLink"]):
    def open(self) -> Self:
        return self.filter(used_at=None, expires_at__gt=timezone.now())

    def use(self, token: str) -> User | None:
        """Spend the link and return whom it signs in; None if it is spent, expired or unknown."""
        spent = self.open().filter(token_sha256=_hashed(token)).update(used_at=timezone.now())
        return self.select_related("user").get(token_sha256=_hashed(token)).user if spent else None


class SignInLink(models.Model):
    """Signs one person in, once, within an hour. Only its hash is kept."""

    id = PrefixedIdField(prefix="link")
    user = models.ForeignKey(User, models.CASCADE, related_name="sign_in_links")
    token_sha256 = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    objects = SignInLinkQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.id)

    @classmethod
    def issue(cls, user: User) -> str:
        """Make a link for this person and return its token, which is not kept."""
        token = secrets.token_urlsafe(24)
        cls.objects.create(
            user=user, token_sha256=_hashed(token), expires_at=timezone.now() + LINK_LIFETIME
        )
        return token
