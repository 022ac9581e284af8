"""Of workers that ask the same, or spend the same dollar, at the same time."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from itertools import count

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from apps.engine import keeping
from apps.engine.asking import Answer, BudgetSpent, EngineBusy
from apps.engine.conversing import Conversation
from apps.engine.keeping import Took
from apps.engine.models import Call, DaySpend, JobSpend, ModelConnection
from apps.engine.opening import engine_for
from apps.engine.pricing import Usage, token_cost
from tests import make
from tests.engine.conftest import MODEL, ask, bills, job, question
from tests.standin import Fault, StandIn


def at_once(*asks):
    """Each in a worker of its own: what it came to."""

    def working(each):
        try:
            return each()
        except (BudgetSpent, EngineBusy) as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(asks)) as pool:
        return list(pool.map(working, asks))


def worst(**fields):
    """What one question may cost."""
    return Conversation(question(**fields), {"type": "object"}).worst


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_asks_and_both_have_the_answer(installed):
    installed.next(Fault.slow(0.5))

    one, other = at_once(ask, ask)

    assert one.value == other.value
    assert {one.was_kept, other.was_kept} == {False, True}
    assert len(installed.asked) == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_takes_long_keeps_its_question(installed, settings):
    settings.ENGINE_LEASE_SECONDS = 0.6
    installed.next(Fault.slow(1.5))

    at_once(ask, lambda: time.sleep(0.2) or ask())

    assert len(installed.asked) == 1


@pytest.mark.django_db(transaction=True)
def test_calls_side_by_side_do_not_spend_the_same_dollar(installed):
    here, most, lock = [], [], threading.Lock()

    def slowly(asked):
        with lock:
            here.append(asked)
            most.append(len(here))
        time.sleep(0.1)
        with lock:
            here.remove(asked)
        return {"lesson": "x", "times": 1}

    installed.responder = slowly
    cap = worst() * Decimal("2.5")

    found = at_once(
        *[
            lambda number=number: engine_for(job(cap=cap)).ask(question(f"Lesson {number}"))
            for number in range(6)
        ]
    )

    assert max(most) == 2
    assert all(isinstance(each, Answer) for each in found)
    assert {cost for _, cost in bills()} == {sum(call.cost_usd for call in Call.objects.all())}
    assert JobSpend.objects.get().cost_usd < cap


@pytest.mark.django_db
def test_what_may_cost_more_than_is_left_is_not_asked(installed):
    with pytest.raises(BudgetSpent):
        engine_for(job(cap=worst() / 2)).ask(question())

    assert not installed.questions
    assert not Call.objects.exists()


@given(
    st.text(st.characters(codec="utf-8")),
    st.text(st.characters(codec="utf-8")),
    st.integers(0, 100),
    st.integers(0, 100),
)
def test_no_request_costs_more_than_was_reserved(system, text, written, read):
    asked = Conversation(question(text, system=system, max_tokens=50), {"type": "object"})
    densest = len(f"{system}{text}{asked.body['output_config']}".encode())
    parts = (densest * written // 100, densest * read // 100)
    dearest = Usage(max(0, densest - sum(parts)), 50, parts[1], parts[0])

    assert token_cost(MODEL, dearest._replace(cache_read=0)) <= asked.worst


FAULTS = (
    Fault.cut(),
    Fault.overloaded_midway(0.9),
    Fault.too_long(),
    Fault.invalid_json(),
    Fault.not_as_asked(),
    Fault.refusal(),
    Fault.rate_limited(),
)
JOBS = count(1)


@pytest.mark.django_db
@trying(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.none() | st.sampled_from(FAULTS), max_size=12),
    st.decimals("0.5", "4", places=2),
    st.lists(st.text("abc ", min_size=1), min_size=1, max_size=5),
)
def test_no_job_costs_more_than_its_cap(settings, monkeypatch, faults, times, texts):
    monkeypatch.setattr("apps.engine.working.FIRST_PAUSE", 0)
    mine = job(next(JOBS), cap=worst(max_tokens=300) * times)
    with StandIn(lambda asked: {"lesson": asked.text.strip() * 50, "times": 1}) as there:
        settings.ANTHROPIC_API_KEY, settings.ANTHROPIC_BASE_URL = there.key, there.url
        there.next(*faults)
        with suppress(EngineBusy):
            engine_for(mine).ask_all([question(text, max_tokens=300) for text in texts])

    bill = JobSpend.objects.of(mine).first() or JobSpend()
    assert bill.usage == Usage(*there.billed)
    assert bill.cost_usd <= mine.cap


@pytest.mark.django_db
def test_what_fits_only_once_it_is_counted_is_counted(installed):
    text = "word " * 20_000 + "\nSeats"
    cap = token_cost(MODEL, Usage(cache_write=30_000, output=100))

    assert engine_for(job(cap=cap)).ask(question(text, max_tokens=100)).value.times == 3

    assert [each.operation for each in installed.asked] == ["count_tokens", "messages"]
    assert JobSpend.objects.get().cost_usd < cap


@pytest.mark.django_db
def test_a_server_that_cannot_count_leaves_it_at_the_bytes(installed):
    installed.next(Fault.error(404, "not_found_error"), of="count_tokens")
    cap = token_cost(MODEL, Usage(cache_write=30_000, output=100))

    with pytest.raises(BudgetSpent):
        engine_for(job(cap=cap)).ask(question("word " * 20_000, max_tokens=100))

    assert not installed.questions


@pytest.mark.django_db
@pytest.mark.parametrize("cap", ["daily_cap", "monthly_cap"])
def test_a_workspace_has_caps_over_all_of_its_jobs(installed, cap):
    workspace, other = make.workspace(), make.workspace("other")
    ModelConnection.objects.create(workspace=workspace, **{cap: Decimal("0.01")})
    for each, spent in ((workspace, "0.009999"), (other, "5")):
        DaySpend.objects.create(
            workspace=each,
            spent_on=timezone.localdate(),
            purpose="dreams.observe",
            model="m",
            cost_usd=Decimal(spent),
        )

    with pytest.raises(BudgetSpent, match="Settings, Models"):
        ask(max_tokens=100)

    assert not installed.questions
    DaySpend.objects.filter(workspace=workspace).update(spent_on="2020-01-01")
    assert ask(max_tokens=100).value.times == 3


@pytest.mark.django_db
def test_a_cap_cannot_be_kept_without_a_price(installed):
    with pytest.raises(BudgetSpent, match="no list price"):
        engine_for(job(cap=Decimal(100))).ask(question(model="somebody-elses"))

    claim = keeping.claim(job(), question(model="somebody-elses"), None)
    keeping.answered(claim, Took(Usage(1, 1), None), "{}", "somebody-elses")
    assert Call.objects.get().unpriced_requests == 1


@pytest.mark.django_db
def test_what_a_dead_worker_left_is_taken_over(installed):
    ask("One")
    Call.objects.update(
        status=Call.Status.ASKING,
        answer="",
        answered_at=None,
        lease_id="gone",
        lease_expires_at=timezone.now() - timedelta(seconds=1),
    )

    assert ask("One").value.times == 3
    assert len(installed.asked) == 2


@pytest.mark.django_db
def test_a_worker_that_was_taken_for_gone_overwrites_nothing(installed):
    late = keeping.claim(job(), question(), None)
    Call.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    answer = ask()

    keeping.answered(late, Took(Usage(1, 1), Decimal(1)), '{"lesson": "late", "times": 1}', "m")
    keeping.failed(late, EngineBusy())

    assert ask().value == answer.value
    assert Call.objects.get().cost_usd == answer_cost(answer) + 1


def answer_cost(answer):
    return token_cost(MODEL, answer.usage)
