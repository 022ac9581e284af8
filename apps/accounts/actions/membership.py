"""What an admin does with the members of a workspace."""

from django.db import transaction
from django.utils import timezone

from apps.accounts.acting import Actor, note
from apps.accounts.models import Invite, Member, Workspace
from apps.accounts.rights import Right, Role
from apps.core.errors import DomainError


class LastAdmin(DomainError):
    """This is the only admin. Make somebody else admin first."""

    status = 409
    type = "conflict_error"


@transaction.atomic
def change_role(member: Member, *, role: Role, by: Actor) -> None:
    """Raises LastAdmin. Who is no admin any longer has let nobody in: their open invites end."""
    by.require(Right.ADMIN)
    before = _only_one_at_a_time(member)
    if before == role:
        return
    if before == Role.ADMIN:
        _keep_an_admin_beside(member)
        _end_invites_of(member, by=by)
    Member.objects.filter(pk=member.pk).update(role=role)
    note(by, "member.updated", member.user.public_id, before={"role": before}, after={"role": role})
    member.refresh_from_db(fields=["role"])


@transaction.atomic
def remove(member: Member, *, by: Actor) -> None:
    """The person stays, and so does all they did here. Raises LastAdmin."""
    by.require(Right.ADMIN)
    role = _only_one_at_a_time(member)
    if role == Role.ADMIN:
        _keep_an_admin_beside(member)
    _end_invites_of(member, by=by)
    Member.objects.filter(pk=member.pk).delete()
    before = {"username": member.user.username, "role": role}
    note(by, "member.deleted", member.user.public_id, before=before)


def _only_one_at_a_time(member: Member) -> str:
    """Lock the workspace's members until the end of the transaction; the member's role as it is.

    Two admins who demote each other would else both see the other one left.
    """
    Workspace.objects.select_for_update(no_key=True).get(pk=member.workspace_id)
    return Member.objects.values_list("role", flat=True).get(pk=member.pk)


def _keep_an_admin_beside(member: Member) -> None:
    others = Member.objects.of(member.workspace).admins().exclude(pk=member.pk)
    if not others.exists():
        raise LastAdmin


def _end_invites_of(member: Member, *, by: Actor) -> None:
    made = Invite.objects.of(member.workspace).open().filter(created_by=member.user)
    for invite in list(made):
        Invite.objects.filter(pk=invite.pk).update(revoked_at=timezone.now())
        note(by, "invite.revoked", invite.pk, before={"role": invite.role, "note": invite.note})
