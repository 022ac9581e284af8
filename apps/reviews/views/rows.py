"""The column that the queue stands in: rows in groups, how many there are, what narrows it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.middleware import WorkspaceRequest
from apps.accounts.rights import Right
from apps.memory.models import MemoryStore
from apps.reviews import browsing
from apps.reviews.actions.claiming import claimant_of
from apps.reviews.browsing import Listed, Page, Queue, capped
from apps.reviews.drafting import Kind
from apps.reviews.models import Proposal
from apps.reviews.views import address, asked_of

MOST_STORES = 30


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A proposal as the queue shows it to whoever reads it."""

    proposal: Proposal
    is_out_of_date: bool
    is_selected: bool
    is_in_queue: bool
    claimant: str
    is_yours: bool
    minutes: int
    """Left of the claim, begun ones counted whole."""
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one risk. What is decided stands in one group without a name."""

    risk: str
    count: str
    rows: Sequence[QueueRow]


def queue_of(request: WorkspaceRequest) -> Queue:
    return Queue(request.workspace, asked_of(request))


def column(request: WorkspaceRequest, queue: Queue, selected: Proposal | None) -> dict[str, Any]:
    """The context of reviews/queue.html."""
    page = queue.page(around=selected, after=request.GET.get("after", ""))
    counts = queue.counts()
    return {
        "asked": queue.asked,
        "groups": list(_groups(request, queue, page, selected, counts)),
        "page": page,
        "count": capped(sum(counts.values())),
        "has_rows": bool(page.rows),
        "filters": _filters(request, queue),
        "is_narrowed": bool(queue.asked.query()),
        "older": address(request, "queue", after=page.after, list="1") if page.after else "",
        "plain_url": address(request, "queue"),
    }


def _groups(
    request: WorkspaceRequest,
    queue: Queue,
    page: Page,
    selected: Proposal | None,
    counts: dict[int, int],
) -> Iterator[Group]:
    drawn = [_row(request, queue, each, selected) for each in page.rows]
    if not queue.asked.is_of_waiting:
        if drawn:
            yield Group("", capped(sum(counts.values())), drawn)
        return
    for risk in Proposal.Risk:
        rows = [each for each in drawn if each.proposal.risk == risk]
        if rows:
            yield Group(risk.label.lower(), capped(counts[risk]), rows)


def _row(
    request: WorkspaceRequest, queue: Queue, listed: Listed, selected: Proposal | None
) -> QueueRow:
    proposal = listed.proposal
    now = timezone.now()
    holder = proposal.claimant_at(now)
    until = proposal.claimed_until if holder else None
    is_selected = selected is not None and selected.pk == proposal.pk
    return QueueRow(
        proposal=proposal,
        is_out_of_date=listed.is_out_of_date,
        is_selected=is_selected,
        is_in_queue=queue.holds(proposal),
        claimant=proposal.claimed_by_name if holder else "",
        is_yours=bool(holder) and holder == claimant_of(request.actor).id,
        minutes=ceil((until - now).total_seconds() / 60) if until else 0,
        url=address(request, "proposal", proposal.pk),
    )


@dataclass(frozen=True, slots=True)
class Choice:
    label: str
    value: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """One thing that the queue can be narrowed by, and what by."""

    label: str
    name: str
    choices: Sequence[Choice]

    @property
    def chosen(self) -> str:
        return next((each.label for each in self.choices if each.current and each.value), "")


def _filters(request: WorkspaceRequest, queue: Queue) -> list[Filter]:
    stores = MemoryStore.objects.visible_in(request.workspace).open().order_by("name", "pk")
    named = stores.values_list("pk", "name")[:MOST_STORES]
    return [
        _filter(request, queue, "store", "Store", [("", "All stores"), *named]),
        _filter(
            request,
            queue,
            "kind",
            "Kind",
            [("", "Every kind"), *((each.value, each.name.title()) for each in Kind)],
        ),
        _filter(
            request,
            queue,
            "status",
            "Status",
            [
                ("", "Waiting"),
                *(each for each in Proposal.Status.choices if each[0] != browsing.WAITING),
            ],
        ),
    ]


def _filter(
    request: WorkspaceRequest,
    queue: Queue,
    name: str,
    label: str,
    choices: Sequence[tuple[str, str]],
) -> Filter:
    now = getattr(queue.asked, name)
    drawn = [
        Choice(words, value, address(request, "queue", **{name: value, "list": "1"}), value == now)
        for value, words in choices
    ]
    return Filter(label, name, drawn)


@require_safe
def rows(request: WorkspaceRequest) -> HttpResponse:
    """The shown rows as they are by now, how many there are, and how many are new."""
    queue = queue_of(request)
    shown = [each for each in request.GET.get("shown", "").split(",") if each][:200]
    selected = queue.find(request.GET.get("selected", ""))
    page = queue.page(around=selected, after=request.GET.get("after", ""))
    new = [each for each in page.rows if each.proposal.pk not in set(shown)]
    counts = queue.counts()
    context = {
        "rows": [
            _row(request, queue, each, selected)
            for each in queue.these([each.replace("\x00", "") for each in shown])
        ],
        "new": len(new),
        "may_review": request.actor.may(Right.REVIEW),
        "asked": queue.asked,
        "count": capped(sum(counts.values())),
        "counts": [(risk.label.lower(), capped(counts[risk])) for risk in Proposal.Risk],
        "queue_url": address(request, "queue"),
    }
    return render(request, "reviews/queue_rows.html", context)


@require_safe
def count(request: WorkspaceRequest) -> HttpResponse:
    """How many wait, for the rail."""
    counts = Queue(request.workspace, browsing.Asked()).counts()
    return render(request, "reviews/count.html", {"count": capped(sum(counts.values()))})
