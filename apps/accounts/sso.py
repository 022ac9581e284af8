"""Sign-in through the provider that the settings name: the protocol is allauth's, the people ours.

Only imported where there is one: allauth's tables and its middleware come with the setting.
"""

from typing import Any

import jwt
import structlog
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
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

SIGNED_BY = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
CLOCKS_DIFFER_BY = 60  # seconds
_LOG = structlog.get_logger("agentsite.sso")


class Protocol(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    """allauth's OpenID Connect, which takes a token on trust if it came straight from the provider.

    We read it all the same: signature, issuer, audience, times, and whom it is about.
    """

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        issuer = str(self.openid_config["issuer"])
        if issuer.rstrip("/") != settings.OIDC_ISSUER:
            raise OAuth2Error(f"it calls itself {issuer}, which is not OIDC_ISSUER")
        try:
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key=self._signing_key(id_token),
                algorithms=SIGNED_BY,
                audience=app.client_id,
                issuer=issuer,
                leeway=CLOCKS_DIFFER_BY,
                options={"require": ["exp", "iat", "sub"]},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error(f"the id_token does not hold: {error}") from error
        return claims

    def _signing_key(self, id_token: str) -> jwt.PyJWK:
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
        answer.raise_for_status()
        keys = jwt.PyJWKSet.from_dict(answer.json())
        return keys[jwt.get_unverified_header(id_token)["kid"]]

    def complete_login(self, *args: Any, **kwargs: Any) -> SocialLogin:
        """What the token and the userinfo say must be about the same person."""
        found = super().complete_login(*args, **kwargs)
        told = found.account.extra_data
        if told["id_token"]["sub"] != told["userinfo"]["sub"]:
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
    told = {**account.extra_data["id_token"], **account.extra_data["userinfo"]}
    known = arrival.user if arrival.is_existing else None
    person = admit(Identity.claimed(told), known)
    if known is None:
        SocialAccount.objects.update_or_create(
            provider=account.provider, uid=account.uid, defaults={"user": person}
        )
    return person


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
