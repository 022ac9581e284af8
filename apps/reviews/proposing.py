"""Handing in what somebody drafted: checked whole, kept as one changeset, or refused.

What is known already is not proposed again, and the changeset says so of each. What a store's
policy lets through is applied in the same transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from apps.accounts.acting import Actor
from apps.core import payloads
from apps.core.errors import Conflict, DomainError
from apps.memory import chain, paths, writing
from apps.memory.authors import Author
from apps.memory.models import Memory, MemoryStore, MemoryVersion
from apps.reviews import announcing, planning, quoting, weighing
from apps.reviews.applying import apply_by_policy, wants_two
from apps.reviews.chaining import policy_of
from apps.reviews.drafting import Base, Draft, File, Kind
from apps.reviews.models import Changeset, Evidence, Proposal, Source, StorePolicy
from apps.webhooks.publishing import publish

MOST_DRAFTS = 500
MOST_QUOTES = 50
MOST_RATIONALE = 10_000
MOST_FILES = 20
_BASES: Mapping[str, tuple[int, int]] = {
    Kind.CREATE: (0, 0),
    Kind.UPDATE: (1, 1),
    Kind.RENAME: (1, 1),
    Kind.RETIRE: (1, 1),
    Kind.MERGE: (2, 50),
    Kind.RESTRUCTURE: (1, 50),
}
"""The fewest and the most memories that each kind changes or replaces."""
_BY_STRICTNESS: list[str] = [
    StorePolicy.Mode.REVIEW,
    StorePolicy.Mode.AUTO_SAFE,
    StorePolicy.Mode.AUTO,
]


class BadDraft(DomainError):
    """A proposal does not fit its kind."""

    status = 422


class BaseUnknown(DomainError):
    """bases: the memory never said what this was drafted against."""

    status = 422


class NothingToRepropose(Conflict):
    """Everything that this proposal changes was deleted since. Reject it as stale."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A draft that is not proposed. `proposal_id` is what stands against it, if that does."""

    fingerprint: str
    path: str
    title: str
    reason: str  # already_waiting, rejected_before, memory_gone
    proposal_id: str = ""


def propose(  # noqa: PLR0913 -- what a changeset says of itself
    store: MemoryStore,
    drafts: Sequence[Draft],
    *,
    origin: str,
    by: Actor | Author,
    origin_id: str = "",
    title: str = "",
    summary: str = "",
    at_most: str = "",
) -> Changeset:
    """Propose edits to a store, together; `dropped` of the changeset says what was left out.

    The stricter of the store's own policy and the mode `at_most` holds, if one is given.

    The store's workspace must be loaded. Raises NoSuchStore, StoreArchived, BadDraft, BaseUnknown,
    NoSuchMemory, EvidenceBroken, NoSuchEvidence, and what a memory's path and text may raise.
    """
    _require_few("proposals", len(drafts), MOST_DRAFTS)
    with transaction.atomic():
        held = writing.locked(store.pk, within=store.workspace)
        if held.archived_at is not None:
            raise writing.StoreArchived
        changeset = Changeset.objects.create(
            workspace=store.workspace,
            store=store,
            origin=origin,
            origin_id=origin_id,
            title=payloads.storable(title)[:255],
            summary=payloads.storable(summary),
            **_author(by),
        )
        _Table(changeset, drafts, at_most).lay()
        publish(
            "changeset.created",
            workspace=store.workspace,
            object_id=changeset.pk,
            data={"memory_store_id": store.pk, "proposal_count": changeset.proposal_count},
        )
    return changeset


class _Table:
    """The drafts of one changeset, and all that is looked up for them at once."""

    def __init__(self, changeset: Changeset, drafts: Sequence[Draft], at_most: str = "") -> None:
        self.changeset = changeset
        self.store = changeset.store
        self.drafts = [_checked(each, f"proposals.{at}.") for at, each in enumerate(drafts)]
        quotes = [(q.session_id, q.event_id) for each in drafts for q in each.evidence]
        self.events = quoting.events_of(changeset.workspace, quotes)
        bases = [base.memory_id for each in drafts for base in each.bases]
        found = Memory.objects.filter(store=self.store, pk__in=map(payloads.storable, bases))
        self.memories = {each.pk: each for each in found}
        prints = {fingerprint_of(each) for each in drafts}
        known = Proposal.objects.filter(store=self.store, fingerprint__in=prints)
        self.known: dict[str, list[Proposal]] = {}
        for proposal in known.prefetch_related("evidence", "decisions").order_by("created_at"):
            self.known.setdefault(proposal.fingerprint, []).append(proposal)
        self.policy = policy_of(self.store)
        if at_most:
            modes = (self.policy.mode, at_most)
            self.policy.mode = next(each for each in _BY_STRICTNESS if each in modes)

    def lay(self) -> None:
        dropped: list[Dropped] = []
        count = 0
        for at, draft in enumerate(self.drafts):
            laid = self._lay(draft, f"proposals.{at}.")
            if isinstance(laid, Dropped):
                dropped.append(laid)
                continue
            count += 1
            apply_by_policy(laid, self.policy)
        self.changeset.proposal_count = count
        self.changeset.dropped = [_told(each) for each in dropped]
        self.changeset.save(update_fields=["proposal_count", "dropped"])

    def _lay(self, draft: Draft, where: str) -> Proposal | Dropped:
        evidence = quoting.evidence_of(draft.evidence, self.events, where)
        known = self.known.get(fingerprint_of(draft), [])
        against = _standing_against(known, evidence)
        if against is not None:
            return _dropped(draft, *against)
        if self._is_gone(draft, where):
            return _dropped(draft, "memory_gone")
        sources = [self._source(base, at, where) for at, base in enumerate(draft.bases)]
        proposal = self._proposal(draft, sources, evidence, _rejected_before(known))
        self._keep(proposal, sources, evidence)
        self.known.setdefault(proposal.fingerprint, []).append(proposal)
        return proposal

    def lay_again(self, draft: Draft, old: Proposal) -> Proposal:
        """Beside what was decided of it before, with the evidence that it had."""
        evidence = [_copied(each) for each in old.evidence.order_by("position")]
        sources = [self._source(base, at, "") for at, base in enumerate(draft.bases)]
        proposal = self._proposal(draft, sources, evidence, None)
        self._keep(proposal, sources, evidence)
        Changeset.objects.filter(pk=self.changeset.pk).update(proposal_count=1)
        return proposal

    def _is_gone(self, draft: Draft, where: str) -> bool:
        """Whether something that it changes was deleted since. Raises NoSuchMemory."""
        for base in draft.bases:
            if base.memory_id not in self.memories:
                raise writing.NoSuchMemory(f"{where}bases: there is no memory {base.memory_id}.")
        return any(self.memories[base.memory_id].deleted_at is not None for base in draft.bases)

    def _source(self, base: Base, position: int, where: str) -> Source:
        memory = self.memories[base.memory_id]
        versions = MemoryVersion.objects.filter(memory=memory, content_sha256=base.sha256)
        version = versions.order_by("-sequence").first()
        if version is None:
            raise BaseUnknown(f"{where}bases.{position}: {memory.path} never said that.")
        return Source(
            position=position,
            memory=memory,
            path=version.path or memory.path,
            base_sha256=base.sha256,
            base_version=version,
        )

    def _proposal(
        self,
        draft: Draft,
        sources: Sequence[Source],
        evidence: Sequence[Evidence],
        rejected: Proposal | None,
    ) -> Proposal:
        said = [each.base_version.content or "" for each in sources]
        weight = weighing.weigh(draft, said, evidence)
        support = payloads.storable_all(dict(draft.support))
        if rejected is not None:
            support["rejected_before"] = _told_rejection(rejected)
        proposal = Proposal(
            workspace=self.changeset.workspace,
            store=self.store,
            changeset=self.changeset,
            kind=draft.kind,
            memory=_target(draft, sources),
            path=draft.path,
            content=draft.content,
            also=[{"path": each.path, "content": each.content} for each in draft.also],
            title=draft.title or draft.path[-300:],
            rationale=draft.rationale,
            confidence_value=min(1.0, max(0.0, draft.confidence)),
            support=support,
            flags=weight.flags,
            marks=weight.marks,
            no_longer_said=weight.no_longer_said,
            risk=weight.risk,
            fingerprint=fingerprint_of(draft),
        )
        proposal.needs_two = wants_two(proposal, sources, self.policy)
        return proposal

    def _keep(
        self, proposal: Proposal, sources: Sequence[Source], evidence: Sequence[Evidence]
    ) -> None:
        proposal.save(force_insert=True)
        for source in sources:
            source.proposal = proposal
        for each in evidence:
            each.proposal = proposal
        Source.objects.bulk_create(sources)
        Evidence.objects.bulk_create(evidence)
        publish(
            "proposal.created",
            workspace=proposal.workspace,
            object_id=proposal.pk,
            data={"memory_store_id": proposal.store_id, "changeset_id": self.changeset.pk},
        )
        announcing.changed(proposal.workspace_id, proposal.pk)


def propose_again(old: Proposal) -> Proposal:
    """The same on what its memories say now, by the same author and on the same evidence.

    What both sides changed in the same lines stands there twice. Whoever calls has the store
    locked and has withdrawn the old one. Raises NothingToRepropose.
    """
    sources = planning.sources_of(old)
    live = [each for each in sources if each.memory.deleted_at is None]
    if not live and sources:
        raise NothingToRepropose
    origin = old.changeset
    changeset = Changeset.objects.create(
        workspace=old.workspace,
        store=old.store,
        origin=origin.origin,
        origin_id=origin.origin_id,
        title=f"Again: {old.title}"[:255],
        author_type=origin.author_type,
        author_id=origin.author_id,
        author_name=origin.author_name,
        on_behalf_of=origin.on_behalf_of,
    )
    draft = Draft(
        kind=_kind_now(old, live),
        path=_path_now(old, live),
        content=planning.united(old, live),
        rationale=old.rationale,
        bases=tuple(Base(each.memory_id, each.memory.content_sha256) for each in live),
        also=tuple(File(**each) for each in old.also),
        title=old.title,
        confidence=old.confidence_value,
        support={**old.support, "proposed_again": old.pk},
        fingerprint=old.fingerprint,
    )
    return _Table(changeset, [draft]).lay_again(draft, old)


def _kind_now(old: Proposal, live: Sequence[Source]) -> Kind:
    """Of two memories to be merged one may be left."""
    return Kind.RESTRUCTURE if old.kind == Kind.MERGE and len(live) == 1 else Kind(old.kind)


def _path_now(old: Proposal, live: Sequence[Source]) -> str:
    """Where its memory lies now, unless it was to be moved."""
    target = next((each for each in live if each.memory_id == old.memory_id), None)
    if target is None or old.path != target.path:
        return old.path
    return target.memory.path


def fingerprint_of(draft: Draft) -> str:
    """Its own, or else one of what it would do."""
    if draft.fingerprint:
        return draft.fingerprint[:128]
    bases = sorted(each.memory_id for each in draft.bases)
    files = [part for each in draft.also for part in (each.path, each.content)]
    return chain.digest(draft.kind, draft.path, draft.content or "", *bases, *files)


def _copied(evidence: Evidence) -> Evidence:
    evidence.pk = None
    evidence._state.adding = True  # noqa: SLF001 -- Django's own way to copy a row
    return evidence


def _author(by: Actor | Author) -> dict[str, Any]:
    author = Author.of(by) if isinstance(by, Actor) else by
    behind = by.api_key.created_by if isinstance(by, Actor) and by.api_key is not None else None
    return {
        "author_type": author.type,
        "author_id": author.id,
        "author_name": payloads.storable(author.name)[:256] or "agentsite",
        "on_behalf_of": behind.public_id if behind is not None else "",
    }


def _checked(draft: Draft, where: str) -> Draft:
    """Raises BadDraft, and what a memory's path and text may raise."""
    fewest, most = _BASES[draft.kind]
    if not fewest <= len(draft.bases) <= most:
        said = f"{fewest}" if fewest == most else f"{fewest} to {most}"
        raise BadDraft(f"{where}bases: a proposal of kind {draft.kind} has {said}.")
    if len({each.memory_id for each in draft.bases}) < len(draft.bases):
        raise BadDraft(f"{where}bases: a memory is named once.")
    if (draft.content is None) != (draft.kind in {Kind.RENAME, Kind.RETIRE}):
        raise BadDraft(f"{where}content: renaming and retiring have none, the rest has one.")
    if draft.also and draft.kind != Kind.RESTRUCTURE:
        raise BadDraft(f"{where}also: only a restructuring leaves further files.")
    files = weighing.files_of(draft)
    if len({each.path for each in files}) < len(files):
        raise BadDraft(f"{where}also: a path is named once.")
    for path in {draft.path, *(each.path for each in files)}:
        paths.checked(path)
    for each in files:
        writing.checked_size(each.content)
    _require_text(draft, where)
    _require_few(f"{where}also", len(draft.also), MOST_FILES)
    _require_few(f"{where}evidence", len(draft.evidence), MOST_QUOTES)
    return draft


def _require_text(draft: Draft, where: str) -> None:
    for name, text, most in (
        ("title", draft.title, 300),
        ("rationale", draft.rationale, MOST_RATIONALE),
        ("fingerprint", draft.fingerprint, 128),
    ):
        if len(text) > most or payloads.storable(text) != text:
            raise BadDraft(f"{where}{name}: valid text of at most {most:,} characters.")


def _require_few(what: str, count: int, most: int) -> None:
    if count > most:
        raise BadDraft(f"{what}: at most {most}.")


def _target(draft: Draft, sources: Sequence[Source]) -> Memory | None:
    """The memory that its text goes to, or that goes: of several the one at its path."""
    if len(sources) == 1 and draft.kind != Kind.RESTRUCTURE:
        return sources[0].memory
    return next((each.memory for each in sources if each.path == draft.path), None)


def _standing_against(
    known: Sequence[Proposal], evidence: Sequence[Evidence]
) -> tuple[str, str] | None:
    """Why the finding is not proposed again, and the proposal that stands against it."""
    waiting = next((each for each in known if each.is_waiting), None)
    if waiting is not None:
        return "already_waiting", waiting.pk
    rejected = _rejected_before(known)
    if rejected is None:
        return None
    seen = {(each.session_id, each.event_id) for old in known for each in old.evidence.all()}
    is_new = any((each.session_id, each.event_id) not in seen for each in evidence)
    return None if is_new else ("rejected_before", rejected.pk)


def _rejected_before(known: Sequence[Proposal]) -> Proposal | None:
    refused = {Proposal.Status.REJECTED, Proposal.Status.REVERTED}
    return next((each for each in reversed(known) if each.status in refused), None)


def _told_rejection(proposal: Proposal) -> dict[str, Any]:
    last = max(proposal.decisions.all(), key=lambda each: each.sequence, default=None)
    return {
        "proposal_id": proposal.pk,
        "status": proposal.status,
        "at": proposal.decided_at.isoformat() if proposal.decided_at else None,
        "by": proposal.decided_by_name,
        "reason": last.reason if last else "",
        "note": last.note if last else "",
    }


def _dropped(draft: Draft, reason: str, proposal_id: str = "") -> Dropped:
    return Dropped(fingerprint_of(draft), draft.path, draft.title, reason, proposal_id)


def _told(dropped: Dropped) -> dict[str, str]:
    return {name: getattr(dropped, name) for name in Dropped.__dataclass_fields__}
