"""One question to a model, and every way in which it may go."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.engine import tasks
from apps.engine.asking import (
    BrokeOff,
    CutShort,
    EngineBusy,
    KeyRejected,
    NoKey,
    RefusedToAnswer,
    RequestRejected,
    Unreadable,
)
from apps.engine.models import Call
from apps.engine.opening import engine_for
from apps.engine.pricing import Usage, token_cost
from tests.engine.conftest import MODEL, Found, ask, bills, job, question
from tests.standin import Fault

pytestmark = pytest.mark.django_db


def all_billed(there):
    usage = Usage(*there.billed)
    cost = sum(token_cost(MODEL, Usage(*each.billed)) for each in there.charged)
    return [(usage, cost)] * 3


def test_an_answer_has_its_type_and_what_it_took(installed):
    answer = ask()

    assert answer.value == Found(lesson="Seats are window seats.", times=3)
    assert answer.usage == Usage(*installed.billed)
    assert not answer.was_kept
    assert bills() == all_billed(installed)
    [asked] = installed.asked
    assert asked.body["stream"] is True
    assert asked.body["system"][0]["cache_control"] == {"type": "ephemeral"}


def test_what_was_asked_is_never_asked_again(installed):
    first = ask()

    again = ask()

    assert again == type(first)(first.value, first.usage, first.model, was_kept=True)
    assert len(installed.asked) == 1
    assert bills() == all_billed(installed)


def test_another_job_asks_for_itself(installed):
    ask(number=1)

    assert not ask(number=2).was_kept
    assert len(installed.asked) == 2


def test_what_was_forgotten_is_asked_again_and_paid_again(installed):
    ask()
    Call.objects.update(answer="")

    answer = ask()

    assert not answer.was_kept
    assert len(installed.asked) == 2
    assert answer.usage == Usage(*installed.billed)
    assert bills() == all_billed(installed)


@pytest.mark.parametrize(
    "fault",
    [
        Fault.rate_limited(0),
        Fault.broken(),
        Fault.cut(),
        Fault.reset(),
        Fault.overloaded_midway(),
    ],
    ids=lambda fault: fault.name,
)
def test_what_passes_by_is_asked_again(installed, fault):
    installed.next(fault)

    assert ask().value.times == 3

    assert len(installed.asked) == 2
    assert bills() == all_billed(installed)


def test_what_came_of_an_answer_that_breaks_off_is_paid(installed, monkeypatch):
    monkeypatch.setattr("apps.engine.claude.SECONDS_OF_SILENCE", 0.2)
    installed.next(Fault.cut(), Fault.overloaded_midway(), Fault.silent())

    answer = ask(f"Lesson {'one ' * 100}")

    assert [each.status for each in installed.charged] == [0, 0, 0, 200]
    assert min(each.billed.output for each in installed.charged) > 1
    assert answer.usage == Usage(*installed.billed)
    assert bills() == all_billed(installed)


def test_a_question_whose_answers_go_on_to_break_off_is_given_up(installed, monkeypatch):
    monkeypatch.setattr("apps.engine.working.FIRST_PAUSE", 0)
    monkeypatch.setattr("apps.engine.working.MOST_PAID", 5)
    installed.next(*[Fault.cut()] * 9)
    with pytest.raises(EngineBusy):
        ask()

    for _ in range(2):
        with pytest.raises(BrokeOff) as given_up:
            ask()

    assert len(installed.asked) == 5
    assert given_up.value.usage == Usage(*installed.billed)
    assert bills() == all_billed(installed)


def test_a_server_that_asks_for_long_is_left_alone(installed):
    installed.next(Fault.rate_limited(120))

    with pytest.raises(EngineBusy) as busy:
        ask()

    assert busy.value.after == 120
    assert len(installed.asked) == 1
    assert ask().value.times == 3


def test_a_server_that_stays_busy_is_asked_four_times(installed):
    installed.next(*[Fault.rate_limited(0)] * 4)

    with pytest.raises(EngineBusy):
        ask()

    assert len(installed.asked) == 4
    assert bills() == all_billed(installed)


@pytest.mark.parametrize(
    "fault", [Fault.invalid_json(), Fault.not_as_asked()], ids=lambda fault: fault.name
)
def test_an_answer_of_another_form_is_repaired_once(installed, fault):
    installed.next(fault)

    answer = ask()

    assert answer.value.times == 3
    assert answer.usage == Usage(*installed.billed)
    assert bills() == all_billed(installed)
    first, second = installed.asked
    said, complaint = second.body["messages"][1:]
    assert said == {"role": "assistant", "content": first.answered["content"][0]["text"].strip()}
    assert complaint["content"].startswith("This does not have the form")


def test_an_answer_that_stays_unreadable_is_paid_once(installed):
    installed.next(Fault.invalid_json(), Fault.not_as_asked())

    for _ in range(2):
        with pytest.raises(Unreadable):
            ask()

    assert len(installed.asked) == 2
    assert bills() == all_billed(installed)
    assert Call.objects.get().failure == "Unreadable"


def test_a_refusal_is_paid_once(installed):
    installed.next(Fault.refusal())

    for _ in range(2):
        with pytest.raises(RefusedToAnswer):
            ask()

    assert len(installed.asked) == 1
    assert bills() == all_billed(installed)


def test_an_answer_that_was_cut_short_may_be_longer_once(installed):
    installed.next(Fault.too_long())

    assert ask(max_tokens=1_000).value.times == 3

    assert [each.body["max_tokens"] for each in installed.asked] == [1_000, 4_000]
    assert bills() == all_billed(installed)


def test_an_answer_that_stays_too_long_is_paid_once(installed):
    installed.next(Fault.too_long(), Fault.too_long())

    for _ in range(2):
        with pytest.raises(CutShort):
            ask()

    assert len(installed.asked) == 2


def test_a_wrong_key_is_named_and_not_shown(installed, settings):
    settings.ANTHROPIC_API_KEY = "sk-ant-not-this-one-at-all"

    with pytest.raises(KeyRejected) as rejected:
        ask()

    assert "sk-ant" not in rejected.value.message
    settings.ANTHROPIC_API_KEY = installed.key
    assert ask().value.times == 3


def test_a_request_that_is_not_accepted_says_why(installed):
    with pytest.raises(RequestRejected, match="The server answered 4"):
        ask(max_tokens=1_000_000_000)


def test_without_a_key_there_is_no_engine(settings):
    settings.ANTHROPIC_API_KEY = ""

    with pytest.raises(NoKey):
        engine_for(job())


def test_questions_side_by_side_each_get_their_answer(installed):
    installed.next(None, Fault.refusal())
    texts = [f"Lesson {number}" for number in range(6)]

    found = engine_for(job()).ask_all([question(text) for text in [*texts, texts[0]]])

    lessons = ["" if isinstance(each, RefusedToAnswer) else each.value.lesson for each in found]
    expected = [*texts, texts[0]]
    assert [text for text, given in zip(expected, lessons, strict=True) if text != given] in (
        [[text] for text in texts[1:]] + [[texts[0]] * 2]
    )
    assert len(installed.asked) == 6
    assert bills() == all_billed(installed)


def test_questions_that_begin_alike_read_what_the_first_one_wrote(installed):
    questions = [question(f"Lesson {number}", shared="said " * 2_000) for number in range(4)]

    engine_for(job()).ask_all(questions)

    read = [each.billed.cache_read for each in installed.answered]
    assert read[0] == 0
    assert min(read[1:]) >= 2_500


def test_a_busy_server_is_no_answer_to_any(installed):
    installed.next(*[Fault.rate_limited(90)] * 2)

    with pytest.raises(EngineBusy) as busy:
        engine_for(job()).ask_all([question("One"), question("Two")])

    assert busy.value.after == 90


def test_a_rejected_key_is_tried_once(installed, settings):
    settings.ENGINE_AT_ONCE = 1
    settings.ANTHROPIC_API_KEY = "wrong"

    found = engine_for(job()).ask_all([question(str(each)) for each in range(5)])

    assert {type(each) for each in found} == {KeyRejected}
    assert not installed.asked


def test_answers_are_forgotten_after_a_while_and_what_they_cost_is_not(installed, settings):
    settings.ENGINE_CALLS_KEPT_DAYS = 30
    ask("Old")
    old = timezone.now() - timedelta(days=31)
    Call.objects.update(answered_at=old)
    ask("New", number=2)

    tasks.forget_answers()

    assert [call.answer == "" for call in Call.objects.order_by("created_at")] == [True, False]
    assert bills() == all_billed(installed)
