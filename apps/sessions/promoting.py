"""From an event's payload to the columns that lists filter, sort and sum by. Pure."""

from dataclasses import dataclass
from typing import Any

from apps.core import payloads
from apps.engine.pricing import Usage
from apps.sessions.fitting import fit_id
from apps.sessions.models.event import LONGEST_TEXT, Kind

MEMORY_MOUNT = "/mnt/memory/"
MEMORY_INPUTS = ("file_path", "path", "old_path", "new_path", "pattern", "command")
"""Where tools are told a path; `command` may be any shell command."""
MOST_TOKENS = 1_000_000_000
"""More than any request has; what says so is no count."""

_KINDS = {
    "user.message": Kind.USER,
    "user.interrupt": Kind.USER,
    "user.tool_confirmation": Kind.USER,
    "user.define_outcome": Kind.GRADE,
    "user.custom_tool_result": Kind.TOOL,
    "user.tool_result": Kind.TOOL,
    "system.message": Kind.STATUS,
    "agent.message": Kind.AGENT,
    "agent.thinking": Kind.AGENT,
    "agent.tool_use": Kind.TOOL,
    "agent.tool_result": Kind.TOOL,
    "agent.mcp_tool_use": Kind.TOOL,
    "agent.mcp_tool_result": Kind.TOOL,
    "agent.custom_tool_use": Kind.TOOL,
    "agent.thread_message_sent": Kind.THREAD,
    "agent.thread_message_received": Kind.THREAD,
    "session.thread_created": Kind.THREAD,
    "session.error": Kind.ERROR,
    "span.model_request_start": Kind.MODEL,
    "span.model_request_end": Kind.MODEL,
    "span.outcome_evaluation_start": Kind.GRADE,
    "span.outcome_evaluation_ongoing": Kind.GRADE,
    "span.outcome_evaluation_end": Kind.GRADE,
}
_CLOSES = (
    "tool_use_id",
    "mcp_tool_use_id",
    "custom_tool_use_id",
    "model_request_start_id",
    "outcome_evaluation_start_id",
    "phase_started_id",
)
_CLOSING = frozenset(_CLOSES)
_TOOL_USES = frozenset({"agent.tool_use", "agent.mcp_tool_use", "agent.custom_tool_use"})


@dataclass(frozen=True, slots=True)
class Promoted:
    """The columns. `closes_id` and `peer_id` are public ids, still to be looked up."""

    kind: int
    text: str = ""
    tool_name: str = ""
    model: str = ""
    is_error: bool = False
    closes_id: str = ""
    peer_id: str = ""
    usage: Usage | None = None


def promote(kind_of_event: str, payload: dict[str, Any]) -> Promoted:
    """Read what lists need. A payload of any shape is fine; what is not there stays empty."""
    return Promoted(
        kind=_kind(kind_of_event, payload),
        text=payloads.storable(_text(kind_of_event, payload)[:LONGEST_TEXT]),
        tool_name=_tool_name(kind_of_event, payload),
        model=payloads.storable(_string(payload.get("model")))[:128],
        is_error=kind_of_event == "session.error" or payload.get("is_error") is True,
        closes_id=closes_id(payload),
        peer_id=fit_id("sthr", _peer(kind_of_event, payload)),
        usage=_usage(payload),
    )


def closes_id(payload: dict[str, Any]) -> str:
    """The public id of the event that this one ends, or nothing."""
    if _CLOSING.isdisjoint(payload):
        return ""
    own = next((payload[key] for key in _CLOSES if _string(payload.get(key))), "")
    return fit_id("sevt", own)


def _kind(kind_of_event: str, payload: dict[str, Any]) -> int:
    if kind_of_event in _TOOL_USES and touches_memory(payload.get("input")):
        return Kind.MEMORY
    return _KINDS.get(kind_of_event, Kind.STATUS)


def touches_memory(tool_input: Any) -> bool:
    """Whether a tool's input names a path below a memory mount."""
    if not isinstance(tool_input, dict):
        return False
    named = (tool_input.get(key) for key in MEMORY_INPUTS)
    return any(MEMORY_MOUNT in value for value in named if isinstance(value, str))


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _tool_name(kind_of_event: str, payload: dict[str, Any]) -> str:
    if kind_of_event not in _TOOL_USES:
        return ""
    return payloads.storable(_string(payload.get("name")))[:128]


def _peer(kind_of_event: str, payload: dict[str, Any]) -> str:
    if _KINDS.get(kind_of_event, Kind.THREAD) != Kind.THREAD:
        return ""
    if kind_of_event == "session.thread_created":
        return _string(payload.get("session_thread_id"))
    return _string(payload.get("to_session_thread_id")) or _string(
        payload.get("from_session_thread_id")
    )


def _usage(payload: dict[str, Any]) -> Usage | None:
    usage = payload.get("model_usage") or payload.get("usage")
    if not isinstance(usage, dict) or payload.get("type") == "session.usage":
        return None
    names = (
        "input_tokens",
        "output_tokens",
        "cache_read_input_tokens",
        "cache_creation_input_tokens",
    )
    counts = (usage.get(name) for name in names)
    return Usage(*(n if isinstance(n, int) and 0 <= n < MOST_TOKENS else 0 for n in counts))


def _text(kind_of_event: str, payload: dict[str, Any]) -> str:
    if kind_of_event in _TOOL_USES:
        return _input_text(payload.get("input"))
    for part in ("content", "thinking", "explanation", "description", "deny_message", "text"):
        if text := plain(payload.get(part)):
            return text
    error = payload.get("error")
    if isinstance(error, dict):
        return _string(error.get("message"))
    return _string(payload.get("title"))


def plain(content: Any) -> str:
    """The text of a message's content: a string, or blocks of which the textual ones are joined."""
    if isinstance(content, str):
        return content
    if isinstance(content, dict):
        content = [content]
    if not isinstance(content, list):
        return ""
    return "\n".join(filter(None, map(_block_text, content)))


def _block_text(block: Any) -> str:
    if not isinstance(block, dict):
        return _string(block)
    if "text" in block:
        return _string(block["text"])
    if "content" in block:
        return plain(block["content"])
    kind = _string(block.get("type"))
    return f"[{kind}]" if kind else ""


def _input_text(tool_input: Any) -> str:
    """A tool's input as a reader skims it: its values, after their names when there are several."""
    if not isinstance(tool_input, dict):
        return _string(tool_input)
    if len(tool_input) == 1:
        return _value_text(next(iter(tool_input.values())))
    return "\n".join(f"{key}: {_value_text(value)}" for key, value in tool_input.items())


def _value_text(value: Any) -> str:
    return value if isinstance(value, str) else payloads.dump(value)
