"""Every address. Pages of a workspace lie under its name, so that a link says all it needs."""

from django.conf import settings
from django.urls import include, path

from apps.accounts.views import home
from apps.core import health, styleguide

urlpatterns = [
    path("", home, name="home"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("", include("apps.accounts.urls")),
    path("w/<slug:workspace>/", include("apps.sessions.urls")),
]

if settings.DEBUG:
    urlpatterns.append(path("styleguide", styleguide.page, name="styleguide"))
