"""Make anew what pages tell of which sessions used which memories."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.sessions import tracking
from apps.sessions.models import Resource, Session


class Command(BaseCommand):
    """Each session is locked for as long as its own take; the rest goes on."""

    help = "Derive from mounts and events, anew, which sessions read and wrote which memories."

    def handle(self, **_options: Any) -> None:
        mounted = Resource.objects.filter(type=Resource.Type.MEMORY_STORE).values("session")
        sessions = Session.objects.filter(pk__in=mounted).order_by("pk")
        counts = [tracking.rebuild(session) for session in sessions.iterator()]
        self.stdout.write(f"{sum(counts)} uses of memories in {len(counts)} sessions.")
