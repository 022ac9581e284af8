"""Which past sessions a proposal is tried on, and what was asked in each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q

from apps.core import payloads
from apps.reviews.models import Proposal
from apps.sessions.accepting import OUTCOME
from apps.sessions.models import Event, MemoryUse, Session
from apps.sessions.promoting import plain

LONGEST_TASK = 20_000
_POOL = 5
"""Sessions that are looked at for one that is taken: not each has a task that can be graded."""


@dataclass(frozen=True, slots=True)
class Past:
    """A session of which the task is tried again; `outcome` as it was defined, or None."""

    session: Session
    task: str
    outcome: Mapping[str, Any] | None


def chosen(
    proposal: Proposal, paths: Sequence[str], count: int, *, by_own_outcome: bool
) -> list[Past]:
    """Those that read one of the paths, then those it rests on, then the newest of their agents.

    Of the last only those that were judged or rewarded: what was at stake in them is known. With
    `by_own_outcome` all of them must have defined one.
    """
    found: dict[int, Past] = {}
    for pool in _pools(proposal, paths, count * _POOL):
        fresh = [each for each in pool if each.pk not in found]
        for past in _told(fresh):
            if past.outcome is not None or not by_own_outcome:
                found[past.session.pk] = past
        if len(found) >= count:
            break
    return list(islice(found.values(), count))


def _pools(proposal: Proposal, paths: Sequence[str], most: int) -> Iterator[list[Session]]:
    here = Session.objects.visible_in(proposal.workspace).select_related("agent")
    reads = MemoryUse.objects.of(proposal.store).reads().filter(path__in=paths)
    latest = reads.values("session").annotate(last=Max("at")).order_by("-last", "-session")
    ids = list(latest.values_list("session", flat=True)[:most])
    by_id = here.in_bulk(ids)
    readers = [by_id[each] for each in ids if each in by_id]
    yield readers
    quoted = proposal.evidence.values_list("session_id", flat=True)
    resting = list(here.filter(public_id__in=list(quoted)).order_by("-created_at", "-pk")[:most])
    yield resting
    agents = {each.agent_id for each in (*readers, *resting)}
    judged = ~Q(outcome_result="") | Q(metadata__has_key="reward") | Exists(_defined())
    recent = here.filter(judged, **{"agent__in": agents} if agents else {})
    yield list(recent.order_by("-created_at", "-pk")[:most])


def _defined() -> Any:
    return Event.objects.filter(session=OuterRef("pk"), type=OUTCOME)


def _told(sessions: Sequence[Session]) -> Iterator[Past]:
    """Those of which anybody asked anything."""
    said = Event.objects.filter(session__in=list(sessions), thread__position=0)
    outcomes = {
        each.session_id: each.payload
        for each in said.filter(type=OUTCOME).order_by("session", "-sequence").distinct("session")
    }
    answers = said.filter(type="agent.message", session=OuterRef("session"))
    first = said.filter(type="user.message").exclude(
        Exists(answers.filter(sequence__lt=OuterRef("sequence")))
    )
    asked: dict[int, list[str]] = {}
    rows = first.order_by("session", "sequence").values_list("session_id", "payload")
    for session_id, payload in rows:
        asked.setdefault(session_id, []).append(plain(payload.get("content")))
    for each in sessions:
        outcome = outcomes.get(each.pk)
        task = _task(asked.get(each.pk, ()), outcome)
        if task:
            yield Past(each, task, outcome)


def _task(asked: Iterable[str], outcome: Mapping[str, Any] | None) -> str:
    wanted = [str(outcome.get("description") or "")] if outcome else []
    texts = (payloads.storable(each).strip() for each in (*wanted, *asked))
    return "\n\n".join(filter(None, texts))[:LONGEST_TASK]
