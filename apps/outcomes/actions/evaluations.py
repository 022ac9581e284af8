"""Starting and canceling evaluations."""

from dataclasses import dataclass

from django.db import transaction

from apps.accounts.acting import Actor, note
from apps.core.errors import DomainError
from apps.core.queue import hand_out
from apps.outcomes import artifacts, ending, evaluating, finding, tasks, versioning
from apps.outcomes.artifacts import Artifact
from apps.outcomes.models import Evaluation, RubricVersion
from apps.sessions import finding as sessions
from apps.sessions.models import Session


class AlreadyEnded(DomainError):
    """This evaluation has ended: there is nothing left to cancel."""


class AnotherSession(DomainError):
    """session_id: a deliverable is the work of its own session, and of no other."""


@dataclass(frozen=True, slots=True)
class RubricRef:
    """A rubric by its text, by the file that holds it, or by its id and version."""

    content: str = ""
    file_id: str = ""
    rubric_id: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class ArtifactRef:
    """What to grade: a text, a file, or what a session delivered, by id or path or the last."""

    text: str = ""
    file_id: str = ""
    session_id: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class EvaluationPlan:
    """What to grade by what."""

    rubric: RubricRef
    artifact: ArtifactRef
    model: str = ""
    session_id: str = ""
    """Whose work it is."""
    iteration: int = 0
    max_iterations: int | None = None


@transaction.atomic
def create_evaluation(plan: EvaluationPlan, *, by: Actor) -> Evaluation:
    """Have something graded. Raises what finding the rubric and the artifact raise, and NoKey."""
    session = _session(plan, by)
    evaluation = evaluating.started(
        rubric_version(plan.rubric, by=by),
        _artifact(plan.artifact, session, by),
        by=by,
        model=plan.model,
        session=session,
        iteration=plan.iteration,
        max_iterations=plan.max_iterations,
    )
    return _handed_out(evaluation, by)


@transaction.atomic
def evaluate_session_outcome(*, session_id: str, model: str = "", by: Actor) -> Evaluation:
    """Have the session's open outcome judged by what its agent came to since the last time.

    Raises what `evaluating.evaluate_outcome` raises, and NothingNew.
    """
    session = sessions.plain(by.workspace, session_id)
    evaluating.require_news(session, evaluating.open_outcome_id(session))
    evaluation = evaluating.evaluate_outcome(session_id, by=by, model=model)
    return _handed_out(evaluation, by)


@transaction.atomic
def cancel_evaluation(*, evaluation_id: str, by: Actor) -> Evaluation:
    """End it at once; once more changes nothing. An outcome is given up with it.

    Raises NoSuchEvaluation, AlreadyEnded.
    """
    evaluation = finding.evaluation(by.workspace, evaluation_id)
    if evaluation.status == Evaluation.Status.CANCELED:
        return evaluation
    if not ending.cancel(evaluation):
        raise AlreadyEnded
    note(by, "outcome_evaluation.canceled", evaluation.pk)
    return finding.evaluation(by.workspace, evaluation_id)


def rubric_version(ref: RubricRef, *, by: Actor) -> RubricVersion:
    """Raises NoSuchRubric, NoSuchVersion, NoSuchFile, and what reading a file raises."""
    if ref.rubric_id:
        return finding.version(finding.rubric(by.workspace, ref.rubric_id), ref.version)
    content = ref.content
    if ref.file_id:
        content = artifacts.of_file(by.workspace, ref.file_id).text
    return versioning.inline(by.workspace, content, by=by)


def _session(plan: EvaluationPlan, by: Actor) -> Session | None:
    named = {plan.session_id, plan.artifact.session_id} - {""}
    if len(named) > 1:
        raise AnotherSession
    return sessions.plain(by.workspace, named.pop()) if named else None


def _artifact(ref: ArtifactRef, session: Session | None, by: Actor) -> Artifact:
    if ref.session_id and session is not None:
        return artifacts.of_session(session, file_id=ref.file_id, path=ref.path)
    if ref.file_id:
        return artifacts.of_file(by.workspace, ref.file_id)
    return artifacts.of_text(ref.text)


def _handed_out(evaluation: Evaluation, by: Actor) -> Evaluation:
    after = {
        "rubric_version_id": evaluation.rubric_version_id,
        "model": evaluation.model,
        "artifact_sha256": evaluation.artifact_sha256,
    }
    note(by, "outcome_evaluation.created", evaluation.pk, after=after)
    hand_out(tasks.run_evaluation, "evaluation_id", [evaluation.pk])
    return finding.evaluation(by.workspace, evaluation.pk)
