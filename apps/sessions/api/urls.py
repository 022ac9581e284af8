from django.urls import path

from apps.sessions.api.ingest import IngestSessions
from apps.sessions.api.stream import SessionStream, ThreadStream

urlpatterns = [
    path("sessions/<str:session_id>/events/stream", SessionStream.as_view()),
    path("sessions/<str:session_id>/threads/<str:thread_id>/stream", ThreadStream.as_view()),
    path("ingest/sessions", IngestSessions.as_view()),
]
