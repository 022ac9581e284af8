"""Which format a file is in, from its first bytes."""

import io
import re
from typing import Any

from apps.core.errors import DomainError
from apps.sessions.formats import chat, claude_code, native
from apps.sessions.formats.claude_code.transcript import BOOKKEEPING, TITLES
from apps.sessions.formats.documents import Value, read_values
from apps.sessions.formats.shapes import Json, list_of, shorten, text_of

HEAD = 256 * 1024
"""How many bytes `detect` wants to see."""

_BOM = b"\xef\xbb\xbf"
_CLAUDE_CODE_TYPES = {"user", "assistant", "system", "attachment", *TITLES, *BOOKKEEPING}
_CLAUDE_CODE_KEYS = ("sessionId", "uuid", "parentUuid", "leafUuid", "messageId")
_SIGNS = (
    (claude_code.SOURCE, re.compile(rb'(?<!\\)"(?:sessionId|parentUuid|leafUuid)"\s*:')),
    (
        native.SOURCE,
        re.compile(
            rb'(?<!\\)"type"\s*:\s*"(?:session|session_thread'
            rb'|(?:user|agent|session|span|system|workflow_run)\.[a-z_.]+)"'
        ),
    ),
    (
        chat.SOURCE,
        re.compile(
            rb'(?<!\\)"(?:role"\s*:\s*"(?:system|user|assistant|tool)"'
            rb'|(?:messages|traj|trajectory|conversation)"\s*:\s*\[)'
        ),
    ),
)
"""For a first value that is longer than the head. A quoted transcript has its quotes escaped."""


class UnknownFormat(DomainError):
    """This file is in none of the formats that can be imported."""


def detect(head: bytes, name: str) -> str:
    """Name the format of a file that begins so. Raises UnknownFormat, saying what was seen."""
    text = head.removeprefix(_BOM).lstrip()
    if not text:
        raise UnknownFormat(f"{name} is empty.")
    for found in read_values(io.BytesIO(text)):
        format_ = _format_of(found.value) if isinstance(found, Value) else ""
        if format_:
            return format_
    for format_, sign in _SIGNS:
        if sign.search(text):
            return format_
    begins = shorten(text[:200].decode("utf-8", "replace").replace("\x00", "·"), 60)
    raise UnknownFormat(
        f"{name} is in no format that can be imported; it begins with: {begins} — Accepted are"
        " sessions and events as this console exports them (native), Claude Code transcripts"
        " (claude-code), and lists of role messages (chat)."
    )


def _format_of(value: Any) -> str:
    if isinstance(value, list):
        return (
            chat.SOURCE if any(isinstance(each, dict) and "role" in each for each in value) else ""
        )
    return _format_of_object(value) if isinstance(value, dict) else ""


def _format_of_object(value: Json) -> str:
    kind = text_of(value, "type")
    if kind in _CLAUDE_CODE_TYPES and any(key in value for key in _CLAUDE_CODE_KEYS):
        return claude_code.SOURCE
    if kind in ("session", "session_thread") or "." in kind:
        return native.SOURCE
    if "role" in value or any(isinstance(value.get(key), list) for key in chat.MESSAGE_KEYS):
        return chat.SOURCE
    page = list_of(value, "data")
    return _format_of(page[0]) if page and not kind else ""
