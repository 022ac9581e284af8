"""Signing in and out."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from apps.accounts.actions import signing_in
from apps.accounts.actions.signing_in import NoPasswords, SpentLink, WrongPassword
from apps.accounts.forms import SignInForm
from apps.accounts.guessing import TooManyAttempts
from apps.accounts.models import User, Workspace

sign_out = LogoutView.as_view()


def home(request: HttpRequest) -> HttpResponse:
    """To the overview of the first workspace that this person sees."""
    assert isinstance(request.user, User)  # noqa: S101 -- the middleware lets nobody else in
    workspace = Workspace.objects.of(request.user).first()
    if workspace is None:
        return render(request, "accounts/no_workspace.html", status=403)
    return redirect("dreams:overview", workspace.slug)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """By a password, by a provider, or by both, as the settings say."""
    onward = where_to(request)
    if request.user.is_authenticated:
        return redirect(onward or "home")
    form = SignInForm(request.POST or None)
    if request.method != "POST":
        return _ask(request, form, onward)
    if not form.is_valid():
        return _ask(request, form, onward, status=422)
    try:
        signing_in.sign_in_by_password(request, **form.cleaned_data)
    except (WrongPassword, NoPasswords, TooManyAttempts) as refused:
        form.add_error(None, refused.message)
        return say_when(_ask(request, form, onward, status=refused.status), refused)
    return redirect(onward or "home")


def _ask(request: HttpRequest, form: SignInForm, onward: str, status: int = 200) -> HttpResponse:
    context = {"form": form, "next": onward, **ways_in()}
    return render(request, "accounts/sign_in.html", context, status=status)


def ways_in() -> dict[str, object]:
    """What a page that lets people in has to offer."""
    return {
        "takes_passwords": settings.PASSWORD_SIGN_IN,
        "provider": settings.OIDC_NAME if settings.OIDC_ISSUER else "",
    }


def where_to(request: HttpRequest) -> str:
    """The page of ours that was asked for before signing in, or nothing."""
    asked = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME, "")
    is_ours = url_has_allowed_host_and_scheme(
        asked, {request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours else ""


def say_when(answer: HttpResponse, refused: Exception) -> HttpResponse:
    """Tell programs, too, when to try again."""
    if isinstance(refused, TooManyAttempts):
        answer["Retry-After"] = str(refused.seconds)
    return answer


@login_not_required
@never_cache
@require_GET
def use_link(request: HttpRequest, token: str) -> HttpResponse:
    try:
        person = signing_in.sign_in_by_link(request, token=token)
    except (SpentLink, TooManyAttempts) as refused:
        context = {"refused": refused, **ways_in()}
        page = render(request, "accounts/link_spent.html", context, status=refused.status)
        return say_when(page, refused)
    if person.has_usable_password() or not settings.PASSWORD_SIGN_IN:
        return redirect("home")
    return redirect("accounts:set_password")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
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
