"""The second stage: a few sessions in the hands of one worker, each kept as soon as it is read."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apps.dreams import engines, keeping, reading, telling
from apps.dreams.engines import Engine, Observed, Usage
from apps.dreams.failing import Lost, SessionUnavailable
from apps.dreams.models import Dream, DreamInput, Stage
from apps.dreams.models.dream import MOST_TRIES_OF_A_SESSION, DreamQuerySet, lease_end
from apps.sessions.models import Session

STOPPED = "the workers that read it stopped each time"


def observe(dream: Dream, input_ids: Iterable[int], holder: str) -> None:
    """Read those of the sessions that nobody else reads. Raises Lost, SessionUnavailable."""
    engine = engines.named(dream.engine)
    for input_id in input_ids:
        if DreamInput.objects.claim(input_id, holder):
            _read(dream, engine, DreamInput.objects.get(pk=input_id))


def give_up_on_the_unreadable(dream: Dream) -> None:
    """What every worker stopped at is left out, and said to be."""
    dream.inputs.unread().filter(
        attempts__gte=MOST_TRIES_OF_A_SESSION, lease_expires_at__lt=timezone.now()
    ).update(status=DreamInput.Status.FAILED, reason=STOPPED, lease_expires_at=None)


def _read(dream: Dream, engine: Engine, mine: DreamInput) -> None:
    since = timezone.now()
    sessions = Session.objects.visible_in(dream.workspace).select_related("agent")
    session = sessions.filter(public_id=mine.session_id).first()
    if session is None:
        raise SessionUnavailable
    if not _is_under_way(dream).exists():
        raise Lost
    transcript = next(reading.transcripts(sessions.filter(pk=session.pk)))
    observed = engine.observe(transcript)
    with transaction.atomic():
        renew(dream, observed.usage)
        kept = keeping.keep_reading(session, engine, transcript, observed)
        count = kept.observations.signals().count()
        DreamInput.objects.filter(pk=mine.pk).update(
            status=DreamInput.Status.READ,
            last_sequence=kept.last_sequence,
            observation_count=count,
            lease_expires_at=None,
        )
        given = {"session_id": session.public_id, "events": len(transcript.turns)}
        telling.step(
            dream,
            "read_session",
            on=session.public_id,
            given=given,
            came=_told(observed),
            since=since,
        )


def renew(dream: Dream, usage: Usage) -> None:
    """The dream is alive, and this much was spent on it. Raises Lost."""
    if not _is_under_way(dream).update(
        lease_expires_at=lease_end(),
        attempts=0,
        input_tokens=F("input_tokens") + usage.input_tokens,
        output_tokens=F("output_tokens") + usage.output_tokens,
        cache_read_tokens=F("cache_read_tokens") + usage.cache_read_tokens,
        cache_write_tokens=F("cache_write_tokens") + usage.cache_write_tokens,
    ):
        raise Lost


def _is_under_way(dream: Dream) -> DreamQuerySet:
    return Dream.objects.filter(pk=dream.pk, status=Dream.Status.RUNNING, stage=Stage.OBSERVE)


def _told(observed: Observed) -> str:
    seen = [f"{each.kind}: {each.statement}" for each in observed.observations if each.spans]
    return "\n".join(seen) or "Nothing to learn from."
