"""Dreams whose questions go to a model: what they come to, and how they go on without answers."""

from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from apps.dreams import dreaming
from apps.dreams.actions import dreams as actions
from apps.dreams.starting import DreamPlan
from apps.engine.asking import BudgetSpent, EngineBusy, KeyRejected, RefusedToAnswer
from apps.reviews.models import Proposal
from tests import make
from tests.dreams.claude.conftest import MODEL, edits, finished, notes, sensible
from tests.scripted import scripted

pytestmark = pytest.mark.django_db


def test_what_recurs_becomes_a_proposal_with_its_evidence(said, dream_of):
    with scripted(sensible) as engine:
        dream = finished(dream_of(said(), instructions="Mind the money.", cap_usd=Decimal(2)))

    proposal = Proposal.objects.get()
    assert (dream.status, dream.engine) == ("completed", MODEL)
    assert (proposal.path, proposal.kind) == ("/preferences/currency.md", "create")
    assert [each.quote for each in proposal.evidence.all()] == ["in euros"] * 3
    assert dream.patterns.get().proposal_id == proposal.pk
    assert [each.purpose for each in engine.asked] == 3 * ["dreams.observe"] + ["dreams.curate"]
    assert {each.cap for each in engine.jobs} == {Decimal(2)}
    assert {(each.kind, each.id) for each in engine.jobs} == {("dream", dream.pk)}
    assert dream.input_tokens == 4 * 100


def test_instructions_steer_what_is_written_and_not_what_is_seen(said, dream_of):
    with scripted(sensible) as engine:
        finished(dream_of(said(), instructions="Mind the money."))

    steered = ["Mind the money." in each.text for each in engine.asked]
    assert steered == [False, False, False, True]


def test_what_was_read_is_not_asked_again_and_never_by_another_model(said, dream_of):
    ids = said()
    with scripted(sensible):
        finished(dream_of(ids))
    with scripted(sensible) as again:
        finished(dream_of(ids))
    with scripted(sensible) as other:
        finished(dream_of(ids, model="claude-haiku-5-5"))

    assert "dreams.observe" not in {each.purpose for each in again.asked}
    assert [each.model for each in other.asked][:3] == ["claude-haiku-5-5"] * 3


def test_a_session_that_the_model_refuses_is_left_out_with_its_reason(said, dream_of):
    ids = said(count=4)
    with scripted(RefusedToAnswer(), sensible):
        dream = finished(dream_of(ids))

    (left_out,) = [each for each in dream.funnel["dropped"] if each["stage"] == "observe"]
    assert dream.status == "completed"
    assert (left_out["reason"], left_out["examples"]) == (
        "The model refuses to answer this.",
        [ids[0]],
    )
    assert dream.patterns.get().session_count == 3


def test_notes_that_are_not_borne_out_are_counted(said, dream_of):
    ids = said()
    with scripted(notes("in dollars"), notes(), notes(), edits()):
        dream = finished(dream_of(ids))

    assert [each for each in dream.funnel["dropped"] if each["stage"] == "notes"] == [
        {
            "stage": "notes",
            "reason": "a quote is not what its event says",
            "count": 1,
            "examples": [ids[0]],
        }
    ]


def test_a_busy_model_puts_the_dream_back_for_as_long_as_it_says(said, dream_of):
    dream = dream_of(said())
    with scripted(notes(), EngineBusy(after=90), EngineBusy(after=30)) as first:
        finished(dream)
    wait = dream.waits_until - timezone.now()

    assert timedelta(seconds=80) < wait <= timedelta(seconds=90)
    assert (dream.status, dream.waits_for, dream.lease_holder) == ("running", "model", "")
    assert dreaming.due() == []
    assert dream.inputs.unread().count() == 2
    assert set(dream.inputs.values_list("attempts", flat=True)) == {0, 1}
    with scripted() as none:
        finished(dream)
    assert none.asked == []

    with time_machine.travel(timezone.now() + timedelta(seconds=91)), scripted(sensible) as rest:
        assert dreaming.due() == [dream.pk]
        finished(dream)

    assert (dream.status, dream.waits_for, dream.waits_until) == ("completed", "", None)
    assert len(first.asked) + len(rest.asked) == 3 + 2 + 1


def test_busy_while_writing_it_goes_on_with_writing(said, dream_of):
    dream = dream_of(said())
    with scripted(notes(), notes(), notes(), EngineBusy()):
        finished(dream)
    assert (dream.stage, dream.waits_for) == ("curate", "model")

    with time_machine.travel(timezone.now() + timedelta(minutes=2)), scripted(sensible) as rest:
        finished(dream)

    assert dream.status == "completed"
    assert [each.purpose for each in rest.asked] == ["dreams.curate"]


@pytest.mark.parametrize(
    ("error", "kind"), [(BudgetSpent(), "cost_cap_reached"), (KeyRejected(), "model_unavailable")]
)
def test_what_is_wrong_with_all_questions_ends_it_and_what_was_read_stays(
    said, dream_of, error, kind
):
    ids = said()
    with scripted(notes(), error, error):
        dream = finished(dream_of(ids))
    assert (dream.status, dream.error_type, dream.error_message) == ("failed", kind, error.message)

    with scripted(sensible) as again:
        finished(dream_of(ids))
    assert [each.purpose for each in again.asked].count("dreams.observe") == 2


def test_a_dream_of_which_nothing_could_be_read_has_failed(said, dream_of):
    with scripted(RefusedToAnswer(), RefusedToAnswer(), RefusedToAnswer()):
        dream = finished(dream_of(said()))

    assert (dream.status, dream.error_type) == ("failed", "nothing_read")
    assert dream.error_message == "No session could be read. The model refuses to answer this."


def test_without_a_key_the_local_engine_speaks_for_every_model(store, said):
    plan = DreamPlan(session_ids=said(), store_id=store.pk, model=MODEL)

    dream = actions.create_dream(plan, by=make.actor())

    assert (dream.model, dream.engine) == (MODEL, "agentsite-local")
