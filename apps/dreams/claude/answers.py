"""What the model is to answer with. Descriptions are read by it; what it means is checked after."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from apps.dreams.findings import Kind
from apps.reviews import drafting
from apps.reviews.drafting import Role


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Shows(_Answer):
    """Words of one event that show it."""

    event: str = Field(description="The label of the event, as e12.")
    quote: str = Field(description="5 to 300 characters of that event, copied to the letter.")
    role: Role


class Noted(_Answer):
    """One thing to learn from the session."""

    kind: Kind
    key: str = Field(description="2 to 5 words in lower case: its heading in a handbook.")
    statement: str = Field(description="One sentence that stands alone, at most 40 words.")
    evidence: list[Shows] = Field(description="1 to 3 quotes.")


class Notes(_Answer):
    """What is to be learned from the session; often nothing."""

    notes: list[Noted]


class File(_Answer):
    """A memory that a restructuring leaves besides the one at `path`."""

    path: str
    content: str


class Edit(_Answer):
    """One edit of the store."""

    kind: drafting.Kind
    title: str = Field(description="What is found, in at most twelve words.")
    path: str = Field(description="Where the text is to stand, as /tools/search.md.")
    content: str = Field(description="The whole new text; empty for rename and retire.")
    memories: list[str] = Field(description="Labels of the memories it changes or replaces: m3.")
    patterns: list[str] = Field(description="Labels of the patterns it rests on: p2.")
    also: list[File] = Field(description="Further memories, of a restructuring only.")
    rationale: str = Field(description="Why, for the reviewer: one or two sentences.")
    certainty: Literal["low", "medium", "high"]


class Skipped(_Answer):
    """A pattern that no edit is made of."""

    pattern: str
    reason: Literal["known already", "nothing to act on", "particular to a case", "not borne out"]


class Edits(_Answer):
    """All edits, and the patterns that none is made of."""

    edits: list[Edit]
    skipped: list[Skipped]
