"""The smallest valid rubrics and evaluations. A test names only what it is about."""

import hashlib

from apps.outcomes.models import Criterion, Evaluation, Rubric, RubricVersion, Verdict
from tests import make


def rubric(name="Tone", *, of=None, **fields):
    return Rubric.objects.create(workspace=of or make.workspace(), name=name, **fields)


def version(of=None, number=1, content="- It is polite."):
    sha = hashlib.sha256(content.encode()).hexdigest()
    return RubricVersion.objects.create(
        rubric=of or rubric(), number=number, content=content, sha256=sha
    )


def criterion(of, key="polite", position=0, **fields):
    return Criterion.objects.create(
        rubric_version=of, key=key, position=position, **{"text": "It is polite."} | fields
    )


def evaluation(of=None, *, artifact="Thank you.", **fields):
    of = of or version()
    given = {"model": "claude-haiku-4-5", "artifact_kind": "text", "artifact": artifact}
    return Evaluation.objects.create(
        workspace=of.rubric.workspace,
        rubric_version=of,
        artifact_sha256=hashlib.sha256(artifact.encode()).hexdigest(),
        **given | fields,
    )


def verdict(of=None, on=None, **fields):
    of = of or evaluation()
    on = on or criterion(of.rubric_version)
    return Verdict.objects.create(
        evaluation=of, criterion=on, **{"verdict": "pass", "by": "model"} | fields
    )
