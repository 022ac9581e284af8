"""When an agent runs, and which of its requests is open: what no line says by itself."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from apps.sessions.formats.claude_code.line import END_TURN, Line, Request, request_id
from apps.sessions.formats.content import text_block
from apps.sessions.formats.shapes import Json, event_id, make_event, model_usage, object_of, text_of
from apps.sessions.records import EventRecord

LAPSE = timedelta(hours=1)
"""A turn that has been silent for this long is over."""


@dataclass(slots=True)
class Turns:
    """A thread while its lines pass: whether it runs, and which request is open."""

    session: str
    primary: str
    thread: str = ""
    """Its public id; empty for the primary one."""
    name: str = ""
    _is_running: bool = False
    _request: Request | None = None
    _rests: bool = False
    """Whether the last answer asked for no tool, so that nothing need follow."""
    _waiting: list[EventRecord] = field(default_factory=list)
    """What tools answered while their request is open: it comes after the request's end."""
    _said: str = ""
    _input_at: datetime | None = None
    _seen_at: datetime | None = None
    _last: Line | None = None

    def settle(self, now: datetime) -> Iterator[EventRecord]:
        """The file ends here. Close what nothing that may follow could change."""
        answered = self._request and self._request.ending and self._request.last_block == "text"
        if self._has_lapsed(now) or self._seen_at is None or answered:
            yield from self._end_turn()
        yield from self._catch_up()

    def hold(self, event: EventRecord) -> Iterator[EventRecord]:
        """Yield an event, but after the end of the request that is open."""
        if self._request:
            self._waiting.append(event)
        else:
            yield event

    def _catch_up(self) -> Iterator[EventRecord]:
        yield from self._waiting
        self._waiting.clear()

    def _arrive(self, line: Line) -> Iterator[EventRecord]:
        if self._has_lapsed(line.at):
            yield from self._end_turn()
        if line.at:
            self._seen_at = max(self._seen_at or line.at, line.at)

    def _has_lapsed(self, at: datetime | None) -> bool:
        return bool(at and self._seen_at and at - self._seen_at > LAPSE)

    def _move_on(self) -> Iterator[EventRecord]:
        """Something else comes: the answer is complete, and the turn if that ended it."""
        if self._request and self._request.ending:
            yield from self._end_turn()
        yield from self._end_request()

    def _begin(self, line: Line) -> Iterator[EventRecord]:
        at = self._input_at or line.at
        if not self._is_running:
            self._is_running = True
            yield self._status("running", line, {}, at)
        if not self._request:
            request = Request(request_id(line), line)
            self._request = request
            body = {"model": text_of(line.message, "model")}
            source = (request.id, "start")
            yield self._event("span.model_request_start", source, line, body, at)

    def _end_request(self) -> Iterator[EventRecord]:
        request, self._request = self._request, None
        if not request:
            return
        self._rests = not request.has_tools
        line = request.line
        usage = {} if line.is_copied else object_of(line.message, "usage")
        body = {
            "model_request_start_id": event_id(self.session, request.id, "start"),
            "model_usage": model_usage(usage),
            "is_error": False,
            "model": text_of(line.message, "model"),
            "message_id": text_of(line.message, "id"),
            "request_id": text_of(line.value, "requestId"),
        }
        yield self._event("span.model_request_end", (request.id, "end"), line, body)
        yield from self._catch_up()

    def _end_turn(self, reason: Json | None = None) -> Iterator[EventRecord]:
        ending = (self._request and self._request.ending) or END_TURN
        yield from self._end_request()
        if self._is_running and self._last:
            if self.thread and self._said:
                yield self._report(self._last)
            yield self._status("idle", self._last, {"stop_reason": reason or ending})
        self._is_running = self._rests = False
        self._said = ""

    def _status(
        self, status: str, line: Line, body: Json, at: datetime | None = None
    ) -> EventRecord:
        kind = f"session.status_{status}"
        if self.thread:
            kind = f"session.thread_status_{status}"
            body = {"session_thread_id": self.thread, "agent_name": self.name or "agent", **body}
        return self._event(kind, (line.uuid, status), line, body, at)

    def _report(self, line: Line) -> EventRecord:
        """A sub-agent's last words of a turn go to the one that delegated to it."""
        content = [text_block(self._said)]
        body = {"to_session_thread_id": self.primary, "content": content}
        return self._event("agent.thread_message_sent", (line.uuid, "report"), line, body)

    def _event(
        self,
        kind: str,
        source: tuple[str, ...],
        line: Line,
        body: Json,
        at: datetime | None = None,
    ) -> EventRecord:
        if line.is_copied:
            body = {**body, "copied": True}
        public_id = event_id(self.session, *source)
        return make_event(self.session, kind, public_id, at or line.at, body, thread=self.thread)
