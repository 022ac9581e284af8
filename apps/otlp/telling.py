"""From placed spans to records: what was said, asked and done, once, in the order of time. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from apps.core.ids import derived_id
from apps.otlp.decoding import RawSpan
from apps.otlp.mapping.meaning import Kind, Meaning
from apps.otlp.mapping.messages import ASSISTANT, USER, Call, Message, Part, Result, Text, Thought
from apps.otlp.placing import PRIMARY, Lane, Placement, Role
from apps.otlp.remembering import Memory, fingerprint, of_call
from apps.sessions.formats.content import text_block
from apps.sessions.formats.failures import reports_failure
from apps.sessions.formats.shapes import Json, event_id, make_event, model_usage, shorten
from apps.sessions.records import EventRecord, ThreadRecord

SOURCE = "otlp"
_MOMENT = 1_000_000  # nanoseconds of the milliseconds that a lane remembers


def primary_thread(key: str) -> str:
    """The public id of a session's primary thread, as importing derives it."""
    return derived_id("sthr", SOURCE, key)


def moment(nanoseconds: int) -> datetime | None:
    """An instant, or None for one that no calendar has."""
    try:
        return datetime.fromtimestamp(nanoseconds / 1e9, UTC) if nanoseconds else None
    except (ValueError, OverflowError, OSError):
        return None


@dataclass(frozen=True, slots=True)
class _Point:
    """A span at its beginning, or at its end."""

    placement: Placement
    time: int

    @property
    def span(self) -> RawSpan:
        return self.placement.arrival.span

    @property
    def meaning(self) -> Meaning:
        return self.placement.arrival.meaning

    @property
    def lane(self) -> Lane:
        return self.placement.lane

    @property
    def at(self) -> datetime | None:
        return moment(self.time)

    @property
    def since(self) -> int:
        """The span's beginning, as a lane remembers it: what was heard later was told within it."""
        return self.span.start // _MOMENT


@dataclass(slots=True)
class Teller:
    """One trace's spans on their way into the session with this key."""

    key: str
    trace_id: str
    memories: dict[str, Memory]
    wrappers: set[str] = field(default_factory=set)
    """Requests that a request within them tells better."""
    title: str = ""
    events: list[EventRecord] = field(default_factory=list)
    threads: dict[str, ThreadRecord] = field(default_factory=dict)
    about: dict[str, Json] = field(default_factory=dict)
    """What the spans say of each lane's agent."""

    def tell(self, placements: Iterable[Placement]) -> None:
        """Add the records of all of them."""
        steps: list[tuple[tuple[int, int, int, str], Callable[[_Point], None], _Point]] = []
        for each in placements:
            span = each.arrival.span
            end = max(span.end, span.start)
            last = 0 if end > span.start else 2
            begins = (span.start, 1, -end, span.span_id)
            ends = (end, last, -span.start, span.span_id)
            steps.append((begins, self._begin, _Point(each, span.start)))
            steps.append((ends, self._end, _Point(each, end)))
            self._learn(each)
        for _, step, point in sorted(steps, key=lambda step: step[0]):
            step(point)

    def expect(self, span_id: str, lane: Lane, start: int) -> None:
        """A parent that has not come yet, and stands for an agent at work."""
        self._open(lane, span_id, start)

    def _learn(self, placement: Placement) -> None:
        meaning = placement.arrival.meaning
        if meaning.kind in (Kind.AGENT, Kind.MODEL):
            known = self.about.setdefault(placement.lane.id, {})
            self.about[placement.lane.id] = meaning.about | known

    def _begin(self, point: _Point) -> None:
        meaning = point.meaning
        if meaning.kind == Kind.AGENT:
            if point.placement.role in (Role.LEADS, Role.OPENS):
                self._open(point.lane, point.span.span_id, point.span.start)
            self._hear(point, meaning.input, task=True)
        elif meaning.kind == Kind.MODEL:
            self._hear(point, meaning.input)
            if point.span.span_id not in self.wrappers:
                self._add(point, "span.model_request_start", "start", {"model": meaning.model})
        elif meaning.kind == Kind.TOOL:
            self._use(point)

    def _end(self, point: _Point) -> None:
        kind = point.meaning.kind
        if kind == Kind.AGENT:
            self._end_agent(point)
        elif kind == Kind.MODEL:
            self._answer(point)
        elif kind == Kind.TOOL:
            self._result(point)
        elif point.placement.stands_in:
            self._idle(point)

    # ---- agents ---------------------------------------------------------------------------------

    def _open(self, lane: Lane, span_id: str, start: int) -> None:
        at = moment(start)
        if lane.id == PRIMARY:
            self._event("session.status_running", (span_id, "running"), at, {})
            return
        self.introduce(lane, at)
        named: Json = {"session_thread_id": lane.id, "agent_name": lane.name or "agent"}
        self._event("session.thread_created", (span_id, "created"), at, named)
        running = "session.thread_status_running"
        self._event(running, (span_id, "running"), at, named, lane.id)

    def introduce(self, lane: Lane, at: datetime | None) -> None:
        """Say what thread the lane is, with whatever became known of its agent."""
        agent = {**self.about.get(lane.id, {}), "name": lane.name}
        parent = lane.parent or primary_thread(self.key)
        before = self.threads.get(lane.id)
        created_at = before.created_at if before is not None else at
        self.threads[lane.id] = ThreadRecord(self.key, lane.id, agent, parent, created_at)

    def _end_agent(self, point: _Point) -> None:
        meaning = point.meaning
        memory = self._memory(point.lane)
        if meaning.usage and not memory.requests:
            self._add(point, "span.model_request_start", "start", {"model": meaning.model})
            self._end_request(point)
        self._hear(point, meaning.history)
        for message in meaning.output:
            if message.role == ASSISTANT:
                self._say(point, message)
        self._fail(point, "unknown_error")
        if point.placement.role in (Role.LEADS, Role.OPENS):
            memory.requests = 0
            self._idle(point)

    def _idle(self, point: _Point) -> None:
        lane = point.lane
        body: Json = {"stop_reason": {"type": "end_turn"}}
        if lane.id == PRIMARY:
            self._add(point, "session.status_idle", "idle", body)
            return
        memory = self._memory(lane)
        if memory.report:
            self._report(point, memory.report)
            memory.report = ""
        named = {"session_thread_id": lane.id, "agent_name": lane.name or "agent"}
        self._add(point, "session.thread_status_idle", "idle", named | body)

    def _report(self, point: _Point, said: str) -> None:
        lane, content = point.lane, [text_block(said)]
        sent: Json = {
            "to_session_thread_id": lane.parent or primary_thread(self.key),
            "content": content,
        }
        got: Json = {
            "from_session_thread_id": lane.id,
            "from_agent_name": lane.name or "agent",
            "content": content,
        }
        self._add(point, "agent.thread_message_sent", "report", sent)
        kind = "agent.thread_message_received"
        self._event(kind, (point.span.span_id, "reported"), point.at, got, lane.parent)

    # ---- what was said --------------------------------------------------------------------------

    def _hear(self, point: _Point, messages: list[Message], *, task: bool = False) -> None:
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

    def _take(self, point: _Point, message: Message, part: Part, source: str) -> None:
        """Add a part of a conversation that was not heard as often before."""
        memory = self._memory(point.lane)
        if isinstance(part, Result):
            self._answered(point, part, source)
        elif isinstance(part, Call):
            if not (part.id and memory.knows(part)):
                self._ask(point, part, source)
        else:
            memory.hear(_known_by(message, part), point.time // _MOMENT)
            if message.role == USER:
                self._asked(point, part.text, source)
            else:
                self._utter(point, part, source)

    def _asked(self, point: _Point, said: str, source: str) -> None:
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

    def _utter(self, point: _Point, part: Text | Thought, source: str) -> None:
        if isinstance(part, Thought):
            self._add(point, "agent.thinking", source, {"thinking": part.text})
            return
        self._memory(point.lane).report = part.text
        self._add(point, "agent.message", source, {"content": [text_block(part.text)]})

    def _say(self, point: _Point, message: Message) -> None:
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
                memory.hear(known_by, point.time // _MOMENT)
                self._utter(point, part, f"out {index}")

    # ---- requests to a model --------------------------------------------------------------------

    def _answer(self, point: _Point) -> None:
        for message in point.meaning.output:
            self._say(point, message)
        if point.span.span_id not in self.wrappers:
            self._end_request(point)
        self._fail(point, "model_request_failed_error")

    def _end_request(self, point: _Point) -> None:
        meaning = point.meaning
        self._memory(point.lane).requests += 1
        body: Json = {
            "model_request_start_id": self._id(point.span.span_id, "start"),
            "model_usage": model_usage(meaning.usage or {}),
            "is_error": bool(meaning.error),
            "model": meaning.model,
        }
        if meaning.finish:
            body["finish_reason"] = meaning.finish
        self._add(point, "span.model_request_end", "end", body)

    def _fail(self, point: _Point, kind: str) -> None:
        """An error climbs through every span around it; it is told once."""
        said = point.meaning.error
        memory = self._memory(point.lane)
        known_by = fingerprint("error", said)
        if not said or memory.has_heard_since(known_by, point.since):
            return
        memory.hear(known_by, point.time // _MOMENT)
        error = {"type": kind, "message": said, "retry_status": {"type": "terminal"}}
        self._add(point, "session.error", "error", {"error": error})

    # ---- tools ----------------------------------------------------------------------------------

    def _ask(self, point: _Point, call: Call, source: str) -> None:
        body: Json = {"name": call.name, "input": call.arguments}
        use = self._add(point, "agent.tool_use", source, body)
        self._memory(point.lane).begin(call, use, point.time // _MOMENT)

    def _use(self, point: _Point) -> None:
        """A tool's run is a use of its own only where no request has asked for it."""
        meaning = point.meaning
        memory = self._memory(point.lane)
        call = Call(meaning.call_id, meaning.name, meaning.arguments)
        if call.id and memory.is_answered(call.id):
            return
        found = memory.find(call)
        if found is None:
            self._ask(point, call, "use")
            found = memory.open[-1]
        found.id = found.id or call.id or point.span.span_id
        found.runs = True
        point.placement.call = found.id

    def _result(self, point: _Point) -> None:
        meaning, call = point.meaning, point.placement.call
        if call:
            answer = Result(call, meaning.result or meaning.error, bool(meaning.error))
            self._answered(point, answer, "result")
            self._memory(point.lane).hear(_known_by_text(answer))

    def _answered(self, point: _Point, result: Result, source: str) -> None:
        memory = self._memory(point.lane)
        call = memory.answer(result.id, result.name)
        if call is None:
            return
        if not result.id:
            memory.hear(_known_by_text(result))
        body: Json = {
            "tool_use_id": call.use,
            "content": [text_block(result.text)] if result.text else [],
            "is_error": result.is_error or reports_failure(result.text),
        }
        self._add(point, "agent.tool_result", source, body)

    # ---- records --------------------------------------------------------------------------------

    def _memory(self, lane: Lane) -> Memory:
        return self.memories.setdefault(lane.id, Memory())

    def _id(self, *source: str) -> str:
        return event_id(self.key, self.trace_id, *source)

    def _add(self, point: _Point, kind: str, source: str, body: Json) -> str:
        return self._event(kind, (point.span.span_id, source), point.at, body, point.lane.id)

    def _event(
        self,
        kind: str,
        source: tuple[str, ...],
        at: datetime | None,
        body: Json,
        lane: str = PRIMARY,
    ) -> str:
        public_id = self._id(*source)
        self.events.append(make_event(self.key, kind, public_id, at, body, thread=lane))
        return public_id


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
            return f"result {part.id}" if part.id else _known_by_text(part)


def _known_by_text(result: Result) -> str:
    """What an answer without its call's id is known by."""
    return fingerprint("result", result.text)
