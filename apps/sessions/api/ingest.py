"""`POST /v1/ingest/sessions`: sessions that ran elsewhere, as lines of native objects."""

from typing import Any, Literal

from django.conf import settings
from pydantic import BaseModel, Field
from rest_framework.response import Response

from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.core.api import bodies
from apps.core.api.documenting import documented
from apps.core.api.shapes import Shape, read_query
from apps.sessions import ingesting
from apps.sessions.importing import Tally


class IngestQuery(Shape):
    """How the lines are taken."""

    agent: str = Field(default="", max_length=256, description="The agent's name, over the lines'.")
    strict: bool = Field(default=False, description="Keep nothing at all if a line is bad.")


class Added(BaseModel):
    """How many are new."""

    added: int


class AddedOrSkipped(Added):
    """How many are new, and how many were there already."""

    skipped: int


class RefusedLine(BaseModel):
    """A line that was left out, and why."""

    line: int = Field(description="Counted from 1; in an array, the item's number.")
    reason: str


class IngestResult(BaseModel):
    """What came of the lines. All of it is kept when this is answered."""

    type: Literal["ingest_result"]
    sessions: Added
    threads: Added
    events: AddedOrSkipped
    refused: int = Field(description="How many lines were left out.")
    errors: list[RefusedLine] = Field(description="The first 200 of them.")


class IngestSessions(Endpoint):
    """Takes a stream of any length: it is never in memory as a whole."""

    @documented(
        "ingest_sessions",
        tag="Ingest",
        request={"application/x-ndjson": {"type": "string"}},
        query=IngestQuery,
        answer=IngestResult,
        errors=(415,),
    )
    def post(self, request: ApiRequest) -> Response:
        """Add sessions that ran elsewhere.

        One session, thread or event per line, as a session page exports them; `content-encoding:
        gzip` is understood. Sending lines again adds nothing. A bad line is told in `errors` and
        costs only itself, unless `strict`. When the connection breaks, the batches that were
        kept stay, and sending everything again adds the rest.
        """
        query = read_query(IngestQuery, request.query_params)
        body = bodies.opened(request._request, limit=settings.INGEST_LIMIT)  # noqa: SLF001 -- the framework's name for it
        tally = ingesting.ingest(
            body, workspace=request.workspace, agent=query.agent, strict=query.strict
        )
        return Response(_told(tally))


def _told(tally: Tally) -> dict[str, Any]:
    return {
        "type": "ingest_result",
        "sessions": {"added": tally.sessions},
        "threads": {"added": tally.threads},
        "events": {"added": tally.events, "skipped": tally.skipped},
        "refused": tally.refused,
        "errors": ingesting.errors_of(tally),
    }
