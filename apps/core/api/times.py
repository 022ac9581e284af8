"""Times as the contract writes them, and asking a list for a span of them: `created_at[gte]=…`."""

from datetime import UTC, datetime
from typing import Annotated, overload

from django.db.models import Q
from pydantic import AfterValidator, Field

from apps.core.api.shapes import Shape


@overload
def stamp(moment: datetime) -> str: ...
@overload
def stamp(moment: None) -> None: ...
@overload
def stamp(moment: datetime | None) -> str | None: ...
def stamp(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC, with a Z; None stays None."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None


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

    created_after: Moment | None = Field(
        default=None, alias="created_at[gt]", description="Created later than this."
    )
    created_since: Moment | None = Field(
        default=None, alias="created_at[gte]", description="Created at this time or later."
    )
    created_before: Moment | None = Field(
        default=None, alias="created_at[lt]", description="Created earlier than this."
    )
    created_until: Moment | None = Field(
        default=None, alias="created_at[lte]", description="Created at this time or earlier."
    )

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
