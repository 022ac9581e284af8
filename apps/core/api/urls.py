from django.urls import path

from apps.core.api import openapi

app_name = "api"
urlpatterns = [
    path("openapi.json", openapi.as_json, name="openapi"),
    path("docs", openapi.docs, name="docs"),
    path("docs/<slug:section>", openapi.docs, name="docs_section"),
]
