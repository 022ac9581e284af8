"""Making, changing and archiving rubrics."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.accounts.acting import Actor, authored, note
from apps.core import payloads
from apps.core.api.times import stamp
from apps.core.errors import Conflict, DomainError
from apps.outcomes import finding, versioning
from apps.outcomes.models import Rubric


class RubricArchived(DomainError):
    """This rubric is archived: it grades as before, and cannot be changed."""


class RubricChanged(Conflict):
    """Somebody changed this rubric meanwhile. Look at its newest version, then try again."""


class NotInLibrary(DomainError):
    """This rubric came with a session and stays as it came. Make one of its text to change it."""


@transaction.atomic
def create_rubric(*, name: str, content: str, description: str = "", by: Actor) -> Rubric:
    """Make a rubric with its first version. Raises RubricUnreadable."""
    rubric = Rubric.objects.create(
        workspace=by.workspace,
        name=payloads.storable(name),
        description=payloads.storable(description),
        **authored(by),
    )
    version = versioning.write(rubric, 1, content, by=by)
    note(by, "rubric.created", rubric.pk, after=_told(rubric) | {"sha256": version.sha256})
    return rubric


@transaction.atomic
def update_rubric(
    *,
    rubric_id: str,
    changes: dict[str, str],
    expected_version: int | None = None,
    by: Actor,
) -> Rubric:
    """Change name, description or content; another content is another version.

    With an expected version, only if that is the newest. Raises NoSuchRubric, RubricArchived,
    NotInLibrary, RubricChanged, RubricUnreadable.
    """
    rubric = _held(rubric_id, by)
    if expected_version not in (None, rubric.version):
        raise RubricChanged(version=rubric.version)
    before = _told(rubric)
    for name in ("name", "description"):
        if name in changes:
            setattr(rubric, name, payloads.storable(changes[name]))
    after: dict[str, Any] = {}
    if "content" in changes and _differs(rubric, changes["content"]):
        rubric.version += 1
        version = versioning.write(rubric, rubric.version, changes["content"], by=by)
        after["sha256"] = version.sha256
    after = _told(rubric) | after
    if after != before:
        rubric.updated_at = timezone.now()
        rubric.save(update_fields=["name", "description", "version", "updated_at"])
        note(by, "rubric.updated", rubric.pk, before=before, after=after)
    return rubric


@transaction.atomic
def archive_rubric(*, rubric_id: str, by: Actor) -> Rubric:
    """Hide it from lists, for good; once more changes nothing. Raises NoSuchRubric."""
    rubric = finding.rubric(by.workspace, rubric_id)
    now = timezone.now()
    if Rubric.objects.open().filter(pk=rubric.pk).update(archived_at=now):
        note(by, "rubric.archived", rubric.pk, after={"archived_at": stamp(now)})
        rubric.archived_at = now
    return rubric


def _held(rubric_id: str, by: Actor) -> Rubric:
    rows = Rubric.objects.visible_in(by.workspace).select_for_update(of=("self",))
    rubric = rows.filter(pk=payloads.storable(rubric_id)).select_related("workspace").first()
    if rubric is None:
        raise finding.NoSuchRubric
    if rubric.archived_at is not None:
        raise RubricArchived
    if rubric.origin != Rubric.Origin.LIBRARY:
        raise NotInLibrary
    return rubric


def _differs(rubric: Rubric, content: str) -> bool:
    sha256 = versioning.digest(payloads.storable(content))
    return not rubric.versions.filter(number=rubric.version, sha256=sha256).exists()


def _told(rubric: Rubric) -> dict[str, Any]:
    return {
        "name": rubric.name,
        "description": rubric.description,
        "version": rubric.version,
    }
