"""Signing in and out."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from apps.accounts.actions import people
from apps.accounts.models import User, Workspace

sign_in = LoginView.as_view(template_name="accounts/sign_in.html", redirect_authenticated_user=True)
sign_out = LogoutView.as_view()


def home(request: HttpRequest) -> HttpResponse:
    """To the sessions of the first workspace that this person sees."""
    assert isinstance(request.user, User)  # noqa: S101 -- the middleware lets nobody else in
    workspace = Workspace.objects.of(request.user).first()
    if workspace is None:
        return render(request, "accounts/no_workspace.html", status=403)
    return redirect("sessions:list", workspace.slug)


@login_not_required
@never_cache
@require_GET
def use_link(request: HttpRequest, token: str) -> HttpResponse:
    try:
        person = people.sign_in_by_link(request, token=token)
    except people.SpentLink as spent:
        return render(request, "accounts/link_spent.html", {"spent": spent}, status=spent.status)
    return redirect("home" if person.has_usable_password() else "accounts:set_password")


@require_http_methods(["GET", "POST"])
def set_password(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)  # noqa: S101 -- the middleware lets nobody else in
    form = SetPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        update_session_auth_hash(request, request.user)
        messages.success(request, "Password set.")
        return redirect("home")
    return render(
        request,
        "accounts/set_password.html",
        {"form": form},
        status=422 if form.is_bound else 200,
    )
