"""When things happen: days counted back from an anchor, so that only times depend on today."""

from datetime import UTC, datetime, timedelta


def midnight(now: datetime) -> datetime:
    """The beginning of this day, in UTC: nothing in the demo is later."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def workday(anchor: datetime, age: int) -> datetime:
    """The `age`-th weekday before the anchor."""
    day = anchor
    for _ in range(age):
        day -= timedelta(days=1)
        while day.weekday() >= 5:
            day -= timedelta(days=1)
    return day


def night(anchor: datetime, age: int) -> datetime:
    """The `age`-th day before the anchor, weekends too: machines do not rest."""
    return anchor - timedelta(days=age)


def stamp(at: datetime) -> str:
    """An instant as the wire writes it."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
