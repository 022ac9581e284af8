"""The pages of linked workspaces: all of them, and one with its sync as it goes on."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.acting import Actor
from apps.accounts.middleware import WorkspaceRequest, needs
from apps.accounts.rights import Right
from apps.core.errors import DomainError
from apps.core.htmx import answer, render_page
from apps.core.pagination import BadCursor, Page, newest
from apps.linking import actions
from apps.linking.forms import KeyForm, LinkForm, SettingsForm
from apps.linking.models import Link

LINK = "linking/link.html"


@needs(Right.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: WorkspaceRequest) -> HttpResponse:
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.link(by=request.actor, **form.cleaned_data)
        return redirect("linking:link", request.workspace.slug, made.pk)
    return _show_list(request, form, status=422 if form.is_bound else 200)


def _show_list(request: WorkspaceRequest, form: LinkForm, status: int) -> HttpResponse:
    links = Link.objects.visible_in(request.workspace).defer("sealed_key", "cursor")
    context: dict[str, Any] = {"form": form}
    try:
        context["page"] = newest(links, request.GET.get("cursor", ""), size=20)
    except BadCursor as bad:
        context |= {"page": Page([]), "bad": bad}
        status = bad.status
    return render_page(request, "linking/list.html", context, status=status)


@needs(Right.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: WorkspaceRequest, link_id: str) -> HttpResponse:
    """One link, as its sync goes on; a POST changes its name and schedule."""
    found = _find(request, link_id)
    if request.method != "POST":
        return render_page(request, LINK, _context(request, found), part="state")
    form = SettingsForm(request.POST)
    form.offer(found.every_minutes)
    if form.is_valid():
        actions.update(found, by=request.actor, **form.cleaned_data)
        messages.success(request, "Changed.")
        return redirect("linking:link", request.workspace.slug, link_id)
    return render_page(request, LINK, _context(request, found, settings=form), status=422)


@needs(Right.ADMIN)
@require_POST
def replace_key(request: WorkspaceRequest, link_id: str) -> HttpResponse:
    found, form = _find(request, link_id), KeyForm(request.POST)
    if form.is_valid():
        actions.update(found, by=request.actor, key=form.cleaned_data["key"])
        messages.success(request, "The key is replaced. The other one can be revoked there.")
        return redirect("linking:link", request.workspace.slug, link_id)
    return render_page(request, LINK, _context(request, found, key=form), status=422)


def _act(act: Callable[[Link, Actor], object]) -> Callable[[WorkspaceRequest, str], HttpResponse]:
    """A button of the page: do it, and show what the link is now."""

    @needs(Right.ADMIN)
    @require_POST
    def view(request: WorkspaceRequest, link_id: str) -> HttpResponse:
        found = _find(request, link_id)
        try:
            act(found, request.actor)
        except DomainError as refused:
            messages.warning(request, refused.message)
        context = _context(request, found)
        page = reverse("linking:link", args=[request.workspace.slug, link_id])
        return answer(request, f"{LINK}#state", None, context, otherwise=page)

    return view


sync = _act(lambda link, by: actions.sync_now(link, by=by))
pause = _act(lambda link, by: actions.update(link, by=by, is_paused=True))
resume = _act(lambda link, by: actions.update(link, by=by, is_paused=False))
check = _act(lambda link, by: actions.check_key(link, by=by))


@needs(Right.ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def unlink(request: WorkspaceRequest, link_id: str) -> HttpResponse:
    """Ask first: the key is gone afterwards."""
    found = _find(request, link_id)
    if request.method != "POST":
        return render_page(request, "linking/unlink.html", {"link": found})
    actions.unlink(found, by=request.actor)
    messages.success(request, f"{found.name} is unlinked. What it brought stays.")
    return redirect("linking:list", request.workspace.slug)


def _find(request: WorkspaceRequest, link_id: str) -> Link:
    try:
        return actions.find(link_id, by=request.actor)
    except actions.NoSuchLink:
        raise Http404 from None


def _context(
    request: WorkspaceRequest,
    link: Link,
    *,
    settings: forms.Form | None = None,
    key: forms.Form | None = None,
) -> dict[str, Any]:
    now = timezone.now()
    if settings is None:
        settings = SettingsForm(
            initial={"name": link.name, "every_minutes": link.every_minutes}, auto_id="edit_%s"
        )
        settings.offer(link.every_minutes)
    listed = reverse("sessions:list", args=[request.workspace.slug])
    return {
        "link": link,
        "settings_form": settings,
        "key_form": key or KeyForm(),
        "is_early": link.due_at > now,
        "is_orphaned": link.lease_expires_at is not None and link.lease_expires_at < now,
        "waits_long": (now - max(link.due_at, link.updated_at)).total_seconds() > 90,
        "sessions_url": f"{listed}?source=linked",
    }
