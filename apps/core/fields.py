"""Columns that Django does not have."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from apps.core import payloads


class VerbatimJSONField(models.Field):  # type: ignore[type-arg]
    """JSON kept as the text it came as: order, spelling, NUL and all (`json`, not `jsonb`).

    It is not for filtering: what a list filters by is a column of its own.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "json"

    def get_prep_value(self, value: Any) -> str | None:
        return None if value is None else payloads.dump(value)
