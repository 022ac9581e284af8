"""What a store's policy lets a dream do by itself, and what waits for people all the same."""

import pytest

from apps.dreams import dreaming, showing
from apps.dreams.engines import Usage, Written
from apps.dreams.findings import Curated
from apps.memory import verifying
from apps.reviews.actions import undoing
from apps.reviews.drafting import Role
from apps.reviews.models import Decision, Proposal
from apps.sessions.models import Session
from tests import make
from tests.dreams.pages.conftest import at, signed_in
from tests.reviews import making

pytestmark = pytest.mark.django_db

KEPT = {"/a.md": "one\n", "/b.md": "two\n"}
SURE, UNSURE = {"/sure.md"}, {"/unsure.md"}
CHANGED = {"/a.md"}


@pytest.fixture
def store():
    return making.store(a="one\n", b="two\n")


@pytest.fixture
def dreamt(store, hurt, dream_of, engine):
    """A dream of this policy that drafted something of every sort."""

    def made(of_store, of_dream=""):
        making.set_mode(store, of_store)
        ids = hurt()
        engine.curate = lambda *_, **__: Written(Curated(_drafts(store, ids)), Usage())
        dream = dream_of(ids, updates=store.pk, policy=of_dream)
        dreaming.dream_here(dream.pk)
        dream.refresh_from_db()
        return dream

    return made


def _drafts(store, ids):
    sessions = Session.objects.filter(public_id__in=ids)
    people = tuple(making.quote(each, "Do it.", role=Role.STATES_FACT) for each in sessions)
    tools = tuple(making.quote(each, "hot stove", role=Role.SHOWS_MISTAKE) for each in sessions)
    one, two = making.at(store, "/a.md"), making.at(store, "/b.md")
    return (
        making.create("/sure.md", confidence=0.9, evidence=people),
        making.create("/unsure.md", "Seats go first.\n", confidence=0.6, evidence=people),
        making.create("/tainted.md", "Stoves are hot.\n", confidence=0.9, evidence=tools),
        making.update(one, "one\nthree\n", confidence=0.9, evidence=people),
        making.retire(two),
    )


@pytest.mark.parametrize(
    ("of_store", "of_dream", "applied"),
    [
        ("review", "", set()),
        ("auto_safe", "", SURE | CHANGED),
        ("auto", "", SURE | UNSURE | CHANGED),
        ("auto", "auto_safe", SURE | CHANGED),
        ("review", "auto", set()),
    ],
)
def test_of_what_a_dream_drafts_a_policy_applies_what_it_may(
    store, dreamt, of_store, of_dream, applied
):
    dream = dreamt(of_store, of_dream)

    accepted = Proposal.objects.filter(status="accepted")
    assert (dream.status, dream.funnel["proposals"]) == ("completed", 5)
    assert {each.path for each in accepted} == applied
    assert Proposal.objects.waiting().count() == 5 - len(applied)
    told = {path for path, text in making.said(store).items() if KEPT.get(path) != text}
    assert told == applied
    assert all(each.is_automatic for each in Decision.objects.all())
    assert verifying.verify(store).has_passed

    [row] = showing.rows(make.workspace(), [dream])
    panel = showing.panels(dream, dream.funnel, row.decided)[-1]
    assert (row.kept, row.waits) == (len(applied), 5 - len(applied))
    assert (panel.label, panel.value) == ("Accepted", str(len(applied)))
    assert signed_in().get(at("dream", dream)).status_code == 200


def test_what_a_policy_applied_can_be_taken_back(store, dreamt):
    dreamt("auto")

    for each in Proposal.objects.filter(status="accepted"):
        undoing.undo(proposal_id=each.pk, by=make.actor())

    assert making.said(store) == KEPT
    assert {each.by_name for each in Decision.objects.filter(verdict="accept")} == {"Policy auto"}
