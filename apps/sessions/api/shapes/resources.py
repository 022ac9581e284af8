"""What can be mounted in a session."""

from typing import Annotated, Literal

from pydantic import Field

from apps.core.api.shapes import Shape
from apps.sessions.remembering import LONGEST_INSTRUCTIONS
from apps.sessions.resources import LONGEST_PATH, UPLOADS

Path = Annotated[str, Field(min_length=1, max_length=LONGEST_PATH)]
Token = Annotated[str, Field(min_length=1, max_length=4096, pattern=r"^[\x21-\x7e]+$")]


class FileParam(Shape):
    """A copy of a file."""

    type: Literal["file"]
    file_id: Annotated[str, Field(min_length=1, max_length=128)]
    mount_path: Path | None = Field(
        default=None, description=f"Lies below {UPLOADS}. Omitted, the file's id."
    )


class Branch(Shape):
    """The tip of a branch."""

    type: Literal["branch"]
    name: Annotated[str, Field(min_length=1, max_length=255)]


class Commit(Shape):
    """One commit."""

    type: Literal["commit"]
    sha: Annotated[str, Field(min_length=7, max_length=64, pattern="^[0-9a-fA-F]+$")]


class RepositoryParam(Shape):
    """A repository."""

    type: Literal["github_repository"]
    url: Annotated[str, Field(min_length=1, max_length=2048)]
    authorization_token: Token | None = Field(
        default=None, description="Needed for a private repository. Never told again."
    )
    mount_path: Path | None = Field(default=None, description="Omitted, /workspace/<its name>.")
    checkout: Annotated[Branch | Commit, Field(discriminator="type")] | None = Field(
        default=None, description="Omitted, its default branch."
    )


class MemoryStoreParam(Shape):
    """A memory store, at most 8 of them. It can be mounted only when the session is created."""

    type: Literal["memory_store"]
    memory_store_id: Annotated[str, Field(min_length=1, max_length=128)]
    access: Literal["read_write", "read_only"] | None = Field(
        default=None, description="Omitted, `read_write`."
    )
    instructions: Annotated[str, Field(max_length=LONGEST_INSTRUCTIONS)] | None = Field(
        default=None, description="Told to the agent beside the store's name and description."
    )


MountParam = Annotated[FileParam | RepositoryParam | MemoryStoreParam, Field(discriminator="type")]


class NewToken(Shape):
    """Another token for a repository."""

    authorization_token: Token


class ResourcesQuery(Shape):
    """Which part of a session's resources."""

    limit: int = Field(default=1_000, ge=1, le=1_000, description="Rows per page. Omitted, all.")
    page: str = Field(default="", description="`next_page` of the page before.")
