"""The page that a reviewer has open all day: the queue, one proposal, and its evidence.

Everything that is chosen stands in the address: what the queue is narrowed to, which proposal, and
how its text is shown.
"""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.middleware import WorkspaceRequest
from apps.accounts.rights import Right
from apps.core.beside import asides
from apps.core.htmx import render_page, wants_part
from apps.reviews.actions.claiming import claimant_of
from apps.reviews.browsing import MOST, Queue
from apps.reviews.forms import DecisionForm
from apps.reviews.models import Proposal, Reason
from apps.reviews.views import address, proposal_of
from apps.reviews.views.look import look_at
from apps.reviews.views.rows import column, queue_of
from apps.reviews.views.standing import standing_of

PAGE, PART = "reviews/desk.html", "reviews/proposal.html"
VIEWS = {"before": "Before", "diff": "Diff", "after": "After"}


@require_safe
def index(request: WorkspaceRequest) -> HttpResponse:
    """The queue, and the first of it that nobody else is looking at."""
    queue = queue_of(request)
    who = claimant_of(request.actor).id
    first = queue.first(free_for=who, now=timezone.now())
    if first is None:
        return show(request, queue, None)
    return show(request, queue, proposal_of(request, first.pk))


@require_safe
def page(request: WorkspaceRequest, proposal_id: str) -> HttpResponse:
    return show(request, queue_of(request), proposal_of(request, proposal_id))


def show(
    request: WorkspaceRequest,
    queue: Queue,
    proposal: Proposal | None,
    *,
    form: DecisionForm | None = None,
    refused: object = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page, or for htmx the proposal and its evidence."""
    context: dict[str, Any] = {
        "is_part": wants_part(request),
        "asked": queue.asked,
        "may_review": request.actor.may(Right.REVIEW),
        "may_manage": request.actor.may(Right.ADMIN),
        "stream_url": reverse("reviews:stream", args=[request.workspace.slug]),
        "rows_url": address(request, "rows"),
        "is_listing": request.GET.get("list") == "1",
        "refused": refused,
        "reasons": Reason.choices,
        "form": form or DecisionForm(),
        "decided": _just_decided(request, queue),
    }
    if proposal is not None:
        context |= on_the_desk(request, queue, proposal, form)
    if wants_part(request):
        return render_page(request, PART, context, status=status)
    context |= column(request, queue, proposal)
    context["oldest"] = queue.oldest() if queue.asked.is_of_waiting else None
    return render_page(request, PAGE, context, status=status)


def on_the_desk(
    request: WorkspaceRequest, queue: Queue, proposal: Proposal, form: DecisionForm | None = None
) -> dict[str, Any]:
    """The context of reviews/proposal.html."""
    is_editing = request.GET.get("edit") == "1" or (form is not None and form.is_edit)
    view = request.GET.get("view", "")
    view = view if view in VIEWS else "diff"
    look = look_at(request.actor, proposal)
    return {
        "proposal": proposal,
        "look": look,
        "asides": asides("proposal", proposal),
        "standing": standing_of(request, proposal, look),
        "place": _place(request, queue, proposal),
        "view": view,
        "is_split": request.GET.get("split") == "1",
        "is_editing": is_editing and proposal.content is not None and proposal.is_waiting,
        "urls": _urls(request, proposal, view),
        "unticked": form.unticked if form is not None else set(),
    }


def _urls(request: WorkspaceRequest, proposal: Proposal, view: str) -> dict[str, Any]:
    def here(**more: str) -> str:
        return address(request, "proposal", proposal.pk, **more)

    split = request.GET.get("split", "")
    return {
        "here": here(),
        "edit": here(edit="1"),
        "whole": here(view=view if view != "diff" else "", split=split),
        "views": [
            {
                "label": label,
                "url": here(view="" if name == "diff" else name),
                "current": name == view,
            }
            for name, label in VIEWS.items()
        ],
        "layouts": [
            {"label": "Unified", "url": here(), "current": split != "1"},
            {"label": "Split", "url": here(split="1"), "current": split == "1"},
        ],
    } | {
        name: address(request, name, proposal.pk)
        for name in ("decide", "skip", "claim", "release", "undo", "repropose", "standing")
    }


def _place(request: WorkspaceRequest, queue: Queue, proposal: Proposal) -> dict[str, Any] | None:
    """Where in the queue it stands, and the ones beside it; None if it does not stand in it."""
    if not queue.holds(proposal):
        return None
    ahead, previous, following = queue.neighbours(proposal)
    total = sum(queue.counts().values())
    if ahead >= total:  # it is narrowed to others
        return None
    return {
        "number": f"{MOST}+" if ahead >= MOST else str(ahead + 1),
        "total": f"{MOST}+" if total > MOST else str(total),
        "previous": address(request, "proposal", previous) if previous else "",
        "next": address(request, "proposal", following) if following else "",
    }


def _just_decided(request: WorkspaceRequest, queue: Queue) -> Proposal | None:
    """What was decided a moment ago, so that it can be taken back without scripts as well."""
    named = request.GET.get("decided", "")
    found = queue.find(named) if named else None
    return found if found is not None and not found.is_waiting else None
