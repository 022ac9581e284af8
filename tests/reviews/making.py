"""Sessions, memories, and proposals about them."""

from typing import Any

from django.utils import timezone

from apps.accounts.acting import Actor
from apps.core.api.shapes import read
from apps.memory.actions.memories import create_memory, update_memory
from apps.memory.actions.stores import create_store
from apps.memory.api.shapes import NewStore
from apps.memory.authors import Author
from apps.memory.models import Memory, MemoryStore
from apps.reviews import proposing, quoting
from apps.reviews.actions.deciding import Decided, decide
from apps.reviews.actions.policies import set_policy
from apps.reviews.drafting import Base, Draft, Kind, Quote, Role
from apps.reviews.models import Proposal
from apps.sessions.models import Event, MemoryUse, Session
from tests import make

DREAM = Author("session_actor", "sesn_dream", "Dream")


def store(name: str = "Team", **files: str) -> MemoryStore:
    """A store with these files: `notes="…"` lies at `/notes.md`."""
    made = create_store(given=read(NewStore, {"name": name}), by=make.actor())
    for path, content in files.items():
        create_memory(store_id=made.pk, path=f"/{path}.md", content=content, by=make.actor())
    return made


def at(where: MemoryStore, path: str) -> Memory:
    return Memory.objects.live().get(store=where, path=path)


def said(where: MemoryStore) -> dict[str, str]:
    """What the store says now."""
    live = Memory.objects.live().filter(store=where)
    return dict(live.order_by("path").values_list("path", "content"))


def write(where: MemoryStore, path: str, content: str) -> Memory:
    return update_memory(
        store_id=where.pk, memory_id=at(where, path).pk, content=content, by=make.actor()
    )


def base(memory: Memory) -> Base:
    return Base(memory.pk, memory.content_sha256)


def quote(session: Session, words: str, *, kind: str = "", role: Role = Role.STATES_FACT) -> Quote:
    """These words, wherever the session first says them."""
    events = Event.objects.filter(session=session, text__contains=words).order_by("sequence")
    event = (events.filter(type=kind) if kind else events)[0]
    start = quoting.text_of(event).index(words)
    return Quote(session.public_id, event.public_id, start, start + len(words), words, role)


def read_by(count: int, where: MemoryStore, path: str) -> list[Session]:
    """So many sessions that read this path just now."""
    sessions = [make.session(make.event(key=f"reader-{at}")) for at in range(count)]
    for each in sessions:
        MemoryUse.objects.create(
            session=each,
            sequence=1,
            at=timezone.now(),
            memory_store_id=where.pk,
            path=path,
            kind="read",
        )
    return sessions


def heard(words: str, *, key: str = "s") -> Quote:
    """What a user said in a session of its own."""
    return quote(make.session(make.event(text=words, key=key)), words)


def create(path: str = "/new.md", content: str = "Refunds take 3 days.\n", **fields: Any) -> Draft:
    return Draft(Kind.CREATE, path, content, "It was said.", **fields)


def update(memory: Memory, content: str, **fields: Any) -> Draft:
    given = {"rationale": "It was said.", "bases": (base(memory),)} | fields
    return Draft(Kind.UPDATE, memory.path, content, **given)


def merge(memories: list[Memory], path: str, content: str, **fields: Any) -> Draft:
    given = {"rationale": "They say the same.", "bases": tuple(map(base, memories))} | fields
    return Draft(Kind.MERGE, path, content, **given)


def retire(memory: Memory) -> Draft:
    return Draft(Kind.RETIRE, memory.path, None, "Nobody needs it.", bases=(base(memory),))


def rename(memory: Memory, path: str) -> Draft:
    return Draft(Kind.RENAME, path, None, "It belongs there.", bases=(base(memory),))


def set_mode(where: MemoryStore, mode: str) -> None:
    set_policy(store_id=where.pk, mode=mode, by=make.actor())


def propose(where: MemoryStore, *drafts: Draft, by: Any = DREAM, **fields: Any) -> list[Proposal]:
    given = {"origin": "dream", "origin_id": "drm_1"} | fields
    changeset = proposing.propose(where, drafts, by=by, **given)
    return list(changeset.proposals.order_by("created_at", "pk"))


def proposal(where: MemoryStore, draft: Draft, **fields: Any) -> Proposal:
    [made] = propose(where, draft, **fields)
    return made


def person(name: str = "ines") -> Actor:
    return make.actor(make.user(name))


def accept(made: Proposal, by: Actor | None = None, **said: Any) -> Decided:
    return decide(proposal_id=made.pk, verdict="accept", by=by or make.actor(), **said)


def reject(made: Proposal, by: Actor | None = None, reason: str = "wrong") -> Decided:
    return decide(proposal_id=made.pk, verdict="reject", reason=reason, by=by or make.actor())
