"""A point in a store's history as a request names it: a time, or a version."""

from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from apps.core import payloads
from apps.core.api.errors import InvalidRequest
from apps.core.api.times import Moment
from apps.memory import states
from apps.memory.models import MemoryStore, MemoryVersion

WHEN = "A time, or the id of a version: right after that write."
FOLDER = "A folder, ending in `/`. Omitted, the whole store."
Place = datetime | MemoryVersion | None
_TIME: TypeAdapter[datetime] = TypeAdapter(Moment)


def place(store: MemoryStore, text: str, field: str) -> Place:
    """What a time or the id of a version names; None is now. Raises InvalidRequest."""
    if not text:
        return None
    found = MemoryVersion.objects.of(store).filter(pk=payloads.storable(text)).first()
    if found is not None:
        return found
    try:
        return _TIME.validate_python(text)
    except ValidationError:
        raise InvalidRequest(
            f"{field}: this is neither a time, such as 2026-11-22T09:00:00Z, nor the id of a "
            "version of this store."
        ) from None


def moment(store: MemoryStore, found: Place) -> states.Moment:
    """The same as a point of its history."""
    if found is None:
        return store.version_count
    return found.sequence if isinstance(found, MemoryVersion) else found
