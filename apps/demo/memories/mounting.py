"""Which of the demo's sessions had which of its stores mounted.

A desk's agents are told in their system prompt where their notes lie; their sessions mount the
store, and what their tools did there follows from the events.
"""

from apps.accounts.models import Workspace
from apps.core.ids import derived_id
from apps.demo.memories.filling import STORES, store_id
from apps.demo.memories.notes import Store
from apps.demo.script import Script
from apps.demo.sessions import SCRIPTS
from apps.demo.stage import SOURCE
from apps.memory.models import MemoryStore
from apps.sessions import tracking
from apps.sessions.models import Resource, Session

INSTRUCTIONS = {
    "legal-house-style": "Read README.md first. Note what a negotiation taught, one fact per file.",
    "build-knowledge": "Look here before the logs. Add a cause once it is proven, with the build.",
    "editorial-guidelines": "These win over any style the author asks for.",
    "writing-preferences": "What clients and readers like. Add what was said, and who said it.",
}


def mount(workspace: Workspace) -> int:
    """Mount what is not mounted yet; returns how many sessions it was mounted in."""
    stores = MemoryStore.objects.in_bulk([store_id(workspace, each) for each in STORES])
    wanted = {derived_id("sesn", SOURCE, script.key): store for script, store in _pairs()}
    sessions = Session.objects.filter(
        workspace=workspace, public_id__in=wanted, resources__isnull=True
    )
    made = [
        _resource(session, stores[store_id(workspace, wanted[session.public_id])], wanted)
        for session in sessions
    ]
    Resource.objects.bulk_create(made)
    for resource in made:
        tracking.rebuild(resource.session)
    return len(made)


def _pairs() -> list[tuple[Script, Store]]:
    return [
        (script, store)
        for script in SCRIPTS
        for store in STORES
        if f"/mnt/memory/{store.slug}/" in script.agent.system
    ]


def _resource(session: Session, store: MemoryStore, wanted: dict[str, Store]) -> Resource:
    return Resource(
        session=session,
        public_id=derived_id("sesrsc", SOURCE, session.public_id, store.pk),
        type=Resource.Type.MEMORY_STORE,
        mount_path=store.mount_path.rstrip("/"),
        memory_store_id=store.pk,
        name=store.name,
        description=store.description,
        access=Resource.Access.READ_WRITE,
        instructions=INSTRUCTIONS[wanted[session.public_id].slug],
        created_at=session.created_at,
        updated_at=session.created_at,
    )
