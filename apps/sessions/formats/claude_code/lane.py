"""One agent's lines, in order, become the events of one thread."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from apps.sessions.formats.claude_code.faults import retried, told
from apps.sessions.formats.claude_code.line import END_TURN, Line, request_id
from apps.sessions.formats.claude_code.turns import Turns
from apps.sessions.formats.claude_code.wording import Wording, sort
from apps.sessions.formats.content import blocks_of, plain, text_block
from apps.sessions.formats.shapes import (
    Json,
    event_id,
    object_of,
    text_of,
)
from apps.sessions.records import EventRecord

_EXHAUSTED = {"type": "retries_exhausted"}
_NOT_A_MODEL = "<synthetic>"
_TOOL_USES = ("tool_use", "server_tool_use", "mcp_tool_use")
_TOTALS = {
    "agentId": "agent_id",
    "status": "status",
    "totalTokens": "total_tokens",
    "totalDurationMs": "total_duration_ms",
    "totalToolUseCount": "total_tool_use_count",
}


@dataclass
class Lane(Turns):
    """A thread while its lines pass."""

    _boundary: Line | None = None
    _mcp: set[str] = field(default_factory=set)

    # What comes in

    def assistant(self, line: Line) -> Iterator[EventRecord]:
        """An answer of the model, or a part of one."""
        yield from self._arrive(line)
        if line.value.get("isApiErrorMessage") is True:
            yield from self._fail(line)
        elif text_of(line.message, "model") == _NOT_A_MODEL:
            yield from self._notes(line, line.blocks)
        else:
            yield from self._answer(line)

    def user(self, line: Line) -> Iterator[EventRecord]:
        """Whatever the model was given: tools' results, a person's words, the program's."""
        yield from self._arrive(line)
        if line.value.get("isCompactSummary") is True:
            yield from self._compact(line, plain(line.blocks))
            return
        spoken: list[tuple[int, Json]] = []
        for index, block in enumerate(line.blocks):
            if text_of(block, "type") == "tool_result":
                yield from self.hold(self._result(line, index, block))
            else:
                spoken.append((index, block))
        yield from self.speak(line, spoken)

    def speak(self, line: Line, spoken: list[tuple[int, Json]]) -> Iterator[EventRecord]:
        """Say each block as whoever said it; a person's blocks are one message."""
        prompt: list[Json] = []
        first = 0
        for index, block in spoken:
            said = blocks_of([block])
            match sort(plain(said), line.value):
                case Wording.PROMPT:
                    first = first if prompt else index
                    prompt += said
                case Wording.NOTE:
                    yield from self._notes(line, said, index)
                case Wording.INTERRUPT:
                    yield from self._interrupt(line, index, said)
        if prompt:
            yield from self._prompt(line, first, prompt)

    def note(self, line: Line, text: str) -> Iterator[EventRecord]:
        """Something that the program says."""
        yield from self._arrive(line)
        yield from self._notes(line, [text_block(text)])

    def retry(self, line: Line) -> Iterator[EventRecord]:
        """A request that failed, and may be tried again."""
        yield from self._arrive(line)
        yield self._event("session.error", (line.uuid,), line, {"error": retried(line.value)})

    def compact(self, line: Line) -> Iterator[EventRecord]:
        """The context was compacted; the summary stands in the next line."""
        yield from self._arrive(line)
        yield from self._move_on()
        self._boundary = line

    def end_turn(self, line: Line) -> Iterator[EventRecord]:
        """The transcript says that the turn is over."""
        yield from self._arrive(line)
        yield from self._end_turn()

    def _end_turn(self, reason: Json | None = None) -> Iterator[EventRecord]:
        yield from super()._end_turn(reason)
        yield from self._boundary_alone()

    # What the model says

    def _answer(self, line: Line) -> Iterator[EventRecord]:
        yield from self._boundary_alone()
        if self._request and self._request.id != request_id(line):
            yield from self._move_on()
        yield from self._catch_up()
        yield from self._begin(line)
        for index, block in enumerate(line.blocks):
            yield from self._block(line, index, block)
        if self._request:
            self._request.add(line)
        self._last = line
        self._input_at = None

    def _block(self, line: Line, index: int, block: Json) -> Iterator[EventRecord]:
        kind = text_of(block, "type")
        source = (line.uuid, str(index))
        if kind in ("thinking", "redacted_thinking"):
            thought = text_of(block, "thinking")
            body: Json = {"thinking": thought} if thought else {}
            yield self._event("agent.thinking", source, line, body)
        elif kind in _TOOL_USES:
            yield self._use(line, block)
        elif text_of(block, "tool_use_id"):
            yield self._result(line, index, block)
        else:
            yield from self._message(source, line, block)

    def _message(self, source: tuple[str, ...], line: Line, block: Json) -> Iterator[EventRecord]:
        content = blocks_of([block])
        if text := plain(content).strip():
            self._said = text
            yield self._event("agent.message", source, line, {"content": content})

    def _use(self, line: Line, block: Json) -> EventRecord:
        name = text_of(block, "name")
        body: Json = {"name": name, "input": _input(block.get("input"))}
        kind = "agent.tool_use"
        server, _, tool = name.removeprefix("mcp__").partition("__")
        if name.startswith("mcp__") and tool:
            kind = "agent.mcp_tool_use"
            body |= {"name": tool, "mcp_server_name": server}
            self._mcp.add(text_of(block, "id"))
        return self._event(kind, ("use", text_of(block, "id") or line.uuid), line, body)

    def _result(self, line: Line, index: int, block: Json) -> EventRecord:
        used = text_of(block, "tool_use_id")
        kind, key = "agent.tool_result", "tool_use_id"
        if used in self._mcp:
            self._mcp.discard(used)
            kind, key = "agent.mcp_tool_result", "mcp_tool_use_id"
        content = blocks_of(block.get("content"))
        body: Json = {
            key: event_id(self.session, "use", used),
            "content": content,
            "is_error": block.get("is_error") is True
            or plain(content).startswith("<tool_use_error>"),
        }
        if totals := _totals(object_of(line.value, "toolUseResult")):
            body["delegation"] = totals
        self._input_at, self._last = line.at, line
        return self._event(kind, (line.uuid, str(index)), line, body)

    # What the model is told

    def _prompt(self, line: Line, index: int, content: list[Json]) -> Iterator[EventRecord]:
        yield from self._boundary_alone()
        yield from self._move_on()
        if self._rests:
            yield from self._end_turn()
        kind = "user.message"
        body: Json = {"content": content}
        if self.thread:
            kind = "agent.thread_message_received"
            body["from_session_thread_id"] = self.primary
        yield self._event(kind, (line.uuid, str(index)), line, body)
        self._input_at, self._last = line.at, line

    def _notes(self, line: Line, blocks: list[Json], index: int = 0) -> Iterator[EventRecord]:
        yield from self._move_on()
        content = blocks_of(blocks)
        if plain(content).strip():
            body = {"content": content}
            yield self._event("system.message", (line.uuid, str(index)), line, body)
        self._input_at, self._last = line.at, line

    def _interrupt(self, line: Line, index: int, said: list[Json]) -> Iterator[EventRecord]:
        yield from self._move_on()
        body = {"content": said}
        yield self._event("user.interrupt", (line.uuid, str(index)), line, body)
        self._input_at, self._last = line.at, line
        yield from self._end_turn(END_TURN)

    def _fail(self, line: Line) -> Iterator[EventRecord]:
        """The program gave up on a request."""
        yield from self._move_on()
        error = told(line.value, plain(line.blocks))
        yield self._event("session.error", (line.uuid,), line, {"error": error})
        self._last = line
        yield from self._end_turn(_EXHAUSTED)

    def _compact(self, line: Line, summary: str) -> Iterator[EventRecord]:
        yield from self._move_on()
        at = self._boundary or line
        self._boundary = None
        yield self._compacted(at, {"content": [text_block(summary)]})
        self._input_at, self._last = line.at, line

    def _boundary_alone(self) -> Iterator[EventRecord]:
        """A compaction that no summary followed."""
        line, self._boundary = self._boundary, None
        if line:
            yield self._compacted(line, {})

    def _compacted(self, line: Line, body: Json) -> EventRecord:
        for key in ("compactMetadata", "microcompactMetadata"):
            if about := object_of(line.value, key):
                body = {**body, "compact_metadata": about}
        return self._event("agent.thread_context_compacted", (line.uuid,), line, body)


def _input(given: Any) -> Json:
    return given if isinstance(given, dict) else {} if given is None else {"input": given}


def _totals(result: Json) -> Json:
    """What a sub-agent's run took, as its caller was told; its own thread counts the tokens."""
    if not text_of(result, "agentId"):
        return {}
    return {ours: result[theirs] for theirs, ours in _TOTALS.items() if theirs in result}
