"""What was delegated to which sub-agent, and what it reported, as its caller's lines tell it.

Which sub-agent a call went to is learned late and in several ways: from its progress, from its
result, or because a sidechain begins with the call's prompt. All lead to the same ids, made of the
agent's id and the call's, so it does not matter which comes first, or whose file is read first.
A sub-agent's own events come from its own lines alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from apps.core.ids import derived_id
from apps.sessions.formats.claude_code.lane import Lane
from apps.sessions.formats.claude_code.line import Line
from apps.sessions.formats.claude_code.wording import notice_in
from apps.sessions.formats.content import blocks_of, plain, text_block
from apps.sessions.formats.shapes import Json, event_id, make_event, object_of, text_of
from apps.sessions.records import EventRecord, Record, ThreadRecord

TOOLS = ("Task", "Agent")

_AGENT_ID = re.compile(r"^agentId: ([\w-]+)", re.MULTILINE)


@dataclass(slots=True)
class Call:
    """A use of the tool that delegates."""

    id: str
    lane: Lane
    line: Line
    name: str
    description: str
    prompt: str
    agent: str = ""
    """The sub-agent's id, once it is known."""


@dataclass(slots=True)
class Delegations:
    """The calls of one session that are not answered yet, and the agents that are known."""

    session: str
    _open: dict[str, Call] = field(default_factory=dict)
    _agents: dict[str, Call] = field(default_factory=dict)

    def thread_of(self, agent: str) -> str:
        """The public id of a sub-agent's thread."""
        return derived_id("sthr", self.session, agent)

    def name_of(self, agent: str) -> str:
        """What kind of sub-agent it is, if its call was read."""
        call = self._agents.get(agent)
        return call.name if call else ""

    def knows(self, agent: str) -> bool:
        return agent in self._agents

    def begin(self, lane: Lane, line: Line) -> None:
        """Note the calls in an answer of the model."""
        for block in line.blocks:
            if text_of(block, "type") == "tool_use" and text_of(block, "name") in TOOLS:
                given = object_of(block, "input")
                call = Call(
                    id=text_of(block, "id"),
                    lane=lane,
                    line=replace(line, value={}),
                    name=text_of(given, "subagent_type") or "sub-agent",
                    description=text_of(given, "description"),
                    prompt=text_of(given, "prompt"),
                )
                self._open[call.id] = call

    def progress(self, value: Json) -> Iterator[Record]:
        """A call's progress names its agent while it still runs."""
        agent = text_of(object_of(value, "data"), "agentId")
        call = self._open.get(text_of(value, "parentToolUseID"))
        if agent and call:
            yield from self._link(agent, call)

    def prompted(self, agent: str, prompt: str) -> Iterator[Record]:
        """A sidechain begins: the call with the same prompt, not linked yet, was what began it."""
        waiting = (call for call in self._open.values() if not call.agent)
        call = next((call for call in waiting if call.prompt == prompt), None)
        if call and prompt:
            yield from self._link(agent, call)

    def identify(self, line: Line) -> Iterator[Record]:
        """Find in a result which agent a call went to."""
        result = object_of(line.value, "toolUseResult")
        for block in line.blocks:
            call = self._open.get(text_of(block, "tool_use_id"))
            if call and not call.agent:
                named = _AGENT_ID.search(plain(blocks_of(block.get("content"))))
                agent = text_of(result, "agentId") or _agent_of(line) or (named[1] if named else "")
                if agent:
                    yield from self._link(agent, call)

    def report(self, line: Line) -> Iterator[Record]:
        """Find the results of calls in a user's line, and notices of those in the background."""
        for index, block in enumerate(line.blocks):
            call = self._open.get(text_of(block, "tool_use_id"))
            if call:
                yield from self._answered(call, line, index, block)
            elif notice := notice_in(text_of(block, "text")):
                yield from self._noticed(line, index, notice)

    def _answered(self, call: Call, line: Line, index: int, block: Json) -> Iterator[Record]:
        result = object_of(line.value, "toolUseResult")
        if result.get("isAsync") is True or text_of(result, "status") == "async_launched":
            return
        del self._open[call.id]
        if call.agent:
            content = blocks_of(block.get("content"))
            said = [part for part in content if not _AGENT_ID.match(text_of(part, "text"))]
            yield from call.lane.hold(self._received(call, line, index, said))

    def _noticed(self, line: Line, index: int, notice: dict[str, str]) -> Iterator[Record]:
        call = self._open.pop(notice.get("tool-use-id", ""), None)
        call = call or self._agents.get(notice.get("task-id", ""))
        if call and call.agent:
            self._open.pop(call.id, None)
            said = notice.get("result") or notice.get("summary") or notice.get("status") or ""
            yield from call.lane.hold(self._received(call, line, index, [text_block(said)]))

    def _link(self, agent: str, call: Call) -> Iterator[Record]:
        """Say, once, whom a call went to; and, for an agent called first, that it was created."""
        if call.agent:
            return  # its progress said so before
        call.agent = agent
        parent = call.lane.thread or call.lane.primary
        thread = self.thread_of(agent)
        if agent not in self._agents:
            self._agents[agent] = call
            about = {"type": "agent", "name": call.name, "description": call.description}
            yield ThreadRecord(self.session, thread, about, parent, call.line.at)
            body = {"session_thread_id": thread, "agent_name": call.name}
            yield self._event("session.thread_created", ("agent", agent), call.line, body)
        sent: Json = {
            "to_session_thread_id": thread,
            "to_agent_name": call.name,
            "content": [text_block(call.prompt)],
        }
        kind = "agent.thread_message_sent"
        yield self._event(kind, ("sent", call.id), call.line, sent, call.lane)
        call.prompt = ""

    def _received(self, call: Call, line: Line, index: int, said: list[Json]) -> EventRecord:
        body = {
            "from_session_thread_id": self.thread_of(call.agent),
            "from_agent_name": call.name,
            "content": said,
        }
        source = (line.uuid, str(index), "received")
        kind = "agent.thread_message_received"
        return self._event(kind, source, line, body, call.lane)

    def _event(
        self, kind: str, source: tuple[str, ...], line: Line, body: Json, lane: Lane | None = None
    ) -> EventRecord:
        if line.is_copied:
            body = {**body, "copied": True}
        thread = lane.thread if lane else ""
        public_id = event_id(self.session, *source)
        return make_event(self.session, kind, public_id, line.at, body, thread=thread)


def _agent_of(line: Line) -> str:
    """On the caller's own lines, the id is the agent's that was called."""
    return "" if line.value.get("isSidechain") is True else text_of(line.value, "agentId")
