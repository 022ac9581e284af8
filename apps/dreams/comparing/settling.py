"""How a dream of a comparison ends: it keeps its drafts, and the last of the two lays them out."""

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from pydantic import TypeAdapter

from apps.dreams import engines, keeping, stages, telling
from apps.dreams.comparing import aligning
from apps.dreams.failing import Lost
from apps.dreams.models import (
    Comparison,
    ComparisonRow,
    ComparisonSide,
    Dream,
    DreamInput,
    Letter,
    Reading,
)
from apps.reviews.drafting import Draft
from apps.webhooks.publishing import publish

_DRAFT = TypeAdapter(Draft)
_TOKENS = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")


def keep_drafts(dream: Dream) -> None:
    """End it where another dream hands in: nothing of it waits for a decision. Raises Lost."""
    since = timezone.now()
    drafts = keeping.drafts(dream)
    text = f"{len(drafts)} drafts are kept for the comparison. Nothing was handed in."
    with transaction.atomic():
        _leave_out_the_rest(dream, drafts)
        if not dream.end(Dream.Status.COMPLETED, drafts=dream.drafts):
            raise Lost
        telling.step(dream, "keep", given={"drafts": len(drafts)}, came=text, since=since)
        telling.end(dream, text)
        publish("dream.completed", workspace=dream.workspace, object_id=dream.pk)
        settle(dream)


def settle(dream: Dream) -> None:
    """Once both have ended, lay their drafts side by side. In the transaction of its end.

    Whoever ends a dream holds its row first and asks for the comparison's then: of two that end at
    the same time, the second finds both ended.
    """
    if not dream.is_compared or dream.is_gathering:
        return
    compared = Comparison.objects.select_for_update().get(sides=dream.side_id)
    dreams = {
        Letter(each.side.letter): each  # type: ignore[union-attr]  # they are filtered by it
        for each in Dream.objects.filter(
            side__comparison=compared, gathers_for=None
        ).select_related("side")
    }
    if compared.has_ended or not all(each.has_ended for each in dreams.values()):
        return
    _lay_out(compared, *(keeping.drafts(dreams[letter]) for letter in Letter))
    for letter in Letter:
        _note_usage(dreams[letter])
    compared.ended_at = timezone.now()
    compared.save(update_fields=["ended_at"])
    publish("dream_comparison.ended", workspace=dream.workspace, object_id=compared.pk)


def draft_of(kept: object) -> Draft:
    """A draft of a row."""
    return _DRAFT.validate_python(kept)


def _lay_out(compared: Comparison, a: tuple[Draft, ...], b: tuple[Draft, ...]) -> None:
    ComparisonRow.objects.bulk_create(
        ComparisonRow(
            comparison=compared,
            number=number,
            verdict=pair.verdict,
            bond=pair.bond or "",
            draft_a=_written(pair.a),
            draft_b=_written(pair.b),
        )
        for number, pair in enumerate(aligning.align(a, b), 1)
    )


def _written(draft: Draft | None) -> object:
    return None if draft is None else _DRAFT.dump_python(draft, mode="json")


def _leave_out_the_rest(dream: Dream, drafts: tuple[Draft, ...]) -> None:
    """Patterns that no draft came of say so; of the others it is not decided yet."""
    drafted = {each.fingerprint for each in drafts}
    left = [
        each.fingerprint
        for each in dream.patterns.undecided()
        if keeping.fingerprint(each.fingerprint) not in drafted
    ]
    stages.drop_patterns(dream, dict.fromkeys(left, stages.NO_PROPOSAL))


def _note_usage(dream: Dream) -> None:
    """What it spent, and what was spent before on what it did not have to read again."""
    run = Dream.objects.of_run(dream)
    spent = run.aggregate(**{name: Sum(name, default=0) for name in _TOKENS})
    engine = engines.named(dream.engine)
    reused = DreamInput.objects.filter(dream__in=run.values("pk"), status=DreamInput.Status.REUSED)
    spared = (
        Reading.objects.of(engine.name, engine.version)
        .filter(
            Q(session__public_id__in=reused.values("session_id")),
            session__workspace=dream.workspace_id,
        )
        .aggregate(**{name: Sum(name, default=0) for name in _TOKENS})
    )
    ComparisonSide.objects.filter(dreams=dream).update(
        **{name: spent[name] + spared[name] for name in _TOKENS}
    )
