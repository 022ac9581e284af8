"""From what a request says about a resource to what is mounted."""

from apps.sessions.api.shapes.resources import FileParam, MemoryStoreParam, RepositoryParam
from apps.sessions.models import Resource
from apps.sessions.remembering import StoreMount
from apps.sessions.resources import FileMount, Mount, RepositoryMount


def mount(given: FileParam | RepositoryParam | MemoryStoreParam) -> Mount:
    if isinstance(given, MemoryStoreParam):
        return StoreMount(
            given.memory_store_id,
            access=given.access or Resource.Access.READ_WRITE,
            instructions=given.instructions or "",
        )
    if isinstance(given, FileParam):
        return FileMount(given.file_id, given.mount_path or "")
    return RepositoryMount(
        url=given.url,
        mount_path=given.mount_path or "",
        checkout=given.checkout.model_dump() if given.checkout else None,
        authorization_token=given.authorization_token or "",
    )
