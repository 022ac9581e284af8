"""What memories say twice, or against each other."""

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, Field
from rest_framework.response import Response

from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.core.api.documenting import Listed, documented
from apps.core.api.shapes import PageQuery, read_query
from apps.memory import finding, tidiness, wire
from apps.memory.actions import tidying
from apps.memory.api import answers
from apps.memory.likeness import Reason, Statement
from apps.memory.models import MemoryStore
from apps.memory.tidiness import Findings, Found, Pair, Side


class Said(BaseModel):
    """One statement of a memory."""

    line: int = Field(description="On which it stands, from 1.")
    text: str


class NearDuplicate(BaseModel):
    """Two memories that say the same, and what only one of them says."""

    type: Literal["memory_near_duplicate"]
    memories: list[answers.Memory] = Field(description="Two, in the basic view.")
    score: float = Field(description="How sure it is, 0 to 1.")
    is_literal: bool = Field(description="Nearly to the letter; otherwise in other words.")
    only_first: list[Said]
    only_second: list[Said]


class Contradicting(BaseModel):
    """One of the two statements."""

    memory: answers.Memory = Field(description="In the basic view.")
    line: int
    text: str


class Contradiction(BaseModel):
    """Two statements that cannot both be followed."""

    type: Literal["memory_contradiction"]
    first: Contradicting
    second: Contradicting
    reason: Reason
    score: float = Field(description="How sure it is, 0 to 1.")


_STATUS = Field(
    description="`pending` while a large store is looked through: ask again in some seconds."
)
_COMPARED = Field(
    description=f"Memories that were compared: the {tidiness.MOST_NOTES:,} changed last at most."
)


class NearDuplicatePage(Listed[NearDuplicate]):
    """The surest first."""

    status: Literal["ready", "pending"] = _STATUS
    compared: int = _COMPARED


class ContradictionPage(Listed[Contradiction]):
    """The surest first."""

    status: Literal["ready", "pending"] = _STATUS
    compared: int = _COMPARED


class NearDuplicates(Endpoint):
    """`/v1/memory_stores/{memory_store_id}/near_duplicates`."""

    @documented(
        "memory_stores_near_duplicates",
        tag="Memories",
        query=PageQuery,
        answer=NearDuplicatePage,
        errors=(404,),
    )
    def get(self, request: ApiRequest, memory_store_id: str) -> Response:
        """List memories that say the same; what contradicts each other is not among them."""
        query = read_query(PageQuery, request.query_params)
        store = finding.store(request.workspace, memory_store_id)
        known = tidying.findings(store)
        return _answer(store, query, known, known.duplicates if known else (), "near_duplicates")


class Contradictions(Endpoint):
    """`/v1/memory_stores/{memory_store_id}/contradictions`."""

    @documented(
        "memory_stores_contradictions",
        tag="Memories",
        query=PageQuery,
        answer=ContradictionPage,
        errors=(404,),
    )
    def get(self, request: ApiRequest, memory_store_id: str) -> Response:
        """List statements that cannot both be followed, one for each two memories."""
        query = read_query(PageQuery, request.query_params)
        store = finding.store(request.workspace, memory_store_id)
        known = tidying.findings(store)
        return _answer(store, query, known, known.contradictions if known else (), "contradictions")


def _answer(
    store: MemoryStore,
    query: PageQuery,
    known: Findings | None,
    found: Sequence[Found],
    of: Literal["near_duplicates", "contradictions"],
) -> Response:
    pairs = tidiness.page(store, found, of=of, cursor=query.page, limit=query.limit)
    write = _duplicate if of == "near_duplicates" else _contradiction
    return Response(
        {
            "data": [write(pair) for pair in pairs.rows],
            "next_page": pairs.next_page,
            "status": "ready" if known else "pending",
            "compared": known.compared if known else 0,
        }
    )


def _duplicate(pair: Pair) -> dict[str, Any]:
    return {
        "type": "memory_near_duplicate",
        "memories": [_memory(pair.first), _memory(pair.second)],
        "score": pair.score,
        "is_literal": pair.why == "letter",
        "only_first": [_said(each) for each in pair.first.statements],
        "only_second": [_said(each) for each in pair.second.statements],
    }


def _contradiction(pair: Pair) -> dict[str, Any]:
    first, second = (
        {"memory": _memory(side)} | _said(side.statements[0]) for side in (pair.first, pair.second)
    )
    return {
        "type": "memory_contradiction",
        "first": first,
        "second": second,
        "reason": pair.why,
        "score": pair.score,
    }


def _memory(side: Side) -> dict[str, Any]:
    return wire.memory_object(side.memory, is_full=False)


def _said(statement: Statement) -> dict[str, Any]:
    return {"line": statement.line, "text": statement.text}
