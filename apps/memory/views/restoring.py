"""A store, or one folder of it, as it was at a time."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from apps.accounts.middleware import WorkspaceRequest, needs
from apps.accounts.rights import Right
from apps.core.errors import DomainError
from apps.core.htmx import render_page
from apps.memory import diffing
from apps.memory.actions import restoring as actions
from apps.memory.diffing import Hunk
from apps.memory.forms import RestoreForm
from apps.memory.models import MemoryStore, MemoryVersion
from apps.memory.restoring import Plan, Step, StepKind
from apps.memory.views import FORM, store_of
from apps.memory.views.refusing import shown_as

MOST_STEPS = 200
MOST_DIFFS = 100


@needs(Right.WRITE)
@require_http_methods(FORM)
def page(request: WorkspaceRequest, store_id: str) -> HttpResponse:
    """Choose a time, see what would happen, then do that and nothing else."""
    store = store_of(request, store_id)
    given = request.POST if request.method == "POST" else request.GET
    folder = request.GET.get("prefix", "")
    form = RestoreForm(given if "at" in given else None, initial={"folder": folder})
    context: dict[str, Any] = {"store": store, "form": form, "most": MOST_STEPS}
    status = 422 if form.errors else 200
    if form.is_bound and form.is_valid():
        try:
            if request.method == "POST":
                return _restored(request, store, form)
            context |= _told(actions.preview_store(**_asked(request, store, form)))
        except DomainError as refused:
            form.add_error(None, refused.message)
            status = shown_as(refused)
    return render_page(request, "memory/restore_store.html", context, status=status)


def _asked(request: WorkspaceRequest, store: MemoryStore, form: RestoreForm) -> dict[str, Any]:
    return {
        "store_id": store.pk,
        "at": form.cleaned_data["at"],
        "prefix": form.cleaned_data["folder"],
        "by": request.actor,
    }


def _told(plan: Plan) -> dict[str, Any]:
    return {"plan": plan, "steps": _steps(plan), "changes": len(plan.changes)}


def _steps(plan: Plan) -> list[tuple[Step, list[Hunk]]]:
    """The first ones; of those that change a text, also what."""
    shown = plan.steps[:MOST_STEPS]
    changing = [step for step in shown if step.kind == StepKind.UPDATE][:MOST_DIFFS]
    ids = {version for step in changing for version in (step.head_id, step.version_id)}
    said = dict(MemoryVersion.objects.filter(pk__in=ids).values_list("pk", "content"))
    hunks = {
        step.memory_id: diffing.diff(said.get(step.head_id), said.get(step.version_id))
        for step in changing
    }
    return [(step, hunks.get(step.memory_id, [])) for step in shown]


def _restored(request: WorkspaceRequest, store: MemoryStore, form: RestoreForm) -> HttpResponse:
    asked = _asked(request, store, form)
    done = actions.restore_store(**asked, token=form.cleaned_data["plan"])
    count = len(done.versions)
    messages.success(request, f"Restored, as {count} new version{'' if count == 1 else 's'}.")
    return redirect("memory:activity", request.workspace.slug, store.pk)
