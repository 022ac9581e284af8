"""One session's lines: whose each is, and what is said of the session as a whole."""

from collections import OrderedDict
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256

from apps.core.ids import derived_id
from apps.sessions.formats.claude_code.delegation import Delegations
from apps.sessions.formats.claude_code.lane import Lane
from apps.sessions.formats.claude_code.line import Line
from apps.sessions.formats.claude_code.titles import Titles
from apps.sessions.formats.claude_code.wording import is_by_a_person
from apps.sessions.formats.content import plain
from apps.sessions.formats.shapes import Json, list_of, moment, object_of, text_of
from apps.sessions.records import EventRecord, Record, SessionRecord, ThreadRecord

SOURCE = "claude-code"
AGENT = "claude-code"

TITLES = frozenset({"summary", "ai-title", "custom-title"})
BOOKKEEPING = frozenset(
    {
        "agent-color",
        "agent-name",
        "agent-setting",
        "atis-latch",
        "attribution-snapshot",
        "bridge-session",
        "content-replacement",
        "cost-state",
        "file-history-delta",
        "file-history-snapshot",
        "frame-link",
        "history-suppression",
        "last-prompt",
        "mode",
        "permission-mode",
        "pr-link",
        "progress",
        "queue-operation",
        "relocated",
        "speculation-accept",
        "tag",
        "task-summary",
        "worktree-state",
    }
)
"""What the program keeps for itself: nothing in it was said or done."""
_QUIET_SYSTEM = frozenset({"stop_hook_summary", "file_snapshot", "agents_killed"})
_QUIET_ATTACHMENTS = frozenset(
    {
        "agent_listing_delta",
        "async_hook_response",
        "command_permissions",
        "companion_intro",
        "date_change",
        "deferred_tools_delta",
        "hook_cancelled",
        "hook_success",
        "mcp_instructions_delta",
        "output_style",
        "skill_listing",
        "task_reminder",
        "todo_reminder",
        "ultra_effort_enter",
    }
)
_COMPACTIONS = ("compact_boundary", "microcompact_boundary")
_MOST_HELD = 200
_MOST_PARENTS = 10_000


class Refused(ValueError):
    """This line says nothing that can be kept."""


@dataclass(slots=True)
class Transcript:
    """A session on its way through, its threads beside each other."""

    key: str
    agent: str = ""
    """The sub-agent whose own file this is; empty is the session's own."""
    _lanes: dict[str, Lane] = field(default_factory=dict)
    _titles: Titles = field(default_factory=Titles)
    _session: SessionRecord | None = None
    _given: SessionRecord | None = None
    """What was yielded of it; held back at first, until the title and the model are known."""
    _held: list[Record] = field(default_factory=list)
    _parents: OrderedDict[str, str] = field(default_factory=OrderedDict)
    _at: datetime | None = None
    _delegations: Delegations = field(init=False)

    def __post_init__(self) -> None:
        self._delegations = Delegations(self.key)

    @property
    def primary(self) -> str:
        """The public id of the session's own thread."""
        return derived_id("sthr", SOURCE, self.key)

    def take(self, value: Json, *, is_copied: bool) -> Iterator[Record]:
        """Yield what a line becomes. Raises Refused if it is of no kind that is known."""
        kind = text_of(value, "type")
        self._at = moment(value.get("timestamp")) or self._at
        line = Line(value, text_of(value, "uuid") or _digest(value), self._at, is_copied)
        self._titles.pass_by(line.uuid)
        if kind in TITLES:
            self._titles.take(value)
        elif kind == "progress":
            yield from self._give(self._delegations.progress(value))
        elif reader := self._reader_of(kind):
            self._describe(line)
            yield from self._give(reader(line))
        elif kind not in BOOKKEEPING:
            raise Refused(f"unknown record type '{kind[:60]}'" if kind else "no record type")

    def finish(self, now: datetime) -> Iterator[Record]:
        """Yield what the end of the file settles, and the session again if more is known of it."""
        for lane in self._lanes.values():
            yield from self._give(lane.settle(now))
        if self._session and (self._held or self._given):
            yield from self._release()

    # Whose line it is

    def _reader_of(self, kind: str) -> Callable[[Line], Iterator[Record]] | None:
        return {
            "user": self._user,
            "assistant": self._assistant,
            "system": self._system,
            "attachment": self._attachment,
        }.get(kind)

    def _user(self, line: Line) -> Iterator[Record]:
        lane = yield from self._lane_of(line)
        yield from self._delegations.identify(line)
        yield from lane.user(line)
        yield from self._delegations.report(line)

    def _assistant(self, line: Line) -> Iterator[Record]:
        lane = yield from self._lane_of(line)
        yield from lane.assistant(line)
        self._delegations.begin(lane, line)

    def _system(self, line: Line) -> Iterator[Record]:
        kind = text_of(line.value, "subtype")
        lane = yield from self._lane_of(line)
        if kind in _COMPACTIONS:
            yield from lane.compact(line)
        elif kind == "api_error":
            yield from lane.retry(line)
        elif kind == "turn_duration":
            yield from lane.end_turn(line)
        elif kind not in _QUIET_SYSTEM:
            yield from lane.note(line, text_of(line.value, "content") or f"[{kind}]")

    def _attachment(self, line: Line) -> Iterator[Record]:
        attached = object_of(line.value, "attachment")
        kind = text_of(attached, "type")
        if kind in _QUIET_ATTACHMENTS:
            return
        lane = yield from self._lane_of(line)
        if kind != "queued_command":
            yield from lane.note(line, _attached(kind, attached))
            return
        spoken = {"role": "user", "content": attached.get("prompt")}
        origin = attached.get("origin") or line.value.get("origin")
        queued = replace(line, value={**line.value, "message": spoken, "origin": origin})
        if is_by_a_person(queued.value):
            yield from lane.user(queued)
        else:
            yield from lane.note(line, plain(queued.blocks))
        yield from self._delegations.report(queued)

    def _lane_of(self, line: Line) -> Generator[Record, None, Lane]:
        """Find the thread that a line belongs to; introduce it if it is new."""
        agent = self.agent or (yield from self._sidechain_of(line))
        lane = self._lanes.get(agent)
        if lane is None:
            lane = Lane(self.key, self.primary)
            if agent:
                lane.thread = self._delegations.thread_of(agent)
                lane.name = self._delegations.name_of(agent)
                if not self._delegations.knows(agent):
                    about = {"type": "agent", "name": lane.name}
                    yield ThreadRecord(self.key, lane.thread, about, self.primary, line.at)
            self._lanes[agent] = lane
        return lane

    def _sidechain_of(self, line: Line) -> Generator[Record, None, str]:
        """The sub-agent that a line of the session's own file belongs to, if to any."""
        if line.value.get("isSidechain") is not True:
            return ""
        named = text_of(line.value, "agentId")
        parent = self._parents.get(text_of(line.value, "parentUuid"), "")
        agent = named or parent or line.uuid
        if agent not in self._lanes:
            yield from self._delegations.prompted(agent, plain(line.blocks))
        if not named:
            self._parents[line.uuid] = agent
            if len(self._parents) > _MOST_PARENTS:
                self._parents.popitem(last=False)
        return agent

    # What is said of the session

    def _describe(self, line: Line) -> None:
        """Note what a line says of the session itself."""
        if self._session is None:
            self._session = SessionRecord(
                key=self.key,
                source=SOURCE,
                agent={"name": AGENT},
                created_at=line.at,
                timed=line.at is not None,
            )
        about = self._session.metadata
        for theirs, ours in (("cwd", "cwd"), ("gitBranch", "git_branch"), ("version", "version")):
            if value := text_of(line.value, theirs):
                about.setdefault(ours, value)
        origin = text_of(object_of(line.value, "forkedFrom"), "sessionId")
        if line.is_copied:
            about.setdefault("forked_from", origin or text_of(line.value, "sessionId"))

    def _give(self, records: Iterable[Record]) -> Iterator[Record]:
        """Hold records back until the session can be introduced with its title and its model."""
        for record in records:
            if self._given:
                yield record
                continue
            self._held.append(record)
            self._learn(record)
            known = self._session and "model" in self._session.agent
            if self.agent or known or len(self._held) >= _MOST_HELD:
                yield from self._release()

    def _learn(self, record: Record) -> None:
        if not isinstance(record, EventRecord) or record.thread or not self._session:
            return
        if record.type == "user.message":
            self._titles.prompted(plain(list_of(record.payload, "content")))
        elif record.type == "span.model_request_start":
            self._session.agent.setdefault("model", {"id": record.payload["model"]})

    def _release(self) -> Iterator[Record]:
        """Introduce the session, or give it again if more is known of it; then what was held."""
        if not self._session:
            return
        title = "" if self.agent else self._titles.best
        known = replace(
            self._session,
            title=title,
            agent=dict(self._session.agent),
            metadata=dict(self._session.metadata),
        )
        if known != self._given:
            yield known
            if not self._given:
                about = {**known.agent, "type": "agent"}
                yield ThreadRecord(self.key, self.primary, about, created_at=known.created_at)
            self._given = known
        yield from self._held
        self._held.clear()


def _digest(value: Json) -> str:
    return sha256(repr(value).encode("utf-8", "surrogatepass")).hexdigest()


def _attached(kind: str, attached: Json) -> str:
    """What was put before the model beside the prompt, in words."""
    said = (attached.get(key) for key in ("content", "text", "message", "filename", "planContent"))
    text = next((each for each in said if isinstance(each, str) and each), "")
    return f"[attachment: {kind}] {text}".rstrip()
