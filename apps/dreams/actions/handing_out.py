"""Having workers take up a dream at once."""

from apps.core import queue
from apps.dreams import tasks
from apps.dreams.models import Dream


def hand_out(dream: Dream) -> None:
    """With those that read for it."""
    run = Dream.objects.unended().of_run(dream)
    queue.hand_out(tasks.run_dream, "dream_id", run.values_list("pk", flat=True))
