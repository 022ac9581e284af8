"""Reading JSON of any shape without surprise, and writing events in the contract's shape."""

from datetime import UTC, datetime
from typing import Any

from apps.core.api.times import stamp
from apps.core.ids import derived_id
from apps.sessions.records import EventRecord

Json = dict[str, Any]

TITLE_LENGTH = 80
_USAGE = (
    "input_tokens",
    "output_tokens",
    "cache_read_input_tokens",
    "cache_creation_input_tokens",
)


def text_of(value: Json, key: str) -> str:
    """The text under this key, or none."""
    found = value.get(key)
    return found if isinstance(found, str) else ""


def object_of(value: Json, key: str) -> Json:
    """The object under this key, or an empty one."""
    found = value.get(key)
    return found if isinstance(found, dict) else {}


def list_of(value: Json, key: str) -> list[Any]:
    """The list under this key, or an empty one."""
    found = value.get(key)
    return found if isinstance(found, list) else []


def count_of(value: Json, key: str) -> int:
    """The whole, positive number under this key, or 0."""
    found = value.get(key)
    return found if isinstance(found, int) and not isinstance(found, bool) and found > 0 else 0


def moment(value: object) -> datetime | None:
    """Read an instant: ISO 8601, or seconds or milliseconds since 1970. UTC unless it says."""
    try:
        if isinstance(value, str):
            instant = datetime.fromisoformat(value.strip())
            instant = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
            return instant.astimezone(UTC)
        if isinstance(value, (int, float)) and value > 0:
            return datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None


def shorten(text: str, length: int = TITLE_LENGTH) -> str:
    """One line of it, no longer than this."""
    line = " ".join(text[: length * 20].split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def model_usage(usage: Json) -> Json:
    """A request's tokens as the contract names them; what prices depend on beside is kept."""
    counted: Json = {name: count_of(usage, name) for name in _USAGE}
    if usage.get("speed") in ("standard", "fast"):
        counted["speed"] = usage["speed"]
    for name in ("cache_creation", "server_tool_use"):
        if isinstance(usage.get(name), dict):
            counted[name] = usage[name]
    return counted


def event_id(session: str, *source: str) -> str:
    """The id of the event that this session's source describes there, always the same."""
    return derived_id("sevt", session, *source)


def make_event(
    session: str, kind: str, public_id: str, at: datetime | None, body: Json, *, thread: str = ""
) -> EventRecord:
    """An event in the contract's shape; its instant is both when it happened and was processed."""
    payload = {"id": public_id, "type": kind, "processed_at": stamp(at), **body}
    return EventRecord(session, kind, public_id, payload, at, thread)
