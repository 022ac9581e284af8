"""What waits for the client, and whether an answer fits: confirmations and results of tools."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from apps.core import payloads
from apps.core.errors import DomainError
from apps.sessions.models import Event, Session
from apps.sessions.models.event import CONFIRMATION


class NothingWaits(DomainError):
    """No tool of this session waits for this answer."""


class Answer(NamedTuple):
    """How one type of answer names its tool's use, and of which types that is."""

    key: str
    uses: frozenset[str]


ANSWERS = {
    CONFIRMATION: Answer("tool_use_id", frozenset({"agent.tool_use", "agent.mcp_tool_use"})),
    "user.tool_result": Answer("tool_use_id", frozenset({"agent.tool_use"})),
    "user.custom_tool_result": Answer("custom_tool_use_id", frozenset({"agent.custom_tool_use"})),
}


@dataclass(slots=True)
class Use:
    """A tool's use, and what came in answer to it so far."""

    type: str
    thread: str
    """The child thread that it is of, or nothing for the primary."""
    asks: bool
    answers: set[str] = field(default_factory=set)

    @property
    def has_result(self) -> bool:
        return bool(self.answers - {CONFIRMATION})

    @property
    def waits_for_confirmation(self) -> bool:
        return self.asks and not self.answers


class Uses:
    """The tools' uses that some events answer."""

    def __init__(self, uses: dict[str, Use]) -> None:
        self._uses = uses

    @classmethod
    def load(cls, session: Session, events: Iterable[Mapping[str, Any]]) -> "Uses":
        """Two queries if any event is an answer, none otherwise."""
        wanted = {
            payloads.storable(event[ANSWERS[event["type"]].key])
            for event in events
            if event["type"] in ANSWERS
        }
        if not wanted:
            return cls({})
        found = Event.objects.filter(session=session, public_id__in=wanted)
        uses, by_sequence = {}, {}
        for event in found.select_related("thread").defer("text"):
            thread = event.thread.public_id if event.thread.position else ""
            asks = event.payload.get("evaluated_permission") == "ask"
            uses[event.public_id] = by_sequence[event.sequence] = Use(event.type, thread, asks)
        came = Event.objects.filter(session=session, closes__in=by_sequence)
        for closes, kind in came.values_list("closes", "type"):
            by_sequence[closes or 0].answers.add(kind)
        return cls(uses)

    def answer(self, number: int, event: Mapping[str, Any]) -> str:
        """Take the answer; the child thread that it is for, or nothing. Raises NothingWaits."""
        kind = event["type"]
        key, fitting = ANSWERS[kind]
        named = f"events.{number}.{key}"
        use = self._uses.get(event[key])
        if use is None:
            raise NothingWaits(f"{named}: this session has no event with this id.")
        if use.type not in fitting:
            raise NothingWaits(f"{named}: this is an {use.type}, which takes no {kind}.")
        if kind == CONFIRMATION and not use.waits_for_confirmation:
            raise NothingWaits(f"{named}: this tool use does not wait for a confirmation.")
        if use.has_result:
            raise NothingWaits(f"{named}: this tool use has its result already.")
        if kind != CONFIRMATION and use.waits_for_confirmation:
            raise NothingWaits(f"{named}: this tool use waits for a confirmation first.")
        use.answers.add(kind)
        return use.thread
