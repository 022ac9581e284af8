"""One session while traces of it are told: its lanes, what they remember, and what is new."""

from collections.abc import Iterator, Sequence
from typing import Any

from apps.accounts.models import Workspace
from apps.agents.models import Agent
from apps.core.ids import derived_id
from apps.otlp.decoding import RawSpan
from apps.otlp.mapping.meaning import person_of
from apps.otlp.models import LaneMemory
from apps.otlp.placing import PRIMARY, Lane, Placing, wrappers
from apps.otlp.remembering import Memory
from apps.otlp.telling import SOURCE, Teller, moment
from apps.otlp.tracing import TraceAtHand
from apps.sessions import importing
from apps.sessions.fitting import fit
from apps.sessions.models import Session, Thread
from apps.sessions.records import EventRecord, Record, SessionRecord, ThreadRecord

_LONGEST_METADATA = 512


class SessionAtHand:
    """The session with this key; `row` is None as long as there is none."""

    def __init__(
        self,
        key: str,
        workspace: Workspace,
        row: Session | None,
        kept: Sequence[LaneMemory],
    ) -> None:
        self.key = key
        self.workspace = workspace
        self.row = row
        self.pk = row.pk if row is not None else None
        self.public_id = derived_id("sesn", SOURCE, key)
        self.lanes = {lane.id: lane for lane in map(_lane, kept)}
        self.memories = {_lane(each).id: Memory.load(each.memory) for each in kept}
        self._named = {lane.id: lane.name for lane in self.lanes.values()}
        self._threads: dict[str, ThreadRecord] = {}
        self._about: dict[str, dict[str, Any]] = {}
        self._events: list[EventRecord] = []
        self._spans: list[RawSpan] = []
        self._title = ""

    @property
    def has_news(self) -> bool:
        return bool(self._spans)

    def take(self, trace: TraceAtHand, *, overdue: bool) -> None:
        """Place the spans of one of its traces, and tell what they say."""
        placing = trace.place(self.lanes, overdue=overdue)
        if not placing.placed:
            return
        teller = Teller(
            key=self.key,
            trace_id=trace.row.trace_id,
            memories=self.memories,
            threads=self._threads,
            about=self._about,
            wrappers=wrappers([each.arrival for each in placing.placed], trace.requests),
        )
        for span_id, lane in placing.opened.items():
            teller.expect(span_id, lane, _earliest(placing, lane))
        teller.tell(placing.placed)
        for lane in self.lanes.values():
            if lane.id != PRIMARY and lane.name != self._named.get(lane.id):
                teller.introduce(lane, None)
        self._title = self._title or teller.title
        self._events += teller.events
        self._spans += [each.arrival.span for each in placing.placed]

    def records(self) -> Iterator[Record]:
        """Everything new: the session first, threads before their events."""
        if self.has_news:
            yield self._record()
            yield from self._threads.values()
            yield from self._events

    def _record(self) -> SessionRecord:
        service = self._service()
        named = self._name() or service or importing.UNNAMED
        is_titled = self.row is not None and bool(self.row.title)
        began = min((span.start for span in self._spans if span.start), default=0)
        return SessionRecord(
            key=self.key,
            source=SOURCE,
            agent={**self._about.get(PRIMARY, {}), "name": named},
            title="" if is_titled else self._title,
            created_at=moment(began),
            metadata={} if self.row is not None else self._metadata(service),
        )

    def _name(self) -> str:
        return self.lanes[PRIMARY].name if PRIMARY in self.lanes else ""

    def _service(self) -> str:
        told = str(self._spans[0].resource.get("service.name") or "")
        return "" if told.startswith("unknown_service") else told  # an SDK that was told nothing

    def _metadata(self, service: str) -> dict[str, str]:
        person = next(filter(None, map(person_of, self._spans)), "")
        trace_id = self._spans[0].trace_id
        told = {"service_name": service, "user_id": person, "trace_id": trace_id}
        return {name: value[:_LONGEST_METADATA] for name, value in told.items() if value}

    # ---- afterwards -----------------------------------------------------------------------------

    def memory_of(self, thread: Thread) -> LaneMemory:
        """What its lane remembers from now on."""
        lane = self.lanes.get(thread.public_id if thread.position else PRIMARY)
        memory = self.memories.get(lane.id if lane is not None else PRIMARY, Memory())
        name = lane.name if lane is not None else ""
        return LaneMemory(thread=thread, name=name, memory=memory.dump())

    def name_late(self, thread: Thread) -> None:
        """The session's own agent is named at last: until then it was called by its service."""
        if thread.position or self._name() in ("", thread.agent_name):
            return
        agent = fit(self._record()).agent
        thread.agent_name, thread.agent_snapshot = agent["name"], thread.agent_snapshot | agent
        thread.save(update_fields=["agent_name", "agent_snapshot"])
        session = Session.objects.get(pk=thread.session_id)
        session.agent = Agent.objects.named(self.workspace, agent["name"])
        session.agent_snapshot = session.agent_snapshot | agent
        session.save(update_fields=["agent", "agent_snapshot"])


def _lane(kept: LaneMemory) -> Lane:
    thread, above = kept.thread, kept.thread.parent
    parent = above.public_id if above is not None and above.position else PRIMARY
    return Lane(thread.public_id if thread.position else PRIMARY, parent, kept.name)


def _earliest(placing: Placing, lane: Lane) -> int:
    starts = (each.arrival.span.start for each in placing.placed if each.lane is lane)
    return min(filter(None, starts), default=0)
