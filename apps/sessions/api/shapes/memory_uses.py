"""Which uses of a store's memories a list shows."""

from typing import Literal

from pydantic import Field

from apps.core.api.shapes import PageQuery


class MemoryUsesQuery(PageQuery):
    """Which uses of a store's memories."""

    path: str = Field(default="", description="Those of this path; a folder's ends in `/`.")
    session_id: str = Field(default="", description="Those by this session.")
    kind: Literal["read", "write", "mention"] | None = None
