"""What a person may do with mirrors: dream about them, read them again, settle what went wrong."""

from django.db import transaction
from django.utils import timezone

from apps.accounts.acting import Actor, note
from apps.accounts.rights import Right
from apps.core import queue
from apps.core.errors import Conflict
from apps.dreams.actions.handing_out import hand_out
from apps.dreams.managed import finding, reproposing, starting, tasks
from apps.dreams.managed.models import Mirror, StoreList, WriteBack
from apps.dreams.managed.starting import ManagedPlan
from apps.dreams.models import Dream
from apps.reviews.models import Proposal

_Status = WriteBack.Status


class NotSo(Conflict):
    """This write-back is not as it was any more. Look again."""


@transaction.atomic
def create_dream(plan: ManagedPlan, *, by: Actor) -> Dream:
    """Ask for a dream, and have a worker take it up. Raises what `starting.start` raises."""
    by.require(Right.WRITE)
    dream = starting.start(plan, by=by)
    hand_out(dream)
    return dream


@transaction.atomic
def list_stores(*, link_id: str, by: Actor) -> None:
    """Have a worker look which stores there are. Raises NoSuchLink."""
    by.require(Right.WRITE)
    link = finding.link(by.workspace, link_id)
    StoreList.objects.update_or_create(link=link, defaults={"due_at": timezone.now()})
    queue.hand_out(tasks.list_stores, "link_id", [link.pk])


@transaction.atomic
def read_again(*, mirror_id: str, by: Actor) -> Mirror:
    """Have the copy brought up to date; what waits is written back before. Raises NoSuchMirror."""
    by.require(Right.WRITE)
    mirror = finding.mirror(by.workspace, mirror_id)
    Mirror.objects.filter(pk=mirror.pk).update(is_sync_asked=True, due_at=timezone.now())
    note(by, "mirror.sync_asked", mirror.pk, after={"memory_store_id": mirror.store_id})
    queue.hand_out(tasks.serve_mirror, "mirror_id", [mirror.pk])
    return mirror


@transaction.atomic
def retry(*, write_back_id: str, by: Actor) -> WriteBack:
    """Try again what the other side refused. A conflict stays one, so that is not tried.

    Raises NoSuchWriteBack, NotSo.
    """
    by.require(Right.WRITE)
    each = finding.write_back(by.workspace, write_back_id)
    refused = WriteBack.objects.filter(pk=each.pk, status=_Status.FAILED)
    if not refused.update(status=_Status.WAITING, ended_at=None, error=""):
        raise NotSo
    Mirror.objects.filter(pk=each.mirror_id).update(due_at=timezone.now())
    note(by, "write_back.retried", each.pk, after={"path": each.path})
    queue.hand_out(tasks.serve_mirror, "mirror_id", [each.mirror_id])
    return each


@transaction.atomic
def dismiss(*, write_back_id: str, by: Actor) -> WriteBack:
    """Leave the memory as it is there. Raises NoSuchWriteBack, NotSo."""
    by.require(Right.REVIEW)
    each = finding.write_back(by.workspace, write_back_id)
    _settle(each, _Status.DISMISSED)
    note(by, "write_back.dismissed", each.pk, after={"path": each.path})
    return each


@transaction.atomic
def propose_again(*, write_back_id: str, by: Actor) -> Proposal:
    """Propose the same edit on what is there now.

    Raises NoSuchWriteBack, NotSo, ReadFirst, NothingLeft, and what proposing raises.
    """
    by.require(Right.REVIEW)
    each = finding.write_back(by.workspace, write_back_id)
    _settle(each, _Status.REPROPOSED)
    proposal = reproposing.propose_again(each, by=by)
    WriteBack.objects.filter(pk=each.pk).update(again_id=proposal.pk)
    note(by, "write_back.reproposed", each.pk, after={"proposal_id": proposal.pk})
    return proposal


def _settle(each: WriteBack, status: _Status) -> None:
    """Its `ended_at` stays: when it came to nothing there."""
    if not WriteBack.objects.troubled().filter(pk=each.pk).update(status=status):
        raise NotSo
