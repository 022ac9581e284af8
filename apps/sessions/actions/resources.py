"""Changing what a session has mounted."""

from django.db import transaction
from django.utils import timezone

from apps.accounts.acting import Actor, note
from apps.core import sealing
from apps.core.errors import DomainError
from apps.files import actions as files
from apps.sessions import finding, resources
from apps.sessions.accepting import require_open
from apps.sessions.models import Resource, Session


class NoTokenToRotate(DomainError):
    """authorization_token: only a github_repository has one."""


@transaction.atomic
def add_file(*, session_id: str, mount: resources.FileMount, by: Actor) -> Resource:
    """Mount a copy of the file. Raises NoSuchSession, SessionEnded, and what mounting raises."""
    session = finding.locked(session_id, by=by)
    require_open(session)
    (resource,) = resources.attach(session, [mount], by=by)
    note(by, "session_resource.created", resource.public_id, after=_told(session, resource))
    return resource


@transaction.atomic
def rotate_token(*, session_id: str, resource_id: str, token: str, by: Actor) -> Resource:
    """Give a repository another token. Raises NoSuchResource, SessionEnded, NoTokenToRotate."""
    session = finding.locked(session_id, by=by)
    require_open(session)
    resource = finding.resource(session, resource_id)
    if resource.type != Resource.Type.GITHUB_REPOSITORY:
        raise NoTokenToRotate
    resource.sealed_token = sealing.seal(token)
    resource.updated_at = timezone.now()
    resource.save(update_fields=["sealed_token", "updated_at"])
    note(by, "session_resource.token_rotated", resource.public_id, after=_told(session, resource))
    return resource


@transaction.atomic
def delete_resource(*, session_id: str, resource_id: str, by: Actor) -> Resource:
    """Unmount it; a file's copy goes with it, the uploaded file stays. Raises NoSuchResource."""
    session = finding.locked(session_id, by=by)
    require_open(session)
    resource = finding.resource(session, resource_id)
    note(by, "session_resource.deleted", resource.public_id, before=_told(session, resource))
    if resource.file_id is not None:
        files.delete(file_id=resource.file_id, by=by)  # takes the mount along
    else:
        resource.delete()
    return resource


def _told(session: Session, resource: Resource) -> dict[str, object]:
    return {
        "session_id": session.public_id,
        "type": resource.type,
        "mount_path": resource.mount_path,
        "file_id": resource.file_id,
        "url": resource.url,
    }
