"""What sessions' work fell short of, graded apart from them: no event tells of it."""

from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from apps.outcomes import gating
from apps.outcomes.models import Evaluation, Judgement, RubricVersion, Verdict

_SAID = ("criterion__text", "reason", "quote")


class Shortfall(NamedTuple):
    """A criterion that was not met, why, and the words of the work that show it."""

    criterion: str
    reason: str
    quote: str


def of(session_ids: Collection[int]) -> dict[int, list[Shortfall]]:
    """By session, of the newest evaluation by each rubric. The caller has limited the sessions.

    What is unclear is left out, what was advisory or is so by now, and what no words show: nobody
    could look it up.
    """
    graded = Evaluation.objects.apart().filter(session__in=session_ids)
    newest = graded.order_by("session", "rubric_version__rubric", "-created_at", "-pk").distinct(
        "session", "rubric_version__rubric"
    )
    verdicts = Verdict.objects.filter(
        evaluation__in=newest.values("pk"), verdict=Judgement.FAIL, was_advisory=False
    ).exclude(quote="")
    rows = list(
        verdicts.order_by("evaluation", "criterion__position").values_list(
            "criterion__rubric_version",
            "evaluation__model",
            "criterion__key",
            "evaluation__session",
            *_SAID,
        )
    )
    graders = {(version, model) for version, model, *_ in rows}
    versions = RubricVersion.objects.in_bulk({version for version, _ in graders})
    advisory = {each: gating.advisory(versions[each[0]], each[1]) for each in graders}
    found: dict[int, list[Shortfall]] = defaultdict(list)
    for version, model, key, session_id, *said in rows:
        if key not in advisory[version, model]:
            found[session_id].append(Shortfall(*said))
    return found
