"""The evaluation of a session's outcome (contract: 3.7): what the turn loop, or a person, begins.

    user.define_outcome → the agent works → evaluate_outcome → the agent works on, or it ends

An iteration is begun under the session's lock and told by it at once; a worker grades it. Begun
again meanwhile, it is the same one.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from apps.accounts.acting import Actor, authored
from apps.core.errors import Conflict, DomainError
from apps.core.ids import new_id
from apps.engine import connecting
from apps.engine.asking import NoKey
from apps.outcomes import artifacts, ending, telling, versioning
from apps.outcomes.artifacts import Artifact
from apps.outcomes.models import Evaluation, RubricVersion
from apps.sessions import finding, wire
from apps.sessions.accepting import OUTCOME, RecordedElsewhere
from apps.sessions.models import Event, Session, Source


class NoOutcome(DomainError):
    """This session has no open outcome. Define one with `user.define_outcome` first."""


class NoRubric(DomainError):
    """This outcome has no rubric that says anything."""


class NothingNew(Conflict):
    """The agent has delivered and said nothing since the last evaluation."""


@transaction.atomic
def evaluate_outcome(session_id: str, *, by: Actor, model: str = "") -> Evaluation:
    """Begin the next iteration of the session's open outcome, or go on with the one that runs.

    Raises NoSuchSession, RecordedElsewhere, NoOutcome, NoKey, and what `rubric_of` and finding the
    artifact raise.
    """
    session = finding.locked(session_id, by=by)
    outcome = _open_outcome(session)
    known = Evaluation.objects.filter(session=session, outcome_id=outcome["outcome_id"])
    if running := known.unended().first():
        return running
    version = rubric_of(outcome, by=by)
    evaluation = started(
        version,
        artifacts.of_session(session),
        model=model,
        by=by,
        session=session,
        outcome_id=outcome["outcome_id"],
        iteration=_iterations(session, outcome["outcome_id"]),
        max_iterations=outcome.get("max_iterations"),
        start_event_id=new_id("sevt"),
    )
    telling.begun(evaluation)
    return evaluation


def interrupt(session: Session) -> None:
    """Give up what the session works on, if it is anything. It is locked."""
    session.refresh_from_db(fields=["outcome_evaluations"])
    outcome_id = open_outcome_id(session)
    if not outcome_id:
        return
    known = Evaluation.objects.filter(session=session, outcome_id=outcome_id)
    running = known.unended().select_related("workspace", "session").first()
    if running is not None:
        ending.cancel(running)
    else:
        telling.interrupted(session, outcome_id, _iterations(session, outcome_id))


def rubric_of(outcome: Mapping[str, Any], *, by: Actor) -> RubricVersion:
    """What an outcome was defined with, here or in a record of elsewhere.

    Raises NoRubric, NoSuchFile, FileExpired, NotText, NothingInIt, TooLong.
    """
    told = outcome.get("rubric")
    rubric = told if isinstance(told, dict) else {}
    if rubric.get("type") == "file":
        content = artifacts.of_file(by.workspace, str(rubric.get("file_id"))).text
    else:
        content = str(rubric.get("content") or "")
    if not content.strip():
        raise NoRubric
    return versioning.inline(by.workspace, content, by=by)


def require_news(session: Session, outcome_id: str) -> None:
    """Raises NothingNew if the agent has said and delivered nothing since it was judged."""
    known = Evaluation.objects.filter(
        session=session, outcome_id=outcome_id, ended_at__isnull=False
    )
    last = known.order_by("-created_at", "-pk").first()
    if last is None:
        return
    start = Event.objects.filter(session=session, public_id=last.start_event_id).first()
    since = start.sequence if start else 0
    said = Event.objects.filter(session=session, type="agent.message", sequence__gt=since)
    delivered = artifacts.delivered([session]).filter(created_at__gt=last.created_at)
    if not said.exists() and not delivered.exists():
        raise NothingNew


def started(
    version: RubricVersion,
    artifact: Artifact,
    *,
    by: Actor,
    model: str = "",
    session: Session | None = None,
    **fields: Any,
) -> Evaluation:
    """Make an evaluation that waits for a worker; the session's agent must be loaded.

    Raises NoKey.
    """
    require_grader(version)
    return Evaluation.objects.create(
        **prepared(version, artifact, by=by, model=model, session=session), **fields
    )


def prepared(
    version: RubricVersion,
    artifact: Artifact,
    *,
    by: Actor,
    model: str = "",
    session: Session | None = None,
) -> dict[str, Any]:
    """The columns of an evaluation that say what is graded, by whom and for whom."""
    return {
        "workspace": by.workspace,
        "rubric_version": version,
        "model": model or connecting.default_model(by.workspace, "grading"),
        "artifact_kind": artifact.kind,
        "artifact_name": artifact.name,
        "artifact": artifact.text,
        "artifact_sha256": versioning.digest(artifact.text),
        "session": session,
        **_agent(session),
        **authored(by),
    }


def require_grader(version: RubricVersion) -> None:
    """Raises NoKey if a model must judge, and none is connected. Its rubric must be loaded."""
    is_asked = version.criteria.by_model().exists()
    if is_asked and not connecting.is_connected(version.rubric.workspace):
        raise NoKey


def _agent(session: Session | None) -> dict[str, Any]:
    if session is None:
        return {}
    return {
        "agent_id": session.agent.public_id,
        "agent_name": session.agent.name,
        "agent_version": session.agent_version,
    }


def open_outcome_id(session: Session) -> str:
    """The outcome that the session works on; empty: none."""
    for each in reversed(wire.evaluations(session)):
        if each["result"] not in wire.FINAL_RESULTS:
            return str(each["outcome_id"])
    return ""


def _open_outcome(session: Session) -> dict[str, Any]:
    """What was defined, as it was sent. Raises RecordedElsewhere, NoOutcome."""
    if session.source != Source.API:
        raise RecordedElsewhere
    outcome_id = open_outcome_id(session)
    for event in Event.objects.filter(session=session, type=OUTCOME).order_by("-sequence"):
        payload: dict[str, Any] = event.payload
        if outcome_id and payload.get("outcome_id") == outcome_id:
            return payload
    raise NoOutcome


def _iterations(session: Session, outcome_id: str) -> int:
    """How often the outcome was judged."""
    done = (
        each["iteration"]
        for each in session.outcome_evaluations
        if each["outcome_id"] == outcome_id and each["completed_at"]
    )
    return max(done, default=-1) + 1
