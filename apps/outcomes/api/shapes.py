"""What requests about rubrics and evaluations look like."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from apps.core.api.shapes import PageQuery, Shape
from apps.core.api.times import CreatedQuery
from apps.outcomes.actions.evaluations import ArtifactRef, RubricRef
from apps.outcomes.batching import MOST_SESSIONS
from apps.outcomes.models.rubric import LONGEST_RUBRIC
from apps.sessions.models import Source, Status

MOST_ITERATIONS = 20


def _day(given: object) -> object:
    """Bodies are JSON, which has no dates of its own."""
    return date.fromisoformat(given) if isinstance(given, str) else given


Day = Annotated[date, BeforeValidator(_day)]
Id = Annotated[str, Field(min_length=1, max_length=256)]
ModelId = Annotated[str, Field(min_length=1, max_length=256)]
Name = Annotated[str, Field(min_length=1, max_length=255)]
Content = Annotated[str, Field(min_length=1, max_length=LONGEST_RUBRIC)]
Dollars = Annotated[str, Field(pattern=r"^[0-9]{1,6}(\.[0-9]{1,4})?$")]
Description = Annotated[str, Field(max_length=10_000)]


class NewRubric(Shape):
    """A rubric."""

    name: Name
    content: Content = Field(description="Markdown; each bullet is a criterion.")
    description: Description = ""


class RubricPatch(Shape):
    """What is to change. Omitted keys keep what is there."""

    name: Name | None = None
    content: Content | None = Field(default=None, description="Another text is another version.")
    description: Description | None = None
    version: int | None = Field(
        default=None, description="Change it only if this is its newest version."
    )


class RubricsQuery(PageQuery):
    """Which rubrics."""

    include_archived: bool = False
    origin: Literal["library", "session"] | None = Field(
        default="library", description="Written for the library, or come with a session's outcome."
    )


class TextRubric(Shape):
    """A rubric by its text. The same text is the same rubric."""

    type: Literal["text"]
    content: Content

    def ref(self) -> RubricRef:
        return RubricRef(content=self.content)


class FileRubric(Shape):
    """A rubric that a file holds."""

    type: Literal["file"]
    file_id: Id

    def ref(self) -> RubricRef:
        return RubricRef(file_id=self.file_id)


class KeptRubric(Shape):
    """A rubric of this workspace."""

    type: Literal["rubric"]
    rubric_id: Id
    version: int | None = Field(default=None, ge=1, description="Omitted, its newest.")

    def ref(self) -> RubricRef:
        return RubricRef(rubric_id=self.rubric_id, version=self.version)


AnyRubric = Annotated[TextRubric | FileRubric | KeptRubric, Field(discriminator="type")]


class TextArtifact(Shape):
    """A text."""

    type: Literal["text"]
    text: Annotated[str, Field(min_length=1)]

    def ref(self) -> ArtifactRef:
        return ArtifactRef(text=self.text)


class FileArtifact(Shape):
    """A file of this workspace, in UTF-8."""

    type: Literal["file"]
    file_id: Id

    def ref(self) -> ArtifactRef:
        return ArtifactRef(file_id=self.file_id)


class SessionArtifact(Shape):
    """What a session delivered: the file named, or its last one, or the agent's last message."""

    type: Literal["session_deliverable"]
    session_id: Id
    file_id: Id | None = None
    path: Annotated[str, Field(min_length=1, max_length=1_000)] | None = Field(
        default=None, description="As `/mnt/session/outputs/report.md`."
    )

    def ref(self) -> ArtifactRef:
        return ArtifactRef(
            session_id=self.session_id, file_id=self.file_id or "", path=self.path or ""
        )


AnyArtifact = Annotated[TextArtifact | FileArtifact | SessionArtifact, Field(discriminator="type")]


class NewEvaluation(Shape):
    """Something to grade, and what by."""

    rubric: AnyRubric
    artifact: AnyArtifact
    model: ModelId | None = Field(default=None, description="Omitted, the workspace's grader.")
    session_id: Id | None = Field(
        default=None, description="Whose work a text or file is; a deliverable says so itself."
    )
    iteration: int = Field(default=0, ge=0, le=1_000, description="The first is 0.")
    max_iterations: Annotated[int, Field(ge=1, le=MOST_ITERATIONS)] | None = Field(
        default=None,
        description="With it, work that falls short in the last one is `max_iterations_reached`.",
    )


class EvaluateOutcome(Shape):
    """How the session's outcome is to be judged."""

    model: ModelId | None = Field(default=None, description="Omitted, the workspace's grader.")


class EvaluationsQuery(CreatedQuery, PageQuery):
    """Which evaluations."""

    session_id: str = ""
    rubric_id: str = ""
    run_id: str = ""
    result: (
        Literal["satisfied", "needs_revision", "max_iterations_reached", "failed", "interrupted"]
        | None
    ) = None
    statuses: list[Literal["pending", "running", "completed", "failed", "canceled"]] = Field(
        default=[], description="Any of these."
    )


class SessionsFilter(Shape):
    """Which sessions, newest first: those that pass all of it."""

    session_ids: list[Id] = Field(default=[], max_length=MOST_SESSIONS)
    agent_id: Id | None = None
    status: Literal[*Status.values] | None = None  # type: ignore[valid-type]  # the same words
    source: Literal[*Source.values] | None = None  # type: ignore[valid-type]
    outcome: Annotated[str, Field(min_length=1, max_length=32)] | None = None
    tool: Annotated[str, Field(min_length=1, max_length=128)] | None = None
    created_from: Day | None = None
    created_to: Day | None = None
    errors_only: bool = False
    q: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    limit: int = Field(default=100, ge=1, le=MOST_SESSIONS)

    def told(self) -> dict[str, Any]:
        """As it was asked for."""
        return self.model_dump(mode="json", exclude_unset=True)


class NewRun(Shape):
    """Sessions to grade alike."""

    rubric: AnyRubric
    sessions: SessionsFilter = Field(default=SessionsFilter())
    model: ModelId | None = Field(default=None, description="Omitted, the workspace's grader.")
    max_cost: Dollars | None = Field(
        default=None, description="US dollars, as `2.50`: what is left then is canceled."
    )


class RunsQuery(PageQuery):
    """Which runs."""

    rubric_id: str = ""


class NewLabel(Shape):
    """What a person says of a criterion that was judged."""

    criterion: Annotated[str, Field(min_length=1, max_length=128)] = Field(description="Its key.")
    user_id: Id = Field(description="Whose word it is: a member of this workspace.")
    label: Literal["pass", "fail", "unclear"]
    note: Annotated[str, Field(max_length=4_000)] = ""
