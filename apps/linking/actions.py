"""What an admin may do with links: make them, change them, have them synced, end them."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.accounts.acting import Actor, note
from apps.accounts.rights import Right
from apps.core import addresses, credentials, payloads, sealing
from apps.core.errors import Conflict, DomainError, NotFound
from apps.core.queue import hand_out
from apps.linking.models import LEAST_MINUTES, MOST_MINUTES, VENDOR, Link
from apps.linking.tasks import check_link, sync_link

LONGEST_NAME = 100
_RESTARTED = {
    "status": Link.Status.PENDING,
    "stage": "",
    "cursor": {},
    "error": "",
    "waits_for": "",
    "attempts": 0,
    "lease_id": "",
    "lease_expires_at": None,
    "looked_at_all_at": None,
}


class NoSuchLink(NotFound):
    """There is no such link in this workspace."""


class NoName(DomainError):
    """A link has a name of 1 to 100 characters."""


class OddSchedule(DomainError):
    """A link syncs every 1 to 10,080 minutes."""


class LinkIsPaused(Conflict):
    """This link is paused. Resume it, and it syncs."""


def find(link_id: str, *, by: Actor) -> Link:
    """Raises NoSuchLink, also for one of another workspace."""
    link = Link.objects.visible_in(by.workspace).filter(pk=payloads.storable(link_id)).first()
    if link is None:
        raise NoSuchLink
    return link


@transaction.atomic
def link(
    *, name: str, key: str, base_url: str = VENDOR, every_minutes: int = 15, by: Actor
) -> Link:
    """Link a workspace, and have a worker begin to read it.

    Raises NoName, credentials.NoKey, OddSchedule, addresses.Unsuitable.
    """
    by.require(Right.ADMIN)
    secret = credentials.usable(key)
    made = Link.objects.create(
        workspace=by.workspace,
        name=_name(name),
        base_url=addresses.suitable(base_url),
        sealed_key=sealing.seal(secret),
        key_hint=credentials.hint(secret),
        every_minutes=_minutes(every_minutes),
    )
    note(by, "link.created", made.pk, after=_told(made))
    _queue(made)
    return made


@transaction.atomic
def update(link: Link, *, by: Actor, **changes: Any) -> Link:
    """Change its `name`, `every_minutes` or `is_paused`, or replace its `key`.

    With a new key the sync begins anew: it may open another workspace. The address stays what it
    is, or a key could be sent to whoever asks for it. Raises NoName, NoKey, OddSchedule.
    """
    by.require(Right.ADMIN)
    before = _told(link)
    given = {name: _READ[name](value) for name, value in changes.items() if name != "key"}
    if "key" in changes:
        secret = credentials.usable(changes["key"])
        given |= _RESTARTED | {
            "sealed_key": sealing.seal(secret),
            "key_hint": credentials.hint(secret),
            "due_at": timezone.now(),
            "checked_at": None,
            "check_error": "",
        }
    Link.objects.filter(pk=link.pk).update(**given, updated_at=timezone.now())
    link.refresh_from_db()
    after = _told(link)
    if "key" in changes:
        after["key"] = "replaced"
    if after != before:
        note(by, "link.updated", link.pk, before=before, after=after)
    if not link.is_paused and link.status != Link.Status.RUNNING:
        _queue(link)
    return link


@transaction.atomic
def unlink(link: Link, *, by: Actor) -> None:
    """Forget the link and its key. What it brought stays."""
    by.require(Right.ADMIN)
    note(by, "link.deleted", link.pk, before=_told(link))
    link.delete()


@transaction.atomic
def sync_now(link: Link, *, by: Actor) -> Link:
    """Have it synced at once, and look at every session; one that syncs or waits goes on as it is.

    Raises LinkIsPaused.
    """
    by.require(Right.ADMIN)
    resting = Link.objects.filter(pk=link.pk).exclude(
        status__in=(Link.Status.RUNNING, Link.Status.PENDING)
    )
    asked = resting.filter(is_paused=False).update(
        status=Link.Status.PENDING,
        due_at=timezone.now(),
        attempts=0,
        error="",
        looked_at_all_at=None,
    )
    link.refresh_from_db()
    if link.is_paused:
        raise LinkIsPaused
    if asked:
        _queue(link)
    return link


@transaction.atomic
def check_key(link: Link, *, by: Actor) -> Link:
    """Have a worker ask one thing with the key, paused or not."""
    by.require(Right.ADMIN)
    Link.objects.filter(pk=link.pk).update(check_asked_at=timezone.now())
    link.refresh_from_db()
    hand_out(check_link, "link_id", [link.pk])
    return link


def _told(link: Link) -> dict[str, object]:
    """What the audit log says of it: everything but its key."""
    return {
        "name": link.name,
        "base_url": link.base_url,
        "key_hint": link.key_hint,
        "every_minutes": link.every_minutes,
        "is_paused": link.is_paused,
    }


def _name(text: str) -> str:
    name = payloads.storable(text).strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise NoName
    return name


def _minutes(minutes: int) -> int:
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        raise OddSchedule
    return minutes


_READ: dict[str, Callable[[Any], object]] = {
    "name": _name,
    "every_minutes": _minutes,
    "is_paused": bool,
}


def _queue(link: Link) -> None:
    hand_out(sync_link, "link_id", [link.pk])
