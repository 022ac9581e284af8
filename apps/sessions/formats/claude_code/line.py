"""A line of a transcript, and the model request that several of them may belong to."""

from dataclasses import dataclass
from datetime import datetime

from apps.sessions.formats.content import text_block
from apps.sessions.formats.shapes import Json, object_of, text_of

END_TURN: Json = {"type": "end_turn"}
ENDS: dict[str, Json] = {
    "end_turn": END_TURN,
    "stop_sequence": END_TURN,
    "refusal": {"type": "refusal"},
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the transcript, and what every use of it asks for."""

    value: Json
    uuid: str
    at: datetime | None
    is_copied: bool = False

    @property
    def message(self) -> Json:
        return object_of(self.value, "message")

    @property
    def blocks(self) -> list[Json]:
        """The message's content; a text is one block, and what is no object is none."""
        content = self.message.get("content")
        if isinstance(content, str):
            return [text_block(content)] if content else []
        parts = content if isinstance(content, list) else []
        return [part if isinstance(part, dict) else text_block(str(part)) for part in parts]


@dataclass(slots=True)
class Request:
    """The model request whose answer is coming in, over one or several lines."""

    id: str
    line: Line
    """The last of them so far: its usage and stop reason are the ones that count."""
    has_tools: bool = False
    last_block: str = ""

    def add(self, line: Line) -> None:
        self.line = line
        for block in line.blocks:
            self.last_block = text_of(block, "type")
            self.has_tools = self.has_tools or self.last_block == "tool_use"

    @property
    def ending(self) -> Json | None:
        """How the turn ended, if this answer ended it."""
        stop_reason = text_of(self.line.message, "stop_reason")
        return None if self.has_tools else ENDS.get(stop_reason)


def request_id(line: Line) -> str:
    """The id that all lines of one answer share."""
    return text_of(line.message, "id") or text_of(line.value, "requestId") or line.uuid
