"""What is graded: a text, a file, or what a session delivered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.conf import settings

from apps.accounts.models import Workspace
from apps.core import payloads
from apps.core.errors import DomainError
from apps.files import storing
from apps.files.models import File, FileQuerySet
from apps.outcomes.models import ArtifactKind
from apps.sessions.models import Event, Session
from apps.sessions.promoting import plain

_MOST_BYTES_PER_CHARACTER = 4


class NothingToGrade(DomainError):
    """This session has delivered no file and said nothing that could be graded."""


class NothingInIt(DomainError):
    """There is nothing in this that could be graded."""


class NoSuchDeliverable(DomainError):
    """This session has delivered no such file."""

    status = 404
    type = "not_found_error"


class NotText(DomainError):
    """This file is not text: a grader reads UTF-8 alone. Convert it, then grade that."""


class TooLong(DomainError):
    """This is longer than a grader reads with care."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """A text to be graded, and where it is from."""

    kind: ArtifactKind
    text: str
    name: str = ""


def of_text(text: str) -> Artifact:
    """Raises NothingInIt, TooLong."""
    return Artifact(ArtifactKind.TEXT, _fitting(payloads.storable(text)))


def of_file(workspace: Workspace, file_id: str) -> Artifact:
    """Raises NoSuchFile, FileExpired, NotText, NothingInIt, TooLong."""
    file = File.objects.present(file_id, workspace=workspace)
    return Artifact(ArtifactKind.FILE, text_of(file), file.filename)


def of_session(session: Session, *, file_id: str = "", path: str = "") -> Artifact:
    """The deliverable that is named, or else its last one, or else the agent's last message.

    Raises NoSuchDeliverable, NothingToGrade, NothingInIt, NotText, TooLong.
    """
    files = delivered([session])
    if file_id:
        files = files.filter(pk=payloads.storable(file_id))
    if path:
        files = files.filter(filename=PurePosixPath(payloads.storable(path)).name)
    if file := files.order_by("-created_at", "-pk").first():
        return _delivered(file)
    if file_id or path:
        raise NoSuchDeliverable
    return _said(answers([session]).get(session.pk, ""))


def of_sessions(sessions: Sequence[Session]) -> dict[int, Artifact | DomainError]:
    """Of each session its last deliverable, or else its last message, or why there is neither."""
    files: dict[str, File] = {}
    for file in delivered(sessions).order_by("created_at", "pk"):
        files[file.scope_id] = file
    said = answers([each for each in sessions if each.public_id not in files])
    found: dict[int, Artifact | DomainError] = {}
    for each in sessions:
        last = files.get(each.public_id)
        try:
            found[each.pk] = _delivered(last) if last else _said(said.get(each.pk, ""))
        except DomainError as error:
            found[each.pk] = error
    return found


def delivered(sessions: Sequence[Session]) -> FileQuerySet:
    """Files that these sessions of one workspace produced, and not what was mounted in them."""
    ids = [each.public_id for each in sessions]
    workspaces = {each.workspace_id for each in sessions}
    rows = File.objects.filter(workspace__in=workspaces, scope_id__in=ids, downloadable=True)
    return rows.exclude(blob=None).select_related("blob")


def answers(sessions: Iterable[Session]) -> dict[int, str]:
    """The last thing that the agent of each said, by the session's key."""
    last = (
        Event.objects.filter(session__in=list(sessions), type="agent.message", thread__position=0)
        .order_by("session", "-sequence")
        .distinct("session")
    )
    rows = last.values_list("session_id", "payload")
    return {session_id: payloads.storable(plain(said.get("content"))) for session_id, said in rows}


def text_of(file: File) -> str:
    """Raises FileExpired, NotText, NothingInIt, TooLong."""
    limit = settings.OUTCOME_ARTIFACT_LIMIT
    with storing.read(file) as content:
        data = content.read(limit * _MOST_BYTES_PER_CHARACTER + 1)
    if len(data) > limit * _MOST_BYTES_PER_CHARACTER:
        raise TooLong(_too_long(f"{file.filename} has {file.size_bytes:,} bytes"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotText from None
    if "\0" in text:
        raise NotText
    return _fitting(text)


def _delivered(file: File) -> Artifact:
    return Artifact(ArtifactKind.DELIVERABLE, text_of(file), file.filename)


def _said(text: str) -> Artifact:
    if not text.strip():
        raise NothingToGrade
    return Artifact(ArtifactKind.ANSWER, _fitting(text))


def _fitting(text: str) -> str:
    if not text.strip():
        raise NothingInIt
    if len(text) > settings.OUTCOME_ARTIFACT_LIMIT:
        raise TooLong(_too_long(f"this has {len(text):,} characters"))
    return text


def _too_long(what: str) -> str:
    return (
        f"{what}; at most {settings.OUTCOME_ARTIFACT_LIMIT:,} characters are graded at once. "
        "Grade its parts."
    )
