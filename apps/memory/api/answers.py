"""What stores, memories and versions look like in answers, for the OpenAPI document.

The answers themselves are made in `wire`; a test holds the two together.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, RootModel


class MemoryStore(BaseModel):
    """A collection of memories that sessions mount together."""

    id: str
    type: Literal["memory_store"]
    name: str
    description: str = Field(description="Empty when unset.")
    metadata: dict[str, str]
    created_at: datetime
    updated_at: datetime = Field(description="Of the store itself; memories do not move it.")
    archived_at: datetime | None


class MemoryStoreDeleted(BaseModel):
    """A store that is gone, with all that was in it."""

    id: str
    type: Literal["memory_store_deleted"]


class Memory(BaseModel):
    """One text file of a store, as it is now."""

    id: str
    type: Literal["memory"]
    memory_store_id: str
    path: str
    content: str | None = Field(description="Null in the basic view.")
    content_sha256: str = Field(description="Of the content's UTF-8 as it is.")
    content_size_bytes: int
    memory_version_id: str = Field(description="Its newest version.")
    created_at: datetime
    updated_at: datetime


class MemoryPrefix(BaseModel):
    """A folder, in a listing of one level."""

    type: Literal["memory_prefix"]
    path: str = Field(description="Ends in `/`: list it as `path_prefix`.")


class MemoryListItem(RootModel[Annotated[Memory | MemoryPrefix, Field(discriminator="type")]]):
    """A memory, or with `depth=1` a folder."""


class MemoryDeleted(BaseModel):
    """A memory that is gone; its versions stay."""

    id: str
    type: Literal["memory_deleted"]


class SessionActor(BaseModel):
    """An agent, through its mount."""

    type: Literal["session_actor"]
    session_id: str


class ApiActor(BaseModel):
    """A program with a key."""

    type: Literal["api_actor"]
    api_key_id: str


class UserActor(BaseModel):
    """A person."""

    type: Literal["user_actor"]
    user_id: str


class ServiceAccountActor(BaseModel):
    """A service account."""

    type: Literal["service_account_actor"]
    service_account_id: str


Actor = Annotated[
    SessionActor | ApiActor | UserActor | ServiceAccountActor, Field(discriminator="type")
]


class MemoryVersion(BaseModel):
    """What a memory said from one write to the next."""

    id: str
    type: Literal["memory_version"]
    memory_id: str
    memory_store_id: str
    operation: Literal["created", "modified", "deleted"]
    path: str | None = Field(description="Null once redacted.")
    content: str | None = Field(
        description="Null in the basic view, of a deletion, and once redacted."
    )
    content_sha256: str | None
    content_size_bytes: int | None
    created_by: Actor | None = Field(description="Null is the system itself.")
    created_at: datetime
    redacted_at: datetime | None
    redacted_by: Actor | None
