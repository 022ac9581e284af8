"""Letting programs in: making a key, revoking it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.acting import Actor, NotAllowed, note
from apps.accounts.models import ApiKey
from apps.accounts.models.keys import SHOWN
from apps.accounts.models.people import hashed
from apps.accounts.rights import Right, of_scopes
from apps.core import payloads
from apps.core.errors import Conflict, DomainError
from apps.core.ids import new_id

LONGEST_NAME = 100


class Nameless(DomainError):
    """A key needs a name of at most 100 characters, to tell what it is for."""


class UnknownScope(DomainError):
    """A key has one or more of the scopes read, review, write and admin."""


class OverAlready(DomainError):
    """A key that expires in the past lets nobody in. Choose a later time."""


class MadeAlready(Conflict):
    """This key was made already, and its secret was shown then. Make another if it is lost."""


@transaction.atomic
def create(
    *,
    name: str,
    scopes: Iterable[str],
    by: Actor,
    expires_at: datetime | None = None,
    key_id: str = "",
) -> tuple[ApiKey, str]:
    """Returns the key and its secret, which nobody sees again.

    With a `key_id`, doing it twice makes one key. Raises Nameless, UnknownScope, OverAlready,
    MadeAlready, NotAllowed.
    """
    by.require(Right.ADMIN)
    name = payloads.storable(name).strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise Nameless
    given = _known(scopes)
    beyond = of_scopes(given) - by.rights
    if beyond:
        raise NotAllowed(f"You cannot give what you do not have: {', '.join(sorted(beyond))}.")
    if expires_at is not None and expires_at <= timezone.now():
        raise OverAlready
    secret = ApiKey.new_secret()
    key = ApiKey(
        pk=key_id or new_id("apikey"),
        workspace=by.workspace,
        name=name,
        secret_sha256=hashed(secret),
        hint=secret[:SHOWN],
        scopes=given,
        created_by=by.user,
        expires_at=expires_at,
    )
    try:
        with transaction.atomic():
            key.save(force_insert=True)
    except IntegrityError as taken:  # the id alone can be: it comes from a form
        raise MadeAlready from taken
    note(by, "api_key.created", key.pk, after=_told(key))
    return key, secret


@transaction.atomic
def revoke(key: ApiKey, *, by: Actor) -> bool:
    """Let nobody in with it from now on; whether it was not revoked before."""
    by.require(Right.ADMIN)
    open_ones = ApiKey.objects.of(by.workspace).filter(pk=key.pk, revoked_at=None)
    revoked = open_ones.update(revoked_at=timezone.now())
    if revoked:
        note(by, "api_key.revoked", key.pk, before=_told(key))
    return bool(revoked)


def _known(scopes: Iterable[str]) -> list[str]:
    """The scopes in the order of the table, each once."""
    asked = set(scopes)
    unknown = asked - {right.value for right in Right}
    if unknown:
        raise UnknownScope(
            f"There is no scope {', '.join(sorted(map(repr, unknown)))};"
            f" there are {', '.join(Right)}."
        )
    if not asked:
        raise UnknownScope
    return [right.value for right in Right if right in asked]


def _told(key: ApiKey) -> dict[str, object]:
    return {
        "name": key.name,
        "scopes": key.scopes,
        "hint": key.hint,
        "expires_at": key.expires_at and key.expires_at.isoformat(),
    }
