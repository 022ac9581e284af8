"""Deciding several proposals of one kind: first a look at what will happen, then it happens."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from apps.accounts.middleware import WorkspaceRequest, needs
from apps.accounts.rights import Right
from apps.core.errors import DomainError
from apps.core.htmx import render_page
from apps.reviews.actions import batching as actions
from apps.reviews.actions.batching import Batch
from apps.reviews.forms import MOST_NOTE
from apps.reviews.models import Reason, Verdict
from apps.reviews.views import address

_VERBS = {Verdict.ACCEPT: "accepted", Verdict.REJECT: "rejected"}


@needs(Right.REVIEW)
@require_POST
def batch(request: WorkspaceRequest) -> HttpResponse:
    """With `sure` it is done; without, it is shown."""
    verdict = Verdict.REJECT if request.POST.get("verdict") == Verdict.REJECT else Verdict.ACCEPT
    ids = [each.replace("\x00", "") for each in request.POST.getlist("proposal")]
    context: dict[str, Any] = {
        "verdict": verdict.value,
        "verb": _VERBS[verdict],
        "reasons": Reason.choices,
        "queue_url": address(request, "queue"),
        "batch_url": address(request, "batch"),
    }
    try:
        if request.POST.get("sure") == "1":
            return _do(request, ids, verdict, context)
        context["batch"] = actions.preview_batch(
            proposal_ids=ids, verdict=verdict, by=request.actor
        )
    except DomainError as refused:
        context["refused"] = refused
        status = 422 if refused.status == 400 else refused.status
        return render_page(request, "reviews/batch.html", context, status=status)
    return render_page(request, "reviews/batch.html", context)


def _do(
    request: WorkspaceRequest, ids: list[str], verdict: Verdict, context: dict[str, Any]
) -> HttpResponse:
    is_rejection = verdict == Verdict.REJECT
    done = actions.decide_batch(
        proposal_ids=ids,
        verdict=verdict,
        by=request.actor,
        reason=request.POST.get("reason", "") if is_rejection else "",
        note=request.POST.get("note", "")[:MOST_NOTE] if is_rejection else "",
    )
    messages.success(request, _told(done, context["verb"]))
    if done.skipped:
        context |= {"batch": done, "is_done": True}
        return render_page(request, "reviews/batch.html", context)
    return redirect(context["queue_url"])


def _told(done: Batch, verb: str) -> str:
    count = len(done.decided)
    left = f" {len(done.skipped)} left as they are." if done.skipped else ""
    return f"{count} proposal{'' if count == 1 else 's'} {verb}.{left}"
