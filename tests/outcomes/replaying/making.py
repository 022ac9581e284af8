"""A store, sessions that read it, a proposal that harms it, and a model that does as it is told."""

from django.utils import timezone

from apps.outcomes import versioning
from apps.outcomes.judging import Graded, Said
from apps.outcomes.models import Trial, TrialCase
from apps.outcomes.replaying import actions, trying
from apps.outcomes.replaying.asking import Attempted
from apps.outcomes.replaying.planning import TrialPlan
from apps.sessions.models import MemoryUse
from tests import make
from tests.outcomes import making
from tests.reviews import making as reviews

GOOD = "Always say the order's number.\n"
HARMFUL = "Never say the order's number.\n"
RUBRIC = "- It says the number of the order {#number}"
SAYS, HIDES = "Order #4711 is refunded.", "It is refunded."


def store(**files):
    return reviews.store(notes=GOOD, **files)


def harmful(where):
    return reviews.proposal(where, reviews.update(reviews.at(where, "/notes.md"), HARMFUL))


def past(count, where):
    """Sessions that were asked for a refund, and read the notes."""
    sessions = [
        make.session(make.event(text=f"Refund order {at}.", key=f"past-{at}"))
        for at in range(count)
    ]
    for each in sessions:
        MemoryUse.objects.create(
            session=each,
            sequence=1,
            at=timezone.now(),
            memory_store_id=where.pk,
            path="/notes.md",
            kind="read",
        )
    return sessions


def version(content=RUBRIC):
    return versioning.write(making.rubric(), 1, content, by=make.actor())


def obeys(question):
    """The model says the number unless its memory forbids it; the grader looks for the number."""
    if question.answer is Attempted:
        return Attempted(answer=HIDES if HARMFUL in question.shared else SAYS)
    passes = "#4711" in question.shared
    said = Said(
        key="number",
        verdict="pass" if passes else "fail",
        quote="#4711" if passes else "",
        reason="It is what was asked for.",
    )
    return Graded(fits=True, misfit="", verdicts=[said])


def begun(proposal, *, by=None, **plan):
    return actions.start_trial(
        proposal_id=proposal.pk, plan=TrialPlan(**plan), by=by or make.actor()
    )


def work(trial, holder="w"):
    """All that waits, one after the other."""
    for case_id in trial.cases.order_by("pk").values_list("pk", flat=True):
        trying.attempt(case_id, holder=holder)
    return Trial.objects.for_list().get(pk=trial.pk)


def trial(proposal, **fields):
    given = {"model": "claude-haiku-4-5", "grader": "claude-haiku-4-5", "session_count": 1}
    return Trial.objects.create(workspace=proposal.workspace, proposal=proposal, **given | fields)


def case(of, session, **fields):
    given = {"side": "before", "position": 0, "task": "Refund order 1."} | fields
    return TrialCase.objects.create(trial=of, session=session, **given)
