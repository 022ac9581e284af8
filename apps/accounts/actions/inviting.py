"""Letting somebody in by a link: making it, taking it back, following it."""

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from apps.accounts import guessing
from apps.accounts.acting import Actor, note
from apps.accounts.actions import people
from apps.accounts.models import Invite, Member, User, Workspace
from apps.accounts.models.people import hashed
from apps.accounts.rights import Right, Role
from apps.core.errors import DomainError


class SpentInvite(DomainError):
    """This invite was used or taken back, or a week has passed since it was made."""

    status = 410


class MemberAlready(DomainError):
    """You are in this workspace already. The invite stays open for whom it is meant."""

    status = 409
    type = "conflict_error"


@transaction.atomic
def invite(*, role: Role, remark: str, by: Actor) -> tuple[Invite, str]:
    """Returns the invite and the token of its link, which nobody sees again."""
    by.require(Right.ADMIN)
    assert by.user is not None  # noqa: S101 -- a key invites nobody
    made, token = Invite.issue(by.workspace, role=role, note=remark, by=by.user)
    note(by, "invite.created", made.pk, after={"role": role, "note": remark})
    return made, token


@transaction.atomic
def revoke(invite: Invite, *, by: Actor) -> bool:
    """Take the link back; whether it was still open."""
    by.require(Right.ADMIN)
    ended = Invite.objects.open().filter(pk=invite.pk).update(revoked_at=timezone.now())
    if ended:
        note(by, "invite.revoked", invite.pk, before={"role": invite.role, "note": invite.note})
    return bool(ended)


def find(request: HttpRequest, token: str) -> Invite:
    """What this link offers. Raises SpentInvite, TooManyAttempts."""
    counters = guessing.at_a_link(request)
    guessing.attempt(counters)
    found = Invite.objects.presented(token)
    if found is None:
        raise SpentInvite
    guessing.was_right(counters)
    return found


@transaction.atomic
def accept(token: str, *, person: User) -> Workspace:
    """This person joins, and the invite is spent. Raises SpentInvite, MemberAlready."""
    found = Invite.objects.presented(token)
    if found is None:
        raise SpentInvite
    if Member.objects.of(found.workspace).filter(user=person).exists():
        raise MemberAlready
    taken = (
        Invite.objects.open()
        .filter(token_sha256=hashed(token))
        .update(used_at=timezone.now(), used_by=person)
    )
    if not taken:
        raise SpentInvite
    role = Role(found.role)
    by = Actor(found.workspace, role.rights, user=person)
    note(by, "invite.accepted", found.pk, after={"role": role})
    people.join(person, found.workspace, role, by=by)
    return found.workspace


@transaction.atomic
def accept_as_newcomer(token: str, *, username: str, name: str, email: str, password: str) -> User:
    """A new person, who joins at once. Raises SpentInvite, NameTaken, NotAPerson."""
    person = people.create_person(username=username, name=name, email=email, password=password)
    accept(token, person=person)
    return person
