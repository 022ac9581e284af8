"""From a conflict to a new proposal: the same edit, on what the memory says there now."""

from django.db import transaction

from apps.accounts.acting import Actor
from apps.core.errors import Conflict
from apps.dreams.managed.models import WriteBack
from apps.memory import finding, merging
from apps.memory.authors import Author
from apps.memory.models import Memory, MemoryVersion, Operation
from apps.reviews import proposing
from apps.reviews.drafting import Base, Draft, Kind, Quote, Role
from apps.reviews.models import Changeset, Proposal

MOST_QUOTES = proposing.MOST_QUOTES


class ReadFirst(Conflict):
    """What is there now is not known here yet. Read the store again first, then propose."""


class NothingLeft(Conflict):
    """There is nothing left to propose: it is there as it was to be, or its text is redacted."""


@transaction.atomic
def propose_again(each: WriteBack, *, by: Actor) -> Proposal:
    """In the name of whoever proposed it first, so that who asks for this may decide it.

    Raises ReadFirst, NothingLeft, and what proposing raises.
    """
    mirror = each.mirror
    if mirror.synced_at is None or each.ended_at is None or mirror.synced_at < each.ended_at:
        raise ReadFirst
    store = finding.store(by.workspace, mirror.store_id)
    store.workspace = by.workspace
    old = Proposal.objects.filter(pk=each.proposal_id).select_related("changeset").first()
    draft = _draft(each, old)
    origin = old.changeset if old is not None else None
    made = proposing.propose(
        store,
        [draft],
        origin=origin.origin if origin else Changeset.Origin.PERSON,
        origin_id=origin.origin_id if origin else "",
        by=_author(each, origin) or by,
        title=f"Again: {draft.title}"[:255],
        at_most="review",
    )
    proposal = made.proposals.first()
    if proposal is None:
        raise NothingLeft
    return proposal


def _author(each: WriteBack, origin: Changeset | None) -> Author | None:
    """Who proposed it; of an edit by hand, who made that. None: nobody in particular."""
    if origin is not None:
        return Author(origin.author_type, origin.author_id, origin.author_name)
    version = MemoryVersion.objects.filter(pk=each.version_id).first()
    if version is None or not version.actor_name:
        return None
    return Author(version.actor_type, version.actor_id, version.actor_name)


def _draft(each: WriteBack, old: Proposal | None) -> Draft:
    version = MemoryVersion.objects.filter(pk=each.version_id).first()
    now = Memory.objects.filter(pk=each.memory_id, store=each.mirror.store_id).first()
    if version is None or version.path is None or now is None:
        raise NothingLeft
    is_there = now.deleted_at is None
    title = (old.title if old is not None else "") or each.path[-300:]
    why = old.rationale if old is not None else ""
    said = f"It was accepted before, and could not be written there: {each.error}"
    shared = {
        "rationale": f"{why}\n{said}".strip(),
        "title": title,
        "evidence": _quotes(old),
        "confidence": old.confidence_value if old is not None else 0.5,
        "fingerprint": f"again:{each.pk}",
    }
    if version.operation == Operation.DELETED:
        if not is_there:
            raise NothingLeft
        base = (Base(now.pk, now.content_sha256),)
        return Draft(Kind.RETIRE, now.path, None, bases=base, **shared)  # type: ignore[arg-type]
    if not is_there:
        return Draft(Kind.CREATE, version.path, version.content, **shared)  # type: ignore[arg-type]
    content, path = _united(version, now)
    if content == now.content and path == now.path:
        raise NothingLeft
    base = (Base(now.pk, now.content_sha256),)
    return Draft(Kind.UPDATE, path, content, bases=base, **shared)  # type: ignore[arg-type]


def _united(version: MemoryVersion, now: Memory) -> tuple[str, str]:
    """Both sides' changes; of lines that both changed, what was accepted here.

    What that takes away of theirs is in the difference that a person is shown.
    """
    earlier = MemoryVersion.objects.filter(memory=now, sequence__lt=version.sequence)
    before = earlier.order_by("-sequence").first()
    ours = version.content or ""
    merged = merging.merge((before.content if before else "") or "", ours, now.content)
    content = "".join(piece.ours if piece.text is None else piece.text for piece in merged.pieces)
    moved = before is not None and before.path != version.path
    return content, (version.path if moved and version.path else now.path)


def _quotes(old: Proposal | None) -> tuple[Quote, ...]:
    """Those that can still be looked up are handed in with it again."""
    if old is None:
        return ()
    return tuple(
        Quote(e.session_id, e.event_id, e.start, e.end, e.quote, Role(e.role))
        for e in old.evidence.order_by("position")[:MOST_QUOTES]
    )
