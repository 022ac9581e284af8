"""The store as a dream is to find it: as it is, or as it was when its comparison began."""

from apps.dreams import keeping
from apps.dreams.findings import Note
from apps.dreams.models import Comparison, Dream
from apps.memory import states
from apps.memory.models import MemoryStore


def notes(dream: Dream, store: MemoryStore) -> list[Note]:
    """What curating reads. Of a memory that was redacted since nothing is known any more."""
    if not dream.is_compared:
        return keeping.notes(store)
    state = states.state_at(store, _sequence(dream), is_full=True)
    return [
        Note(each.memory_id, path, each.content, each.content_sha256 or "", each.created_at)
        for path, each in state.by_path.items()
        if each.content is not None
    ]


def heads(dream: Dream) -> dict[str, str]:
    """Of a dream that is compared: by memory, the hash of what it said then."""
    store = MemoryStore.objects.get(pk=dream.input_store_id)
    versions = states.state_at(store, _sequence(dream)).by_path.values()
    return {each.memory_id: each.content_sha256 or "" for each in versions}


def _sequence(dream: Dream) -> int:
    return Comparison.objects.values_list("at_sequence", flat=True).get(sides=dream.side_id)
