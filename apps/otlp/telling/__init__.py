"""From placed spans to records: what was said, asked and done, once, in the order of time. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from apps.otlp.mapping.meaning import Kind
from apps.otlp.mapping.messages import ASSISTANT, Call, Result
from apps.otlp.placing import PRIMARY, Lane, Placement, Role
from apps.otlp.remembering import fingerprint
from apps.otlp.telling.conversation import Conversation, known_by_text
from apps.otlp.telling.recorder import MOMENT, SOURCE, Point, moment, primary_thread
from apps.sessions.formats.content import text_block
from apps.sessions.formats.shapes import Json, model_usage
from apps.sessions.records import ThreadRecord

__all__ = ["SOURCE", "Teller", "moment", "primary_thread"]


@dataclass(slots=True)
class Teller(Conversation):
    """Agents, requests to models and runs of tools, from their beginnings to their ends."""

    wrappers: set[str] = field(default_factory=set)
    """Requests that a request within them tells better."""

    def tell(self, placements: Iterable[Placement]) -> None:
        """Add the records of all of them."""
        steps: list[tuple[tuple[int, int, int, str], Callable[[Point], None], Point]] = []
        for each in placements:
            span = each.arrival.span
            end = max(span.end, span.start)
            last = 0 if end > span.start else 2
            begins = (span.start, 1, -end, span.span_id)
            ends = (end, last, -span.start, span.span_id)
            steps.append((begins, self._begin, Point(each, span.start)))
            steps.append((ends, self._end, Point(each, end)))
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

    def _begin(self, point: Point) -> None:
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

    def _end(self, point: Point) -> None:
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

    def _end_agent(self, point: Point) -> None:
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

    def _idle(self, point: Point) -> None:
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

    def _report(self, point: Point, said: str) -> None:
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

    # ---- requests to a model --------------------------------------------------------------------

    def _answer(self, point: Point) -> None:
        for message in point.meaning.output:
            self._say(point, message)
        if point.span.span_id not in self.wrappers:
            self._end_request(point)
        self._fail(point, "model_request_failed_error")

    def _end_request(self, point: Point) -> None:
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

    def _fail(self, point: Point, kind: str) -> None:
        """An error climbs through every span around it; it is told once."""
        said = point.meaning.error
        memory = self._memory(point.lane)
        known_by = fingerprint("error", said)
        if not said or memory.has_heard_since(known_by, point.since):
            return
        memory.hear(known_by, point.time // MOMENT)
        error = {"type": kind, "message": said, "retry_status": {"type": "terminal"}}
        self._add(point, "session.error", "error", {"error": error})

    # ---- tools ----------------------------------------------------------------------------------

    def _use(self, point: Point) -> None:
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

    def _result(self, point: Point) -> None:
        meaning, call = point.meaning, point.placement.call
        if call:
            answer = Result(call, meaning.result or meaning.error, bool(meaning.error))
            self._answered(point, answer, "result")
            self._memory(point.lane).hear(known_by_text(answer))
