"""Stores as zips: out, and in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any, ClassVar, Literal, cast

from django.http import HttpResponseBase, QueryDict, StreamingHttpResponse
from pydantic import BaseModel, Field
from rest_framework.response import Response

from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.core.api.documenting import documented
from apps.core.api.errors import TooLarge
from apps.core.api.shapes import Shape, read_query
from apps.files import parts
from apps.memory import exporting, finding
from apps.memory.actions import importing
from apps.memory.porting import opening, reading, telling
from apps.memory.porting.planning import Options
from apps.memory.porting.reading import Bundle

TAG = "Memory stores"
_ZIP: dict[str, str] = {"type": "string", "format": "binary"}
_PREFIX = "A folder, ending in `/`. Omitted, the whole store."


class ExportQuery(Shape):
    """Which part of a store."""

    prefix: str = Field(default="", description=_PREFIX)


class ImportFields(Shape):
    """What may stand beside the file."""

    prefix: str = ""
    delete: bool = False
    dry_run: bool = False
    plan: str = ""


IMPORT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "file": {
            "type": "string",
            "format": "binary",
            "description": "A zip of UTF-8 text files, or one such file.",
        },
        "prefix": {"type": "string", "description": "The folder to put it in, ending in `/`."},
        "delete": {
            "type": "boolean",
            "default": False,
            "description": "Delete memories in that folder that are not in the import.",
        },
        "dry_run": {"type": "boolean", "default": False, "description": "Only tell the plan."},
        "plan": {
            "type": "string",
            "description": "The id of a plan: where it is another by now, nothing is written.",
        },
    },
    "required": ["file"],
    "additionalProperties": False,
}


class MemoryImportCounts(BaseModel):
    """How many of each."""

    created: int
    modified: int
    unchanged: int
    deleted: int
    refused: int
    left_out: int


class MemoryImportStep(BaseModel):
    """What happens to one memory, or to one file that becomes none."""

    type: Literal["memory_import_step"]
    operation: Literal["created", "modified", "deleted", "refused", "left_out"]
    path: str
    source: str | None = Field(description="The file's name. Null of a deletion.")
    remark: str | None = Field(description="Why not, or what else there is to know.")
    memory_id: str | None = Field(description="Null of what is no memory yet.")
    diff: str | None = Field(description="Unified; of the first hundred that are modified.")


class MemoryImportPlan(BaseModel):
    """What an import would do, or did."""

    type: Literal["memory_import_plan"]
    id: str = Field(description="Pass it as `plan` to do this and nothing else.")
    counts: MemoryImportCounts
    steps: list[MemoryImportStep] = Field(description="Without those that change nothing.")


class ExportedMemoryStore(Endpoint):
    """`/v1/memory_stores/{memory_store_id}/export`."""

    @documented(
        "memory_stores_export",
        tag=TAG,
        query=ExportQuery,
        answer=_ZIP,
        media_type="application/zip",
        errors=(404,),
    )
    def get(self, request: ApiRequest, memory_store_id: str) -> HttpResponseBase:
        """Export a memory store as a zip.

        Every memory is a file at its path, with its bytes as they are. The same memories give the
        same zip.
        """
        store = finding.store(request.workspace, memory_store_id)
        query = read_query(ExportQuery, request.query_params)
        return zip_answer(store, Options.checked(query.prefix).prefix)


class ImportedMemories(Endpoint):
    """`/v1/memory_stores/{memory_store_id}/import`."""

    FIELDS: ClassVar[frozenset[str]] = frozenset(ImportFields.model_fields)

    @documented(
        "memory_stores_import",
        tag=TAG,
        request={"multipart/form-data": IMPORT},
        answer=MemoryImportPlan,
        errors=(404, 409),
    )
    def post(self, request: ApiRequest, memory_store_id: str) -> Response:
        """Import text files into a memory store.

        All of what the plan says is written, or nothing. Files that are no memories are named in
        it with the reason, and the rest is imported. With `dry_run` nothing is written.
        """
        store = finding.store(request.workspace, memory_store_id)
        with _received(request, self.FIELDS) as (bundle, fields):
            asked = read_query(ImportFields, fields)
            options = Options.checked(asked.prefix, deletes=asked.delete)
            if asked.dry_run:
                plan = importing.plan_import(
                    store_id=store.pk, bundle=bundle, options=options, by=request.actor
                )
            else:
                plan = importing.import_memories(
                    store_id=store.pk,
                    bundle=bundle,
                    options=options,
                    expected_plan=asked.plan,
                    by=request.actor,
                )
        return Response(telling.plan_object(plan))


def zip_answer(store: Any, prefix: str) -> StreamingHttpResponse:
    """The zip as an attachment, sent as it is made."""
    answer = StreamingHttpResponse(exporting.zipped(store, prefix), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{exporting.filename(store)}"'
    return answer


@contextmanager
def _received(request: ApiRequest, fields: frozenset[str]) -> Iterator[tuple[Bundle, QueryDict]]:
    with parts.received(request._request, fields) as (file, given):  # noqa: SLF001 -- ours
        if (file.size or 0) > reading.MOST_BYTES:
            raise TooLarge("An import has at most 200 MB.")
        name = file.sent_as.replace("\\", "/").rpartition("/")[2] or "import"
        yield opening.from_upload([(name, cast("IO[bytes]", file.file))]), given
