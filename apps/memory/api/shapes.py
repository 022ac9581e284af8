"""What requests about stores, memories and versions look like (contract: 3.8)."""

import unicodedata
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from apps.core.api.shapes import PageQuery, Shape
from apps.core.api.times import CreatedQuery

MOST_PAIRS = 16
MOST_IN_FULL = 20
"""Rows of one page where each carries its content."""


def _printable(name: str) -> str:
    if any(unicodedata.category(character) == "Cc" for character in name):
        raise ValueError("control characters are not allowed")
    return name


Name = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_printable)]
Description = Annotated[str, Field(max_length=1024)]
Key = Annotated[str, Field(min_length=1, max_length=64)]
Value = Annotated[str, Field(max_length=512)]
Path = Annotated[
    str,
    Field(
        min_length=2,
        max_length=1024,
        description="Begins with `/`; at most 1,024 bytes and 20 segments, in NFC.",
    ),
]
View = Literal["basic", "full"]
_VIEW = "`full` tells the content, `basic` leaves it out."


class NewStore(Shape):
    """A memory store."""

    name: Name = Field(description="Sessions mount it at /mnt/memory/<the name as a slug>.")
    description: Description = Field(default="", description="Told to agents that have it mounted.")
    metadata: Annotated[dict[Key, Value], Field(max_length=MOST_PAIRS)] = Field(default={})


class StorePatch(Shape):
    """What is to change. Omitted keys keep what is there."""

    name: Name | None = None
    description: Description | None = Field(default=None, description="Null or empty clears it.")
    metadata: dict[Key, Value | None] | None = Field(
        default=None, description="Merged key by key; a value of null removes its key."
    )


class StoresQuery(CreatedQuery, PageQuery):
    """Which memory stores."""

    include_archived: bool = False


class NewMemory(Shape):
    """A memory. Nothing may lie at its path, above it or below it."""

    path: Path
    content: str = Field(description="At most 102,400 bytes; may be empty.")


class Precondition(Shape):
    """What the memory has to say now, by the hash of its content."""

    type: Literal["content_sha256"]
    content_sha256: str = Field(description="Lower-case hex, of the content's UTF-8 as it is.")


class MemoryPatch(Shape):
    """What is to change: the content, the path, or both."""

    content: str | None = Field(default=None, description="Null or omitted keeps what is there.")
    path: Path | None = Field(default=None, description="As content; its id stays.")
    precondition: Precondition | None = Field(
        default=None, description="Where it does not hold, nothing is changed."
    )

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.content is None and self.path is None:
            raise ValueError("content or path is required: there is nothing to change")
        return self


class ReadQuery(Shape):
    """How much of it."""

    view: View = Field(default="full", description=_VIEW)


class WriteQuery(Shape):
    """How much of it is answered."""

    view: View = Field(default="basic", description=_VIEW)


class DeleteQuery(Shape):
    """Only as somebody knows it."""

    expected_content_sha256: str | None = Field(
        default=None, description="Where this is not the hash of its content, nothing is deleted."
    )


class _Viewed(PageQuery):
    view: View = Field(
        default="basic", description=f"{_VIEW} In full, a page has at most {MOST_IN_FULL} rows."
    )

    @property
    def is_full(self) -> bool:
        return self.view == "full"

    @property
    def rows(self) -> int:
        return min(self.limit, MOST_IN_FULL) if self.is_full else self.limit


class MemoriesQuery(_Viewed):
    """Which memories of a store."""

    depth: int = Field(
        default=0, ge=0, le=1, description="0: all below the prefix. 1: one level, as `ls`."
    )
    path_prefix: str = Field(default="", description="A folder, ending in `/`. Omitted, all.")


class VersionsQuery(CreatedQuery, _Viewed):
    """Which versions of a store's memories."""

    memory_id: str = ""
    operation: Literal["created", "modified", "deleted"] | None = None
    api_key_id: str = Field(default="", description="Those that this key wrote.")
    session_id: str = Field(default="", description="Those that this session wrote.")
    service_account_id: str = Field(default="", description="Those that this account wrote.")
