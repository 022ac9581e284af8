"""Making another workspace; only whoever owns the installation may."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from apps.accounts.actions.workspaces import SlugTaken, create_workspace
from apps.accounts.forms import WorkspaceForm
from apps.accounts.models import User


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    person = request.user
    if not isinstance(person, User) or not person.is_superuser:
        raise PermissionDenied
    form = WorkspaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_workspace(**form.cleaned_data, admin=person)
        except SlugTaken as taken:
            form.add_error("slug", taken.message)
        else:
            messages.success(request, f"Made {made.name}. You are its admin.")
            return redirect("settings:members", made.slug)
    status = 422 if form.is_bound else 200
    return render(request, "accounts/new_workspace.html", {"form": form}, status=status)
