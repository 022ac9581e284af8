"""The evidence lock: a quote is what its event says there, or it is no evidence."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from apps.accounts.models import Workspace
from apps.core import payloads
from apps.core.errors import DomainError, NotFound
from apps.memory import chain
from apps.reviews.drafting import Quote
from apps.reviews.models import Evidence
from apps.sessions import promoting
from apps.sessions.models import Event

MOST_SHOWN = 200
"""Characters of what stands there instead."""
FROM_OUTSIDE = frozenset(
    {
        "agent.tool_result",
        "agent.mcp_tool_result",
        "user.tool_result",
        "user.custom_tool_result",
    }
)
"""Events that say what tools, web pages and files say, which may be anybody's words."""

Events = Mapping[tuple[str, str], Event]


class NoSuchEvidence(NotFound):
    """evidence: there is no such event in this workspace."""


class EvidenceBroken(DomainError):
    """evidence: a quote is not what its event says there."""

    status = 422
    code = "evidence_mismatch"


def text_of(event: Event) -> str:
    """The text whose characters quotes count. The payload must be loaded."""
    return promoting.promote(event.type, event.payload).text


def events_of(
    workspace: Workspace, quotes: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], Event]:
    """By ids of session and event, those that are there."""
    wanted = {(payloads.storable(each[0]), payloads.storable(each[1])) for each in quotes}
    found = Event.objects.filter(
        session__workspace=workspace,
        session__public_id__in={session for session, _ in wanted},
        public_id__in={event for _, event in wanted},
    ).select_related("session__agent")
    by_ids = {(each.session.public_id, each.public_id): each for each in found}
    return {ids: event for ids, event in by_ids.items() if ids in wanted}


def evidence_of(quotes: Sequence[Quote], events: Events, where: str) -> list[Evidence]:
    """The quotes as evidence, not kept yet. Raises NoSuchEvidence, EvidenceBroken."""
    return [
        _checked(quote, events, position, f"{where}evidence.{position}")
        for position, quote in enumerate(quotes)
    ]


def _checked(quote: Quote, events: Events, position: int, where: str) -> Evidence:
    event = events.get((quote.session_id, quote.event_id))
    if event is None:
        raise NoSuchEvidence(f"{where}: there is no event {quote.event_id} in this session.")
    text = text_of(event)
    there = text[quote.start : quote.end] if 0 <= quote.start < quote.end else ""
    if not there or there != quote.quote:
        raise EvidenceBroken(
            f"{where}: characters {quote.start} to {quote.end} of {quote.event_id} say "
            f"“{there[:MOST_SHOWN]}”, and not “{quote.quote[:MOST_SHOWN]}”.",
            evidence=position,
            there=there[:MOST_SHOWN],
        )
    session = event.session
    return Evidence(
        position=position,
        session_id=quote.session_id,
        event_id=quote.event_id,
        start=quote.start,
        end=quote.end,
        quote=quote.quote,
        sha256=chain.content_sha256(quote.quote),
        role=quote.role,
        is_tainted=is_tainted(event, quote.quote),
        session_title=session.title,
        agent_name=session.agent.name[:256],
        event_type=event.type,
        event_sequence=event.sequence,
        occurred_at=event.occurred_at,
    )


def is_tainted(event: Event, quote: str) -> bool:
    """Whether these words came from a tool, a page or a file: nobody here has said them."""
    if event.type in FROM_OUTSIDE:
        return True
    content = event.payload.get("content")
    if not isinstance(content, list):
        return False
    return quote not in "\n".join(filter(None, map(_own_words, content)))


def _own_words(block: Any) -> str:
    """What a block says itself; a document or a search result says what somebody else wrote."""
    if isinstance(block, str):
        return block
    is_text = isinstance(block, dict) and block.get("type") == "text"
    text = block.get("text") if is_text else ""
    return text if isinstance(text, str) else ""
