"""Coming in by a provider's word: whom we know is found, whom we do not know is made."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction

from apps.accounts.actions import people
from apps.accounts.models import User, Workspace
from apps.accounts.rights import Role
from apps.core.errors import DomainError

LONGEST_USERNAME = 100  # with room for a number
LONGEST_NAME = 150
LONGEST_EMAIL = 254
_NOT_IN_A_USERNAME = re.compile(r"[^\w.@+-]+")
_ONE_AT_A_TIME = 0x61727276  # the lock's number: any that nobody else takes


class NotFromHere(DomainError):
    """Your address is of no domain that may sign in here, or the provider has not verified it."""

    status = 403
    type = "permission_error"


class SwitchedOff(DomainError):
    """Your account is switched off here."""

    status = 403
    type = "permission_error"


class NoSuchWorkspace(DomainError):
    """The settings send newcomers to a workspace that does not exist (OIDC_WORKSPACE)."""

    status = 500


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider says it is."""

    username: str = ""
    name: str = ""
    email: str = ""
    has_verified_email: bool = False

    @classmethod
    def claimed(cls, claims: Mapping[str, Any]) -> "Identity":
        """What of a provider's claims can be kept: no control characters, no odd address."""
        email = _line(claims.get("email"), LONGEST_EMAIL + 1)
        if not _is_address(email):
            email = ""
        return cls(
            username=_line(claims.get("preferred_username"), LONGEST_USERNAME),
            name=_line(claims.get("name"), LONGEST_NAME),
            email=email,
            # Some providers write it as text.
            has_verified_email=str(claims.get("email_verified")).lower() == "true",
        )


def _line(value: object, longest: int) -> str:
    text = value if isinstance(value, str) else ""
    return "".join(sign for sign in text if sign.isprintable())[:longest].strip()


def _is_address(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return len(email) <= LONGEST_EMAIL


def admit(identity: Identity, known: User | None = None) -> User:
    """The person who comes in: `known`, else whoever has the verified address, else a new one.

    Raises NotFromHere, SwitchedOff, NoSuchWorkspace. Call it in the transaction that remembers
    whom the identity belongs to: two arrivals at once take turns.
    """
    _check_domain(identity)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
        person = known or _by_email(identity) or _newcomer(identity)
    if not person.is_active:
        raise SwitchedOff
    return person


def _check_domain(identity: Identity) -> None:
    allowed = {domain.casefold() for domain in settings.OIDC_ALLOWED_DOMAINS}
    domain = identity.email.rpartition("@")[2].casefold()
    if allowed and not (identity.has_verified_email and domain in allowed):
        raise NotFromHere


def _by_email(identity: Identity) -> User | None:
    """Whoever has this address, if one person alone has it and the provider vouches for it.

    They typed the address themselves, or somebody else did: their password is wiped, so that
    nobody waits in an account made in another's name.
    """
    if not (identity.email and identity.has_verified_email):
        return None
    found = list(User.objects.filter(email__iexact=identity.email)[:2])
    if len(found) != 1:
        return None
    person = found[0]
    person.set_unusable_password()
    person.save(update_fields=["password"])
    return person


def _newcomer(identity: Identity) -> User:
    person = people.create_person(
        username=_free_username(identity), name=identity.name, email=identity.email
    )
    if settings.OIDC_DEFAULT_ROLE:
        workspace = Workspace.objects.filter(slug=settings.OIDC_WORKSPACE).first()
        if workspace is None:
            raise NoSuchWorkspace
        people.join(person, workspace, Role(settings.OIDC_DEFAULT_ROLE))
    return person


def _free_username(identity: Identity) -> str:
    """As the provider calls them, with a number if that is taken."""
    told = identity.username or identity.email.partition("@")[0]
    plain = _NOT_IN_A_USERNAME.sub("-", told[:LONGEST_USERNAME]).strip("-") or "person"
    names = (plain if number == 1 else f"{plain}-{number}" for number in count(1))
    return next(name for name in names if not User.objects.filter(username=name).exists())
