"""The pages of comparisons: who dreams best, asking for one, judging one row by row."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.acting import Actor
from apps.accounts.middleware import WorkspaceRequest, needs
from apps.accounts.rights import Right
from apps.core.errors import DomainError, NotFound
from apps.core.htmx import render_page, wants_part
from apps.core.pagination import BadCursor, Page, newest
from apps.dreams import finding as dreams
from apps.dreams import showing as dreaming
from apps.dreams import trying
from apps.dreams.comparing import actions, counting, estimating, finding, looking, showing
from apps.dreams.comparing.forms import ComparisonForm, HandInForm
from apps.dreams.comparing.handing_in import Whose
from apps.dreams.comparing.looking import Look
from apps.dreams.models import Comparison, ComparisonRow, Letter
from apps.dreams.views import FORM
from apps.dreams.views.dreams import tabs
from apps.dreams.views.starting import NO_SESSIONS, first_shown

PAGE, NEW, LIST = "dreams/comparison.html", "dreams/comparison_new.html", "dreams/comparisons.html"
_UNCHANGED = 204


@require_safe
def index(request: WorkspaceRequest) -> HttpResponse:
    """Newest first, below how everybody came off over all of them."""
    is_archived = request.GET.get("show") == "archived"
    rows = Comparison.objects.visible_in(request.workspace)
    rows = rows.exclude(archived_at=None) if is_archived else rows.open()
    context: dict[str, Any] = {"is_archived": is_archived, "tabs": tabs(request, "comparisons")}
    status = 200
    try:
        page = newest(rows.for_list(), request.GET.get("cursor", ""))
    except BadCursor as bad:
        page = Page([])
        context["bad"], status = bad, bad.status
    stores = dreaming.store_names(request.workspace, [each.input_store_id for each in page.rows])
    looks = looking.look_at(page.rows)
    context |= {
        "page": page,
        "rows": [
            (each, _sides(each), stores.get(each.comparison.input_store_id)) for each in looks
        ],
        "standings": counting.standings(request.workspace),
    }
    return render_page(request, LIST, context, status=status)


@needs(Right.WRITE)
@require_http_methods(FORM)
def new(request: WorkspaceRequest) -> HttpResponse:
    if request.method != "POST":
        return _ask(request, _like(request))
    form = ComparisonForm(request.POST, workspace=request.workspace)
    if not form.is_valid() or "try" in request.POST:
        return _ask(request, form)
    ids = trying.public_ids(request.workspace, form.asked())
    if not ids:
        form.add_error(None, NO_SESSIONS)
        return _ask(request, form)
    try:
        made = actions.create_comparison(form.comparison(ids), by=request.actor)
    except DomainError as refused:
        form.complain(refused)
        return _ask(request, form)
    return redirect("dreams:comparison", request.workspace.slug, made.pk)


@needs(Right.WRITE)
@require_POST
def estimate(request: WorkspaceRequest) -> HttpResponse:
    """What it would read and cost, for who is still choosing."""
    form = ComparisonForm(request.POST, workspace=request.workspace)
    form.is_valid()
    return render(request, f"{NEW}#estimate", _estimated(request, form))


def _like(request: WorkspaceRequest) -> ComparisonForm:
    named = request.GET.get("dream", "")
    if not named:
        store = request.GET.get("store", "").replace("\x00", "")
        initial = {"memory_store_id": store} if store else {}
        return ComparisonForm(workspace=request.workspace, initial=initial)
    try:
        dream = dreams.dream(request.workspace, named)
    except NotFound as missing:
        raise Http404 from missing
    return ComparisonForm.like(dream, request.workspace)


def _ask(request: WorkspaceRequest, form: ComparisonForm) -> HttpResponse:
    counted = form
    if not form.is_bound:
        counted = ComparisonForm(first_shown(form), workspace=request.workspace)
        counted.is_valid()
    context = {"form": form, **_estimated(request, counted)}
    return render_page(request, NEW, context, status=422 if form.errors else 200)


def _estimated(request: WorkspaceRequest, form: ComparisonForm) -> dict[str, Any]:
    found = estimating.estimate(request.workspace, form.asked(), form.models())
    cap = form.cleaned_data.get("cap_usd")
    over = [each.letter for each in found.sides if cap and each.cost and each.cost > cap]
    return {"estimated": found, "over": over}


@require_safe
def page(request: WorkspaceRequest, comparison_id: str) -> HttpResponse:
    """While it dreams, who looks asks again each second, and is answered once something is new."""
    look = looking.look(_comparison(request, comparison_id))
    state = "-".join(f"{each.status}.{each.stage}" for each in look.dreams.values())
    if wants_part(request) and request.GET.get("state") == state:
        return HttpResponse(status=_UNCHANGED)
    after = request.GET.get("after", "")
    context = _context(request, look, int(after) if after.isdecimal() and len(after) < 9 else 0)
    return render_page(request, PAGE, context | {"state": state}, part="live")


def _context(request: WorkspaceRequest, look: Look, after: int) -> dict[str, Any]:
    rows = ComparisonRow.objects.filter(comparison=look.comparison, number__gt=after)
    found = list(rows.select_related("pick").order_by("number")[: showing.ROWS + 1])
    shown = found[: showing.ROWS]
    compared = look.comparison
    stores = dreaming.store_names(request.workspace, [compared.input_store_id])
    return _standing(request, look) | {
        "rows": showing.rows(request.workspace, look, shown),
        "older": shown[-1].number if len(found) > showing.ROWS else 0,
        "after": after,
        "store": stores.get(compared.input_store_id, ""),
        "sessions": len(compared.session_ids),
    }


def _standing(request: WorkspaceRequest, look: Look) -> dict[str, Any]:
    """What is told above the rows, and changes with each pick."""
    return {
        "look": look,
        "comparison": look.comparison,
        "sides": _sides(look),
        "by_place": [(letter, look.side(letter)) for letter in showing.order(look.comparison)],
        "may_review": request.actor.may(Right.REVIEW),
    }


def _sides(look: Look) -> list[dict[str, Any]]:
    return [
        {
            "letter": letter,
            "name": counting.called(look.side(letter).model, look.side(letter).engine),
            "side": look.side(letter),
            "dream": look.dreams[letter],
            "stage": dreaming.STAGES.get(look.dreams[letter].stage, ""),  # type: ignore[call-overload]
            "cost": look.cost(letter),
            "tally": look.tally(letter),
        }
        for letter in Letter
    ]


@needs(Right.REVIEW)
@require_POST
def pick(request: WorkspaceRequest, comparison_id: str, row_id: str) -> HttpResponse:
    """One row is judged; with the last one, whose is which is told."""
    compared = _comparison(request, comparison_id)
    was_blind = looking.look(compared).is_blind
    choice = showing.choice_of(compared, request.POST.get("choice", ""))
    try:
        row = actions.pick(
            comparison_id=compared.pk, row_id=row_id, choice=choice, by=request.actor
        )
    except NotFound as missing:
        raise Http404 from missing
    except DomainError as refused:
        messages.error(request, refused.message)
        return _back(request, compared)
    if not wants_part(request):
        number = row.number - 1
        at = f"?after={number - number % showing.ROWS}#row-{row.number}"
        return redirect(_address(request, compared) + at)
    look = looking.look(compared)
    if was_blind and not look.is_blind:
        return HttpResponse(headers={"HX-Refresh": "true"})
    [shown] = showing.rows(request.workspace, look, [row])
    return render(request, f"{PAGE}#picked", _standing(request, look) | {"each": shown})


@needs(Right.REVIEW)
@require_POST
def reveal(request: WorkspaceRequest, comparison_id: str) -> HttpResponse:
    return _done(request, comparison_id, actions.reveal, "")


@needs(Right.WRITE)
@require_POST
def stop(request: WorkspaceRequest, comparison_id: str) -> HttpResponse:
    said = "Stopped. What has been read is kept for the next dream."
    return _done(request, comparison_id, actions.cancel_comparison, said)


@needs(Right.WRITE)
@require_POST
def archive(request: WorkspaceRequest, comparison_id: str) -> HttpResponse:
    said = "Archived. What was picked goes on counting."
    return _done(request, comparison_id, actions.archive_comparison, said)


@needs(Right.WRITE)
@require_POST
def hand_in(request: WorkspaceRequest, comparison_id: str) -> HttpResponse:
    compared = _comparison(request, comparison_id)
    form = HandInForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Say whose proposals.")
        return _back(request, compared)
    try:
        actions.hand_in(
            comparison_id=compared.pk, whose=Whose(form.cleaned_data["whose"]), by=request.actor
        )
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "Handed in. The proposals wait for a decision.")
    return _back(request, compared)


def _done(
    request: WorkspaceRequest,
    comparison_id: str,
    act: Callable[..., Comparison],
    said: str,
) -> HttpResponse:
    compared = _comparison(request, comparison_id)
    by: Actor = request.actor
    try:
        act(comparison_id=compared.pk, by=by)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        if said:
            messages.success(request, said)
    return _back(request, compared)


def _comparison(request: WorkspaceRequest, comparison_id: str) -> Comparison:
    try:
        return finding.comparison(request.workspace, comparison_id)
    except NotFound as missing:
        raise Http404 from missing


def _address(request: WorkspaceRequest, compared: Comparison) -> str:
    return reverse("dreams:comparison", args=[request.workspace.slug, compared.pk])


def _back(request: WorkspaceRequest, compared: Comparison) -> HttpResponse:
    return redirect(_address(request, compared))
