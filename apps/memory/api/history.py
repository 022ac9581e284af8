"""What was, and whether it is what was written: differences, blame, the chain and its checks."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import groupby
from typing import Annotated, Any, Literal

from django.http import StreamingHttpResponse
from pydantic import BaseModel, Field
from rest_framework.response import Response

from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.core.api import paging
from apps.core.api.documenting import Listed, documented
from apps.core.api.shapes import PageQuery, read_query
from apps.core.api.times import stamp
from apps.memory import blaming, diffing, finding, paths, proving, states, trailing, wire
from apps.memory.actions import verifying as actions
from apps.memory.api import answers
from apps.memory.api.moments import FOLDER, WHEN, moment, place
from apps.memory.models import HistoryCheck, Memory, MemoryVersion

TAG = "Memory history"
_LINES: dict[str, str] = {"type": "string", "description": "One JSON object per line."}


class DiffQuery(PageQuery):
    """From when to when, or from which version to which."""

    from_: Annotated[str, Field(alias="from", min_length=1, description=WHEN)]
    to: str = Field(default="", description=f"{WHEN} Omitted, now.")
    path_prefix: str = Field(default="", description=FOLDER)


class MemoryChange(BaseModel):
    """What became of one memory."""

    type: Literal["memory_change"]
    operation: Literal["created", "modified", "renamed", "deleted", "redacted"] = Field(
        description="`redacted`: what it said at one of the times is not known any more."
    )
    memory_id: str
    from_path: str | None
    to_path: str | None
    from_memory_version_id: str | None = Field(description="Null where it was not there.")
    to_memory_version_id: str | None = Field(description="As from_memory_version_id.")
    diff: str | None = Field(description="Unified; null where it is not known.")


class MemoryGround(BaseModel):
    """Words of an event that a version rests on."""

    session_id: str
    event_id: str
    session_title: str
    quote: str
    role: str


class MemoryTrail(BaseModel):
    """The proposal that a version comes from, who decided it, and what it rests on."""

    proposal_id: str
    title: str
    status: str
    decision_id: str
    decided_by: str
    decided_at: datetime
    is_automatic: bool
    grounds: list[MemoryGround]


class MemoryBlameVersion(BaseModel):
    """A version that a line came with."""

    memory_version_id: str
    number: int = Field(description="Which version of the memory it is, counted from 1.")
    created_by: answers.Actor | None = Field(description="Null is the system itself.")
    created_at: datetime
    reason: str = Field(description="Why it was written, where that was said; or empty.")
    trail: MemoryTrail | None = Field(description="Null of what was written without a proposal.")


class MemoryBlameRange(BaseModel):
    """Lines that came with the same version."""

    first_line: int
    last_line: int
    content: str
    memory_version_id: str
    is_known: bool = Field(
        description="False: they came with this version or a redacted one right before it."
    )


class MemoryBlame(BaseModel):
    """Which version brought each line of what a memory says."""

    type: Literal["memory_blame"]
    memory_id: str
    memory_version_id: str = Field(description="The version whose lines these are.")
    ranges: list[MemoryBlameRange]
    versions: list[MemoryBlameVersion] = Field(description="Those that the ranges name.")


class HistoryFault(BaseModel):
    """A row that is not as it was written."""

    sequence: int | None = Field(description="The version's number in its store's chain.")
    memory_version_id: str | None = Field(description="Null of what is missing.")
    memory_id: str | None
    problem: str


class HistoryCheckAnswer(BaseModel):
    """What a look at the whole history of a store found."""

    id: str
    type: Literal["history_check"]
    memory_store_id: str
    created_at: datetime
    version_count: int
    chain_hash: str = Field(description="Where the chain ended. Keep it: a later one contains it.")
    has_passed: bool | None = Field(
        description="Null while a worker is at it: it is listed under this id once it is over."
    )
    fault_count: int
    faults: list[HistoryFault] = Field(description="The first two hundred.")


class MemoryStoreDiff(Endpoint):
    """`/v1/memory_stores/{memory_store_id}/diff`."""

    @documented(
        "memory_stores_diff",
        tag=TAG,
        query=DiffQuery,
        answer=Listed[MemoryChange],
        errors=(404,),
    )
    def get(self, request: ApiRequest, memory_store_id: str) -> Response:
        """Compare a memory store at two times, or two versions.

        Two versions are compared with each other, whichever memories they are of. Otherwise it is
        the whole store, or one folder, from one time to another, in order of paths.
        """
        store = finding.store(request.workspace, memory_store_id)
        query = read_query(DiffQuery, request.query_params)
        old, new = place(store, query.from_, "from"), place(store, query.to, "to")
        if isinstance(old, MemoryVersion) and isinstance(new, MemoryVersion):
            changes = [states.change(old, new)] if old.pk != new.pk else []
            return Response({"data": [_change(each) for each in changes], "next_page": None})
        prefix = paths.checked_prefix(query.path_prefix or "/")
        changes = states.changes_between(
            store, moment(store, old), moment(store, new), prefix=prefix
        )
        return Response(_page(changes, query, f"changes of {store.pk}"))


class MemoryBlamed(Endpoint):
    """`/v1/memory_stores/{memory_store_id}/memories/{memory_id}/blame`."""

    @documented("memory_stores_memories_blame", tag=TAG, answer=MemoryBlame, errors=(404,))
    def get(self, request: ApiRequest, memory_store_id: str, memory_id: str) -> Response:
        """Say which version brought each line of a memory.

        A line that was taken away and written again came with the version that wrote it again.
        """
        memory = finding.memory(request.workspace, memory_store_id, memory_id)
        lines = blaming.blame(memory)
        sources = sorted({line.source for line in lines}, key=lambda each: each.number)
        trails = trailing.of([each.id for each in sources])
        return Response(
            {
                "type": "memory_blame",
                "memory_id": memory.pk,
                "memory_version_id": memory.memory_version_id,
                "ranges": [
                    _range(list(same))
                    for _, same in groupby(lines, lambda line: (line.source.id, line.is_known))
                ],
                "versions": [_source(each, trails.get(each.id)) for each in sources],
            }
        )


class MemoryStoreChain(Endpoint):
    """`/v1/memory_stores/{memory_store_id}/chain`."""

    @documented(
        "memory_stores_chain",
        tag=TAG,
        answer=_LINES,
        media_type="application/x-ndjson",
        errors=(404,),
    )
    def get(self, request: ApiRequest, memory_store_id: str) -> StreamingHttpResponse:
        """Export the chain of a memory store's versions, for a check that needs nothing of ours.

        One object per version, oldest first: all that its hash is of. Contents are not in it.
        """
        store = finding.store(request.workspace, memory_store_id)
        lines = proving.export_chain(store)
        return StreamingHttpResponse(lines, content_type="application/x-ndjson")


class HistoryChecks(Endpoint):
    """`/v1/memory_stores/{memory_store_id}/history_checks`."""

    @documented(
        "memory_stores_history_checks_list",
        tag=TAG,
        query=PageQuery,
        answer=Listed[HistoryCheckAnswer],
        errors=(404,),
    )
    def get(self, request: ApiRequest, memory_store_id: str) -> Response:
        """List what checks of a memory store's history found, newest first."""
        query = read_query(PageQuery, request.query_params)
        store = finding.store(request.workspace, memory_store_id)
        shown = paging.window(
            HistoryCheck.objects.of(store),
            of=f"history checks of {store.pk}",
            cursor=query.page,
            limit=query.limit,
        )
        return Response(shown.page(check_object))

    @documented(
        "memory_stores_history_checks_create",
        tag=TAG,
        answer=HistoryCheckAnswer,
        errors=(404,),
    )
    def post(self, request: ApiRequest, memory_store_id: str) -> Response:
        """Check now that every version of a memory store is as it was written.

        A worker checks a history of more than 2,000 versions. Its `has_passed` is null; list the
        checks until its id is among them.
        """
        check = actions.begin_check(store_id=memory_store_id, by=request.actor)
        return Response(check_object(check))


def _page(changes: Sequence[states.Change], query: DiffQuery, name: str) -> dict[str, Any]:
    """Some of the changes behind the cursor; contents are loaded of these alone."""
    of = f"{name} {query.from_} {query.to} {query.path_prefix}"
    at = paging.position(query.page, of=of)
    rest = [each for each in changes if at is None or states.order(each) > _order(at)]
    shown = states.with_contents(rest[: query.limit])
    last = shown[-1] if len(rest) > len(shown) else None
    row = Memory(path=last.path, id=last.memory_id) if last else None
    onward = paging.beside(row, of=of, by=("path", "pk"), descending=False) if row else None
    return {"data": [_change(each) for each in shown], "next_page": onward}


def _order(at: paging.Position) -> tuple[bytes, str]:
    path, memory_id = at.key
    return path.encode(), memory_id


def _change(change: states.Change) -> dict[str, Any]:
    old, new = change.old, change.new
    is_known = change.kind != states.ChangeKind.REDACTED
    return {
        "type": "memory_change",
        "operation": change.kind.value,
        "memory_id": change.memory_id,
        "from_path": old.path if old else None,
        "to_path": new.path if new else None,
        "from_memory_version_id": old.pk if old else None,
        "to_memory_version_id": new.pk if new else None,
        "diff": diffing.unified(change.hunks()) if is_known else None,
    }


def _range(lines: Sequence[blaming.BlamedLine]) -> dict[str, Any]:
    return {
        "first_line": lines[0].number,
        "last_line": lines[-1].number,
        "content": "".join(line.text + line.end for line in lines),
        "memory_version_id": lines[0].source.id,
        "is_known": lines[0].is_known,
    }


def _source(source: blaming.Source, trail: trailing.Trail | None) -> dict[str, Any]:
    return {
        "memory_version_id": source.id,
        "number": source.number,
        "created_by": wire.actor_object(source.actor_type, source.actor_id),
        "created_at": stamp(source.created_at),
        "reason": source.reason,
        "trail": _trail(trail) if trail else None,
    }


def _trail(trail: trailing.Trail) -> dict[str, Any]:
    return {**asdict(trail), "decided_at": stamp(trail.decided_at)}


def check_object(check: HistoryCheck) -> dict[str, Any]:
    """A check as the API tells it."""
    return {
        "id": check.pk,
        "type": "history_check",
        "memory_store_id": check.store_id,
        "created_at": stamp(check.created_at),
        "version_count": check.version_count,
        "chain_hash": check.chain_hash,
        "has_passed": check.has_passed if check.is_over else None,
        "fault_count": check.fault_count,
        "faults": [
            {
                "sequence": each["sequence"] or None,
                "memory_version_id": each["version_id"] or None,
                "memory_id": each["memory_id"] or None,
                "problem": each["problem"],
            }
            for each in check.faults
        ],
    }
