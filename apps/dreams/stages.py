"""What follows on reading: connect, curate, check. Each keeps what it came to before the next."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.core.errors import DomainError
from apps.dreams import (
    assigning,
    billing,
    collecting,
    connecting,
    funnel,
    grouping,
    keeping,
    telling,
)
from apps.dreams.beating import beating
from apps.dreams.comparing import pinning
from apps.dreams.engines import Engine
from apps.dreams.failing import Lost, NothingRead
from apps.dreams.findings import Dropped
from apps.dreams.models import Dream, DreamInput, Pattern, Stage
from apps.memory.models import Memory
from apps.reviews import quoting
from apps.reviews.drafting import Draft

STALE = "the memory changed while the dream ran"
NO_PROPOSAL = "no proposal came of it"


def connect(dream: Dream, engine: Engine) -> None:
    """Find what recurs in everything that this dream, and those that gather for it, have read."""
    since = timezone.now()
    collecting.require_inputs(dream)
    run = Dream.objects.of_run(dream).values("pk")
    taken = DreamInput.objects.filter(dream__in=run).values("session_id")
    seen = grouping.sightings(keeping.readings_of(dream.workspace_id, engine, taken))
    found = connecting.recurring(seen, least_sessions=settings.DREAM_MIN_SESSIONS)
    counts = funnel.of_inputs(list(run.values_list("pk", flat=True))) | {"patterns": len(found)}
    _require_any_read(counts)
    with transaction.atomic():
        _keep(dream, stage=Stage.CURATE, funnel=counts)
        keeping.keep_patterns(dream, found)
        came = [f"{each.sessions} sessions: {each.title}" for each in found]
        given = {"observations": counts["observations"], "sessions": counts["sessions"]}
        _tell(dream, "connect", given, came, since)


def _require_any_read(counts: Mapping[str, Any]) -> None:
    """Raises NothingRead: what nobody read says nothing of whether there is something to change."""
    if counts["sessions"] and not counts["read"] + counts["reused"]:
        raise NothingRead(counts["dropped"][0]["reason"])


def curate(dream: Dream, engine: Engine) -> None:
    """Have the engine write proposals, against the store as it is, or as a comparison has it."""
    since = timezone.now()
    store = collecting.require_inputs(dream)
    notes = pinning.notes(dream, store)
    patterns = keeping.patterns(dream)
    with beating(dream.keep):
        written = engine.curate(patterns, notes, assigning.of(dream))
    drafts = written.curated.drafts
    with transaction.atomic():
        _keep(
            dream,
            stage=Stage.CHECK,
            drafts=keeping.written(drafts),
            funnel=_dropping(dream, written.curated.dropped) | {"drafts": len(drafts)},
            **billing.spent(dream, written.usage),
        )
        drop_patterns(dream, {each.what: each.reason for each in written.curated.dropped})
        came = [f"{each.kind} {each.path}: {each.title}" for each in drafts]
        _tell(dream, "curate", {"patterns": len(patterns), "memories": len(notes)}, came, since)


def check(dream: Dream, engine: Engine) -> None:
    """Leave out what its own evidence does not bear out, and what is out of date already."""
    del engine
    since = timezone.now()
    drafts = keeping.drafts(dream)
    dropped, kept, reasons = [], [], {}
    events = quoting.events_of(
        dream.workspace,
        ((quote.session_id, quote.event_id) for draft in drafts for quote in draft.evidence),
    )
    heads = pinning.heads(dream) if dream.is_compared else _heads(drafts)
    for draft in drafts:
        if why := _fault(draft, events, heads):
            dropped.append(Dropped("check", why, draft.title or draft.path))
            reasons[draft.fingerprint] = why
        else:
            kept.append(draft)
    with transaction.atomic():
        _keep(
            dream,
            stage=Stage.PROPOSE,
            drafts=keeping.written(kept),
            funnel=_dropping(dream, dropped),
        )
        drop_patterns(dream, reasons)
        came = [f"{each.what}: {each.reason}" for each in dropped] or ["Every quote holds."]
        _tell(dream, "check", {"drafts": len(drafts)}, came, since)


def settle_patterns(dream: Dream, proposals: Mapping[str, str]) -> None:
    """Say of each pattern that is left what became of it: by fingerprint, its proposal."""
    rows = list(dream.patterns.undecided())
    for row in rows:
        row.proposal_id = proposals.get(keeping.fingerprint(row.fingerprint), "")
        row.became = Pattern.Became.PROPOSED if row.proposal_id else Pattern.Became.DROPPED
        row.reason = "" if row.proposal_id else NO_PROPOSAL
    Pattern.objects.bulk_update(rows, ["became", "proposal_id", "reason"])


def drop_patterns(dream: Dream, reasons: Mapping[str, str]) -> None:
    """Say why a pattern goes no further: by its fingerprint or its title."""
    rows = []
    for row in dream.patterns.undecided():
        names = (row.fingerprint, keeping.fingerprint(row.fingerprint), row.title)
        reason = next((reasons[each] for each in names if reasons.get(each)), "")
        if reason:
            row.became, row.reason = Pattern.Became.DROPPED, reason[:500]
            rows.append(row)
    Pattern.objects.bulk_update(rows, ["became", "reason"])


def _fault(draft: Draft, events: quoting.Events, heads: dict[str, str]) -> str:
    if any(heads.get(base.memory_id) != base.sha256 for base in draft.bases):
        return STALE
    try:
        quoting.evidence_of(draft.evidence, events, "")
    except quoting.NoSuchEvidence:
        return "an event that it quotes is gone"
    except DomainError:
        return "a quote is not what its event says"
    return ""


def _heads(drafts: Iterable[Draft]) -> dict[str, str]:
    wanted = {base.memory_id for draft in drafts for base in draft.bases}
    rows = Memory.objects.live().filter(pk__in=wanted)
    return dict(rows.values_list("pk", "content_sha256"))


def _dropping(dream: Dream, dropped: Iterable[Dropped]) -> dict[str, Any]:
    before: dict[str, Any] = dream.funnel
    return before | {"dropped": funnel.grouped(before.get("dropped", []), dropped)}


def _tell(dream: Dream, name: str, given: Any, came: list[str], since: datetime) -> None:
    told = "\n".join(came) or "Nothing."
    telling.step(dream, name, given=given, came=told, since=since)


def _keep(dream: Dream, **changes: Any) -> None:
    """Write down how far it is; the stage that follows begins with all its attempts."""
    if not dream.keep(attempts=0, **changes):
        raise Lost
    dream.refresh_from_db()
