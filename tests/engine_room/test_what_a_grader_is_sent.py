"""Nothing of how a work came about is in any request that grades it: looked for in the bytes."""

import itertools
import re

import pytest

from apps.outcomes import grading
from apps.outcomes.actions import evaluations
from apps.outcomes.actions.evaluations import ArtifactRef, EvaluationPlan, RubricRef
from apps.outcomes.models import Evaluation
from tests import make
from tests.standin import Fault

pytestmark = pytest.mark.django_db
WORK = "Dear Ines,\nyour refund of 42 USD is on its way, and we are sorry for the delay."
RUBRIC = """\
Letters to customers.

# Tone
- It says sorry for the delay {#sorry}
- It mentions a voucher {#voucher}

# Facts
- It names the refund {#refund required}
- It says how much {#amount regex="\\d+ USD"}
"""
SYLLABLES = "bo cra dru fle gni hwa jux klo mop nyx ohm pra quo rhy".split()


@pytest.fixture
def strange():
    """Words that nobody else says, one after the other."""
    said = []
    words = ("".join(each) for each in itertools.permutations(SYLLABLES, 3))

    def word():
        said.append(next(words))
        return said[-1]

    word.said = said
    return word


def secretive(word):
    """A session with a strange word wherever one can be, and a work at its end."""
    use, result = make.call(f"tool_{word()}", {word(): word()}, f"{word()} {word()}")
    _, failed = make.call("search", {"query": word()}, f"Error: {word()}", is_error=True)
    return make.session(
        make.event("user.message", f"The boss {word()} said: {word()} her at once."),
        make.event("agent.thinking", f"I think {word()}."),
        make.event("agent.message", f"First I {word()}."),
        use,
        result,
        failed,
        make.event("system.message", f"Remember {word()}."),
        make.event("agent.message", f"Of a helper: {word()}", thread="sthr_1"),
        make.event("agent.message", WORK),
        threads=[make.thread("sthr_1", name=word())],
        title=f"About {word()}",
        agent=f"Agent {word()}",
        metadata={word(): word()},
    )


def graded(session):
    plan = EvaluationPlan(
        rubric=RubricRef(content=RUBRIC), artifact=ArtifactRef(session_id=session.public_id)
    )
    evaluation = evaluations.create_evaluation(plan, by=make.actor())
    return grading.grade_here(evaluation.pk)


def sent(there):
    """Every request as it came over the wire, its headers too."""
    return [f"{each.whole} {each.headers}".lower() for each in there.asked]


def test_no_word_of_the_transcript_is_in_any_request_that_grades(there, strange):
    there.next(Fault.overloaded_midway(), Fault.not_as_asked())
    session = secretive(strange)

    evaluation = graded(session)

    assert (evaluation.status, evaluation.result) == ("completed", "needs_revision")
    met = [each.fault.name if each.fault else "" for each in there.questions]
    assert met == ["overloaded midway", "not as asked", ""]
    for request in sent(there):
        assert "your refund of 42 usd" in request
        assert [each for each in strange.said if each in request] == []
        assert session.public_id.lower() not in request
        assert session.external_id.lower() not in re.findall(r"\w+", request)


def test_what_code_checks_is_not_sent_either(there, strange):
    graded(secretive(strange))

    [request] = sent(there)
    assert "amount" not in request
    assert "how much" not in request


def test_every_quote_stands_in_the_work_and_every_token_is_accounted_for(there, strange):
    there.next(Fault.cut(), Fault.invalid_json())
    evaluation = graded(secretive(strange))

    rows = evaluation.verdicts.in_order()
    assert {each.criterion.key: each.verdict for each in rows} == {
        "sorry": "pass",
        "voucher": "fail",
        "refund": "pass",
        "amount": "pass",
    }
    for each in rows:
        assert each.quote in WORK
    assert len(there.answered) == 2
    row = Evaluation.objects.get(pk=evaluation.pk)
    assert there.billed == (
        row.input_tokens,
        row.output_tokens,
        row.cache_read_tokens,
        row.cache_write_tokens,
    )
