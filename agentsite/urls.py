"""Every address. Pages of a workspace lie under its name, so that a link says all it needs."""

from django.conf import settings
from django.urls import include, path

from apps.accounts.views.signing_in import home
from apps.core import health, styleguide
from apps.core.api import errors
from apps.memory.mcp.endpoint import Mcp

urlpatterns = [
    # Looked through in this order, so what programs ask for comes first.
    path("v1/", include("apps.core.api.urls")),
    path("v1/", include("apps.accounts.api.urls")),
    path("v1/", include("apps.agents.api.urls")),
    path("v1/", include("apps.dreams.api.urls")),
    path("v1/", include("apps.dreams.managed.urls_of_api")),
    path("v1/", include("apps.engine.api.urls")),
    path("v1/", include("apps.files.api.urls")),
    path("v1/", include("apps.linking.api.urls")),
    path("v1/", include("apps.memory.api.urls")),
    path("v1/", include("apps.otlp.urls")),
    path("v1/", include("apps.outcomes.api.urls")),
    path("v1/", include("apps.outcomes.replaying.urls_of_api")),
    path("v1/", include("apps.reviews.api.urls")),
    path("v1/", include("apps.sessions.api.urls")),
    path("v1/<path:path>", errors.unknown),
    path("", home, name="home"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("", include("apps.accounts.urls")),
    path("w/<slug:workspace>/", include("apps.accounts.urls_of_settings")),
    path("w/<slug:workspace>/", include("apps.agents.urls")),
    path("w/<slug:workspace>/", include("apps.dreams.urls")),
    path("w/<slug:workspace>/", include("apps.dreams.managed.urls")),
    path("w/<slug:workspace>/", include("apps.engine.urls")),
    path("w/<slug:workspace>/", include("apps.files.urls")),
    path("w/<slug:workspace>/", include("apps.linking.urls")),
    path("w/<slug:workspace>/", include("apps.memory.urls")),
    path("w/<slug:workspace>/", include("apps.outcomes.urls")),
    path("w/<slug:workspace>/", include("apps.outcomes.replaying.urls")),
    path("w/<slug:workspace>/", include("apps.reviews.urls")),
    path("w/<slug:workspace>/", include("apps.sessions.urls")),
    path("mcp", Mcp.as_view(), name="mcp"),
]
handler400 = "apps.core.failing.bad_request"
handler403 = "apps.core.failing.forbidden"
handler404 = "apps.core.failing.not_found"
handler500 = "apps.core.failing.crashed"

if settings.OIDC_ISSUER:
    urlpatterns.append(path("", include("apps.accounts.urls_of_sso")))
if settings.DEBUG:
    urlpatterns.append(path("styleguide", styleguide.page, name="styleguide"))
