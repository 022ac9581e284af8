"""The demo's first dream: asked for once, and dreamed by a worker while somebody looks around."""

from apps.accounts.acting import Actor
from apps.accounts.models import Workspace
from apps.dreams import choosing
from apps.dreams.actions import dreams as actions
from apps.dreams.choosing import Choice
from apps.dreams.models import Dream
from apps.dreams.starting import DreamPlan
from apps.memory.models import MemoryStore


def begin(workspace: Workspace) -> None:
    """Ask for a dream of all that the demo did, about the largest of its stores; once."""
    stores = MemoryStore.objects.visible_in(workspace).open()
    store = stores.order_by("-memory_count", "pk").first()
    if store is None or Dream.objects.visible_in(workspace).exists():
        return
    plan = DreamPlan(
        store_id=store.pk,
        session_ids=choosing.public_ids(workspace, Choice()),
        updates=store.pk,
    )
    actions.create_dream(plan, by=Actor.system(workspace))
