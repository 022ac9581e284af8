"""What the minimap draws, kept as small for a long session as for a short one."""

from django.db import models

from apps.core.fields import VerbatimJSONField
from apps.sessions.models.session import Session


class Timeline(models.Model):
    """The folded marks of a session (`timeline.fold`), written with the events they come from."""

    session = models.OneToOneField(
        Session, models.CASCADE, primary_key=True, related_name="timeline"
    )
    folded = VerbatimJSONField()

    def __str__(self) -> str:
        return f"timeline of {self.session_id}"
