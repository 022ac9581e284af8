"""What every engine promises: the one of tests, the real one before a stand-in, and, where somebody

asks for it and pays (AGENTSITE_LIVE_MODELS=1 with ANTHROPIC_API_KEY), before the service itself.
"""

import os
import re

import pytest

from apps.engine.asking import Answer, EngineBusy, EngineError, Question, RefusedToAnswer
from apps.engine.opening import engine_for
from apps.engine.pricing import token_cost
from tests.engine.conftest import MODEL, Found, job
from tests.scripted import scripted
from tests.standin import Fault

pytestmark = pytest.mark.django_db
LIVE = os.environ.get("AGENTSITE_LIVE_MODELS") == "1" and bool(os.environ.get("ANTHROPIC_API_KEY"))


def lesson_in(text):
    return {"lesson": re.findall(r"<lesson>(.*)</lesson>", text)[0], "times": 2}


def question(lesson):
    return Question(
        purpose="tests.contract",
        model=os.environ.get("AGENTSITE_LIVE_MODEL", MODEL) if LIVE else MODEL,
        system="Copy the text between the lesson tags into `lesson`; `times` is 2.",
        text=f"<lesson>{lesson}</lesson>",
        answer=Found,
        max_tokens=2_000,
    )


@pytest.fixture(
    params=[
        "scripted",
        "stand-in",
        pytest.param(
            "live",
            marks=pytest.mark.skipif(
                not LIVE, reason="asks and pays with AGENTSITE_LIVE_MODELS=1 alone"
            ),
        ),
    ]
)
def kind(request, settings):
    """Which engine answers, and nothing else."""
    if request.param == "scripted":
        settings.ENGINE = "tests.scripted.engine"
        with scripted(lambda asked: Found(**lesson_in(asked.text))):
            yield request.param
    elif request.param == "stand-in":
        there = request.getfixturevalue("installed")
        there.responder = lambda asked: lesson_in(asked.text)
        yield request.param
    else:
        settings.ANTHROPIC_API_KEY = os.environ["ANTHROPIC_API_KEY"]
        settings.ANTHROPIC_BASE_URL = os.environ.get("ANTHROPIC_BASE_URL", "")
        yield request.param


def test_an_answer_is_of_the_type_that_was_asked_for_and_was_paid(kind):
    answer = engine_for(job()).ask(question("Seats are window seats."))

    assert answer.value == Found(lesson="Seats are window seats.", times=2)
    assert answer.usage.prompt > 0
    assert answer.usage.output > 0
    assert token_cost(answer.model, answer.usage) > 0


def test_asking_again_is_told_the_same(kind):
    first = engine_for(job()).ask(question("Once"))

    assert engine_for(job()).ask(question("Once")).value == first.value


def test_questions_side_by_side_are_answered_in_their_order(kind):
    lessons = ["One", "Two", "Three"]

    found = engine_for(job()).ask_all([question(each) for each in lessons])

    assert [each.value.lesson for each in found] == lessons


@pytest.fixture(params=["scripted", "stand-in"])
def failing(request, settings):
    """An engine of which one can say what goes wrong next."""
    if request.param == "stand-in":
        there = request.getfixturevalue("installed")
        settings.ENGINE_AT_ONCE = 1
        faults = {"busy": Fault.rate_limited(90), "refusal": Fault.refusal(), "": None}
        yield lambda *names: there.next(*[faults[name] for name in names])
        return
    settings.ENGINE = "tests.scripted.engine"
    plays = {
        "busy": lambda: EngineBusy(after=90),
        "refusal": RefusedToAnswer,
        "": lambda: Found(lesson="x", times=1),
    }
    playing = []

    def fail(*names):
        playing.append(scripted(*[plays[name]() for name in names]))
        playing[-1].__enter__()

    yield fail
    for each in playing:
        each.__exit__(None, None, None)


def test_what_fails_beside_others_stands_in_its_place(failing):
    failing("", "refusal", "busy")

    found = engine_for(job()).ask_all([question(each) for each in ("One", "Two", "Three")])

    assert [type(each) for each in found] == [Answer, RefusedToAnswer, EngineBusy]


def test_where_nothing_was_answered_and_asking_later_helps_it_says_when(failing):
    failing("busy", "busy")

    with pytest.raises(EngineBusy) as busy:
        engine_for(job()).ask_all([question("One"), question("Two")])

    assert busy.value.after == 90


def test_what_fails_alone_is_raised(failing):
    failing("refusal")

    with pytest.raises(EngineError):
        engine_for(job()).ask(question("One"))
