"""One rubric, evaluation, run or verdict of a workspace, or a refusal that says what is missing."""

from apps.accounts.models import Workspace
from apps.core import payloads
from apps.core.errors import NotFound
from apps.outcomes.models import Evaluation, EvaluationRun, Rubric, RubricVersion, Verdict


class NoSuchRubric(NotFound):
    """There is no such rubric in this workspace."""


class NoSuchVersion(NotFound):
    """This rubric has no such version."""


class NoSuchEvaluation(NotFound):
    """There is no such evaluation in this workspace."""


class NoSuchRun(NotFound):
    """There is no such run of evaluations in this workspace."""


class NoSuchVerdict(NotFound):
    """This evaluation has no such verdict."""


def rubric(workspace: Workspace, rubric_id: str) -> Rubric:
    """The rubric, archived or not. Raises NoSuchRubric."""
    rows = Rubric.objects.visible_in(workspace).select_related("workspace")
    found = rows.filter(pk=payloads.storable(rubric_id)).first()
    if found is None:
        raise NoSuchRubric
    return found


def version(rubric: Rubric, number: int | None = None) -> RubricVersion:
    """This version of it, or else its newest, with its criteria. Raises NoSuchVersion."""
    rows = rubric.versions.select_related("rubric__workspace").prefetch_related("criteria")
    wanted = rubric.version if number is None else number
    # A number beyond the column's is no version, either.
    found = rows.filter(number=wanted).first() if 0 < wanted < 2**31 else None
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
    rows = rows.select_related("workspace", "rubric_version__rubric")
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
