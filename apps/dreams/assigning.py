"""What a dream is to the engine that works on it."""

from apps.dreams.engines import Assignment
from apps.dreams.models import Dream


def of(dream: Dream) -> Assignment:
    """What gathers for another dream works on that one's account."""
    return Assignment(
        workspace_id=dream.workspace_id,
        dream_id=dream.gathers_for_id or dream.pk,
        model=dream.model,
        today=dream.created_at.date(),
        instructions=dream.instructions,
        cap=dream.cap_usd,
    )
