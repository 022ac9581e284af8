"""Settings of sign-in that cannot work together, told before anybody stands at a locked door."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from apps.accounts.rights import Role

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@register()
def sign_in(**_: Any) -> list[CheckMessage]:
    """Runs with `migrate`, `up` and `check`."""
    if not settings.OIDC_ISSUER:
        if settings.PASSWORD_SIGN_IN:
            return []
        return [Error("PASSWORD_SIGN_IN is off and there is no OIDC_ISSUER: nobody could sign in.")]
    return [Error(said) for said in _wrong_with_the_provider()]


def _wrong_with_the_provider() -> list[str]:
    issuer = urlsplit(settings.OIDC_ISSUER)
    wrong = []
    if issuer.scheme != "https" and issuer.hostname not in _LOOPBACK:
        wrong.append("OIDC_ISSUER has to begin with https://.")
    if not (settings.OIDC_CLIENT_ID and settings.OIDC_CLIENT_SECRET):
        wrong.append("With OIDC_ISSUER go OIDC_CLIENT_ID and OIDC_CLIENT_SECRET.")
    if settings.OIDC_DEFAULT_ROLE and settings.OIDC_DEFAULT_ROLE not in Role.values:
        wrong.append(f"OIDC_DEFAULT_ROLE is one of {', '.join(Role.values)}.")
    return wrong
