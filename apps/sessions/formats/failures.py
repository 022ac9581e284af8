"""Whether a tool's answer reports an error, where the source does not say so."""

import re
from typing import Any

from apps.sessions.formats.documents import Unreadable, parse
from apps.sessions.formats.shapes import Json

_BEGINS_AS_ERROR = re.compile(
    r"""\s*(?:
        traceback\ \(most\ recent\ call\ last\)
      | <(?:tool_use_)?error>
      | [\w.]{0,80}(?:error|exception)\s*:(?!\s*(?:none|null|false|no|0|n/a)?\s*$)
      | error\s+(?:executing|calling|running|invoking|while|in|from|reading|parsing|during|code)\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_ERROR_STATES = frozenset({"error", "failed", "failure"})
_LARGEST_LOOKED_INTO = 1_000_000


def reports_failure(answer: str) -> bool:
    """Only what says so at its very beginning, or as an object of its own; a mention is none."""
    if _BEGINS_AS_ERROR.match(answer):
        return True
    if not answer.lstrip().startswith("{") or len(answer) > _LARGEST_LOOKED_INTO:
        return False
    try:
        value = parse(answer.encode("utf-8", "surrogatepass"))
    except Unreadable:
        return False
    return isinstance(value, dict) and is_marked(value)


def is_marked(value: Json) -> bool:
    """Whether an object carries a sign of failure: a true `error`, or a status that says so."""
    if value.get("is_error") is True or value.get("isError") is True:
        return True
    return _is_something(value.get("error")) or value.get("status") in _ERROR_STATES


def _is_something(error: Any) -> bool:
    if isinstance(error, str):
        return error.strip().lower() not in ("", "none", "null", "false")
    return bool(error)
