"""What a file's name says: whose session it is, or which sub-agent's transcript."""

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Self

from apps.sessions.formats.shapes import Json, object_of, text_of

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_SUFFIXES = (".gz", ".jsonl", ".ndjson", ".json")


@dataclass(slots=True)
class Place:
    """Where a line belongs."""

    own: str = ""
    """The session that the file is named for."""
    agent: str = ""
    """The sub-agent that the file is named for."""
    _last: str = ""
    _own_seen: bool = False

    @classmethod
    def named(cls, name: str) -> Self:
        """Read `<session>.jsonl`, `agent-<id>.jsonl` and `<session>/subagents/agent-<id>.jsonl`."""
        path = PurePath(name)
        stem = path.name
        for suffix in _SUFFIXES:
            stem = stem.removesuffix(suffix)
        if stem.startswith("agent-"):
            folder = next(filter(_UUID.fullmatch, reversed(path.parts[:-1])), "")
            return cls(own=folder, agent=stem.removeprefix("agent-"))
        if _UUID.fullmatch(stem):
            return cls(own=stem)
        return cls(_last=stem)

    def session_of(self, line: Json) -> str:
        """The file's session; in a file with any other name, the one that the line names."""
        if self.own:
            return self.own
        self._last = text_of(line, "sessionId") or self._last
        if self.agent:
            self.own = text_of(line, "sessionId")
        return self._last

    def is_copied(self, line: Json) -> bool:
        """Whether it is history that another session had already, and that was copied here."""
        if text_of(object_of(line, "forkedFrom"), "sessionId"):
            return True
        named = text_of(line, "sessionId")
        self._own_seen = self._own_seen or named == self.own
        return bool(named and self.own) and not (self._own_seen or self.agent)
