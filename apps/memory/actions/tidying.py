"""Having a store looked through for what it says twice or against itself."""

from apps.core.queue import enqueue
from apps.memory import tasks, tidiness
from apps.memory.models import MemoryStore
from apps.memory.tidiness import Findings


def findings(store: MemoryStore) -> Findings | None:
    """What is known of the store as it is; None sends a worker to look, once for each state."""
    known = tidiness.findings(store)
    if known is None and tidiness.is_first_to_ask(store):
        enqueue(tasks.look_for_likeness, store_id=store.pk)
    return known
