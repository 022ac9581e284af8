"""What requests about changesets and proposals look like."""

from typing import Annotated, Any, Literal

from pydantic import Field

from apps.core.api.shapes import PageQuery, Shape
from apps.core.api.times import CreatedQuery
from apps.reviews.drafting import Base, Draft, File, Kind, Quote, Role

Path = Annotated[str, Field(min_length=2, max_length=1024)]
KindName = Literal["create", "update", "rename", "merge", "retire", "restructure"]
StatusName = Literal["pending", "accepted", "rejected", "withdrawn", "reverted"]
RoleName = Literal[
    "shows_mistake",
    "shows_fix",
    "states_preference",
    "states_fact",
    "shows_success",
    "contradicts",
]


class NewEvidence(Shape):
    """Words of an event. They must be what the event says there, or all is refused (422)."""

    session_id: str
    event_id: str
    start: int = Field(ge=0, description="Characters of the event's text, from 0.")
    end: int = Field(ge=1, description="Behind the last one.")
    quote: str = Field(min_length=1)
    role: RoleName = "states_fact"

    def quoted(self) -> Quote:
        return Quote(
            self.session_id, self.event_id, self.start, self.end, self.quote, Role(self.role)
        )


class NewBase(Shape):
    """A memory that is changed or replaced, and what it said when this was drafted."""

    memory_id: str
    base_sha256: str = Field(min_length=64, max_length=64)


class NewFile(Shape):
    """A path and what is to stand there."""

    path: Path
    content: str


class NewProposal(Shape):
    """One proposed edit. How many sources it has depends on its kind."""

    kind: KindName
    path: Path = Field(description="Where the text goes; of a rename the new path.")
    content: str | None = Field(default=None, description="None of renaming and retiring.")
    sources: list[NewBase] = Field(default=[], max_length=50)
    also: list[NewFile] = Field(default=[], description="Further files of a restructuring.")
    title: str = Field(default="", max_length=300)
    rationale: str = Field(default="", max_length=10_000)
    confidence: float = Field(default=0.5, ge=0, le=1)
    support: dict[str, Any] = Field(default={}, description="Counts that a reviewer is shown.")
    evidence: list[NewEvidence] = Field(default=[], max_length=50)
    fingerprint: str = Field(
        default="",
        max_length=128,
        description="The same finding has the same one: it waits once, and what was rejected is "
        "not proposed again without new evidence.",
    )

    def draft(self) -> Draft:
        return Draft(
            kind=Kind(self.kind),
            path=self.path,
            content=self.content,
            rationale=self.rationale,
            bases=tuple(Base(each.memory_id, each.base_sha256) for each in self.sources),
            also=tuple(File(each.path, each.content) for each in self.also),
            title=self.title,
            evidence=tuple(each.quoted() for each in self.evidence),
            confidence=self.confidence,
            support=self.support,
            fingerprint=self.fingerprint,
        )


class NewLoneProposal(NewProposal):
    """One proposed edit, as a changeset of its own."""

    memory_store_id: str


class NewChangeset(Shape):
    """Edits of one store that are proposed together: all of them are taken in, or none."""

    memory_store_id: str
    title: str = Field(default="", max_length=255)
    summary: str = Field(default="", max_length=10_000)
    proposals: list[NewProposal] = Field(min_length=1, max_length=500)


class ChangesetsQuery(CreatedQuery, PageQuery):
    """Which changesets."""

    memory_store_id: str = ""
    dream_id: str = ""


class ProposalsQuery(CreatedQuery, PageQuery):
    """Which proposals."""

    statuses: list[StatusName] = Field(default=[], description="Any of these; none is all.")
    kinds: list[KindName] = Field(default=[], description="Any of these; none is all.")
    memory_store_id: str = ""
    dream_id: str = ""
    changeset_id: str = ""
    order: Literal["newest", "queue"] = Field(
        default="newest", description="`queue`: what waits, by age within risk."
    )


class NewDecision(Shape):
    """What becomes of a proposal."""

    verdict: Literal["accept", "reject", "withdraw"]
    reason: Literal["", "wrong", "trivial", "stale", "duplicate", "private", "other"] = Field(
        default="", description="A rejection has one."
    )
    note: str = Field(default="", max_length=2000)
    hunks: list[int] | None = Field(
        default=None, max_length=10_000, description="Of an update: take these alone, by number."
    )
    content: str | None = Field(default=None, description="Write this instead.")


class NewClaim(Shape):
    """Taking a proposal to oneself for fifteen minutes."""

    take_over: bool = Field(default=False, description="Also if somebody else holds it.")


class RevertQuery(Shape):
    """Only looking, or doing it."""

    preview: bool = Field(default=False, description="Change nothing; say what it would do.")


class NewRevert(Shape):
    """Taking a decision back."""

    token: str = Field(
        default="",
        max_length=64,
        description="Of the preview. Needed where something was built on the acceptance since.",
    )
    note: str = Field(default="", max_length=2000)


class NewBatch(Shape):
    """Several proposals, and one verdict on them."""

    proposal_ids: list[str] = Field(min_length=1, max_length=200)
    verdict: Literal["accept", "reject"]
    reason: Literal["", "wrong", "trivial", "stale", "duplicate", "private", "other"] = ""
    note: str = Field(default="", max_length=2000)
    preview: bool = Field(default=False, description="Change nothing; say what would happen.")


class NewPolicy(Shape):
    """Who decides in a store."""

    mode: Literal["review", "auto_safe", "auto"] = Field(
        description="`review`: people alone. `auto_safe`: unflagged additions of high confidence "
        "apply by themselves. `auto`: so does everything unflagged that takes nothing away."
    )
    two_for_flagged: bool = Field(default=False, description="Two people for what is flagged.")
    two_over_sessions: int | None = Field(
        default=None,
        ge=0,
        le=1_000_000,
        description="Two people where more sessions than this read the memory within 30 days.",
    )
