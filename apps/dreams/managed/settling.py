"""Telling the vendor what was said of its dreams here: stopped, archived."""

from contextlib import suppress
from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from apps.core import payloads
from apps.core.errors import DomainError
from apps.dreams.managed import asking, reaching, running
from apps.dreams.managed.models import ManagedDream
from apps.dreams.managed.reaching import Connect
from apps.dreams.models import Dream
from apps.linking.remote import Gone, Refused, Writable
from apps.sessions.formats.shapes import text_of

GONE = "canceled"


def due() -> list[str]:
    return list(ManagedDream.objects.unsettled().values_list("pk", flat=True))


def attempt(dream_id: str, connect: Connect) -> None:
    """Twice says nothing else than once. What cannot be told now is told later."""
    rows = ManagedDream.objects.unsettled().select_related("dream", "mirror__link")
    managed = rows.filter(pk=dream_id).first()
    if managed is None:
        return
    try:
        with reaching.reached(managed.mirror.link, connect) as remote:
            _tell(managed, remote)
    except Gone:
        managed.note(vendor_status=GONE, is_archived_there=True)
    except DomainError as error:
        seconds = reaching.pause_after(error, managed.failures)
        until = timezone.now() + timedelta(seconds=seconds)
        ManagedDream.objects.filter(pk=managed.pk, failures__lt=running.MOST_LOOKS_COUNTED).update(
            failures=F("failures") + 1
        )
        managed.note(waits_for=error.message[:500], link_due_at=until)


def _tell(managed: ManagedDream, remote: Writable) -> None:
    if not managed.vendor_dream_id and not asking.look(managed, remote):
        return
    if managed.vendor_status in {"pending", "running"}:
        with suppress(Refused):  # it has ended by itself, as the next answer says
            remote.cancel_dream(managed.vendor_dream_id)
    told = remote.dream(managed.vendor_dream_id)
    managed.note(
        vendor_status=payloads.storable(text_of(told, "status"))[:16], waits_for="", failures=0
    )
    Dream.objects.filter(pk=managed.pk).update(**running.usage(told))
    if managed.dream.archived_at is not None and not managed.is_archived_there:
        remote.archive_dream(managed.vendor_dream_id)
        managed.note(is_archived_there=True)
