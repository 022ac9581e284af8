"""Questions handed in together, at half the price."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.engine import batching
from apps.engine.asking import BudgetSpent, CutShort, EngineBusy, RefusedToAnswer, RequestRejected
from apps.engine.models import Batch, Call
from apps.engine.opening import engine_for
from apps.engine.pricing import Usage, in_a_batch, token_cost
from tests.engine.conftest import MODEL, ask, bills, job, question
from tests.standin import Fault

pytestmark = pytest.mark.django_db
TEXTS = ("One", "Two", "Three")


def send(*texts):
    return batching.send(job(), [question(text) for text in texts or TEXTS])


def send_one(*texts):
    [batch] = send(*texts)
    return batch


def of(there, operation):
    return [each for each in there.asked if each.operation == operation]


def ask_all(*texts):
    return engine_for(job()).ask_all([question(text) for text in texts or TEXTS])


def test_what_a_batch_brought_is_found_by_whoever_asks(installed):
    installed.batches.seconds = float("inf")
    batch = send_one()
    assert not batching.fetch(batch)
    assert batching.is_open(job())
    installed.batches.end()

    assert batching.fetch(batch)

    assert not batching.is_open(job())
    assert [each.value.lesson for each in ask_all()] == list(TEXTS)
    assert not of(installed, "messages")
    usage = Usage(*installed.billed)
    cost = sum(in_a_batch(token_cost(MODEL, Usage(*e.billed))) for e in installed.answered)
    assert bills() == [(usage, cost)] * 3
    assert Batch.objects.get().answered == 3


def test_what_it_brought_nothing_for_is_asked(installed):
    installed.next(Fault.expired(), Fault.invalid_json(), Fault.refusal(), of="batches.item")
    batch = send_one()

    assert batching.fetch(batch)

    found = ask_all()
    assert [type(each) for each in found].count(RefusedToAnswer) == 1
    assert len(of(installed, "messages")) == 2
    assert {usage for usage, _ in bills()} == {Usage(*installed.billed)}


def test_what_was_too_long_in_a_batch_may_be_longer_once(installed):
    installed.next(Fault.too_long(), of="batches.item")
    installed.next(Fault.too_long())
    batch = send_one("One")
    assert batching.fetch(batch)
    assert send("One") == []

    for _ in range(2):
        with pytest.raises(CutShort):
            ask("One")

    limits = [each.body["max_tokens"] for each in installed.questions]
    assert limits == [8_000, 32_000]
    assert {usage for usage, _ in bills()} == {Usage(*installed.billed)}


def test_fetching_twice_pays_once(installed):
    batch = send_one()
    batching.fetch(batch)
    before = bills()
    Batch.objects.update(status=Batch.Status.IN_PROGRESS, ended_at=None)

    assert batching.fetch(batch)

    assert bills() == before


def test_what_is_answered_or_under_way_is_not_handed_in(installed):
    installed.batches.seconds = float("inf")
    ask("One")
    send("Two")

    batch = send_one("One", "Two", "Three")

    assert [each.digest for each in batch.calls.all()] == [question("Three").digest]
    assert send("One", "Two", "Three") == []


def test_what_one_batch_does_not_take_goes_with_the_next(installed, monkeypatch):
    monkeypatch.setattr(batching, "MOST", 2)

    first, second = send()

    assert (first.questions, second.questions) == (2, 1)
    assert batching.fetch(first)
    assert batching.fetch(second)
    assert [each.value.lesson for each in ask_all()] == list(TEXTS)
    assert not of(installed, "messages")


def test_a_question_in_a_batch_is_not_asked_beside_it(installed, settings, monkeypatch):
    monkeypatch.setattr("apps.engine.working.PATIENCE", 0)
    installed.batches.seconds = float("inf")
    send("One")

    with pytest.raises(EngineBusy):
        ask("One")

    assert not of(installed, "messages")


def test_a_batch_whose_id_was_never_heard_is_found_again(installed):
    installed.next(Fault.cut(), of="batches.create")
    with pytest.raises(EngineBusy):
        send()
    batch = Batch.objects.get()
    assert batch.vendor_id == ""

    assert batching.fetch(batch)

    assert len(of(installed, "batches.create")) == 1
    assert [each.value.lesson for each in ask_all()] == list(TEXTS)
    assert not of(installed, "messages")


def test_a_batch_that_never_arrived_frees_its_questions(installed):
    installed.next(Fault.reset(), of="batches.create")
    with pytest.raises(EngineBusy):
        send()
    batch = Batch.objects.get()
    assert not batching.fetch(batch)
    Batch.objects.update(created_at=timezone.now() - timedelta(minutes=16))

    assert batching.fetch(batch)

    assert len(ask_all()) == 3
    assert len(of(installed, "messages")) == 3


def test_another_programs_batch_of_that_size_is_not_taken_for_ours(installed):
    installed.next(Fault.reset(), of="batches.create")
    with pytest.raises(EngineBusy):
        send("One")
    batch = Batch.objects.get()
    engine = engine_for(job(9))
    batching._on(engine, lambda wire: wire.create_batch([("theirs", _body())]))

    assert not batching.fetch(batch)

    batch.refresh_from_db()
    assert (batch.vendor_id, len(batch.not_ours)) == ("", 1)
    assert not batching.fetch(batch)
    assert Call.objects.get().status == Call.Status.BATCHED


def _body():
    return {
        "model": MODEL,
        "max_tokens": 10,
        "messages": [{"role": "user", "content": "Something else"}],
    }


def test_a_canceled_job_takes_its_batch_along(installed):
    installed.batches.seconds = float("inf")
    batch = send_one()
    batching.cancel(job())

    batching.fetch(batch)

    assert batching.fetch(batch)
    assert len(of(installed, "batches.cancel")) == 1
    assert {each.status for each in Call.objects.all()} == {Call.Status.FAILED}
    assert bills()[0] == (Usage(), 0)


def test_a_batch_that_is_not_accepted_frees_its_questions(installed):
    installed.next(Fault.error(413, "request_too_large"), of="batches.create")

    with pytest.raises(RequestRejected):
        send()

    assert not batching.is_open(job())
    assert len(ask_all()) == 3


def test_a_batch_must_fit_the_budget_as_a_whole(installed):
    with pytest.raises(BudgetSpent):
        batching.send(job(cap=batching.Decimal("0.001")), [question(text) for text in TEXTS])

    assert not installed.asked


def test_the_sweep_writes_down_what_stands_in_the_way(installed, settings):
    installed.batches.seconds = float("inf")
    batch = send_one()
    settings.ANTHROPIC_API_KEY = "another"

    batching.look_at(batch.pk)

    batch.refresh_from_db()
    assert "does not accept the key" in batch.error
    assert batch.status == Batch.Status.IN_PROGRESS
    Batch.objects.update(created_at=timezone.now() - timedelta(hours=27))
    batching.look_at(batch.pk)
    assert not batching.is_open(job())
