"""Findings in rows and out of them again, so that any worker goes on where another was."""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from pydantic import TypeAdapter

from apps.dreams import findings
from apps.dreams.engines import Engine, Observed
from apps.dreams.models import Dream, Observation, Pattern, Reading
from apps.dreams.models.reading import ReadingQuerySet
from apps.memory.models import Memory, MemoryStore
from apps.reviews.drafting import Draft
from apps.sessions.models import Session

LONGEST_TITLE = 500
LONGEST_KEY = 500
LONGEST_FINGERPRINT = 128
_SPANS = TypeAdapter(tuple[findings.Span, ...])
_SEEN = TypeAdapter(tuple[findings.Seen, ...])
_DRAFTS = TypeAdapter(tuple[Draft, ...])


@transaction.atomic
def keep_readings(
    engine: Engine, read: Sequence[tuple[Session, findings.Transcript, Observed]]
) -> list[Reading]:
    """Write down what was seen in each, in the place of what an earlier look saw.

    A session must have been loaded before its events were.
    """
    sessions = [session for session, _, _ in read]
    Reading.objects.of(engine.name, engine.version).filter(session__in=sessions).delete()
    kept = [_reading(engine, *each) for each in read]
    Reading.objects.bulk_create(kept)
    Observation.objects.bulk_create(
        each
        for reading, (_, _, observed) in zip(kept, read, strict=True)
        for each in _observations(reading, observed)
    )
    return kept


def _reading(
    engine: Engine, session: Session, transcript: findings.Transcript, observed: Observed
) -> Reading:
    usage = observed.usage
    return Reading(
        session=session,
        engine=engine.name,
        version=engine.version,
        last_sequence=session.event_count,
        read_at=timezone.now(),
        agent=transcript.agent[:256],
        user=transcript.user[:256],
        succeeded=transcript.succeeded,
        happened_at=transcript.at,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cache_read_tokens,
        cache_write_tokens=usage.cache_write_tokens,
    )


def _observations(reading: Reading, observed: Observed) -> Iterator[Observation]:
    for number, each in enumerate(observed.observations, 1):
        if each.spans:  # what nobody can look up was not seen
            yield Observation(
                reading=reading,
                number=number,
                kind=each.kind,
                key=each.key[:LONGEST_KEY],
                statement=each.statement,
                tool=each.tool[:128],
                spans=_SPANS.dump_python(each.spans, mode="json"),
                details=dict(each.details),
            )


def readings_of(
    workspace_id: str, engine: Engine, session_ids: Collection[str] | models.QuerySet[Any, Any]
) -> ReadingQuerySet:
    """What the engine read of these sessions of the workspace."""
    return Reading.objects.of(engine.name, engine.version).filter(
        session__workspace=workspace_id, session__public_id__in=session_ids
    )


def keep_patterns(dream: Dream, patterns: Sequence[findings.Pattern]) -> None:
    """Write down what recurs, what is seen in most sessions first."""
    order = sorted(patterns, key=lambda each: (-each.sessions, each.kind, each.key))
    Pattern.objects.filter(dream=dream).delete()
    Pattern.objects.bulk_create(
        Pattern(
            dream=dream,
            number=number,
            kind=each.kind,
            key=each.key[:LONGEST_KEY],
            title=each.title[:LONGEST_TITLE],
            session_count=each.sessions,
            agent_count=each.agents,
            user_count=each.users,
            first_at=each.first_at,
            last_at=each.last_at,
            success_count=each.success.successes,
            success_tries=each.success.tries,
            success_low=each.success.low,
            success_high=each.success.high,
            others_count=each.others.successes,
            others_tries=each.others.tries,
            others_low=each.others.low,
            others_high=each.others.high,
            details=dict(each.details),
            seen=_SEEN.dump_python(each.seen, mode="json"),
        )
        for number, each in enumerate(order, 1)
    )


def patterns(dream: Dream) -> list[findings.Pattern]:
    """What recurs, as curating reads it."""
    return [_pattern(each) for each in dream.patterns.in_order()]


def notes(store: MemoryStore) -> list[findings.Note]:
    """The store as it is."""
    return [
        findings.Note(each.pk, each.path, each.content, each.content_sha256, each.updated_at)
        for each in Memory.objects.live().filter(store=store).order_by("path")
    ]


def written(drafts: Sequence[Draft]) -> object:
    """The drafts as JSON, for `Dream.drafts`, each with a fingerprint that a proposal can have."""
    named = (replace(each, fingerprint=fingerprint(each.fingerprint)) for each in drafts)
    return _DRAFTS.dump_python(tuple(named), mode="json")


def fingerprint(whole: str) -> str:
    """The fingerprint as proposals have it: of a long one the beginning, and a digest of it all."""
    if len(whole) <= LONGEST_FINGERPRINT:
        return whole
    digest = hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()
    return whole[: LONGEST_FINGERPRINT - len(digest) - 1] + "-" + digest


def drafts(dream: Dream) -> tuple[Draft, ...]:
    return _DRAFTS.validate_python(dream.drafts)


def _pattern(row: Pattern) -> findings.Pattern:
    return findings.Pattern(
        kind=findings.Kind(row.kind),
        key=row.key,
        title=row.title,
        seen=_SEEN.validate_python(row.seen),
        sessions=row.session_count,
        agents=row.agent_count,
        users=row.user_count,
        first_at=row.first_at,
        last_at=row.last_at,
        success=row.success,
        others=row.others,
        details=row.details,
    )
