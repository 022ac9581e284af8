"""From placed spans to records: what was said, asked and done, once, in the order of time. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from apps.core.ids import derived_id
from apps.otlp.mapping.meaning import Kind
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


@dataclass(slots=True)
class Teller:
    """One trace's spans on their way into the session with this key."""

    key: str
    trace_id: str
    lanes: dict[str, Lane]
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
        steps: list[tuple[tuple[int, int, int, str], Callable[[Placement], None], Placement]] = []
        for each in placements:
            span = each.arrival.span
            end = max(span.end, span.start)
            last = 0 if end > span.start else 2
            steps.append(((span.start, 1, -end, span.span_id), self._begin, each))
            steps.append(((end, last, -span.start, span.span_id), self._end, each))
            self._learn(each)
        for _, step, placement in sorted(steps, key=lambda step: step[0]):
            step(placement)

    def expect(self, span_id: str, lane: Lane, start: int) -> None:
        """A parent that has not come yet, and stands for an agent at work."""
        self._open(lane, span_id, start)

    def _learn(self, placement: Placement) -> None:
        meaning = placement.arrival.meaning
        if meaning.kind in (Kind.AGENT, Kind.MODEL):
            known = self.about.setdefault(placement.lane.id, {})
            self.about[placement.lane.id] = meaning.about | known

    def _begin(self, placement: Placement) -> None:
        meaning, span = placement.arrival.meaning, placement.arrival.span
        if meaning.kind == Kind.AGENT:
            if placement.role in (Role.LEADS, Role.OPENS):
                self._open(placement.lane, span.span_id, span.start)
            self._hear(placement, meaning.input, whole=False)
        elif meaning.kind == Kind.MODEL:
            self._hear(placement, meaning.input, whole=True)
            if span.span_id not in self.wrappers:
                self._add(placement, "span.model_request_start", "start", {"model": meaning.model})
        elif meaning.kind == Kind.TOOL:
            self._use(placement)

    def _end(self, placement: Placement) -> None:
        meaning = placement.arrival.meaning
        if meaning.kind == Kind.AGENT:
            self._end_agent(placement)
        elif meaning.kind == Kind.MODEL:
            self._answer(placement)
        elif meaning.kind == Kind.TOOL:
            self._result(placement)
        elif placement.stands_in:
            self._idle(placement)

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

    def _end_agent(self, placement: Placement) -> None:
        meaning, lane = placement.arrival.meaning, placement.lane
        memory = self._memory(lane)
        if meaning.usage and not memory.requests:
            self._add(placement, "span.model_request_start", "start", {"model": meaning.model})
            self._end_request(placement)
        for message in meaning.output:
            if message.role == ASSISTANT:
                self._say(placement, message)
        self._fail(placement, "unknown_error")
        if placement.role in (Role.LEADS, Role.OPENS):
            memory.requests = 0
            self._idle(placement)

    def _idle(self, placement: Placement) -> None:
        span, lane = placement.arrival.span, placement.lane
        body: Json = {"stop_reason": {"type": "end_turn"}}
        if lane.id == PRIMARY:
            self._add(placement, "session.status_idle", "idle", body, after=True)
            return
        memory = self._memory(lane)
        if memory.report:
            self._report(lane, span.span_id, moment(span.end), memory.report)
            memory.report = ""
        named = {"session_thread_id": lane.id, "agent_name": lane.name or "agent"}
        self._add(placement, "session.thread_status_idle", "idle", named | body, after=True)

    def _report(self, lane: Lane, span_id: str, at: datetime | None, said: str) -> None:
        content = [text_block(said)]
        sent: Json = {
            "to_session_thread_id": lane.parent or primary_thread(self.key),
            "content": content,
        }
        got: Json = {
            "from_session_thread_id": lane.id,
            "from_agent_name": lane.name or "agent",
            "content": content,
        }
        self._event("agent.thread_message_sent", (span_id, "report"), at, sent, lane.id)
        kind = "agent.thread_message_received"
        self._event(kind, (span_id, "reported"), at, got, lane.parent)

    # ---- what was said --------------------------------------------------------------------------

    def _hear(self, placement: Placement, messages: list[Message], *, whole: bool) -> None:
        """Add what is new of a conversation. `whole`: it is told from its beginning.

        An agent may be given its task alone: then that is new although it was heard in an
        earlier run, unless a request of this run has told it.
        """
        memory = self._memory(placement.lane)
        start = placement.arrival.span.start // _MOMENT
        here: dict[str, int] = {}
        for number, message in enumerate(messages):
            is_task = not whole and number == len(messages) - 1 and message.role == USER
            for index, part in enumerate(_joined(message)):
                known_by = _known_by(message, part)
                here[known_by] = here.get(known_by, 0) + 1
                again = is_task and not memory.has_heard_since(known_by, start)
                if here[known_by] > memory.count(known_by) or again:
                    self._take(placement, message, part, f"in {number} {index}")

    def _take(self, placement: Placement, message: Message, part: Part, source: str) -> None:
        """Add a part of a history that was not heard as often before."""
        if isinstance(part, Result):
            self._answered(placement, part, source)
        elif isinstance(part, Call):
            if not (part.id and self._memory(placement.lane).knows(part)):
                self._ask(placement, part, source)
        else:
            self._note(placement, message, part)
            if message.role == USER:
                self._asked(placement, part.text, source)
            else:
                self._utter(placement, part, source)

    def _note(self, placement: Placement, message: Message, part: Part) -> None:
        moment = placement.arrival.span.start // _MOMENT
        self._memory(placement.lane).hear(_known_by(message, part), moment)

    def _asked(self, placement: Placement, said: str, source: str) -> None:
        """By a person; in a lane of its own, by the agent that delegated."""
        lane, span = placement.lane, placement.arrival.span
        content = [text_block(said)]
        if lane.id == PRIMARY:
            self.title = self.title or shorten(said)
            self._add(placement, "user.message", source, {"content": content})
            return
        at = moment(span.start)
        sent: Json = {
            "to_session_thread_id": lane.id,
            "to_agent_name": lane.name or "agent",
            "content": content,
        }
        kind = "agent.thread_message_sent"
        self._event(kind, (span.span_id, source, "sent"), at, sent, lane.parent)
        parent = lane.parent or primary_thread(self.key)
        got: Json = {"from_session_thread_id": parent, "content": content}
        self._add(placement, "agent.thread_message_received", source, got)

    def _utter(
        self, placement: Placement, part: Text | Thought, source: str, *, after: bool = False
    ) -> None:
        if isinstance(part, Thought):
            self._add(placement, "agent.thinking", source, {"thinking": part.text}, after=after)
            return
        self._memory(placement.lane).report = part.text
        body: Json = {"content": [text_block(part.text)]}
        self._add(placement, "agent.message", source, body, after=after)

    def _say(self, placement: Placement, message: Message) -> None:
        """What came back. It is new, unless a span within this one has told it."""
        memory = self._memory(placement.lane)
        start = placement.arrival.span.start // _MOMENT
        for index, part in enumerate(_joined(message)):
            known_by = _known_by(message, part)
            if memory.has_heard_since(known_by, start):
                continue
            if isinstance(part, Call):
                if not (part.id and memory.knows(part)):
                    self._ask(placement, part, f"out {index}", after=True)
            elif isinstance(part, Text | Thought):
                memory.hear(known_by, placement.arrival.span.end // _MOMENT)
                self._utter(placement, part, f"out {index}", after=True)

    # ---- requests to a model --------------------------------------------------------------------

    def _answer(self, placement: Placement) -> None:
        meaning = placement.arrival.meaning
        for message in meaning.output:
            self._say(placement, message)
        if placement.arrival.span.span_id not in self.wrappers:
            self._end_request(placement)
        self._fail(placement, "model_request_failed_error")

    def _end_request(self, placement: Placement) -> None:
        meaning = placement.arrival.meaning
        self._memory(placement.lane).requests += 1
        body: Json = {
            "model_request_start_id": self._id(placement.arrival.span.span_id, "start"),
            "model_usage": model_usage(meaning.usage or {}),
            "is_error": bool(meaning.error),
            "model": meaning.model,
        }
        if meaning.finish:
            body["finish_reason"] = meaning.finish
        self._add(placement, "span.model_request_end", "end", body, after=True)

    def _fail(self, placement: Placement, kind: str) -> None:
        """An error climbs through every span around it; it is told once."""
        said = placement.arrival.meaning.error
        if not said:
            return
        memory = self._memory(placement.lane)
        known_by = fingerprint("error", said)
        span = placement.arrival.span
        if memory.has_heard_since(known_by, span.start // _MOMENT):
            return
        memory.hear(known_by, span.end // _MOMENT)
        error = {"type": kind, "message": said, "retry_status": {"type": "terminal"}}
        self._add(placement, "session.error", "error", {"error": error}, after=True)

    # ---- tools ----------------------------------------------------------------------------------

    def _ask(self, placement: Placement, call: Call, source: str, *, after: bool = False) -> str:
        span = placement.arrival.span
        body: Json = {"name": call.name, "input": call.arguments}
        use = self._add(placement, "agent.tool_use", source, body, after=after)
        at = span.end if after else span.start
        self._memory(placement.lane).begin(call, use, at // _MOMENT)
        return use

    def _use(self, placement: Placement) -> None:
        """A tool's run is a use of its own only where no request has asked for it."""
        meaning = placement.arrival.meaning
        memory = self._memory(placement.lane)
        call = Call(meaning.call_id, meaning.name, meaning.arguments)
        if call.id and memory.is_answered(call.id):
            return
        found = memory.find(call)
        if found is None:
            self._ask(placement, call, "use")
            found = memory.open[-1]
        found.id = found.id or call.id or placement.arrival.span.span_id
        found.runs = True
        placement.call = found.id

    def _result(self, placement: Placement) -> None:
        meaning = placement.arrival.meaning
        if placement.call:
            said = meaning.result or meaning.error
            answer = Result(placement.call, said, bool(meaning.error))
            self._answered(placement, answer, "result", after=True)

    def _answered(
        self, placement: Placement, result: Result, source: str, *, after: bool = False
    ) -> None:
        memory = self._memory(placement.lane)
        call = memory.answer(result.id, result.name)
        if call is None:
            return
        if not result.id or call.id != result.id or after:
            memory.hear(fingerprint("result", result.text))
        body: Json = {
            "tool_use_id": call.use,
            "content": [text_block(result.text)] if result.text else [],
            "is_error": result.is_error or reports_failure(result.text),
        }
        self._add(placement, "agent.tool_result", source, body, after=after)

    # ---- records --------------------------------------------------------------------------------

    def _memory(self, lane: Lane) -> Memory:
        return self.memories.setdefault(lane.id, Memory())

    def _id(self, *source: str) -> str:
        return event_id(self.key, self.trace_id, *source)

    def _add(
        self, placement: Placement, kind: str, source: str, body: Json, *, after: bool = False
    ) -> str:
        span = placement.arrival.span
        at = moment(max(span.end, span.start) if after else span.start)
        return self._event(kind, (span.span_id, source), at, body, placement.lane.id)

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
            return f"result {part.id}" if part.id else fingerprint("result", part.text)
