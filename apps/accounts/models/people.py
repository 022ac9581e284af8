"""People, their places in workspaces, and the links that let them in."""

import hashlib
import secrets
from datetime import timedelta
from functools import partial
from typing import Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models.workspace import Workspace
from apps.accounts.rights import Role
from apps.core.ids import PrefixedIdField, new_id

LINK_LIFETIME = timedelta(hours=1)
INVITE_LIFETIME = timedelta(days=7)


class User(AbstractUser):
    """A person who signs in to the console."""

    # What the wire and the audit log call this person.
    public_id = models.CharField(
        max_length=64, unique=True, editable=False, default=partial(new_id, "user")
    )


class MemberQuerySet(models.QuerySet["Member"]):
    def of(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def admins(self) -> Self:
        """Those who can sign in and act as such."""
        return self.filter(role=Role.ADMIN, user__is_active=True)

    def for_list(self) -> Self:
        return self.select_related("user")


class Member(models.Model):
    """A person's place in a workspace. At least one in each is an admin."""

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="members")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role, default=Role.OPERATOR)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = MemberQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "user"), name="a_person_is_a_member_of_a_workspace_once"
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="a_member_has_a_known_role"
            ),
        )
        indexes = (models.Index(fields=("workspace", "-created_at", "-id"), name="member_newest"),)

    def __str__(self) -> str:
        return f"{self.user_id} in {self.workspace_id}"


def hashed(token: str) -> str:
    """What is kept of a secret that is long enough to be guessed by nobody: its SHA-256."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class SignInLinkQuerySet(models.QuerySet["SignInLink"]):
    def open(self) -> Self:
        return self.filter(used_at=None, expires_at__gt=timezone.now())

    def use(self, token: str) -> User | None:
        """Spend the link and return whom it signs in; None if it is spent, expired or unknown."""
        spent = self.open().filter(token_sha256=hashed(token)).update(used_at=timezone.now())
        return self.select_related("user").get(token_sha256=hashed(token)).user if spent else None


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
            user=user, token_sha256=hashed(token), expires_at=timezone.now() + LINK_LIFETIME
        )
        return token


class InviteQuerySet(models.QuerySet["Invite"]):
    def of(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def open(self) -> Self:
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=timezone.now())

    def presented(self, token: str) -> "Invite | None":
        """The open invite that this link is, with its workspace and who made it."""
        whole = self.open().select_related("workspace", "created_by")
        return whole.filter(token_sha256=hashed(token)).first()

    def for_list(self) -> Self:
        return self.select_related("created_by")


class Invite(models.Model):
    """Lets whoever holds its link into a workspace, once, within a week. Only its hash is kept."""

    id = PrefixedIdField(prefix="invite")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="invites")
    role = models.CharField(max_length=8, choices=Role)
    # For the inviting admin: whom it is meant for. It binds nobody.
    note = models.CharField(max_length=200, blank=True)
    token_sha256 = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InviteQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(used_at=None, used_by=None)
                | Q(used_at__isnull=False, used_by__isnull=False),
                name="an_invite_that_was_used_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="an_invite_offers_a_known_role"
            ),
        )
        indexes = (models.Index(fields=("workspace", "-created_at", "-id"), name="invite_newest"),)

    def __str__(self) -> str:
        return str(self.id)

    @classmethod
    def issue(cls, workspace: Workspace, *, role: str, note: str, by: User) -> "tuple[Invite, str]":
        """Make an invite; returns it and the token of its link, which is not kept."""
        token = secrets.token_urlsafe(24)
        made = cls.objects.create(
            workspace=workspace,
            role=role,
            note=note,
            token_sha256=hashed(token),
            created_by=by,
            expires_at=timezone.now() + INVITE_LIFETIME,
        )
        return made, token
