"""Keys of the API: who may come in as a program, and with which scopes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.acting import NotAllowed
from apps.accounts.actions import keys
from apps.accounts.forms_of_settings import KeyForm
from apps.accounts.middleware import WorkspaceRequest, needs
from apps.accounts.models import ApiKey
from apps.accounts.rights import Right
from apps.core.htmx import render_page
from apps.core.pagination import BadCursor, Page, newest

SIZE = 50
FORM = ["GET", "HEAD", "POST"]


@needs(Right.ADMIN)
@require_safe
def index(request: WorkspaceRequest) -> HttpResponse:
    known = ApiKey.objects.of(request.workspace).for_list()
    context: dict[str, object] = {}
    status = 200
    try:
        context["page"] = newest(known, request.GET.get("cursor", ""), size=SIZE)
    except BadCursor as bad:
        context |= {"page": Page([]), "bad": bad}
        status = bad.status
    return render_page(request, "accounts/keys.html", context, status=status)


@needs(Right.ADMIN)
@never_cache  # the answer holds a secret
@require_http_methods(FORM)
def new(request: WorkspaceRequest) -> HttpResponse:
    """Show the secret in the answer itself: whoever loads the page again does not see it."""
    form = KeyForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _show(request, form)
    given = form.cleaned_data
    try:
        key, secret = keys.create(
            name=given["name"],
            scopes=given["scopes"],
            expires_at=form.expires_at,
            key_id=given["key_id"],
            by=request.actor,
        )
    except keys.MadeAlready as again:
        messages.warning(request, again.message)
        return redirect("settings:keys", request.workspace.slug)
    except (keys.Nameless, NotAllowed) as refused:
        form.add_error(None, refused.message)
        return _show(request, form)
    base_url = request.build_absolute_uri("/").rstrip("/")
    context = {"key": key, "secret": secret, "base_url": base_url}
    return render_page(request, "accounts/key_made.html", context, status=201)


def _show(request: WorkspaceRequest, form: KeyForm) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render_page(request, "accounts/key_new.html", {"form": form}, status=status)


@needs(Right.ADMIN)
@require_http_methods(FORM)
def revoke(request: WorkspaceRequest, key_id: str) -> HttpResponse:
    """Ask first: programs that use it stop working with their next request."""
    key = get_object_or_404(ApiKey.objects.of(request.workspace).for_list(), pk=key_id)
    if request.method != "POST":
        return render_page(request, "accounts/key_revoke.html", {"key": key})
    if keys.revoke(key, by=request.actor):
        messages.success(request, f"{key.name} is revoked and lets nobody in.")
    else:
        messages.warning(request, f"{key.name} was revoked already.")
    return redirect("settings:keys", request.workspace.slug)
