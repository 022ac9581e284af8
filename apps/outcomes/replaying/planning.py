"""What a trial would try, and about what it would cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings

from apps.core.errors import DomainError
from apps.engine import connecting
from apps.engine.pricing import Usage, token_cost
from apps.outcomes import estimating
from apps.outcomes.estimating import BESIDE, tokens
from apps.outcomes.judging import total
from apps.outcomes.models import RubricVersion
from apps.outcomes.replaying import choosing, remembering
from apps.outcomes.replaying.asking import SYSTEM
from apps.outcomes.replaying.choosing import Past
from apps.outcomes.replaying.remembering import Sides
from apps.reviews.models import Proposal

SESSIONS = 5
_ANSWER = 2_800
"""Characters that an answer has, by and large."""


class NotWaiting(DomainError):
    """This proposal is decided: there is nothing to try out any more."""


class NothingToTry(DomainError):
    """No past session has a task that this proposal could be tried on. Choose a rubric, or wait
    until sessions of its agents have been judged."""


class NothingChanges(DomainError):
    """The store says all this already: both sides would be the same."""


@dataclass(frozen=True, slots=True)
class TrialPlan:
    """How a proposal is to be tried. Without a rubric each session's own outcome is used."""

    version: RubricVersion | None = None
    sessions: int = SESSIONS
    model: str = ""
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Prospect:
    """What would be tried. `cost` in US dollars; None: a model has no list price."""

    past: Sequence[Past]
    sides: Sides
    model: str
    grader: str
    cost: Decimal | None


def prospect(proposal: Proposal, plan: TrialPlan) -> Prospect:
    """Look at what would be tried; nothing is asked. Its store and workspace must be loaded.

    Raises NotWaiting, NothingChanges, NothingToTry, OutOfDate.
    """
    if not proposal.is_waiting:
        raise NotWaiting
    found = remembering.effects(proposal)
    if not found:
        raise NothingChanges
    past = choosing.chosen(
        proposal,
        remembering.touched(found),
        min(plan.sessions, settings.OUTCOME_TRIAL_SESSIONS),
        by_own_outcome=plan.version is None,
    )
    if not past:
        raise NothingToTry
    sides = remembering.sides(proposal, found, [each.session for each in past])
    grader = connecting.default_model(proposal.workspace, "grading")
    model = plan.model or grader
    return Prospect(past, sides, model, grader, _cost(past, sides, plan.version, (model, grader)))


def _cost(
    past: Sequence[Past], sides: Sides, version: RubricVersion | None, models: tuple[str, str]
) -> Decimal | None:
    memory = len(sides.before) + len(sides.after)
    asked = (memory + 2 * (len(SYSTEM) + len(each.task)) for each in past)
    read = sum(tokens(each) + 2 * BESIDE for each in asked)
    written = 2 * len(past) * tokens(_ANSWER)
    graded = total([_graded(each, version) for each in past] * 2)
    costs = token_cost(models[0], Usage(read, written)), token_cost(models[1], graded)
    return None if None in costs else sum(filter(None, costs), Decimal(0))


def _graded(past: Past, version: RubricVersion | None) -> Usage:
    """One side of a task. Of a rubric that is still to be read each 200 characters ask one."""
    if version is not None:
        return estimating.graded(len(version.content), _ANSWER, version.criteria.by_model().count())
    text = str(((past.outcome or {}).get("rubric") or {}).get("content") or "")
    return estimating.graded(len(text), _ANSWER, 1 + len(text) // 200)
