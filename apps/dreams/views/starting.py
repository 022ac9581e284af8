"""A new dream: what it would read, counted as one chooses; a dry run; the start."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.middleware import WorkspaceRequest, needs
from apps.accounts.rights import Right
from apps.core.errors import DomainError
from apps.core.htmx import render_page
from apps.dreams import engines, trying
from apps.dreams.actions import dreams as actions
from apps.dreams.costing import is_free
from apps.dreams.forms import DreamForm
from apps.dreams.views import FORM
from apps.linking.models import Link

NO_SESSIONS = "No session matches, so there is nothing to read. Widen the filter."


@needs(Right.WRITE)
@require_http_methods(FORM)
def new(request: WorkspaceRequest) -> HttpResponse:
    if request.method != "POST":
        store = request.GET.get("store", "").replace("\x00", "")
        initial = {"memory_store_id": store} if store else {}
        return _ask(request, DreamForm(workspace=request.workspace, initial=initial))
    form = DreamForm(request.POST, workspace=request.workspace)
    if not form.is_valid():
        return _ask(request, form)
    if "try" in request.POST:
        return _ask(request, form, is_trial=True)
    return _start(request, form)


@needs(Right.WRITE)
@require_POST
def matching(request: WorkspaceRequest) -> HttpResponse:
    """How many sessions it would be, for who is still choosing."""
    form = DreamForm(request.POST, workspace=request.workspace)
    form.is_valid()
    context = {"form": form, **_counted(request, form)}
    return render(request, "dreams/matching.html", context)


def _start(request: WorkspaceRequest, form: DreamForm) -> HttpResponse:
    ids = trying.public_ids(request.workspace, form.asked())
    if not ids:
        form.add_error(None, NO_SESSIONS)
        return _ask(request, form)
    try:
        dream = actions.create_dream(form.plan(ids), by=request.actor)
    except DomainError as refused:
        form.complain(refused)
        return _ask(request, form)
    messages.success(request, f"Started: it reads {len(ids)} session{'s' * (len(ids) != 1)}.")
    return redirect("dreams:dream", request.workspace.slug, dream.pk)


def _ask(request: WorkspaceRequest, form: DreamForm, *, is_trial: bool = False) -> HttpResponse:
    if not form.is_bound:
        counting = DreamForm(first_shown(form), workspace=request.workspace)
        counting.is_valid()
    else:
        counting = form
    context = {
        "form": form,
        **_counted(request, counting),
        "is_linked": Link.objects.visible_in(request.workspace).exists(),
        "trial": trying.trial(request.workspace, form.asked()) if is_trial else None,
    }
    status = 422 if form.errors else 200
    return render_page(request, "dreams/new.html", context, status=status)


def first_shown(form: DreamForm) -> dict[str, object]:
    """What the form says as it is first shown."""
    told = {field.name: field.value() for field in form}
    return {name: value for name, value in told.items() if value not in (None, False)} | {
        "memory_store_id": form.first_store
    }


def _counted(request: WorkspaceRequest, form: DreamForm) -> dict[str, object]:
    """How many sessions match, and what reading them costs where it costs something."""
    asked = form.asked()
    engine = engines.speaking_for(asked.model, request.workspace)
    estimate = None if is_free(engine) else trying.estimate(request.workspace, asked)
    cap = form.cleaned_data.get("cap_usd")
    return {
        "matching": trying.matching(request.workspace, asked),
        "estimate": estimate,
        "engine": engine,
        "is_over": bool(estimate and estimate.cost and cap and estimate.cost > cap),
    }
