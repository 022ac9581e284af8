"""Sessions, threads, events, and what stands beside them."""

from apps.sessions.models.event import Event, Kind
from apps.sessions.models.imports import Import
from apps.sessions.models.memory_use import MemoryUse, UseKind
from apps.sessions.models.resource import Resource
from apps.sessions.models.session import Session, SessionQuerySet, Source, Status
from apps.sessions.models.thread import Thread
from apps.sessions.models.timeline import Timeline
from apps.sessions.models.view import SavedView

__all__ = [
    "Event",
    "Import",
    "Kind",
    "MemoryUse",
    "Resource",
    "SavedView",
    "Session",
    "SessionQuerySet",
    "Source",
    "Status",
    "Thread",
    "Timeline",
    "UseKind",
]
