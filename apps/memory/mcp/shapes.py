"""What each tool takes. The descriptions are read by models."""

from pydantic import Field

from apps.core.api.shapes import PageQuery, Shape
from apps.memory.searching.asking import LONGEST
from apps.memory.writing import LARGEST


class InStore(Shape):
    """Whatever is about one store."""

    memory_store_id: str = Field(description="The id of a memory store: memstore_…")


class Stores(PageQuery):
    """Which stores."""

    include_archived: bool = Field(default=False, description="Archived ones can only be read.")


class Listing(InStore, PageQuery):
    """Which memories."""

    path_prefix: str = Field(default="/", description="A folder, such as /team/.")
    depth: int = Field(
        default=0,
        ge=0,
        le=1,
        description="0: all memories below the folder. 1: what lies directly in it, as ls.",
    )
    limit: int = Field(default=100, ge=1, le=100, description="Rows per page.")


class Search(InStore, PageQuery):
    """What to look for."""

    query: str = Field(
        min_length=1,
        max_length=LONGEST,
        description='Words in any of their forms; `"together"`, `-without`, `either or`.',
    )
    path_prefix: str = Field(default="/", description="A folder, such as /team/.")


class OneMemory(InStore):
    """Which memory."""

    memory: str = Field(description="Its path, such as /team/refunds.md, or its id: mem_…")


class Written(InStore):
    """What to write, and where."""

    path: str = Field(description="Where it lies, such as /team/refunds.md.")
    content: str = Field(description=f"All that it is to say; at most {LARGEST:,} bytes.")
    expected_content_sha256: str | None = Field(
        default=None,
        description="To change a memory: the content_sha256 it was read with. To make one: omit.",
    )


class Moved(OneMemory):
    """What goes where."""

    new_path: str = Field(description="Where it is to lie. Its id and its history stay.")
    expected_content_sha256: str | None = Field(
        default=None, description="Where this is not the hash of its content, nothing is moved."
    )


class Deleted(OneMemory):
    """What goes."""

    expected_content_sha256: str = Field(description="The content_sha256 it was read with.")
