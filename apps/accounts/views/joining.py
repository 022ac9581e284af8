"""Following an invite: whoever holds the link joins, with the account they have or a new one."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from apps.accounts.actions import inviting
from apps.accounts.actions.inviting import MemberAlready, SpentInvite
from apps.accounts.actions.people import NameTaken, NotAPerson, WeakPassword
from apps.accounts.actions.signing_in import BACKEND
from apps.accounts.forms import NewcomerForm
from apps.accounts.guessing import TooManyAttempts
from apps.accounts.models import Invite, User
from apps.accounts.views.signing_in import say_when, ways_in

_FIELDS = {NameTaken: "username", WeakPassword: "password"}


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, token: str) -> HttpResponse:
    try:
        found = inviting.find(request, token)
        if request.method != "POST":
            return _ask(request, found, NewcomerForm())
        if isinstance(request.user, User):
            return _join(request, found, token, request.user)
        return _join_as_newcomer(request, found, token)
    except (SpentInvite, TooManyAttempts) as refused:
        page = render(
            request, "accounts/invite_spent.html", {"refused": refused}, status=refused.status
        )
        return say_when(page, refused)


def _ask(
    request: HttpRequest, found: Invite, form: NewcomerForm, status: int = 200
) -> HttpResponse:
    context = {"invite": found, "form": form, **ways_in()}
    if isinstance(request.user, User):
        places = request.user.memberships
        context["is_member"] = places.filter(workspace=found.workspace).exists()
    return render(request, "accounts/invite.html", context, status=status)


def _join(request: HttpRequest, found: Invite, token: str, person: User) -> HttpResponse:
    try:
        inviting.accept(token, person=person)
        messages.success(request, f"You joined {found.workspace.name}.")
    except MemberAlready as already:
        messages.warning(request, already.message)
    return redirect("sessions:list", found.workspace.slug)


def _join_as_newcomer(request: HttpRequest, found: Invite, token: str) -> HttpResponse:
    form = NewcomerForm(request.POST)
    if not settings.PASSWORD_SIGN_IN:
        return _ask(request, found, form, status=403)
    if not form.is_valid():
        return _ask(request, found, form, status=422)
    try:
        person = inviting.accept_as_newcomer(token, **form.cleaned_data)
    except (NameTaken, NotAPerson) as refused:
        form.add_error(_FIELDS.get(type(refused)), refused.message)
        return _ask(request, found, form, status=422)
    login(request, person, backend=BACKEND)
    messages.success(request, f"You joined {found.workspace.name}.")
    return redirect("sessions:list", found.workspace.slug)
