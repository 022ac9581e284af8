"""The demo's first dreams: asked for once, and dreamed by a worker while somebody looks around."""

from apps.accounts.acting import Actor
from apps.accounts.models import Workspace
from apps.dreams import choosing
from apps.dreams.actions import dreams as actions
from apps.dreams.choosing import Choice
from apps.dreams.models import Dream
from apps.dreams.starting import DreamPlan
from apps.memory.models import MemoryStore


def begin(workspace: Workspace) -> None:
    """Ask for a dream about each store, of the sessions that worked with it; once."""
    if Dream.objects.visible_in(workspace).exists():
        return
    stores = MemoryStore.objects.visible_in(workspace).open()
    for store in stores.order_by("-memory_count", "pk"):
        read = choosing.public_ids(workspace, Choice(only_mounted=True), store.pk)
        if read:
            plan = DreamPlan(store_id=store.pk, session_ids=read, updates=store.pk)
            actions.create_dream(plan, by=Actor.system(workspace))
