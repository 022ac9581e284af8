"""What a reviewer does with the proposal on the desk. After each, the next one lies there."""

import json
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, push_url

from apps.accounts.middleware import WorkspaceRequest, needs
from apps.accounts.rights import Right
from apps.core.errors import DomainError
from apps.core.htmx import wants_part
from apps.memory import ends
from apps.memory.models import MemoryVersion, Operation
from apps.memory.templatetags.memory import filename
from apps.reviews.actions import claiming
from apps.reviews.actions import deciding as actions
from apps.reviews.actions.claiming import claimant_of
from apps.reviews.actions.deciding import Decided
from apps.reviews.forms import DecisionForm
from apps.reviews.models import Proposal, Verdict
from apps.reviews.proposing import NothingToRepropose
from apps.reviews.recording import AlreadyDecided
from apps.reviews.views import address, desk, proposal_of
from apps.reviews.views.rows import queue_of
from apps.reviews.views.standing import claim_of

MOST_NAMED = 2
NO_HUNK = "Tick a hunk at least, or reject the proposal."


@needs(Right.REVIEW)
@require_POST
def decide(request: WorkspaceRequest, proposal_id: str) -> HttpResponse:
    """Accept or reject it. What is refused comes back with all that was typed and ticked."""
    proposal = proposal_of(request, proposal_id)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _again(request, proposal, form, "A note has 2,000 characters at most.")
    if form.cleaned_data["verdict"] == Verdict.ACCEPT and form.hunks == []:
        return _again(request, proposal, form, NO_HUNK)
    verdict, note = form.cleaned_data["verdict"], form.cleaned_data["note"]
    said = _said(proposal, form)
    try:
        decided = actions.decide(
            proposal_id=proposal.pk, verdict=verdict, by=request.actor, note=note, **said
        )
    except AlreadyDecided as late:
        if actions.has_decided(late.proposal, request.actor, verdict, **said):
            told = f"{filename(proposal.path)} is {late.proposal.status}: it had arrived before."
            return _onwards(request, late.proposal, told)
        return _again(request, proposal, form, late)
    except DomainError as refused:
        return _again(request, proposal, form, refused)
    return _onwards(request, decided.proposal, _told(decided))


def _said(proposal: Proposal, form: DecisionForm) -> dict[str, Any]:
    """What an acceptance takes of it, or why it is rejected."""
    if form.cleaned_data["verdict"] != Verdict.ACCEPT:
        return {"reason": form.cleaned_data["reason"]}
    return {"hunks": form.hunks, "content": _edited(proposal, form)}


def _edited(proposal: Proposal, form: DecisionForm) -> str | None:
    """What was typed instead; None if that is what is proposed anyway."""
    if not form.is_edit:
        return None
    proposed = proposal.content or ""
    typed = ends.with_ends_of(proposed, form.cleaned_data["content"])
    return None if typed == proposed else typed


def _again(
    request: WorkspaceRequest, proposal: Proposal, form: DecisionForm, refused: DomainError | str
) -> HttpResponse:
    """The same proposal as it is by now, with why not."""
    status = refused.status if isinstance(refused, DomainError) else 422
    told = refused if isinstance(refused, str) else refused.message
    fresh = proposal_of(request, proposal.pk)
    if isinstance(refused, AlreadyDecided) and not form.is_edit:
        form = DecisionForm()
    shown = 422 if status == 400 else status
    return desk.show(
        request,
        queue_of(request),
        fresh,
        form=form,
        refused={"told": told, "was_edit": form.is_edit and not fresh.is_waiting},
        status=shown,
    )


def _told(decided: Decided) -> str:
    """What came of it, in a sentence or two."""
    proposal, verdict = decided.proposal, decided.decision.verdict
    if decided.needs_second:
        return "Approved. It waits for a second person."
    if verdict == Verdict.REJECT:
        reason = decided.decision.get_reason_display().lower()
        return f"Rejected {filename(proposal.path)} as {reason}."
    parts = ["Accepted.", *_written(decided.versions)]
    if decided.withdrawn:
        count = len(decided.withdrawn)
        parts.append(f"{count} other proposal{'s' if count > 1 else ''} withdrawn.")
    return " ".join(parts)


def _written(versions: Sequence[MemoryVersion]) -> list[str]:
    kept = [each for each in versions if each.operation != Operation.DELETED]
    gone = len(versions) - len(kept)
    said = []
    for each in kept[:MOST_NAMED]:
        earlier = MemoryVersion.objects.filter(
            memory=each.memory_id, sequence__lt=each.sequence
        ).count()
        said.append(f"{filename(each.path or '')} is now version {earlier + 1}.")
    if len(kept) > MOST_NAMED:
        said.append(f"{len(kept) - MOST_NAMED} more are written.")
    if gone:
        said.append(f"{gone} {'memory is' if gone == 1 else 'memories are'} retired.")
    return said


def _onwards(request: WorkspaceRequest, done: Proposal, told: str) -> HttpResponse:
    """The next one; without scripts the page says what was done and offers to take it back."""
    queue = queue_of(request)
    who = claimant_of(request.actor).id
    following = queue.next(done, free_for=who, now=timezone.now())
    where = address(request, "proposal", following.pk) if following else address(request, "queue")
    if not wants_part(request):
        messages.success(request, told)
        said = {"decided": done.pk}
        name, args = ("proposal", [following.pk]) if following else ("queue", [])
        return redirect(address(request, name, *args, **said))
    answer = desk.show(request, queue, proposal_of(request, following.pk) if following else None)
    push_url(answer, where)
    return _telling(answer, request, done, told)


def _telling(
    answer: HttpResponse, request: WorkspaceRequest, done: Proposal, told: str
) -> HttpResponse:
    """With word of it for the page's script: the row that goes, and the toast."""
    said: dict[str, Any] = {
        "id": done.pk,
        "text": told,
        "undo": "" if done.is_waiting else address(request, "undo", done.pk),
    }
    answer["HX-Trigger"] = json.dumps({"decided": said})
    return answer


@needs(Right.REVIEW)
@require_POST
def skip(request: WorkspaceRequest, proposal_id: str) -> HttpResponse:
    """Leave it to somebody else."""
    proposal = proposal_of(request, proposal_id)
    claiming.release(proposal_id=proposal.pk, by=request.actor)
    queue = queue_of(request)
    who = claimant_of(request.actor).id
    following = queue.next(proposal, free_for=who, now=timezone.now()) or proposal
    where = address(request, "proposal", following.pk)
    if not wants_part(request):
        return redirect(where)
    answer = desk.show(request, queue, proposal_of(request, following.pk))
    push_url(answer, where)
    return answer


@needs(Right.REVIEW)
@require_POST
def claim(request: WorkspaceRequest, proposal_id: str) -> HttpResponse:
    """Take it for fifteen minutes, or for fifteen more."""
    proposal = proposal_of(request, proposal_id)
    take_over = request.POST.get("take_over") == "1"
    try:
        claiming.claim(proposal_id=proposal.pk, by=request.actor, take_over=take_over)
    except DomainError as refused:
        if not wants_part(request):
            messages.error(request, refused.message)
    if take_over and wants_part(request):
        return HttpResponseClientRedirect(address(request, "proposal", proposal.pk))
    return _claimed(request, proposal)


@needs(Right.REVIEW)
@require_POST
def release(request: WorkspaceRequest, proposal_id: str) -> HttpResponse:
    proposal = proposal_of(request, proposal_id)
    claiming.release(proposal_id=proposal.pk, by=request.actor)
    return _claimed(request, proposal)


def _claimed(request: WorkspaceRequest, proposal: Proposal) -> HttpResponse:
    if not wants_part(request):
        return redirect(address(request, "proposal", proposal.pk))
    return _standing(request, proposal_of(request, proposal.pk), "reviews/claim.html")


@require_safe
def standing(request: WorkspaceRequest, proposal_id: str) -> HttpResponse:
    """Who holds it and what became of it: asked by a page that heard that something did."""
    return _standing(request, proposal_of(request, proposal_id), "reviews/news.html")


def _standing(request: WorkspaceRequest, proposal: Proposal, template: str) -> HttpResponse:
    names = ("claim", "release", "proposal")
    context = {
        "proposal": proposal,
        "standing": claim_of(request, proposal) | {"may_review": request.actor.may(Right.REVIEW)},
        "urls": {name: address(request, name, proposal.pk) for name in names},
    }
    return render(request, template, context)


@needs(Right.REVIEW)
@require_POST
def repropose(request: WorkspaceRequest, proposal_id: str) -> HttpResponse:
    """Propose it again on what its memories say now."""
    proposal = proposal_of(request, proposal_id)
    try:
        again = actions.repropose(proposal_id=proposal.pk, by=request.actor)
    except (NothingToRepropose, DomainError) as refused:
        return _again(request, proposal, DecisionForm(), refused)
    messages.success(request, "Proposed again on what the memory says now.")
    where = address(request, "proposal", again.pk)
    return HttpResponseClientRedirect(where) if wants_part(request) else redirect(where)
