"""Starting and canceling trials of proposals."""

from collections.abc import Iterable, Iterator

from django.db import IntegrityError, transaction

from apps.accounts.acting import Actor, authored, note
from apps.core import payloads
from apps.core.errors import Conflict, DomainError, NotFound
from apps.core.queue import hand_out
from apps.engine import connecting
from apps.engine.asking import NoKey
from apps.outcomes import evaluating, tasks
from apps.outcomes.models import RubricVersion, Trial, TrialCase
from apps.outcomes.replaying import planning, trying
from apps.outcomes.replaying.choosing import Past
from apps.outcomes.replaying.planning import NothingToTry, Prospect, TrialPlan
from apps.reviews import finding
from apps.reviews.models import Proposal


class NoSuchTrial(NotFound):
    """This proposal has no such trial."""


class TrialRuns(Conflict):
    """This proposal is being tried already. Wait for that trial, or cancel it."""


class TrialEnded(DomainError):
    """This trial has ended: there is nothing left to cancel."""


def preview_trial(*, proposal_id: str, plan: TrialPlan, by: Actor) -> Prospect:
    """What it would try, and about what it would cost; nothing is asked and nothing is kept.

    Raises what starting one raises, and not NoKey or TrialRuns.
    """
    return planning.prospect(_proposal(proposal_id, by), plan)


@transaction.atomic
def start_trial(*, proposal_id: str, plan: TrialPlan, by: Actor) -> Trial:
    """Try a waiting proposal on past sessions. Deciding it does not wait for this.

    Raises NoSuchProposal, NotWaiting, NothingChanges, NothingToTry, OutOfDate, NoKey, TrialRuns.
    """
    proposal = _proposal(proposal_id, by)
    if not connecting.is_connected(by.workspace):
        raise NoKey
    found = planning.prospect(proposal, plan)
    graded = list(_graded(found.past, plan.version, by))
    if not graded:
        raise NothingToTry
    trial = _begun(proposal, plan, found, len(graded), by)
    cases = TrialCase.objects.bulk_create(
        TrialCase(
            trial=trial,
            session=past.session,
            side=side,
            position=position,
            rubric_version=version,
            task=past.task,
        )
        for position, (past, version) in enumerate(graded)
        for side in TrialCase.Side.values
    )
    after = {"proposal_id": proposal.pk, "sessions": len(graded), "model": trial.model}
    note(by, "trial.created", trial.pk, after=after)
    hand_out(tasks.run_trial_case, "case_id", [each.pk for each in cases])
    return trial_of(proposal, trial.pk)


@transaction.atomic
def cancel_trial(*, proposal_id: str, trial_id: str, by: Actor) -> Trial:
    """End it at once, with what is done; once more changes nothing.

    Raises NoSuchProposal, NoSuchTrial, TrialEnded.
    """
    proposal = _proposal(proposal_id, by)
    trial = trial_of(proposal, trial_id)
    if trial.status == Trial.Status.CANCELED:
        return trial
    if not trying.stop(trial.pk, Trial.Status.CANCELED):
        raise TrialEnded
    note(by, "trial.canceled", trial.pk)
    return trial_of(proposal, trial_id)


def trial_of(proposal: Proposal, trial_id: str) -> Trial:
    """With what came of each task. Raises NoSuchTrial."""
    rows = Trial.objects.for_list().filter(proposal=proposal)
    found = rows.filter(pk=payloads.storable(trial_id)).first()
    if found is None:
        raise NoSuchTrial
    return found


def _proposal(proposal_id: str, by: Actor) -> Proposal:
    found = finding.proposal(by.workspace, proposal_id)
    found.workspace = found.store.workspace = by.workspace
    return found


def _begun(proposal: Proposal, plan: TrialPlan, found: Prospect, count: int, by: Actor) -> Trial:
    """Raises TrialRuns."""
    try:
        with transaction.atomic():
            return Trial.objects.create(
                workspace=by.workspace,
                proposal=proposal,
                rubric_version=plan.version,
                model=found.model,
                grader=found.grader,
                session_count=count,
                before=found.sides.before,
                after=found.sides.after,
                left_out=found.sides.left_out,
                estimated_cost=found.cost,
                cap=plan.cap,
                **authored(by),
            )
    except IntegrityError as error:
        raise TrialRuns from error


def _graded(
    past: Iterable[Past], version: RubricVersion | None, by: Actor
) -> Iterator[tuple[Past, RubricVersion]]:
    """Each with what it is graded by; those whose own rubric is gone are left out."""
    for each in past:
        own = version or _own(each, by)
        if own is not None:
            yield each, own


def _own(past: Past, by: Actor) -> RubricVersion | None:
    try:
        return evaluating.rubric_of(past.outcome or {}, by=by)
    except DomainError:
        return None
