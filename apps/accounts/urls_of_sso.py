"""Only included where the settings name a provider."""

from django.conf import settings
from django.urls import path

from apps.accounts.views import sso

urlpatterns = [
    path("sign-in-with/", sso.begin, name="sign_in_with"),
    # The name under which allauth looks for the address that the provider sends people back to.
    path(
        "oidc/callback/",
        sso.finish,
        {"provider_id": settings.OIDC_PROVIDER},
        name="openid_connect_callback",
    ),
]
