"""To the provider, and back."""

import structlog
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from requests import RequestException

from apps.accounts.sso import Protocol, failed
from apps.accounts.views.signing_in import where_to

_LOG = structlog.get_logger("agentsite.sso")
# What a provider's answer raises that is not what the protocol says it is.
UNREADABLE = (RequestException, LookupError, TypeError, ValueError)


@login_not_required
@never_cache
@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """Send them to the provider.

    A link, not a form: a browser holds every hop that follows a form against `form-action`, and
    where a provider sends people on to is its own affair. Other sites cannot begin it.
    """
    if request.headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
        raise PermissionDenied
    provider = get_adapter(request).get_provider(request, settings.OIDC_PROVIDER)
    try:
        answer: HttpResponse = provider.redirect(
            request, AuthProcess.LOGIN, next_url=where_to(request)
        )
    except UNREADABLE as error:
        _LOG.warning(f"the provider cannot be asked: {error!r}")
        return failed(request)
    return answer


@login_not_required
@never_cache
@require_GET
def finish(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Where the provider sends them back to, with a code that we trade for who they are."""
    view = OAuth2CallbackView.adapter_view(Protocol(request, provider_id))
    try:
        answer: HttpResponse = view(request)
    except UNREADABLE as error:
        _LOG.warning(f"the provider's answer cannot be read: {error!r}")
        return failed(request)
    return answer
