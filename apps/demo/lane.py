"""One thread on the stage: its clock, its context, and what it does in one model request."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from apps.demo.cast import HAIKU, OPUS, Agent
from apps.demo.words import tokens

if TYPE_CHECKING:
    from apps.demo.stage import Stage

_SPEED = {HAIKU: 150.0, OPUS: 48.0}
"""Tokens a second; the others write at 75."""
_CACHE_LIFETIME = 300
_COMPACTED_AT = 168_000


@dataclass(frozen=True, slots=True)
class Call:
    """A tool use and what came of it."""

    tool: str
    input: Mapping[str, Any]
    result: str
    is_error: bool = False
    seconds: float = 0.0
    """About how long it takes; 0 leaves it to the tool's habit."""


def bash(command: str, result: str, *, failed: bool = False, seconds: float = 0.0) -> Call:
    return Call("bash", {"command": command}, result, failed, seconds)


def read(path: str, result: str, *, failed: bool = False) -> Call:
    return Call("read", {"file_path": path}, result, failed)


def write(path: str, content: str) -> Call:
    return Call(
        "write",
        {"file_path": path, "content": content},
        f"Wrote {len(content)} characters to {path}",
    )


def grep(pattern: str, path: str, result: str) -> Call:
    return Call("grep", {"pattern": pattern, "path": path}, result)


def edit(path: str, old: str, new: str) -> Call:
    return Call(
        "edit",
        {"file_path": path, "old_string": old, "new_string": new},
        f"Edited {path}: 1 replacement",
    )


_HABIT = {"bash": (0.4, 6.0), "web_fetch": (0.7, 4.0), "web_search": (0.9, 2.8)}


class Lane:
    """A thread. Everything it does moves its own clock, and only that."""

    def __init__(
        self,
        stage: "Stage",
        thread_id: str,
        agent: Agent,
        born: datetime,
        parent: "Lane | None" = None,
    ) -> None:
        self.stage, self.thread_id, self.agent, self.parent = stage, thread_id, agent, parent
        self.born = self.at = born
        self.status = "idle"
        self.reports: list[tuple[datetime, Lane, str]] = []
        self._cached = 0
        self._unsaid: list[str] = []
        self._fresh = tokens(agent.system) + stage.rng.randint(5_200, 8_400)
        self._asked = born - timedelta(days=1)

    @property
    def rng(self) -> Any:
        return self.stage.rng

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)

    def emit(self, type_: str, **fields: Any) -> str:
        return self.stage.emit(self, type_, fields)

    def vary(self, text: str, **facts: str) -> str:
        return self.stage.vary(text, **facts)

    def hear(self, text: str) -> None:
        """Something new to read in the next request."""
        self.burden(tokens(text))

    def burden(self, weight: int) -> None:
        self._fresh += weight

    # ---- one model request -----------------------------------------------------------------

    def say(self, text: str) -> None:
        """Say this in the next request: an agent that only speaks has ended its turn."""
        if said := self.vary(text):
            self._unsaid.append(said)

    def pause_for_breath(self) -> None:
        """Nothing more to do for now: what is still unsaid is said in a request of its own."""
        if self._unsaid:
            self.step()

    def call(self, call: Call, *, say: str = "") -> None:
        self.calls([call], say=say)

    def calls(self, calls: Iterable[Call], *, say: str = "") -> None:
        """Use these tools at once; results come as they are ready."""
        self.say(say)
        self.step(tuple(calls))

    def step(
        self, calls: tuple[Call, ...] = (), sends: tuple[tuple["Lane", str], ...] = ()
    ) -> None:
        """One model request: it thinks or not, speaks or not, sends messages, uses tools."""
        self._compact_if_full()
        begun = self.emit("span.model_request_start")
        self.wait(self.rng.uniform(0.7, 2.4))
        written = self._think() + self._speak()
        for lane, message in sends:
            written += self._send(lane, message)
        uses = [self._use(call) for call in calls]
        written += sum(tokens(json.dumps(dict(call.input))) + 20 for call in calls)
        self._finish(begun, written)
        self._return(list(zip(uses, calls, strict=True)))

    def _speed(self) -> float:
        return _SPEED.get(self.agent.model, 75.0)

    def _think(self) -> int:
        if self.rng.random() > 0.42:
            return 0
        thought = int(self.rng.lognormvariate(5.2, 0.7))
        self.emit("agent.thinking")
        self.wait(thought / self._speed())
        return thought

    def _speak(self) -> int:
        if not self._unsaid:
            return 0
        text = "\n\n".join(self._unsaid)
        self._unsaid.clear()
        self.wait(tokens(text) / self._speed())
        self.emit("agent.message", content=[{"type": "text", "text": text}])
        return tokens(text)

    def _send(self, lane: "Lane", message: str) -> int:
        self.wait(tokens(message) / self._speed())
        self.emit(
            "agent.thread_message_sent",
            to_session_thread_id=lane.thread_id,
            to_agent_name=lane.agent.name,
            content=[{"type": "text", "text": message}],
        )
        return tokens(message) + 30

    def _use(self, call: Call) -> str:
        self.wait((tokens(json.dumps(dict(call.input))) + 20) / self._speed())
        asks = call.tool in self.agent.asks_before
        return self.emit(
            "agent.tool_use",
            name=call.tool,
            input=dict(call.input),
            evaluated_permission="ask" if asks else "allow",
            evaluation={"type": "always_ask" if asks else "always_allow"},
        )

    def _finish(self, begun: str, written: int) -> None:
        kept = self._cached if (self.at - self._asked).total_seconds() < _CACHE_LIFETIME else 0
        usage = {
            "input_tokens": self.rng.randint(3, 12),
            "output_tokens": written + self.rng.randint(8, 40),
            "cache_read_input_tokens": kept,
            "cache_creation_input_tokens": self._cached - kept + self._fresh,
        }
        self._cached += self._fresh
        self._fresh = written
        self._asked = self.at
        self.stage.spent(usage)
        self.emit("span.model_request_end", model_request_start_id=begun, model_usage=usage)

    def _return(self, used: list[tuple[str, Call]]) -> None:
        """Results in the order in which they get ready."""
        begun = self.at
        took = [
            call.seconds or self.rng.uniform(*_HABIT.get(call.tool, (0.02, 0.3)))
            for _, call in used
        ]
        waits = any(call.tool in self.agent.asks_before for _, call in used)
        if waits:
            self.confirm([use for use, _ in used])
            begun = self.at
        for seconds, (use, call) in sorted(zip(took, used, strict=True), key=lambda pair: pair[0]):
            self.at = max(self.at, begun + timedelta(seconds=seconds))
            self._result(use, call.result, call.is_error)

    def _result(self, use: str, text: str, is_error: bool) -> None:
        self.emit(
            "agent.tool_result",
            tool_use_id=use,
            content=[{"type": "text", "text": text}],
            is_error=is_error,
        )
        self.hear(text)

    def _compact_if_full(self) -> None:
        if self._cached + self._fresh > _COMPACTED_AT:
            self.wait(self.rng.uniform(14, 32))
            self.emit("agent.thread_context_compacted")
            self._cached, self._fresh = 0, self.rng.randint(9_000, 16_000)

    # ---- people and trouble ----------------------------------------------------------------

    def confirm(self, uses: list[str]) -> None:
        """Wait until a person has allowed these tool uses."""
        self.stage.rest("requires_action", *uses)
        self.wait(self.rng.uniform(25, 400))
        for use in uses:
            self.emit("user.tool_confirmation", tool_use_id=use, result="allow")
        self.stage.wake()

    def refused(self, call: Call, why: str) -> None:
        """Ask to use a tool and be told no, with a reason."""
        begun = self.emit("span.model_request_start")
        self.wait(self.rng.uniform(1.0, 2.6))
        written = self._speak()
        use = self._use(call)
        self._finish(begun, written + tokens(json.dumps(dict(call.input))))
        self.stage.rest("requires_action", use)
        self.wait(self.rng.uniform(40, 300))
        self.emit("user.tool_confirmation", tool_use_id=use, result="deny", deny_message=why)
        self.stage.wake()
        self._result(use, f"The user denied this tool use: {why}", is_error=True)

    def interrupted(self, call: Call, say: str = "") -> None:
        """A person stops the session while a tool is at work."""
        begun = self.emit("span.model_request_start")
        self.wait(self.rng.uniform(1.0, 2.2))
        self.say(say)
        written = self._speak()
        use = self._use(call)
        self._finish(begun, written)
        self.wait(self.rng.uniform(9, 45))
        self.emit("user.interrupt")
        self._result(use, "Interrupted before it finished.", is_error=True)

    def overloaded(self, times: int = 1, *, kind: str = "model_overloaded_error") -> None:
        """The model does not answer at first; the request is tried again."""
        for _ in range(times):
            begun = self.emit("span.model_request_start")
            self.wait(self.rng.uniform(2, 9))
            nothing = dict.fromkeys(self.stage.usage, 0)
            self.emit(
                "span.model_request_end",
                model_request_start_id=begun,
                model_usage=nothing,
                is_error=True,
            )
            self.trouble(kind, "The model is overloaded. Retrying.", "retrying")
            self.wait(self.rng.uniform(4, 28))

    def trouble(self, kind: str, message: str, retry: str) -> None:
        self.emit(
            "session.error",
            error={"type": kind, "message": message, "retry_status": {"type": retry}},
        )

    # ---- several threads -------------------------------------------------------------------

    def delegate(self, tasks: list[tuple["Lane", str]], say: str = "") -> None:
        """Hand work to other threads in one request; each begins when its message arrives."""
        self.say(say)
        self.step(sends=tuple(tasks))
        for lane, message in tasks:
            lane.at = max(lane.at, self.at + timedelta(seconds=self.rng.uniform(0.2, 1.8)))
            lane.status = "running"
            lane.emit(
                "session.thread_status_running",
                agent_name=lane.agent.name,
                session_thread_id=lane.thread_id,
            )
            lane.emit(
                "agent.thread_message_received",
                from_session_thread_id=self.thread_id,
                from_agent_name=self.agent.name,
                content=[{"type": "text", "text": message}],
            )
            lane.hear(message)

    def report(self, text: str) -> None:
        """Tell the coordinator and fall idle."""
        if self.parent is None:
            raise ValueError("the primary thread reports to nobody")
        self.step(sends=((self.parent, text),))
        self.parent.reports.append((self.at, self, text))
        self.emit(
            "session.thread_status_idle",
            agent_name=self.agent.name,
            session_thread_id=self.thread_id,
            stop_reason={"type": "end_turn"},
        )
        self.status = "idle"

    def collect(self, notes: tuple[str, ...] = ()) -> None:
        """Receive every report in the order of arrival; now and then say something in between."""
        self.pause_for_breath()
        waiting = sorted(self.reports, key=lambda report: report[0])
        self.reports = []
        remarks = list(notes)
        for number, (arrived, lane, text) in enumerate(waiting, start=1):
            self.at = max(self.at, arrived + timedelta(seconds=self.rng.uniform(0.1, 0.9)))
            self.emit(
                "agent.thread_message_received",
                from_session_thread_id=lane.thread_id,
                from_agent_name=lane.agent.name,
                content=[{"type": "text", "text": text}],
            )
            self.hear(text)
            if remarks and number < len(waiting) and self.rng.random() < 0.35:
                self.say(remarks.pop(0))
                self.pause_for_breath()
