from django.urls import path

from apps.sessions.api.ingest import IngestSessions

urlpatterns = [
    path("ingest/sessions", IngestSessions.as_view()),
]
