"""The sides of a store, each a page of its own."""

from django.urls import reverse

from apps.memory.models import MemoryStore

SIDES = {
    "memory:store": "Memories",
    "memory:activity": "Activity",
    "sessions:of_memory_store": "Sessions",
    "memory:checks": "History",
    "memory:tidy": "Tidy up",
}


def tabs(store: MemoryStore, current: str) -> list[dict[str, object]]:
    """As components/tabs.html takes them. The store's workspace must be loaded."""
    where = [store.workspace.slug, store.pk]
    counts = {"memory:store": store.memory_count, "memory:activity": store.version_count}
    return [
        {
            "label": label,
            "url": reverse(name, args=where),
            "current": name == current,
            "count": counts.get(name, ""),
        }
        for name, label in SIDES.items()
    ]
