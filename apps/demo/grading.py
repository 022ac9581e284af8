"""What graders and people said of the demo's work: two rubrics, some fifty evaluations, labels.

Planted: on `done` people and grader agree (kappa 0.80), on `tone` they do not (0.07), so that it is
advisory from then on; on `left` there are too few labels to say.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from apps.accounts.acting import Actor, authored
from apps.accounts.models import User, Workspace
from apps.demo.cast import SONNET
from apps.demo.stage import SOURCE
from apps.engine.pricing import Usage, token_cost
from apps.outcomes import artifacts, checks, ending, evaluating, scoring, versioning
from apps.outcomes.artifacts import Artifact
from apps.outcomes.judging import Judged
from apps.outcomes.models import (
    ArtifactKind,
    Criterion,
    Evaluation,
    HumanLabel,
    Judgement,
    Result,
    Rubric,
    RubricVersion,
    Verdict,
)
from apps.outcomes.quoting import Span
from apps.sessions.models import Event, Session

NAME = "Ready to hand over"
FIRST = """\
An answer to a colleague, who reads it without the conversation before.

## What it says
- It says what was done {#done required weight=2}
- It names what is left to do {#left}

## How it says it
- Its tone fits a busy reader {#tone}
"""
SECOND = f"{FIRST}- It is short {{#length max_words=220}}\n"
PEOPLE = ("jonas.weber", "aiko.tanaka")
# What the grader and then a person said, p or f each.
PLANTED = {
    "done": "pp " * 17 + "pf fp " + "ff " * 6,
    "tone": "pp " * 10 + "pf " * 5 + "fp " * 6 + "ff " * 4,
    "left": "pp " * 5 + "pf " + "ff " * 2,
}
LABELLED = 25
_REASONS = {
    ("done", "p"): "The work is named with its result.",
    ("done", "f"): "It tells of a plan; what came of it stays open.",
    ("left", "p"): "The next step has a name and an owner.",
    ("left", "f"): "Nothing is said of what comes next.",
    ("tone", "p"): "Plain and to the point.",
    ("tone", "f"): "It opens with more than a busy reader needs.",
}
_LONGEST_QUOTE = 140
_BEGAN = timedelta(days=45)


@dataclass(slots=True)
class _Made:
    """Rows on their way in."""

    evaluations: list[Evaluation] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    labels: list[HumanLabel] = field(default_factory=list)


@transaction.atomic
def fill(workspace: Workspace) -> None:
    """Once. The sessions of the demo must be there."""
    if Rubric.objects.visible_in(workspace).filter(name=NAME).exists():
        return
    by = Actor.system(workspace)
    sessions = list(
        Session.objects.visible_in(workspace)
        .filter(source=SOURCE)
        .select_related("agent")
        .order_by("created_at", "pk")
    )
    made = _Made()
    if sessions:
        _grade_answers(sessions, made, by)
    for session in sessions:
        _grade_outcomes(session, made, by)
    Evaluation.objects.bulk_create(made.evaluations)
    Verdict.objects.bulk_create(made.verdicts)
    HumanLabel.objects.bulk_create(made.labels)


def _grade_answers(sessions: list[Session], made: _Made, by: Actor) -> None:
    """The last answer of each session; of the first ones, people say what they think, too."""
    began = sessions[0].created_at - _BEGAN
    rubric = Rubric.objects.create(
        workspace=by.workspace,
        name=NAME,
        description="What every answer to a colleague has.",
        version=2,
        created_at=began,
        updated_at=began + timedelta(days=3),
        **authored(by),
    )
    versioning.write(rubric, 1, FIRST, by=by, at=began)
    version = versioning.write(rubric, 2, SECOND, by=by, at=rubric.updated_at)
    said = artifacts.answers(sessions)
    answered = [each for each in sessions if said.get(each.pk, "").strip()]
    planted = {key: _shuffled(key, table) for key, table in PLANTED.items()}
    people = [_person(name) for name in PEOPLE]
    criteria = list(version.criteria.in_order())
    for number, session in enumerate(answered):
        rng = Random(f"agentsite demo graded {session.public_id}")  # noqa: S311 -- a play
        told = {key: pairs[number] for key, pairs in planted.items() if number < len(pairs)}
        judged = [
            _judged(each, said[session.pk], told.get(each.key) or _any(rng), number)
            for each in criteria
        ]
        artifact = Artifact(ArtifactKind.ANSWER, said[session.pk])
        at = (session.last_event_at or session.created_at) + timedelta(minutes=4)
        evaluation = _evaluation(version, artifact, judged, session=session, at=at, by=by)
        verdicts = _take(made, evaluation, judged)
        person = people[number % len(people)]
        made.labels += _labels(verdicts, told, person, at + timedelta(hours=5))


def _grade_outcomes(session: Session, made: _Made, by: Actor) -> None:
    """What the session itself says of its outcome, criterion by criterion."""
    kinds = ("user.define_outcome", "agent.message", "span.outcome_evaluation_end")
    rows = Event.objects.filter(session=session, type__in=kinds, thread__position=0)
    if not session.outcome_evaluations:
        return
    outcome: dict[str, Any] = {}
    said = ""
    for event in rows.order_by("sequence"):
        if event.type == "user.define_outcome":
            outcome = event.payload
        elif event.type == "agent.message":
            said = event.text
        elif outcome and said and event.payload["result"] != Result.INTERRUPTED:
            _grade_iteration(session, outcome, event, said, made, by)


def _grade_iteration(
    session: Session, outcome: dict[str, Any], event: Event, said: str, made: _Made, by: Actor
) -> None:
    end = event.payload
    version = versioning.inline(by.workspace, outcome["rubric"]["content"], by=by)
    criteria = list(version.criteria.in_order())
    # Of work that is judged for the first time, more is missing.
    missing = 0 if end["result"] == Result.SATISFIED else 1 if end["iteration"] else 2
    reasons = (end["explanation"], "The work does not show it yet.")
    judged = [
        Judged(
            each,
            Judgement.FAIL if number < missing else Judgement.PASS,
            _quoted(said, number),
            reasons[number] if number < missing else "",
        )
        for number, each in enumerate(criteria)
    ]
    evaluation = _evaluation(
        version,
        Artifact(ArtifactKind.ANSWER, said),
        judged,
        session=session,
        at=event.occurred_at,
        by=by,
    )
    evaluation.outcome_id, evaluation.iteration = end["outcome_id"], end["iteration"]
    evaluation.max_iterations = outcome.get("max_iterations")
    evaluation.start_event_id = end["outcome_evaluation_start_id"]
    evaluation.result, evaluation.explanation = end["result"], end["explanation"]
    _take(made, evaluation, judged)


def _person(name: str) -> User:
    """Somebody who cannot sign in, and is no member: a name below a label."""
    unusable = {"password": make_password(None)}
    return User.objects.get_or_create(username=name, defaults=unusable)[0]


def _shuffled(key: str, table: str) -> list[str]:
    pairs = table.split()
    Random(f"agentsite demo {key}").shuffle(pairs)  # noqa: S311 -- a play
    return pairs


def _any(rng: Random) -> str:
    return "p" if rng.random() < 0.8 else "f"


def _judged(criterion: Criterion, text: str, pair: str, number: int) -> Judged:
    if criterion.check_kind:
        found = checks.check(criterion.check_kind, str(criterion.check_value), text)
        return Judged(criterion, found.verdict, None, found.reason)
    said = pair[0]
    verdict = Judgement.PASS if said == "p" else Judgement.FAIL
    is_missing = said == "f" and criterion.key == "left"
    span = None if is_missing else _quoted(text, criterion.position)
    reason = _REASONS[criterion.key, said]
    is_advisory = criterion.key == "tone" and number >= LABELLED
    return Judged(criterion, verdict, span, reason, is_advisory)


def _quoted(text: str, number: int) -> Span:
    """One of the lines that say something."""
    lines = list(_lines(text))
    start, end = lines[number % len(lines)]
    return Span(start, min(end, start + _LONGEST_QUOTE))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for line in text.splitlines(keepends=True):
        said = line.strip(" \n\t#*->|")
        if said:
            start = at + line.index(said)
            yield start, start + len(said)
        at += len(line)


def _evaluation(
    version: RubricVersion,
    artifact: Artifact,
    judged: list[Judged],
    *,
    session: Session,
    at: datetime,
    by: Actor,
) -> Evaluation:
    asked = sum(not each.criterion.check_kind for each in judged)
    usage = Usage(input=700 + len(artifact.text) // 4, output=90 * asked)
    return Evaluation(
        **evaluating.prepared(version, artifact, by=by, model=SONNET, session=session),
        status=Evaluation.Status.COMPLETED,
        result=scoring.result(judged),
        explanation=scoring.explain(judged, artifact.text),
        score=scoring.score(judged),
        input_tokens=usage.input,
        output_tokens=usage.output,
        cost=token_cost(SONNET, usage),
        created_at=at,
        started_at=at,
        ended_at=at + timedelta(seconds=6),
    )


def _take(made: _Made, evaluation: Evaluation, judged: list[Judged]) -> list[Verdict]:
    verdicts = [ending.verdict_of(evaluation, each) for each in judged]
    made.evaluations.append(evaluation)
    made.verdicts += verdicts
    return verdicts


def _labels(
    verdicts: list[Verdict], told: dict[str, str], person: User, at: datetime
) -> Iterator[HumanLabel]:
    for verdict in verdicts:
        if pair := told.get(verdict.criterion.key):
            label = Judgement.PASS if pair[1] == "p" else Judgement.FAIL
            yield HumanLabel(
                verdict=verdict, user=person, label=label, created_at=at, updated_at=at
            )
