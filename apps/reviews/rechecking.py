"""Whether quotes still are what their events say, and whose sessions were erased since."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from apps.accounts.models import Workspace
from apps.memory import chain
from apps.reviews import quoting
from apps.reviews.models import Evidence
from apps.sessions.models import Session

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """A quote that cannot be read where it was, and why. An erased source is no fault."""

    evidence: Evidence
    is_broken: bool
    problem: str


def recheck(store_id: str = "") -> Iterator[Finding]:
    """Of one store or all; of the workspace that each proposal is in."""
    rows = Evidence.objects.select_related("proposal__workspace").order_by("pk")
    if store_id:
        rows = rows.filter(proposal__store=store_id)
    some: list[Evidence] = []
    for each in rows.iterator(chunk_size=AT_ONCE):
        some.append(each)
        if len(some) == AT_ONCE:
            yield from _of_some(some)
            some = []
    yield from _of_some(some)


def _of_some(some: Sequence[Evidence]) -> Iterator[Finding]:
    by_workspace: dict[Workspace, list[Evidence]] = defaultdict(list)
    for each in some:
        by_workspace[each.proposal.workspace].append(each)
    for workspace, found in by_workspace.items():
        events = quoting.events_of(workspace, [(e.session_id, e.event_id) for e in found])
        named = {each.session_id for each in found}
        sessions = Session.objects.visible_in(workspace).filter(public_id__in=named)
        there = set(sessions.values_list("public_id", flat=True))
        for each in found:
            finding = _looked_at(each, events, there)
            if finding is not None:
                yield finding


def _looked_at(each: Evidence, events: quoting.Events, there: set[str]) -> Finding | None:
    if chain.content_sha256(each.quote) != each.sha256:
        return Finding(each, True, "the quote is not what its hash says")
    if each.session_id not in there:
        return Finding(each, False, "source erased")
    event = events.get((each.session_id, each.event_id))
    if event is None:
        return Finding(each, True, "there is no such event in the session")
    if quoting.text_of(event)[each.start : each.end] != each.quote:
        return Finding(each, True, "the event says something else there")
    return None
