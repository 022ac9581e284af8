"""Mounting: where in a session's sandbox each of its resources goes, and what may not be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from apps.accounts.acting import Actor
from apps.core import payloads, sealing
from apps.core.errors import DomainError, NotFound
from apps.files import actions as files
from apps.files.models import File
from apps.sessions import remembering
from apps.sessions.models import Resource, Session
from apps.sessions.remembering import StoreMount

UPLOADS = "/mnt/session/uploads"
WORKSPACE = "/workspace"
MOST_RESOURCES = 500
LONGEST_PATH = 4096
LONGEST_NAME = 255


class BadMountPath(DomainError):
    """This is no path to mount something at."""


class MountsOverlap(DomainError):
    """Two resources of a session cannot be mounted at one path, nor one inside the other."""


class TooManyResources(DomainError):
    """A session has at most 500 resources."""


class UnknownFile(NotFound):
    """There is no such file in this workspace."""


class BadRepository(DomainError):
    """This is no address of a repository. Give it as https://github.com/owner/name."""


@dataclass(frozen=True, slots=True)
class FileMount:
    """A file to be mounted. Without a path it lies under its id."""

    file_id: str
    mount_path: str = ""


@dataclass(frozen=True, slots=True)
class RepositoryMount:
    """A repository to be mounted. Without a path it lies under its name."""

    url: str
    mount_path: str = ""
    checkout: dict[str, Any] | None = None
    authorization_token: str = ""


Mount = FileMount | RepositoryMount | StoreMount


def attach(session: Session, mounts: Sequence[Mount], *, by: Actor) -> list[Resource]:
    """Mount these in the session, whose row the caller has locked or just made.

    Of a file it is a copy that is mounted, under an id of its own. Raises BadMountPath,
    MountsOverlap, TooManyResources, UnknownFile, BadRepository, and what memory stores raise.
    """
    if not mounts:
        return []
    there = list(session.resources.values_list("mount_path", flat=True))
    if len(there) + len(mounts) > MOST_RESOURCES:
        raise TooManyResources
    files_by_id = _files(mounts, by)
    stores = remembering.known_stores(
        [each for each in mounts if isinstance(each, StoreMount)], by=by
    )
    named = [_path(each) for each in mounts if not isinstance(each, StoreMount)]
    by_store = remembering.paths(stores.values(), [*there, *named])
    _require_apart([*there, *named, *by_store.values()])
    paths = iter(named)
    return Resource.objects.bulk_create(
        remembering.resource(session, each, by_store[each.memory_store_id], stores)
        if isinstance(each, StoreMount)
        else _resource(session, each, next(paths), files_by_id, by)
        for each in mounts
    )


def _resource(
    session: Session,
    mount: FileMount | RepositoryMount,
    path: str,
    files_by_id: dict[str, File],
    by: Actor,
) -> Resource:
    if isinstance(mount, FileMount):
        original = files_by_id[mount.file_id]
        copy = files.copy_for_session(original, session_id=session.public_id, by=by)
        return Resource(session=session, type=Resource.Type.FILE, mount_path=path, file=copy)
    return Resource(
        session=session,
        type=Resource.Type.GITHUB_REPOSITORY,
        mount_path=path,
        url=mount.url,
        checkout=payloads.storable_all(mount.checkout),
        sealed_token=sealing.seal(mount.authorization_token) if mount.authorization_token else "",
    )


def _files(mounts: Iterable[Mount], by: Actor) -> dict[str, File]:
    wanted = {each.file_id for each in mounts if isinstance(each, FileMount)}
    return known_files(wanted, by=by)


def known_files(ids: Iterable[str], *, by: Actor) -> dict[str, File]:
    """The files with these ids. Raises UnknownFile, which names the first that is not there."""
    wanted = set(ids)
    if not wanted:
        return {}
    visible = File.objects.visible_in(by.workspace)
    found = visible.in_bulk([each for each in wanted if payloads.storable(each) == each])
    for missing in sorted(wanted - found.keys()):
        raise UnknownFile(f"There is no file '{payloads.storable(missing)}' in this workspace.")
    return found


def _path(mount: FileMount | RepositoryMount) -> str:
    if isinstance(mount, FileMount):
        return rooted(mount.mount_path or mount.file_id)
    name = _name_of_repository(mount.url)
    return "/".join(("", *_segments(mount.mount_path or f"{WORKSPACE}/{name}")))


def rooted(path: str) -> str:
    """The path below the folder of uploads; one that lies there already is left as it is.

    Raises BadMountPath.
    """
    segments = _segments(path)
    root = _segments(UPLOADS)
    if segments[: len(root)] == root:
        segments = segments[len(root) :]
    if not segments:
        raise BadMountPath(f"mount_path: {UPLOADS} itself cannot be a file.")
    whole = "/".join((UPLOADS, *segments))
    if len(whole) > LONGEST_PATH:
        raise BadMountPath(f"mount_path: at most {LONGEST_PATH} characters with {UPLOADS}.")
    return whole


def _segments(path: str) -> list[str]:
    segments = [each for each in path.split("/") if each not in {"", "."}]
    if ".." in segments:
        raise BadMountPath("mount_path: a path cannot lead upwards ('..').")
    if not segments:
        raise BadMountPath("mount_path: this names no place.")
    if not path.isprintable():
        raise BadMountPath("mount_path: control characters are not allowed.")
    if any(len(each.encode("utf-8", "replace")) > LONGEST_NAME for each in segments):
        raise BadMountPath(f"mount_path: a name in it is longer than {LONGEST_NAME} bytes.")
    return segments


def _require_apart(paths: Sequence[str]) -> None:
    taken = set(paths)
    if len(taken) < len(paths):
        twice = next(each for each in taken if paths.count(each) > 1)
        raise MountsOverlap(f"mount_path: two resources cannot be mounted at {twice}.")
    for path in paths:
        parts = path.split("/")
        for length in range(2, len(parts)):
            if (above := "/".join(parts[:length])) in taken:
                raise MountsOverlap(f"mount_path: {path} lies inside {above}, which is mounted.")


def _name_of_repository(url: str) -> str:
    """Raises BadRepository: for what is no address, and for one with a secret in it."""
    try:
        parts = urlsplit(url)
        host, has_secret = parts.hostname, bool(parts.username or parts.password)
    except ValueError:
        raise BadRepository from None
    names = parts.path.strip("/").split("/")
    if has_secret:
        raise BadRepository("url: put the token into authorization_token, not into the address.")
    if parts.scheme != "https" or not host or len(names) < 2 or not all(names):
        raise BadRepository
    name = names[-1].removesuffix(".git")
    if name in {"", ".", ".."} or not url.isprintable():
        raise BadRepository
    return name
