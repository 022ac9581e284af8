"""One rubric, evaluation, run or verdict of a workspace, or a refusal that says what is missing."""

import re

from apps.accounts.models import User, Workspace
from apps.core import payloads
from apps.core.errors import NotFound
from apps.outcomes.models import Evaluation, EvaluationRun, Rubric, RubricVersion, Verdict

# What the column holds; anything else is no version, either.
_NUMBER = re.compile(r"[0-9]{1,9}")


class NoSuchRubric(NotFound):
    """There is no such rubric in this workspace."""


class NoSuchVersion(NotFound):
    """This rubric has no such version."""


class NoSuchEvaluation(NotFound):
    """There is no such evaluation in this workspace."""


class NoSuchRun(NotFound):
    """There is no such run of evaluations in this workspace."""


class NoSuchMember(NotFound):
    """There is no such member in this workspace."""


class NoSuchVerdict(NotFound):
    """This evaluation has no such verdict."""


def rubric(workspace: Workspace, rubric_id: str) -> Rubric:
    """The rubric, archived or not. Raises NoSuchRubric."""
    rows = Rubric.objects.visible_in(workspace).select_related("workspace")
    found = rows.filter(pk=payloads.storable(rubric_id)).first()
    if found is None:
        raise NoSuchRubric
    return found


def version(rubric: Rubric, number: int | str | None = None) -> RubricVersion:
    """This version of it, or else its newest, with its criteria. Raises NoSuchVersion."""
    rows = rubric.versions.select_related("rubric__workspace").prefetch_related("criteria")
    wanted = str(rubric.version if number is None else number)
    found = rows.filter(number=int(wanted)).first() if _NUMBER.fullmatch(wanted) else None
    if found is None:
        raise NoSuchVersion
    return found


def evaluation(workspace: Workspace, evaluation_id: str) -> Evaluation:
    """The evaluation with its rubric and session. Raises NoSuchEvaluation."""
    rows = Evaluation.objects.visible_in(workspace)
    rows = rows.select_related("workspace", "rubric_version__rubric", "session")
    found = rows.filter(pk=payloads.storable(evaluation_id)).first()
    if found is None:
        raise NoSuchEvaluation
    return found


def run(workspace: Workspace, run_id: str) -> EvaluationRun:
    """The run with its rubric. Raises NoSuchRun."""
    rows = EvaluationRun.objects.visible_in(workspace)
    rows = rows.with_counts().select_related("workspace", "rubric_version__rubric")
    found = rows.filter(pk=payloads.storable(run_id)).first()
    if found is None:
        raise NoSuchRun
    return found


def verdict(workspace: Workspace, verdict_id: str) -> Verdict:
    """The verdict, its evaluation and criterion loaded. Raises NoSuchVerdict."""
    rows = Verdict.objects.visible_in(workspace).select_related("evaluation", "criterion")
    found = rows.filter(pk=payloads.storable(verdict_id)).first()
    if found is None:
        raise NoSuchVerdict
    return found


def verdict_on(evaluation: Evaluation, key: str) -> Verdict:
    """The evaluation's verdict on the criterion with this key. Raises NoSuchVerdict."""
    found = evaluation.verdicts.filter(criterion__key=payloads.storable(key)).first()
    if found is None:
        raise NoSuchVerdict
    return found


def member(workspace: Workspace, user_id: str) -> User:
    """Raises NoSuchMember."""
    people = User.objects.filter(memberships__workspace=workspace)
    found = people.filter(public_id=payloads.storable(user_id)).first()
    if found is None:
        raise NoSuchMember
    return found
