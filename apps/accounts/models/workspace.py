"""The wall around everything."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils import timezone

from apps.core.ids import PrefixedIdField

if TYPE_CHECKING:
    from apps.accounts.models.people import User


class WorkspaceQuerySet(models.QuerySet["Workspace"]):
    def of(self, user: "User") -> Self:
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
