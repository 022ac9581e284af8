"""Asking for a managed dream, and what was written back of a mirror."""

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
from apps.core.htmx import render_page
from apps.core.pagination import BadCursor, Page, newest
from apps.dreams.managed import actions, finding, telling
from apps.dreams.managed.forms import ManagedForm
from apps.dreams.managed.models import Mirror, StoreList, WriteBack
from apps.dreams.views import FORM
from apps.linking.models import Link
from apps.memory.models import MemoryStore

NO_SESSIONS = "No session of that workspace matches, so there is nothing to read. Widen the filter."
SHOWN = {"": "All", "troubled": "Needs somebody"}
SIZE = 30


@needs(Right.WRITE)
@require_http_methods(FORM)
def new(request: WorkspaceRequest) -> HttpResponse:
    if request.method != "POST":
        mirror = request.GET.get("store", "")
        initial = {"mirror_id": mirror} if mirror else {}
        return _ask(request, ManagedForm(workspace=request.workspace, initial=initial))
    form = ManagedForm(request.POST, workspace=request.workspace)
    if not form.is_valid():
        return _ask(request, form)
    ids = form.session_ids_chosen()
    if not ids:
        form.add_error(None, NO_SESSIONS)
        return _ask(request, form)
    try:
        dream = actions.create_dream(form.plan(ids), by=request.actor)
    except DomainError as refused:
        form.complain(refused)
        return _ask(request, form)
    messages.success(
        request, f"Started: the vendor reads {len(ids)} session{'s'[: len(ids) != 1]}."
    )
    return redirect("dreams:dream", request.workspace.slug, dream.pk)


@needs(Right.WRITE)
@require_POST
def matching(request: WorkspaceRequest) -> HttpResponse:
    """How many sessions it would be, for who is still choosing."""
    form = ManagedForm(request.POST, workspace=request.workspace)
    form.is_valid()
    return render(request, "managed/new.html#matching", {"count": len(form.session_ids_chosen())})


def _ask(request: WorkspaceRequest, form: ManagedForm) -> HttpResponse:
    links = Link.objects.visible_in(request.workspace).order_by("name", "pk").only("pk", "name")
    lists = {each.link_id: each for each in StoreList.objects.filter(link__in=links)}
    context = {
        "form": form,
        "links": [(each, lists.get(each.pk)) for each in links],
        "count": _count(request, form),
    }
    return render_page(request, "managed/new.html", context, status=422 if form.errors else 200)


def _count(request: WorkspaceRequest, form: ManagedForm) -> int:
    """Of what the form says as it is shown."""
    if form.is_bound:
        return len(form.session_ids_chosen())
    said = {each.name: each.value() for each in form}
    said["mirror_id"] = said.get("mirror_id") or next(iter(form.mirrors), "")
    told = {name: value for name, value in said.items() if value not in (None, False)}
    counting = ManagedForm(told, workspace=request.workspace)
    counting.is_valid()
    return len(counting.session_ids_chosen())


@needs(Right.WRITE)
@require_POST
def list_stores(request: WorkspaceRequest, link_id: str) -> HttpResponse:
    try:
        actions.list_stores(link_id=link_id, by=request.actor)
    except NotFound:
        raise Http404 from None
    messages.success(request, "A worker looks which stores there are. Reload in a moment.")
    return redirect("managed:new", request.workspace.slug)


@require_safe
def mirror(request: WorkspaceRequest, mirror_id: str) -> HttpResponse:
    """A store there, its copy here, and every edit that was to be written back."""
    found = _mirror(request, mirror_id)
    shown = request.GET.get("show", "")
    shown = shown if shown in SHOWN else ""
    rows = WriteBack.objects.visible_in(request.workspace).filter(mirror=found)
    rows = rows.troubled() if shown else rows
    counted = telling.counts(found)
    context: dict[str, Any] = {
        "mirror": found,
        "copy": MemoryStore.objects.visible_in(request.workspace).filter(pk=found.store_id).first(),
        "shown": shown,
        "tabs": _tabs(request, found, shown, counted),
        "waiting": counted[WriteBack.Status.WAITING],
        "unnoted": telling.unnoted(found),
    }
    status = 200
    try:
        context["page"] = newest(rows, request.GET.get("cursor", ""), size=SIZE)
    except BadCursor as bad:
        context |= {"page": Page([]), "bad": bad}
        status = bad.status
    return render_page(request, "managed/mirror.html", context, status=status)


def _tabs(
    request: WorkspaceRequest, found: Mirror, shown: str, counted: dict[str, int]
) -> list[dict[str, object]]:
    here = telling.page_of(found, request.workspace.slug)
    troubled = counted[WriteBack.Status.CONFLICT] + counted[WriteBack.Status.FAILED]
    counts = {"": sum(counted.values()), "troubled": troubled}
    return [
        {
            "label": label,
            "url": f"{here}?show={name}" if name else here,
            "current": name == shown,
            "count": counts[name],
        }
        for name, label in SHOWN.items()
    ]


@needs(Right.WRITE)
@require_POST
def read_again(request: WorkspaceRequest, mirror_id: str) -> HttpResponse:
    found = _mirror(request, mirror_id)
    actions.read_again(mirror_id=found.pk, by=request.actor)
    messages.success(request, "A worker reads the store again. What waits is written there first.")
    return redirect("managed:mirror", request.workspace.slug, found.pk)


def _settled(
    act: Callable[[str, Actor], object], right: Right, said: str
) -> Callable[..., HttpResponse]:
    """A button that settles one write-back; the page says what is so then."""

    @needs(right)
    @require_POST
    def view(request: WorkspaceRequest, write_back_id: str) -> HttpResponse:
        each = _write_back(request, write_back_id)
        try:
            act(each.pk, request.actor)
        except DomainError as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, said)
        return redirect("managed:mirror", request.workspace.slug, each.mirror_id)

    return view


retry = _settled(
    lambda pk, by: actions.retry(write_back_id=pk, by=by),
    Right.WRITE,
    "A worker tries again.",
)
dismiss = _settled(
    lambda pk, by: actions.dismiss(write_back_id=pk, by=by),
    Right.REVIEW,
    "It is left as it is there. Read the store again, and the copy says the same.",
)


@needs(Right.REVIEW)
@require_POST
def propose_again(request: WorkspaceRequest, write_back_id: str) -> HttpResponse:
    """On to the new proposal."""
    each = _write_back(request, write_back_id)
    try:
        proposal = actions.propose_again(write_back_id=each.pk, by=request.actor)
    except DomainError as refused:
        messages.error(request, refused.message)
        return redirect("managed:mirror", request.workspace.slug, each.mirror_id)
    return redirect(reverse("reviews:proposal", args=[request.workspace.slug, proposal.pk]))


def _mirror(request: WorkspaceRequest, mirror_id: str) -> Mirror:
    try:
        return finding.mirror(request.workspace, mirror_id)
    except NotFound:
        raise Http404 from None


def _write_back(request: WorkspaceRequest, write_back_id: str) -> WriteBack:
    try:
        return finding.write_back(request.workspace, write_back_id)
    except NotFound:
        raise Http404 from None
