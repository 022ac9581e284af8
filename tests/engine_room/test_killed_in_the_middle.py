"""`kill -9` of who waits for a model: who comes after goes on, and pays for nothing twice."""

import os
import subprocess
import sys
import threading
from collections import Counter

import pytest

from agentsite.embedded.processes import wait_until
from apps.dreams import dreaming
from apps.dreams.actions import dreams as actions
from apps.dreams.models import Dream
from apps.dreams.starting import DreamPlan
from apps.engine.models import Call, JobSpend
from apps.engine.pricing import Usage
from apps.memory.actions import stores
from apps.memory.api.shapes import NewStore
from apps.outcomes import grading
from apps.outcomes.actions import evaluations
from apps.outcomes.actions.evaluations import ArtifactRef, EvaluationPlan, RubricRef
from apps.outcomes.models import Evaluation
from tests import make
from tests.standin.answering import sensible
from tests.web import ROOT, database_url

PATIENCE = 120
SESSIONS, CRITERIA, KEPT = 12, 45, 8
LEASES = {f"{name}_LEASE_SECONDS": "1" for name in ("DREAM", "ENGINE", "OUTCOME")}
DREAM = "from apps.dreams import dreaming; dreaming.dream_here({!r})"
GRADE = "from apps.outcomes import grading; grading.grade_here({!r})"


class Holding:
    """Answers so many questions of each form, and lets the others wait."""

    def __init__(self, **most: int) -> None:
        self.left = dict(most)
        self.goes_on = threading.Event()
        self._lock = threading.Lock()

    def __call__(self, asked):
        title = asked.schema["title"]
        with self._lock:
            is_held = not self.goes_on.is_set() and self.left[title] == 0
            self.left[title] -= not is_held
        if is_held:
            self.goes_on.wait(PATIENCE)
        return sensible(asked)


def begun(there, code, public_id):
    told = {"ANTHROPIC_BASE_URL": there.url, "ANTHROPIC_API_KEY": there.key}
    return subprocess.Popen(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code.format(public_id)],
        cwd=ROOT,
        env=os.environ
        | {"DATABASE_URL": database_url(), "CACHE_URL": "locmemcache://"}
        | LEASES
        | told,
    )


def a_dream():
    """Of sessions in which a tool fails in the same way, every one said in other words."""
    ids = []
    for number in range(SESSIONS):
        where = {"key": f"s{number}"}
        failed = make.call("search", {"n": number}, "no such index", is_error=True, **where)
        asked = make.event("user.message", f"Find {number}.", **where)
        ids.append(make.session(asked, *failed).public_id)
    store = stores.create_store(given=NewStore(name="Notes"), by=make.actor())
    plan = DreamPlan(store_id=store.pk, session_ids=ids, model="claude-sonnet-5-5")
    return actions.create_dream(plan, by=make.actor())


def an_evaluation():
    """Of so many criteria that they take three questions."""
    rubric = "\n".join(f"- It says word{number}" for number in range(CRITERIA))
    plan = EvaluationPlan(
        rubric=RubricRef(content=rubric), artifact=ArtifactRef(text="word1 and word2 " * 400)
    )
    return evaluations.create_evaluation(plan, by=make.actor())


def is_in_the_middle(there):
    """All that may be answered is kept, and both wait for something else."""
    waiting = {each.schema["title"] for each in there.questions if not each.billed}
    kept = Call.objects.filter(status=Call.Status.ANSWERED).count()
    return kept == KEPT and waiting == {"Notes", "Graded"}


def has_gone_on(dream, evaluation):
    """As far as another worker gets now: not at all while the dead hold it."""
    dreaming.dream_here(dream.pk)
    grading.grade_here(evaluation.pk)
    dream.refresh_from_db()
    evaluation.refresh_from_db()
    return dream.ended_at and evaluation.ended_at


@pytest.mark.django_db(transaction=True)
def test_what_was_answered_is_not_asked_again(there, settings):
    for name, seconds in LEASES.items():
        setattr(settings, name, int(seconds))
    there.responder = holding = Holding(Notes=KEPT - 1, Edits=0, Graded=1)
    dream, evaluation = a_dream(), an_evaluation()
    work = ((DREAM, dream.pk), (GRADE, evaluation.pk))
    workers = [begun(there, *each) for each in work]
    try:
        assert wait_until(lambda: is_in_the_middle(there), seconds=PATIENCE)
    finally:
        for each in workers:
            each.kill()
            each.wait()
    kept = {each.digest for each in there.answered}
    holding.goes_on.set()
    assert wait_until(lambda: has_gone_on(dream, evaluation), seconds=PATIENCE)

    assert (dream.status, dream.funnel["read"]) == (Dream.Status.COMPLETED, SESSIONS)
    assert evaluation.status == Evaluation.Status.COMPLETED
    assert evaluation.verdicts.count() == CRITERIA
    require_that_nothing_kept_was_asked_again(there, kept, 2 * settings.ENGINE_AT_ONCE)


def require_that_nothing_kept_was_asked_again(there, kept, most_in_flight):
    """Only what the dead waited for was asked again, and what they were told is lost."""
    asked = Counter(each.digest for each in there.questions)
    heard = {each.digest: each for each in there.answered}
    spent = [each.usage for each in JobSpend.objects.all()]

    assert len(kept) == KEPT
    assert {asked[each] for each in kept} == {1}
    assert 0 < sum(asked.values()) - len(asked) <= most_in_flight
    assert set(asked.values()) == {1, 2}
    billed = [Usage(*each.billed) for each in heard.values()]
    assert added(spent) == added(billed)


def added(usages):
    return Usage(*map(sum, zip(*usages, strict=True)))
