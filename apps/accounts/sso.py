"""Sign-in through the provider that the settings name: the protocol is allauth's, the people ours.

Only imported where there is one: allauth's tables and its middleware come with the setting.
"""

from typing import Any

import structlog
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from apps.accounts.actions.arriving import Identity, admit
from apps.accounts.actions.signing_in import BACKEND
from apps.accounts.models import User
from apps.core.errors import DomainError

_LOG = structlog.get_logger("agentsite.sso")


class Protocol(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    """allauth's OpenID Connect, without the two things that it leaves out."""

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> Any:
        """It trusts the token unread if it came straight from the provider; we read it as well."""
        data = super().get_access_token_data(*args, **kwargs)
        self.did_fetch_access_token = False
        return data

    def complete_login(self, *args: Any, **kwargs: Any) -> SocialLogin:
        """What the two answers say must be about the same person."""
        found = super().complete_login(*args, **kwargs)
        told = found.account.extra_data
        subjects = {told[name]["sub"] for name in ("id_token", "userinfo") if name in told}
        if len(subjects) != 1 or "id_token" not in told:
            raise OAuth2Error("the id_token and the userinfo are not of one person")
        return found


class Adapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # as above
    """Where allauth hands over: it knows who it is, or why it does not."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let them in ourselves; allauth's own pages and forms are never reached."""
        raise ImmediateHttpResponse(_let_in(request, sociallogin))

    def on_authentication_error(
        self, request: HttpRequest, provider: object, error: str = "", **about: Any
    ) -> None:
        exception = about.get("exception")
        _LOG.warning(f"sign-in failed at the provider: {exception or error}")
        raise ImmediateHttpResponse(failed(request, is_cancelled=error == "cancelled"))


def _let_in(request: HttpRequest, arrival: SocialLogin) -> HttpResponse:
    try:
        person = _person(arrival)
    except DomainError as refused:
        return failed(request, refused=refused)
    login(request, person, backend=BACKEND)
    onward = arrival.get_redirect_url(request) or ""
    is_ours = url_has_allowed_host_and_scheme(onward, None)
    return redirect(onward if is_ours else "home")


@transaction.atomic
def _person(arrival: SocialLogin) -> User:
    """Find or make them, and remember under which subject the provider knows them."""
    account: SocialAccount = arrival.account
    told = {**account.extra_data["id_token"], **account.extra_data.get("userinfo", {})}
    known = arrival.user if arrival.is_existing else None
    person = admit(_identity(told), known)
    if known is None:
        SocialAccount.objects.update_or_create(
            provider=account.provider, uid=account.uid, defaults={"user": person}
        )
    return person


def _identity(told: dict[str, Any]) -> Identity:
    return Identity(
        username=str(told.get("preferred_username") or ""),
        name=str(told.get("name") or ""),
        email=str(told.get("email") or ""),
        # Some providers write it as text.
        has_verified_email=str(told.get("email_verified")).lower() == "true",
    )


def failed(
    request: HttpRequest, *, refused: DomainError | None = None, is_cancelled: bool = False
) -> HttpResponse:
    """The one page for everything that can go wrong on the way."""
    status = refused.status if refused else 403 if is_cancelled else 502
    context = {
        "provider": settings.OIDC_NAME,
        "refused": refused,
        "is_cancelled": is_cancelled,
        "takes_passwords": settings.PASSWORD_SIGN_IN,
    }
    return render(request, "accounts/sso_failed.html", context, status=status)
