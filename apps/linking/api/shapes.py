"""What requests about links may hold, and what the answers do."""

from typing import Literal

from pydantic import BaseModel, Field

from apps.core.api.shapes import Shape
from apps.linking.models import LEAST_MINUTES, MOST_MINUTES, VENDOR, Link

STATUSES = ", ".join(Link.Status.values)


class NewLink(Shape):
    """A workspace to link."""

    name: str = Field(min_length=1, max_length=100, description="What it is called here.")
    api_key: str = Field(min_length=1, max_length=1_000, description="A key that may read there.")
    base_url: str = Field(default=VENDOR, max_length=500, description="https, or this machine.")
    sync_every_minutes: int = Field(default=15, ge=LEAST_MINUTES, le=MOST_MINUTES)


class LinkPatch(Shape):
    """What to change. The base URL of a link stays: a key goes to the address it was given for."""

    name: str = Field(default="", min_length=1, max_length=100)
    api_key: str = Field(default="", min_length=1, max_length=1_000)
    sync_every_minutes: int = Field(default=15, ge=LEAST_MINUTES, le=MOST_MINUTES)
    paused: bool = False


class Trouble(BaseModel):
    """A session that could not be read; the next sync tries it again."""

    session: str
    error: str


class Counts(BaseModel):
    """What a sync has read and added."""

    agents: int = Field(description="Agents there.")
    versions: int = Field(description="Versions of agents that were added.")
    environments: int = Field(description="Environments there.")
    listed: int = Field(description="Sessions looked at.")
    wanted: int = Field(description="Sessions that are new or changed.")
    read: int = Field(description="Of those, the ones that are done.")
    sessions: int = Field(description="Sessions added.")
    threads: int = Field(description="Threads added.")
    events: int = Field(description="Events added.")
    skipped: int = Field(description="Events that were here already.")
    gone: int = Field(description="Sessions that are deleted there; they stay here.")
    refused: int = Field(description="Objects without a usable id.")
    set_aside: int = Field(description="Sessions that could not be read.")
    requests: int
    waits: int = Field(description="How often the other side asked to wait.")
    troubles: list[Trouble] = Field(description="The first of those set aside.")


class Progress(Counts):
    """How far the sync at hand is."""

    stage: str = Field(description="agents, environments, sessions, transcripts, or empty.")


class LastSync(Counts):
    """The last sync that reached its end."""

    synced_at: str


class WorkspaceLink(BaseModel):
    """A linked workspace."""

    id: str
    type: Literal["workspace_link"]
    name: str
    base_url: str
    key_hint: str = Field(description="The end of the key; the key itself is never told.")
    sync_every_minutes: int
    paused: bool
    status: str = Field(description=f"One of: {STATUSES}.")
    error: str | None = Field(description="Why it failed, or needs a new key.")
    progress: Progress | None
    waiting_for: str | None = Field(description="Why the sync pauses until `next_sync_at`.")
    next_sync_at: str | None
    last_sync: LastSync | None
    created_at: str
    updated_at: str


class DeletedLink(BaseModel):
    """The link is gone; what it brought is not."""

    id: str
    type: Literal["workspace_link_deleted"]
