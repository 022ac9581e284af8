"""Asking by time."""

from datetime import UTC, datetime
from typing import Annotated

from django.db.models import Q
from pydantic import AfterValidator, Field

from apps.core.api.shapes import Shape


def _in_utc(moment: datetime) -> datetime:
    """A time without a zone is UTC, as the server's own are."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("there is no such time in UTC") from None


Moment = Annotated[datetime, AfterValidator(_in_utc)]


class CreatedQuery(Shape):
    """Four bounds of a time; any of them may be left out."""

    created_after: Moment | None = Field(default=None, alias="created_at[gt]")
    created_since: Moment | None = Field(default=None, alias="created_at[gte]")
    created_before: Moment | None = Field(default=None, alias="created_at[lt]")
    created_until: Moment | None = Field(default=None, alias="created_at[lte]")

    def created(self, column: str = "created_at") -> Q:
        """The bounds as a condition on a column."""
        bounds = {
            "gt": self.created_after,
            "gte": self.created_since,
            "lt": self.created_before,
            "lte": self.created_until,
        }
        given = {f"{column}__{name}": at for name, at in bounds.items() if at is not None}
        return Q(**given)

    def excludes(self, moment: datetime) -> bool:
        """Whether nothing of that time can be among the answers."""
        return any(
            (
                self.created_after is not None and moment <= self.created_after,
                self.created_since is not None and moment < self.created_since,
                self.created_before is not None and moment >= self.created_before,
                self.created_until is not None and moment > self.created_until,
            )
        )
