"""A worker's turn at a mirror, and at the list of the stores of a linked workspace."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db.models import F, Value
from django.db.models.functions import Least
from django.utils import timezone

from apps.core import payloads
from apps.core.errors import DomainError
from apps.dreams.failing import Lost
from apps.dreams.managed import pulling, pushing, reaching
from apps.dreams.managed.models import LIST_AGAIN_AFTER, Mirror, StoreList
from apps.dreams.managed.reaching import Connect
from apps.linking.describing import own_id
from apps.linking.models import Link
from apps.linking.remote import Writable
from apps.sessions.formats.shapes import Json, text_of

MOST_COUNTED = 1000


def attempt(mirror_id: str, connect: Connect) -> None:
    """Write back what waits, then bring the copy up to date if somebody asked for that."""
    mirror = Mirror.objects.claim(mirror_id)
    if mirror is None:
        return
    try:
        pushing.note(mirror)  # what waits is shown as waiting also while nobody can be reached
        with reaching.reached(mirror.link, connect) as remote:
            bring_together(mirror, remote)
    except Lost:
        return
    except DomainError as error:
        _put_back(mirror, error)
    else:
        mirror.let_go(failures=0, waits_for="", due_at=timezone.now())


def bring_together(mirror: Mirror, remote: Writable) -> None:
    """First there what is new here, then here what is new there."""
    pushing.push(mirror, remote)
    mirror.refresh_from_db(fields=["is_sync_asked"])
    if mirror.is_sync_asked:
        pulling.pull(mirror, remote)
        pushing.note(mirror)


def due() -> list[str]:
    return list(Mirror.objects.due().values_list("pk", flat=True))


@contextmanager
def held(mirror_id: str) -> Iterator[Mirror | None]:
    """The mirror for a while, for a dream; None if somebody else has it."""
    mirror = Mirror.objects.claim(mirror_id)
    try:
        yield mirror
    finally:
        if mirror is not None:
            mirror.let_go()


def _put_back(mirror: Mirror, error: DomainError) -> None:
    seconds = reaching.pause_after(error, mirror.failures)
    mirror.let_go(
        due_at=timezone.now() + timedelta(seconds=seconds),
        waits_for=error.message[:500],
        failures=Least(F("failures") + 1, Value(MOST_COUNTED)),
    )


# ---- which stores there are ---------------------------------------------------------------------


def lists_due() -> list[str]:
    """The links whose stores a worker should list; of new ones it is said here that they are."""
    missing = Link.objects.filter(store_list=None)
    StoreList.objects.bulk_create((StoreList(link=each) for each in missing), ignore_conflicts=True)
    return list(StoreList.objects.due().values_list("pk", flat=True))


def list_stores(link_id: str, connect: Connect) -> None:
    """Write down which stores there are. What went wrong is written down as well."""
    link = Link.objects.select_related("workspace").filter(pk=link_id).first()
    if link is None:
        return
    StoreList.objects.get_or_create(link=link)
    told = StoreList.objects.filter(link=link)
    try:
        with reaching.reached(link, connect) as remote:
            found = [
                each
                for each in pulling.rows(remote.stores, lambda: True)
                if own_id(each) and not each.get("archived_at")
            ]
    except DomainError as error:
        seconds = reaching.pause_after(error, MOST_COUNTED)
        told.update(error=error.message[:500], due_at=timezone.now() + timedelta(seconds=seconds))
        return
    for each in found:
        _keep(link, each)
    gone = Mirror.objects.filter(link=link).exclude(vendor_id__in=map(own_id, found))
    gone.update(is_gone=True)
    now = timezone.now()
    told.update(error="", listed_at=now, due_at=now + LIST_AGAIN_AFTER)


def _keep(link: Link, given: Json) -> None:
    """One that is known from a link that is there no more goes on by this one."""
    said = {
        "name": payloads.storable(text_of(given, "name") or own_id(given))[:255],
        "description": payloads.storable(text_of(given, "description"))[:1024],
        "is_gone": False,
    }
    mirror, is_new = Mirror.objects.get_or_create(
        workspace=link.workspace,
        base_url=link.base_url,
        vendor_id=own_id(given),
        defaults=said | {"link": link},
    )
    if not is_new:
        mine = Mirror.objects.filter(pk=mirror.pk)
        mine.update(**said)
        mine.filter(link=None).update(link=link, due_at=timezone.now())
