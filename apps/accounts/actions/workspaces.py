"""Workspaces beside the first."""

from django.core.exceptions import ValidationError
from django.db import transaction

from apps.accounts.acting import Actor, note
from apps.accounts.actions import people
from apps.accounts.actions.people import said_by
from apps.accounts.models import User, Workspace
from apps.accounts.rights import Role
from apps.core.errors import DomainError


class SlugTaken(DomainError):
    """There is a workspace of this short name already. Choose another."""

    status = 409
    type = "conflict_error"


class NotAWorkspace(DomainError):
    """What was said of the workspace cannot be kept."""


@transaction.atomic
def create_workspace(*, slug: str, name: str, admin: User) -> Workspace:
    """Empty, with this person as its admin. Raises SlugTaken, NotAWorkspace."""
    workspace = Workspace(slug=slug, name=name)
    try:
        workspace.full_clean(validate_unique=False)
    except ValidationError as error:
        raise NotAWorkspace(said_by(error)) from error
    if Workspace.objects.filter(slug=slug).exists():
        raise SlugTaken
    workspace.save(force_insert=True)
    by = Actor(workspace, Role.ADMIN.rights, user=admin)
    note(by, "workspace.created", workspace.pk, after={"slug": slug, "name": name})
    people.join(admin, workspace, Role.ADMIN, by=by)
    return workspace
