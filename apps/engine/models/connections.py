"""The key that a workspace asks models with, and what it may spend."""

from datetime import timedelta
from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import Workspace
from apps.core import sealing
from apps.core.ids import PrefixedIdField

VENDOR = "https://api.anthropic.com"
CHECK_LASTS = timedelta(minutes=2)
"""A test of a key that has no answer by then has been lost."""


class ModelConnectionQuerySet(models.QuerySet["ModelConnection"]):
    def visible_in(self, workspace: Workspace) -> Self:
        return self.filter(workspace=workspace)

    def with_own_key(self) -> Self:
        return self.exclude(sealed_key="")


class ModelConnection(models.Model):
    """How a workspace asks models: by which key and address, which ones, and up to what cost.

    Without a key of its own it asks with the installation's, at the installation's address.
    """

    id = PrefixedIdField(prefix="mconn")
    workspace = models.OneToOneField(Workspace, models.CASCADE, related_name="model_connection")
    # Both or neither: a key is sent to the address that it was given for.
    sealed_key = models.TextField(blank=True)
    base_url = models.CharField(max_length=500, blank=True)
    key_hint = models.CharField(max_length=16, blank=True)
    # What is asked unless a job says otherwise; empty: the installation's choice.
    dream_model = models.CharField(max_length=128, blank=True)
    grading_model = models.CharField(max_length=128, blank=True)
    # US dollars; None: no limit.
    daily_cap = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    monthly_cap = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now)

    # The last test of the key, whichever it was; an empty error means that it works.
    check_asked_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    check_error = models.TextField(blank=True)

    objects = ModelConnectionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(sealed_key="", base_url="") | (~Q(sealed_key="") & ~Q(base_url="")),
                name="a_model_key_stands_beside_its_address",
            ),
            models.CheckConstraint(
                condition=(Q(daily_cap=None) | Q(daily_cap__gte=Decimal(0)))
                & (Q(monthly_cap=None) | Q(monthly_cap__gte=Decimal(0))),
                name="a_cap_on_models_is_no_debt",
            ),
        )

    def __str__(self) -> str:
        return f"models of {self.workspace_id}"

    @property
    def has_own_key(self) -> bool:
        return bool(self.sealed_key)

    @property
    def key(self) -> str:
        """The key in the clear, to ask with. Raises sealing.CannotBeOpened."""
        return sealing.open_sealed(self.sealed_key)

    @property
    def is_being_checked(self) -> bool:
        asked, answered = self.check_asked_at, self.checked_at
        if asked is None or asked < timezone.now() - CHECK_LASTS:
            return False
        return answered is None or answered < asked
