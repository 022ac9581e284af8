"""What mirrors and write-backs look like in answers; `wire` makes them."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field


class MirrorTrouble(BaseModel):
    """A memory there that could not be copied."""

    path: str
    error: str


class Mirror(BaseModel):
    """A memory store of a linked workspace, and its copy here."""

    type: Literal["mirror"]
    id: str
    name: str
    description: str
    workspace_link_id: str | None = Field(description="Null once it is unlinked.")
    remote_memory_store_id: str = Field(description="The id of the store there.")
    memory_store_id: str | None = Field(
        description="The copy. Null until it is first dreamed about."
    )
    is_gone: bool = Field(description="It was deleted or archived there.")
    troubles: list[MirrorTrouble]
    waits_for: str | None = Field(description="Why what is to be written there waits.")
    synced_at: datetime | None
    created_at: datetime


class WriteBack(BaseModel):
    """A version of the copy that is to be written into the store there, and what came of it."""

    type: Literal["write_back"]
    id: str
    mirror_id: str
    status: Literal["waiting", "done", "conflict", "failed", "dismissed", "reproposed"]
    error: str | None = Field(description="Why it did not go through.")
    operation: str
    path: str
    memory_id: str
    memory_version_id: str
    proposal_id: str | None = Field(description="Of a decision: the proposal that was accepted.")
    by: str | None = Field(description="The name of who wrote the version.")
    proposed_again_id: str | None = Field(
        description="Of a conflict: the proposal of the same edit on what is there now."
    )
    created_at: datetime
    ended_at: datetime | None
