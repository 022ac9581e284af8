"""Finding memories of a store."""

from typing import Any, Literal

from pydantic import BaseModel, Field
from rest_framework.response import Response

from apps.accounts.endpoints import ApiRequest, Endpoint
from apps.core.api.documenting import Listed, documented
from apps.core.api.shapes import PageQuery, read_query
from apps.core.api.times import Moment
from apps.memory import finding, paths, searching, wire
from apps.memory.api import answers
from apps.memory.searching import Filters, Hit, Line, Piece
from apps.memory.searching.asking import LONGEST


class SearchQuery(PageQuery):
    """What to look for, and among which memories."""

    q: str = Field(
        min_length=1,
        max_length=LONGEST,
        description='Words in any of their forms; `"together"`, `-without`, `either or`.',
    )
    path_prefix: str = Field(default="", description="A folder, ending in `/`. Omitted, all.")
    author_id: str = Field(
        default="", description="Of the key, session or person that wrote the newest version."
    )
    updated_since: Moment | None = Field(
        default=None, alias="updated_at[gte]", description="Changed at this time or later."
    )
    updated_before: Moment | None = Field(
        default=None, alias="updated_at[lt]", description="Changed earlier than this."
    )

    @property
    def filters(self) -> Filters:
        """Raises BadPath."""
        prefix = paths.checked_prefix(self.path_prefix or "/")
        return Filters(prefix, self.author_id, self.updated_since, self.updated_before)


class Excerpt(BaseModel):
    """A line of a memory, shortened around what was found."""

    line: int
    text: str
    highlights: list[tuple[int, int]] = Field(
        description="Where in `text` what was looked for stands: start and end, in code points."
    )


class MemorySearchResult(BaseModel):
    """A memory that was found."""

    type: Literal["memory_search_result"]
    memory: answers.Memory = Field(description="In the basic view.")
    score: float = Field(description="Compares within one answer only.")
    path_highlights: list[tuple[int, int]]
    excerpts: list[Excerpt]


class MemorySearchPage(Listed[MemorySearchResult]):
    """The best of what was found, best first."""

    matched: Literal["words", "beginnings", "spellings", "letters"] = Field(
        description="The first of these that found anything: the words, words that begin so, "
        "words spelled almost so, or the letters anywhere."
    )
    is_capped: bool = Field(
        description="So many are found that only the first "
        f"{searching.MOST_RANKED} by path were ranked."
    )


class MemoryStoreSearch(Endpoint):
    """`/v1/memory_stores/{memory_store_id}/search`."""

    @documented(
        "memory_stores_search",
        tag="Memories",
        query=SearchQuery,
        answer=MemorySearchPage,
        errors=(404,),
    )
    def get(self, request: ApiRequest, memory_store_id: str) -> Response:
        """Search what memories say now and their paths, best first."""
        query = read_query(SearchQuery, request.query_params)
        filters = query.filters
        store = finding.store(request.workspace, memory_store_id)
        found = searching.search(
            store, query.q, filters=filters, cursor=query.page, limit=query.limit
        )
        return Response(
            {
                "data": [_result(hit) for hit in found.hits],
                "next_page": found.next_page,
                "matched": found.way,
                "is_capped": found.is_capped,
            }
        )


def _result(hit: Hit) -> dict[str, Any]:
    return {
        "type": "memory_search_result",
        "memory": wire.memory_object(hit.memory, is_full=False),
        "score": hit.score,
        "path_highlights": _highlights(hit.path),
        "excerpts": [_excerpt(line) for line in hit.excerpts],
    }


def _excerpt(line: Line) -> dict[str, Any]:
    return {"line": line.number, "text": line.text, "highlights": _highlights(line.pieces)}


def _highlights(pieces: list[Piece]) -> list[tuple[int, int]]:
    """In characters (code points)."""
    spans, at = [], 0
    for piece in pieces:
        end = at + len(piece.text)
        if piece.is_match:
            spans.append((at, end))
        at = end
    return spans
