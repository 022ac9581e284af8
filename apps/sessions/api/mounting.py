"""From what a request says about a resource to what is mounted."""

from apps.core.errors import DomainError
from apps.sessions.api.shapes.resources import FileParam, MemoryStoreParam, RepositoryParam
from apps.sessions.resources import FileMount, Mount, RepositoryMount


class NoMemoryStores(DomainError):
    """resources: this server keeps no memory stores yet, so none can be attached."""


def mount(given: FileParam | RepositoryParam | MemoryStoreParam) -> Mount:
    """Raises NoMemoryStores."""
    if isinstance(given, MemoryStoreParam):
        raise NoMemoryStores
    if isinstance(given, FileParam):
        return FileMount(given.file_id, given.mount_path or "")
    return RepositoryMount(
        url=given.url,
        mount_path=given.mount_path or "",
        checkout=given.checkout.model_dump() if given.checkout else None,
        authorization_token=given.authorization_token or "",
    )
