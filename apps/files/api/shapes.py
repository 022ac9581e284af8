"""What requests about files may hold, and what their answers do."""

from datetime import datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, Field, model_validator

from apps.core.api.documenting import Listed
from apps.core.api.shapes import PageQuery, Shape

MOST_IDS = 100


class FilesQuery(PageQuery):
    limit: int = Field(default=20, ge=1, le=1000, description="Rows per page.")
    ids: list[str] = Field(
        default=[], description="Only these files, at most 100. Not together with a page."
    )
    scope_id: str = Field(default="", description="Only files of this session.")
    after_id: str = Field(default="", description="Only files after this one, for older clients.")
    before_id: str = Field(default="", description="Only files before this one, as above.")

    @model_validator(mode="after")
    def _ask_one_thing(self) -> Self:
        given = self.model_fields_set
        if len(set(self.ids)) > MOST_IDS:
            raise ValueError(f"ids: at most {MOST_IDS}")
        if "ids" in given and given & {"limit", "page", "after_id", "before_id"}:
            raise ValueError("ids: all of these come on one page; leave out page and limit")
        if sum(map(bool, (self.page, self.after_id, self.before_id))) > 1:
            raise ValueError("page: give one of page, after_id and before_id")
        return self


class UploadFields(Shape):
    """What may stand beside the file."""

    expires_in_seconds: int | None = Field(default=None, ge=3600, le=7_776_000)


UPLOAD: dict[str, Any] = {
    "type": "object",
    "properties": {
        "file": {"type": "string", "format": "binary", "description": "The file to upload."},
        "expires_in_seconds": {
            "type": "integer",
            "minimum": 3600,
            "maximum": 7_776_000,
            "description": "When it is deleted; without this it stays until somebody deletes it.",
        },
    },
    "required": ["file"],
    "additionalProperties": False,
}


class FileScope(BaseModel):
    """What the file belongs to."""

    id: str
    type: Literal["session"]


class FileMetadata(BaseModel):
    """All there is to know of a file but its content."""

    id: str
    type: Literal["file"]
    filename: str
    mime_type: str
    size_bytes: int
    created_at: datetime
    downloadable: bool | None = Field(description="Whether its content may be downloaded here.")
    expires_at: datetime | None
    scope: FileScope | None


class FileMetadataPage(Listed[FileMetadata]):
    """One page of files, in both envelopes that clients know."""

    has_more: bool
    first_id: str | None
    last_id: str | None


class DeletedFile(BaseModel):
    id: str
    type: Literal["file_deleted"]
