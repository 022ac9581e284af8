from django.urls import path

from apps.sessions.api.events import SessionEvents, ThreadEvents
from apps.sessions.api.ingest import IngestSessions
from apps.sessions.api.memory_uses import MemoryUses
from apps.sessions.api.resources import OneResource, SessionResources
from apps.sessions.api.sessions import OneSession, SessionArchive, Sessions
from apps.sessions.api.stream import SessionStream, ThreadStream
from apps.sessions.api.threads import OneThread, SessionThreads, ThreadArchive

_SESSION = "sessions/<str:session_id>"
_RESOURCES = f"{_SESSION}/resources"
_THREADS = f"{_SESSION}/threads"
_THREAD = f"{_THREADS}/<str:thread_id>"

urlpatterns = [
    path("sessions", Sessions.as_view()),
    path(_SESSION, OneSession.as_view()),
    path(f"{_SESSION}/archive", SessionArchive.as_view()),
    path(f"{_SESSION}/events", SessionEvents.as_view()),
    path(_RESOURCES, SessionResources.as_view()),
    path(f"{_RESOURCES}/<str:resource_id>", OneResource.as_view()),
    path(_THREADS, SessionThreads.as_view()),
    path(_THREAD, OneThread.as_view()),
    path(f"{_THREAD}/archive", ThreadArchive.as_view()),
    path(f"{_THREAD}/events", ThreadEvents.as_view()),
    path("sessions/<str:session_id>/events/stream", SessionStream.as_view()),
    path("sessions/<str:session_id>/threads/<str:thread_id>/stream", ThreadStream.as_view()),
    path("memory_stores/<str:memory_store_id>/memory_uses", MemoryUses.as_view()),
    path("ingest/sessions", IngestSessions.as_view()),
]
