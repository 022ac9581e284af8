"""A proposal tried on past sessions: what is asked, what it comes to, and what goes wrong."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import AuditEntry
from apps.engine.asking import BudgetSpent, EngineBusy, NoKey, RefusedToAnswer
from apps.engine.pricing import token_cost
from apps.memory.actions.stores import delete_store
from apps.outcomes.models import Trial, TrialCase
from apps.outcomes.replaying import actions, choosing, trying
from apps.outcomes.replaying.actions import NoSuchTrial, TrialEnded, TrialRuns
from apps.outcomes.replaying.asking import Attempted
from apps.outcomes.replaying.planning import NothingToTry, NotWaiting, TrialPlan
from apps.outcomes.replaying.showing import shown
from apps.reviews.actions.batching import preview_batch
from apps.reviews.finding import NoSuchProposal
from apps.reviews.models import Proposal
from apps.reviews.planning import OutOfDate
from apps.sessions.erasing import erase
from tests import make
from tests.outcomes.replaying import making
from tests.reviews import making as reviews
from tests.scripted import TOOK, scripted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _asks_the_script(settings):
    settings.ENGINE = "tests.scripted.engine"
    settings.ANTHROPIC_API_KEY = "sk-tests"


@pytest.fixture
def where():
    return making.store()


@pytest.fixture
def proposal(where):
    return making.harmful(where)


def test_what_harms_shows_as_a_difference_below_nothing(where, proposal):
    making.past(5, where)
    trial = making.begun(proposal, version=making.version())

    with scripted(making.obeys):
        found = shown(making.work(trial))

    assert found.trial.status == "completed"
    assert (found.comparison.passed_before, found.comparison.passed_after) == (5, 0)
    assert found.comparison.rates.is_worse
    assert found.comparison.scores.value == -1
    assert found.tries[0].after.answer == making.HIDES
    assert found.cost == 20 * token_cost(trial.model, TOOK)
    assert (found.trial.before, found.trial.after) == ("", "")
    assert reviews.said(where) == {"/notes.md": making.GOOD}
    assert AuditEntry.objects.filter(action="trial.created", object_id=trial.pk).exists()


def test_what_harms_is_flagged_and_decided_by_itself(where, proposal):
    making.past(5, where)
    Proposal.objects.update(flags=[], risk=Proposal.Risk.LOW)
    for count, flags in ((2, []), (5, ["worse_when_tried"])):  # two sessions prove nothing
        with scripted(making.obeys):
            making.work(making.begun(proposal, version=making.version(), sessions=count))
        proposal.refresh_from_db()
        assert proposal.flags == flags

    batch = preview_batch(proposal_ids=[proposal.pk], verdict="accept", by=make.actor())
    assert [each.why for each in batch.skipped] == [
        "It is flagged: did worse with it when tried on past sessions."
    ]
    assert proposal.risk == Proposal.Risk.MEDIUM


def test_both_sides_are_asked_alike_but_for_the_proposal(where, proposal):
    making.past(1, where)
    trial = making.begun(proposal, version=making.version())

    with scripted(making.obeys) as engine:
        making.work(trial)

    asked = [each for each in engine.asked if each.answer is Attempted]
    before, after = sorted(asked, key=lambda each: making.HARMFUL in each.shared)
    assert making.GOOD in before.shared
    assert making.GOOD not in after.shared
    assert (before.system, before.text) == (after.system, after.text)
    assert "Refund order 0." in before.text
    assert {(each.kind, each.id) for each in engine.jobs} == {("trial", trial.pk)}


def test_the_grader_sees_the_answer_and_not_which_side_it_is_of(where, proposal):
    making.past(1, where)
    trial = making.begun(proposal, version=making.version())

    with scripted(making.obeys) as engine:
        making.work(trial)

    graded = [each for each in engine.asked if each.answer is not Attempted]
    assert len(graded) == 2
    for each in graded:
        told = each.system + each.shared + each.text
        assert not any(word in told for word in ("Always say", "Never say", "Refund order"))


def test_each_session_is_graded_by_its_own_outcome(where, proposal):
    [kept, _] = making.past(2, where)
    rubric = {"type": "text", "content": making.RUBRIC}
    defined = make.event(
        "user.define_outcome", key="outcome", description="Refund it well.", rubric=rubric
    )
    own = make.session(make.event(text="Refund it.", key="outcome"), defined)
    trial = making.begun(proposal)

    [case, _] = trial.cases.order_by("side")
    assert case.session == own
    assert case.task == "Refund it well.\n\nRefund it."
    assert case.rubric_version.content == making.RUBRIC
    assert kept not in [each.session for each in trial.cases.all()]


def test_who_read_it_comes_before_what_it_rests_on_and_the_rest_of_its_agents(where):
    quote = reviews.heard("The limit is 50 USD.", key="quoted")
    make.session(make.event(text="Hello.", key="judged"), metadata={"reward": 1})
    make.session(make.event(text="Nobody judged this.", key="unjudged"))
    [reader] = making.past(1, where)
    make.session(make.event("agent.message", "Nobody asked.", key="silent"))
    draft = reviews.update(reviews.at(where, "/notes.md"), making.HARMFUL, evidence=(quote,))
    proposal = reviews.proposal(where, draft)
    proposal.workspace = where.workspace

    found = choosing.chosen(proposal, ["/notes.md"], 5, by_own_outcome=False)

    assert [each.session.external_id for each in found] == [
        reader.external_id,
        "quoted",
        "judged",
    ]
    assert [each.task for each in found] == ["Refund order 0.", "The limit is 50 USD.", "Hello."]


@pytest.mark.parametrize("count", [1, 3])
def test_choosing_costs_the_same_however_many(where, proposal, count):
    proposal.workspace = where.workspace
    making.past(count, where)

    with CaptureQueriesContext(connection) as asked:
        choosing.chosen(proposal, ["/notes.md"], 10, by_own_outcome=False)

    assert len(asked) == 7


def test_a_killed_worker_costs_nothing_twice_and_its_case_is_taken_up(where, proposal, settings):
    making.past(1, where)
    trial = making.begun(proposal, version=making.version())
    case = trial.cases.order_by("pk").first()
    assert TrialCase.objects.claim(case.pk, "killed")

    with scripted(making.obeys):
        assert trying.attempt(case.pk, holder="other") is None  # it is held
        later = timezone.now() - timedelta(seconds=1)
        TrialCase.objects.filter(pk=case.pk).update(lease_expires_at=later)
        assert case.pk in trying.due()
        found = making.work(trial, holder="other")

    assert found.status == "completed"
    assert {each.status for each in found.cases.all()} == {"completed"}


def test_what_a_lost_worker_says_is_not_written(where, proposal):
    making.past(1, where)
    trial = making.begun(proposal, version=making.version())
    case = trial.cases.order_by("pk").first()

    def stolen(question):
        TrialCase.objects.filter(pk=case.pk).update(lease_holder="thief")
        return making.obeys(question)

    with scripted(stolen):
        trying.attempt(case.pk, holder="slow")

    case.refresh_from_db()
    assert (case.status, case.answer, case.lease_holder) == ("running", "", "thief")


def test_a_busy_model_is_asked_again_later(where, proposal):
    making.past(1, where)
    trial = making.begun(proposal, version=making.version())
    case = trial.cases.order_by("pk").first()

    with scripted(EngineBusy(after=7)):
        assert trying.attempt(case.pk, holder="w") == 7

    case.refresh_from_db()
    assert (case.status, case.attempts) == ("pending", 0)
    assert case.pk not in trying.due()


def test_a_task_that_is_refused_leaves_its_pair_out(where, proposal):
    making.past(2, where)
    trial = making.begun(proposal, version=making.version())
    refusals = iter([RefusedToAnswer()])

    def refuses_once(question):
        for refusal in refusals:
            raise refusal
        return making.obeys(question)

    with scripted(refuses_once):
        found = shown(making.work(trial))

    assert found.trial.status == "completed"
    assert found.comparison.pairs == 1
    assert found.tries[0].before.error_type == "refused_to_answer" or (
        found.tries[0].after.error_type == "refused_to_answer"
    )


def test_a_spent_budget_ends_it_and_keeps_what_is_done(where, proposal):
    making.past(2, where)
    trial = making.begun(proposal, version=making.version(), cap=Decimal("0.01"))
    asked = []

    def until_it_is_spent(question):
        asked.append(question)
        if len(asked) > 4:
            raise BudgetSpent
        return making.obeys(question)

    with scripted(until_it_is_spent) as engine:
        found = shown(making.work(trial))

    assert engine.jobs[0].cap == Decimal("0.01")
    assert (found.trial.status, found.trial.error_type) == ("failed", "budget_spent")
    assert found.comparison.pairs == 1
    assert {each.status for each in found.trial.cases.all()} == {"completed", "canceled"}


def test_canceled_it_stops_and_keeps_what_is_done(where, proposal):
    making.past(2, where)
    trial = making.begun(proposal, version=making.version())
    with scripted(making.obeys):
        trying.attempt(trial.cases.order_by("pk").first().pk, holder="w")
    given = {"proposal_id": proposal.pk, "trial_id": trial.pk, "by": make.actor()}

    canceled = actions.cancel_trial(**given)

    assert canceled.status == "canceled"
    statuses = sorted(each.status for each in canceled.cases.all())
    assert statuses == ["canceled", "canceled", "canceled", "completed"]
    assert actions.cancel_trial(**given).ended_at == canceled.ended_at


def test_what_has_ended_cannot_be_canceled(where, proposal):
    making.past(1, where)
    trial = making.begun(proposal, version=making.version())
    with scripted(making.obeys):
        making.work(trial)

    with pytest.raises(TrialEnded):
        actions.cancel_trial(proposal_id=proposal.pk, trial_id=trial.pk, by=make.actor())


def test_deciding_does_not_wait_for_it(where, proposal):
    making.past(1, where)
    trial = making.begun(proposal, version=making.version())

    reviews.accept(proposal, by=reviews.person())
    with scripted(making.obeys):
        found = shown(making.work(trial))

    assert reviews.said(where) == {"/notes.md": making.HARMFUL}
    assert (found.comparison.passed_before, found.comparison.passed_after) == (1, 0)


def test_why_it_cannot_begin(where, proposal, settings):
    with pytest.raises(NothingToTry):
        making.begun(proposal, version=making.version())
    making.past(1, where)
    with pytest.raises(NothingToTry):
        making.begun(proposal)  # the session defined no outcome
    making.begun(proposal, version=making.version())
    with pytest.raises(TrialRuns):
        making.begun(proposal, version=making.version())
    settings.ANTHROPIC_API_KEY = ""
    with pytest.raises(NoKey):
        making.begun(proposal, version=making.version())
    reviews.write(where, "/notes.md", "Say it in French.\n")
    with pytest.raises(OutOfDate):
        actions.preview_trial(proposal_id=proposal.pk, plan=TrialPlan(), by=make.actor())
    reviews.reject(proposal)
    with pytest.raises(NotWaiting):
        actions.preview_trial(proposal_id=proposal.pk, plan=TrialPlan(), by=make.actor())


def test_the_estimate_counts_both_sides(where, proposal):
    making.past(2, where)
    plan = TrialPlan(version=making.version(), sessions=1)

    one = actions.preview_trial(proposal_id=proposal.pk, plan=plan, by=make.actor())
    two = actions.preview_trial(
        proposal_id=proposal.pk, plan=TrialPlan(version=plan.version), by=make.actor()
    )

    assert [len(each.past) for each in (one, two)] == [1, 2]
    assert two.cost == pytest.approx(2 * one.cost, rel=Decimal("0.01"))
    assert not Trial.objects.exists()


def test_a_store_that_is_too_much_is_left_out_on_both_sides(settings):
    settings.OUTCOME_TRIAL_MEMORY_LIMIT = 100
    where = making.store(long="x" * 101, short="Short.")
    making.past(1, where)
    plan = TrialPlan(version=making.version())

    sides = actions.preview_trial(
        proposal_id=making.harmful(where).pk, plan=plan, by=make.actor()
    ).sides

    assert sides.left_out == 1
    assert sides.after == sides.before.replace(making.GOOD, making.HARMFUL)
    assert "Short." in sides.before


def test_a_neighbours_proposal_is_not_there(where, proposal):
    making.past(1, where)
    theirs = make.actor(of=make.workspace("theirs"))

    with pytest.raises(NoSuchProposal):
        making.begun(proposal, by=theirs, version=making.version())
    other = reviews.proposal(where, reviews.create())
    with pytest.raises(NoSuchTrial):
        actions.trial_of(other, making.trial(proposal).pk)


def test_it_goes_with_its_session_and_its_store(where, proposal):
    sessions = making.past(2, where)
    trial = making.begun(proposal, version=making.version())

    for each in sessions:
        erase(each, by=make.actor())
    assert not TrialCase.objects.exists()
    trying.due()
    trial.refresh_from_db()
    assert trial.has_ended
    delete_store(store_id=where.pk, by=make.actor())

    assert not Trial.objects.exists()


def test_what_may_never_be_true(where, proposal):
    [session] = making.past(1, where)
    trial = making.begun(proposal, version=making.version())
    case = trial.cases.order_by("pk").first()
    broken = {
        "a_trial_that_has_ended_says_when_and_keeps_no_text": lambda: Trial.objects.update(
            ended_at=timezone.now()
        ),
        "a_trial_that_failed_says_why": lambda: Trial.objects.update(
            status="failed", ended_at=timezone.now(), before="", after=""
        ),
        "a_proposal_is_tried_once_at_a_time": lambda: making.trial(proposal),
        "a_trial_asks_each_side_once": lambda: making.case(
            trial, session, side=case.side, rubric_version=case.rubric_version
        ),
        "a_trials_case_is_held_exactly_while_it_runs": lambda: TrialCase.objects.update(
            status="running"
        ),
        "a_trials_case_has_a_result_once_it_has_ended_well": lambda: TrialCase.objects.update(
            status="completed"
        ),
    }
    for name, write in broken.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            write()
