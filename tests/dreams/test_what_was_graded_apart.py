"""Work that was graded apart from its session, with what it fell short of, as dreams read it."""

import pytest
from django.utils import timezone

from apps.dreams import dreaming, engines, reading
from apps.dreams.findings import Kind
from apps.dreams.local.observing import observe
from apps.dreams.models import DreamInput
from apps.outcomes.models import HumanLabel, Verdict
from apps.reviews.models import Proposal
from apps.sessions.models import Session
from tests import make
from tests.outcomes import making

pytestmark = pytest.mark.django_db

ANSWER = "Done. The refund is on its way."
ON_ITS_WAY = {"verdict": "fail", "quote": "on its way", "start": 20, "end": 30}


def answered(key="a"):
    first = make.event("agent.message", text="It is on its way to the desk.", key=key)
    return make.session(first, make.event("agent.message", text=ANSWER, key=key), key=key)


def graded(session, by, *, reason="No day is named.", **verdict):
    """An evaluation of the session's answer, in which one criterion is not met."""
    version, criterion = by
    done = {"status": "completed", "result": "needs_revision", "ended_at": timezone.now()}
    evaluation = making.evaluation(version, artifact=ANSWER, session=session, **done)
    making.verdict(evaluation, criterion, reason=reason, **ON_ITS_WAY | verdict)


@pytest.fixture
def by():
    version = making.version()
    return version, making.criterion(version, text="It names the day.")


def faults(session):
    (transcript,) = reading.transcripts_of(
        [Session.objects.select_related("agent").get(pk=session.pk)]
    )
    return {turn.text: turn.faults for turn in transcript.turns if turn.faults}, transcript


def test_it_is_read_at_the_last_message_with_the_words(by):
    session, other = answered(), answered("b")
    graded(session, by)

    found, transcript = faults(session)

    [fault] = found[ANSWER]
    assert (fault.criterion, fault.reason) == ("It names the day.", "No day is named.")
    assert ANSWER[fault.start : fault.end] == "on its way"
    assert faults(other)[0] == {}
    [seen] = [each for each in observe(transcript) if each.details["what"] == "grade"]
    assert (seen.kind, seen.statement) == (Kind.MISTAKE, "It names the day. — No day is named.")
    assert [span.quote for span in seen.spans] == ["on its way"]


@pytest.mark.parametrize(
    "verdict",
    [
        {"verdict": "pass"},
        {"verdict": "unclear"},
        {"was_advisory": True},
        {"quote": "", "start": None, "end": None},
    ],
)
def test_what_is_met_or_unclear_or_advisory_or_unquoted_is_left_out(by, verdict):
    session = answered()
    graded(session, by, **verdict)

    assert faults(session)[0] == {}


def test_what_has_become_advisory_is_left_out(by, settings):
    settings.OUTCOME_MIN_LABELS = 2
    sessions = [answered(key) for key in "ab"]
    for session in sessions:
        graded(session, by)
    person = make.user()
    for verdict in Verdict.objects.all():
        HumanLabel.objects.create(verdict=verdict, user=person, label="pass")

    assert [faults(session)[0] for session in sessions] == [{}, {}]


def test_a_proposal_says_what_is_not_met_and_quotes_the_work(by, dream_of):
    sessions = [answered(key) for key in "abc"]
    for session in sessions:
        graded(session, by)

    finished(dream_of([each.public_id for each in sessions], model=engines.LOCAL))

    proposal = Proposal.objects.get()
    assert "Graders object: No day is named" in proposal.content
    assert "on its way" not in proposal.content
    assert {each.quote for each in proposal.evidence.all()} == {"on its way"}


def test_only_the_newest_grading_by_a_rubric_counts(by):
    session = answered()
    graded(session, by)
    graded(session, by, verdict="pass")

    assert faults(session)[0] == {}


def test_a_session_that_was_graded_since_is_read_again(by, hurt, dream_of):
    ids = hurt(count=3)
    finished(dream_of(ids))
    graded(Session.objects.get(public_id=ids[0]), by)

    dream = finished(dream_of(ids))

    read = DreamInput.objects.filter(dream=dream, status=DreamInput.Status.READ)
    assert [each.session_id for each in read] == [ids[0]]


def finished(dream):
    dreaming.dream_here(dream.pk)
    return dream
