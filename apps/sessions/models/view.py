"""A set of filters that somebody wants back."""

from typing import Self

from django.db import models
from django.utils import timezone

from apps.accounts.models import User, Workspace
from apps.core.ids import PrefixedIdField


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def of(self, user: User, workspace: Workspace) -> Self:
        return self.filter(user=user, workspace=workspace).order_by("name", "pk")


class SavedView(models.Model):
    """A person's name for a query string of the session list."""

    id = PrefixedIdField(prefix="view")
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="saved_views")
    user = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=2000, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("workspace", "user", "name"), name="a_person_names_a_view_once"
            ),
        )

    def __str__(self) -> str:
        return self.name
