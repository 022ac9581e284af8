"""What was said: each message, thought, call and answer once, however often it is repeated."""

from dataclasses import dataclass

from apps.otlp.mapping.messages import USER, Call, Message, Part, Result, Text, Thought
from apps.otlp.placing import PRIMARY
from apps.otlp.remembering import fingerprint, of_call
from apps.otlp.telling.recorder import MOMENT, Point, Recorder, primary_thread
from apps.sessions.formats.content import text_block
from apps.sessions.formats.failures import reports_failure
from apps.sessions.formats.shapes import Json, shorten


@dataclass(slots=True)
class Conversation(Recorder):
    """The messages of lanes, against what the lanes remember."""

    def _hear(self, point: Point, messages: list[Message], *, task: bool = False) -> None:
        """Add what is new of a conversation that is told from its beginning.

        `task`: it may be the last message alone. Then that is new although it was heard in an
        earlier run, unless a request of this run has told it.
        """
        memory = self._memory(point.lane)
        here: dict[str, int] = {}
        for number, message in enumerate(messages):
            is_task = task and number == len(messages) - 1 and message.role == USER
            for index, part in enumerate(_joined(message)):
                known_by = _known_by(message, part)
                here[known_by] = here.get(known_by, 0) + 1
                again = is_task and not memory.has_heard_since(known_by, point.since)
                if here[known_by] > memory.count(known_by) or again:
                    self._take(point, message, part, f"in {number} {index}")

    def _take(self, point: Point, message: Message, part: Part, source: str) -> None:
        """Add a part of a conversation that was not heard as often before."""
        memory = self._memory(point.lane)
        if isinstance(part, Result):
            self._answered(point, part, source)
        elif isinstance(part, Call):
            if not (part.id and memory.knows(part)):
                self._ask(point, part, source)
        else:
            memory.hear(_known_by(message, part), point.time // MOMENT)
            if message.role == USER:
                self._asked(point, part.text, source)
            else:
                self._utter(point, part, source)

    def _asked(self, point: Point, said: str, source: str) -> None:
        """By a person; in a lane of its own, by the agent that delegated."""
        lane, content = point.lane, [text_block(said)]
        if lane.id == PRIMARY:
            self.title = self.title or shorten(said)
            self._add(point, "user.message", source, {"content": content})
            return
        sent: Json = {
            "to_session_thread_id": lane.id,
            "to_agent_name": lane.name or "agent",
            "content": content,
        }
        kind = "agent.thread_message_sent"
        self._event(kind, (point.span.span_id, source, "sent"), point.at, sent, lane.parent)
        parent = lane.parent or primary_thread(self.key)
        got: Json = {"from_session_thread_id": parent, "content": content}
        self._add(point, "agent.thread_message_received", source, got)

    def _utter(self, point: Point, part: Text | Thought, source: str) -> None:
        if isinstance(part, Thought):
            self._add(point, "agent.thinking", source, {"thinking": part.text})
            return
        self._memory(point.lane).report = part.text
        self._add(point, "agent.message", source, {"content": [text_block(part.text)]})

    def _say(self, point: Point, message: Message) -> None:
        """What came back. It is new, unless a span within this one has told it."""
        memory = self._memory(point.lane)
        for index, part in enumerate(_joined(message)):
            known_by = _known_by(message, part)
            if memory.has_heard_since(known_by, point.since):
                continue
            if isinstance(part, Call):
                if not (part.id and memory.knows(part)):
                    self._ask(point, part, f"out {index}")
            elif isinstance(part, Text | Thought):
                memory.hear(known_by, point.time // MOMENT)
                self._utter(point, part, f"out {index}")

    def _ask(self, point: Point, call: Call, source: str) -> None:
        body: Json = {"name": call.name, "input": call.arguments}
        use = self._add(point, "agent.tool_use", source, body)
        self._memory(point.lane).begin(call, use, point.time // MOMENT)

    def _answered(self, point: Point, result: Result, source: str) -> None:
        memory = self._memory(point.lane)
        call = memory.answer(result.id, result.name)
        if call is None:
            return
        if not result.id:
            memory.hear(known_by_text(result))
        body: Json = {
            "tool_use_id": call.use,
            "content": [text_block(result.text)] if result.text else [],
            "is_error": result.is_error or reports_failure(result.text),
        }
        self._add(point, "agent.tool_result", source, body)


def _joined(message: Message) -> list[Part]:
    """Its parts, with texts that stand together as one."""
    parts: list[Part] = []
    for part in message.parts:
        if isinstance(part, Text) and parts and isinstance(parts[-1], Text):
            parts[-1] = Text(f"{parts[-1].text}\n{part.text}")
        else:
            parts.append(part)
    return parts


def _known_by(message: Message, part: Part) -> str:
    match part:
        case Text(said):
            return fingerprint(message.role, said)
        case Thought(said):
            return fingerprint("thought", said)
        case Call():
            return f"call {part.id}" if part.id else of_call(part)
        case Result():
            return f"result {part.id}" if part.id else known_by_text(part)


def known_by_text(result: Result) -> str:
    """What an answer without its call's id is known by."""
    return fingerprint("result", result.text)
