"""What a reviewer is told beside a proposal: whether its quotes still stand, and who reads it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.db.models import Q
from django.utils import timezone

from apps.core.masking import masked
from apps.reviews.drafting import Role
from apps.reviews.models import Evidence, Proposal
from apps.reviews.quoting import text_of
from apps.sessions.models import Event, MemoryUse

LATELY = timedelta(days=7)
AROUND = 140
"""Characters of the event on either side of a quote."""
_LOOKED_AT = 2_000
"""Characters that are searched for secrets, so that none is cut in two."""
_SAID = {
    "user.message": "User said",
    "agent.message": "Agent said",
    "agent.thinking": "Agent thought",
    "system.message": "Instructions said",
}
_ROLES = {
    Role.SHOWS_MISTAKE: "Shows the mistake",
    Role.SHOWS_FIX: "Shows the fix",
    Role.STATES_PREFERENCE: "States the preference",
    Role.STATES_FACT: "States the fact",
    Role.SHOWS_SUCCESS: "Shows that it works",
    Role.CONTRADICTS: "Contradicts",
}
_USES = {"agent.tool_use": "Called", "agent.mcp_tool_use": "Called"}
_RESULTS = {
    "agent.tool_result",
    "agent.mcp_tool_result",
    "user.tool_result",
    "user.custom_tool_result",
}


class Standing(StrEnum):
    """What became of a quote."""

    MATCHES = "matches"
    BROKEN = "broken"  # its event says something else there
    ERASED = "erased"  # its event is not there any more


@dataclass(frozen=True, slots=True)
class Card:
    """A quote as it is shown: with what stands around it, and who said it."""

    evidence: Evidence
    standing: Standing
    before: str = ""
    after: str = ""
    who: str = ""
    thread: str = ""

    @property
    def label(self) -> str:
        """What it is there for."""
        return _ROLES[Role(self.evidence.role)]


@dataclass(frozen=True, slots=True)
class Exhibit:
    """All the evidence of a proposal."""

    cards: Sequence[Card]

    @property
    def matching(self) -> int:
        return sum(each.standing == Standing.MATCHES for each in self.cards)

    @property
    def tainted(self) -> int:
        return sum(each.evidence.is_tainted for each in self.cards)

    @property
    def erased(self) -> int:
        return sum(each.standing == Standing.ERASED for each in self.cards)

    @property
    def broken(self) -> int:
        return sum(each.standing == Standing.BROKEN for each in self.cards)

    @property
    def sessions(self) -> int:
        return len({each.evidence.session_id for each in self.cards})

    @property
    def agents(self) -> int:
        return len({each.evidence.agent_name for each in self.cards})


def exhibit(proposal: Proposal) -> Exhibit:
    """Every quote, looked up at its event; the same queries however many. Evidence is loaded."""
    evidence = sorted(proposal.evidence.all(), key=lambda each: each.position)
    events = _events(proposal, evidence)
    tools = _tools(events.values())
    return Exhibit([_card(each, events, tools) for each in evidence])


_Events = Mapping[tuple[str, str], Event]
_Tools = Mapping[tuple[int, int], str]


def _events(proposal: Proposal, evidence: Sequence[Evidence]) -> _Events:
    wanted = {(each.session_id, each.event_id) for each in evidence}
    found = Event.objects.filter(
        session__workspace=proposal.workspace_id,
        session__public_id__in={session for session, _ in wanted},
        public_id__in={event for _, event in wanted},
    ).select_related("session", "thread")
    return {(each.session.public_id, each.public_id): each for each in found}


def _tools(events: Iterable[Event]) -> _Tools:
    """The names of the tools whose results these are."""
    places = {(each.session_id, each.closes) for each in events if each.closes is not None}
    here = Q(pk__in=[])
    for session_id, sequence in places:
        here |= Q(session=session_id, sequence=sequence)
    found = Event.objects.filter(here).values_list("session_id", "sequence", "tool_name")
    return {(session, sequence): name for session, sequence, name in found}


def _card(evidence: Evidence, events: _Events, tools: _Tools) -> Card:
    event = events.get((evidence.session_id, evidence.event_id))
    if event is None:
        return Card(evidence, Standing.ERASED)
    text = text_of(event)
    thread = f"thread {event.thread.position}" if event.thread.position else ""
    who, agent = _who(event, tools), event.thread.agent_name
    where = " · ".join(filter(None, (agent or evidence.agent_name, thread)))
    if text[evidence.start : evidence.end] != evidence.quote:
        return Card(evidence, Standing.BROKEN, who=who, thread=where)
    before = masked(text[max(0, evidence.start - _LOOKED_AT) : evidence.start])
    after = masked(text[evidence.end : evidence.end + _LOOKED_AT])
    return Card(evidence, Standing.MATCHES, _tail(before), _head(after), who, where)


def _who(event: Event, tools: _Tools) -> str:
    if event.type in _RESULTS:
        name = tools.get((event.session_id, event.closes or 0), "")
        return f"{name} returned" if name else "A tool returned"
    if event.type in _USES:
        return f"{_USES[event.type]} {event.tool_name}"
    return _SAID.get(event.type, event.type)


def _tail(text: str) -> str:
    """The end of what stands before: the same paragraph, and not all of it if it is long."""
    paragraph = text.rpartition("\n\n")[2]
    if len(paragraph) <= AROUND:
        return paragraph
    return f"…{paragraph[-AROUND:].partition(' ')[2]}"


def _head(text: str) -> str:
    paragraph = text.partition("\n\n")[0]
    if len(paragraph) <= AROUND:
        return paragraph
    return f"{paragraph[:AROUND].rpartition(' ')[0]}…"


def readers(proposal: Proposal, paths: Iterable[str]) -> int:
    """How many sessions have read any of these in the last seven days."""
    reads = MemoryUse.objects.of(proposal.store).reads().filter(path__in=set(paths))
    recent = reads.filter(at__gte=timezone.now() - LATELY)
    return recent.values("session").distinct().count()
