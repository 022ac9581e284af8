"""What one may ask of the audit log, and what it answers."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from apps.core.api.shapes import PageQuery
from apps.core.api.times import CreatedQuery

ActorType = Literal["user_actor", "api_actor", "system_actor"]


class AuditQuery(CreatedQuery, PageQuery):
    """Which entries."""

    actor_type: ActorType | None = Field(default=None, description="Changes of this kind of actor.")
    actor_id: str = Field(default="", description="Changes of this person (`user_…`) or key.")
    action: str = Field(default="", description="Changes of this kind, such as `agent.updated`.")
    object_id: str = Field(default="", description="Changes of this object.")


class AuditActor(BaseModel):
    """Who made the change, by the name they had then."""

    type: ActorType
    name: str
    user_id: str | None = Field(default=None, description="Of a `user_actor`.")
    api_key_id: str | None = Field(default=None, description="Of an `api_actor`.")


class AuditEntry(BaseModel):
    """One change of one object. Entries never change and are never deleted."""

    id: str
    type: Literal["audit_entry"]
    actor: AuditActor
    action: str
    object_id: str
    before: dict[str, Any] = Field(description="What differs, as it was; empty for what is new.")
    after: dict[str, Any] = Field(description="The same, as it became; empty for what is gone.")
    request_id: str | None = Field(description="The request that asked for it.")
    created_at: datetime
