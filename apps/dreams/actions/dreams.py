"""Starting, canceling and archiving dreams."""

from django.db import transaction
from django.utils import timezone

from apps.accounts.acting import Actor, note
from apps.core.api.times import stamp
from apps.core.errors import DomainError
from apps.dreams import assigning, dreaming, finding, starting
from apps.dreams.actions.handing_out import hand_out
from apps.dreams.models import Dream
from apps.dreams.starting import DreamPlan
from apps.engine import batching


class AlreadyEnded(DomainError):
    """This dream has ended: there is nothing left to cancel."""


class NotEnded(DomainError):
    """This dream goes on. Cancel it first, or wait for its end."""


@transaction.atomic
def create_dream(plan: DreamPlan, *, by: Actor) -> Dream:
    """Ask for a dream, and have workers take it up. Raises what `starting.start` raises."""
    dream = starting.start(plan, by=by)
    hand_out(dream)
    return dream


@transaction.atomic
def cancel_dream(*, dream_id: str, by: Actor) -> Dream:
    """End it at once, and what gathers for it; once more changes nothing.

    Raises NoSuchDream, AlreadyEnded.
    """
    dream = finding.dream(by.workspace, dream_id)
    if dream.status == Dream.Status.CANCELED:
        return dream
    if not dreaming.end(dream, Dream.Status.CANCELED, f"Canceled by {by.name}."):
        raise AlreadyEnded
    batching.cancel(assigning.of(dream).job)
    note(by, "dream.canceled", dream.pk, after={"stage": dream.stage})
    for each in dream.gathering.unended().select_related("workspace"):
        dreaming.end(each, Dream.Status.CANCELED, f"Canceled with {dream.pk} by {by.name}.")
    return dream


@transaction.atomic
def archive_dream(*, dream_id: str, by: Actor) -> Dream:
    """Hide it from lists, for good; once more changes nothing. Raises NoSuchDream, NotEnded."""
    dream = finding.dream(by.workspace, dream_id)
    if not dream.has_ended:
        raise NotEnded
    now = timezone.now()
    open_ones = Dream.objects.open().filter(pk=dream.pk, ended_at__isnull=False)
    if open_ones.update(archived_at=now):
        dream.archived_at = now
        note(by, "dream.archived", dream.pk, after={"archived_at": stamp(now)})
    return dream
