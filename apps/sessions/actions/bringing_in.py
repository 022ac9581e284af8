"""What a person does with the list and its files: keep a view of it, bring transcripts in."""

from collections.abc import Sequence

import structlog
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from kombu.exceptions import OperationalError

from apps.accounts.models import User, Workspace
from apps.core.errors import Conflict
from apps.core.ids import new_id
from apps.core.queue import enqueue
from apps.sessions.models import Import, SavedView
from apps.sessions.tasks import run_import

_LOG = structlog.get_logger("agentsite.imports")


class NameTaken(Conflict):
    """You have a view of this name. Choose another one, or delete that one first."""


def save_view(*, user: User, workspace: Workspace, name: str, query: str) -> SavedView:
    """Keep the query under a name. Raises NameTaken."""
    try:
        with transaction.atomic():
            return SavedView.objects.create(user=user, workspace=workspace, name=name, query=query)
    except IntegrityError:
        raise NameTaken from None


def begin_import(
    *,
    user: User,
    workspace: Workspace,
    transcripts: Sequence[UploadedFile],  # type: ignore[type-arg]  # Django's own is not generic
    format: str,  # noqa: A002 -- the model's name for it
    agent: str,
    strict: bool,
) -> tuple[Import, bool]:
    """Keep the files, and have a worker read them. False where the queue does not answer.

    Then the import waits: the sweep queues it as soon as the queue is back.
    """
    import_id = new_id("imp")
    kept = [
        {
            "name": file.name,
            "path": default_storage.save(f"imports/{import_id}/{file.name}", file),
            "size": file.size,
        }
        for file in transcripts
    ]
    waiting = Import.objects.create(
        pk=import_id,
        user=user,
        workspace=workspace,
        format=format or "auto",
        agent_name=agent,
        strict=strict,
        files=kept,
        bytes_total=sum(file.size or 0 for file in transcripts),
    )
    return waiting, _queue(waiting)


def try_import_again(work: Import) -> bool:
    """Have a worker read the files of a failed import once more. False as for begin_import."""
    return _queue(work) if work.try_again() else True


def _queue(work: Import) -> bool:
    try:
        enqueue(run_import, import_id=work.pk)
    except OperationalError as error:
        _LOG.warning(f"{work.pk} waits: the queue does not answer ({error})")
        return False
    return True
