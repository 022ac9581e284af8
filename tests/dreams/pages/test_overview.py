"""The first page: what waits, what runs, what was decided, and whether it helps."""

from datetime import timedelta

import pytest
import time_machine

from apps.accounts.models import User
from apps.dreams import dreaming
from apps.dreams.models import Dream
from apps.dreams.overview import deciding, recurrence, spending
from apps.dreams.recurring import Tally, Verdict
from apps.reviews.actions.deciding import decide
from apps.reviews.models import Proposal
from apps.sessions.models import Resource, Session
from tests import make
from tests.dreams.pages.conftest import at, body, words

pytestmark = pytest.mark.django_db

BEFORE = make.START
ACCEPTED = make.START + timedelta(days=3)
AFTER = ACCEPTED + timedelta(days=1)


@pytest.fixture
def calm():
    """Sessions in which nothing happens: their public ids."""

    def made(count, **fields):
        return [
            make.session(make.event(text="Hello.", key=key), key=key, **fields).public_id
            for key in (f"calm-{Session.objects.count() + n}" for n in range(count))
        ]

    return made


@pytest.fixture
def dreamt(dream_of):
    def made(ids, **plan):
        dream = dream_of(ids, **plan)
        dreaming.dream_here(dream.pk)
        dream.refresh_from_db()
        return dream

    return made


def accept(moment=ACCEPTED, verdict="accept", **said):
    """By two people: what the pocket engine finds rests on text from tools alone."""
    people = [make.actor(), make.actor(make.user(f"reviewer-{User.objects.count()}"))]
    with time_machine.travel(moment, tick=False):
        for by in people:
            for each in Proposal.objects.waiting():
                decide(proposal_id=each.pk, verdict=verdict, by=by, **said)


def mount(store, ids):
    Resource.objects.bulk_create(
        Resource(
            session=each,
            type=Resource.Type.MEMORY_STORE,
            mount_path="/mnt/memory/team-notes",
            memory_store_id=store.pk,
            access=Resource.Access.READ_WRITE,
        )
        for each in Session.objects.filter(public_id__in=ids)
    )


@pytest.fixture
def history(store, dreamt, hurt, calm):
    """So many sessions that hurt, of so many, before a memory about it was accepted, and since."""

    def made(before, after, is_mounted=True):
        hurts, all_of_them = before
        dreamt(hurt(count=hurts) + calm(all_of_them - hurts))
        accept()
        hurts, all_of_them = after
        ids = hurt(count=hurts, created_at=AFTER) + calm(all_of_them - hurts, created_at=AFTER)
        if is_mounted:
            mount(store, ids)
        dreamt(ids)
        [found] = recurrence.recurrences(make.workspace())
        return found

    return made


@pytest.mark.parametrize(
    ("before", "after", "verdict", "word"),
    [
        ((9, 10), (0, 10), Verdict.WORKS, "Works"),
        ((3, 12), (11, 12), Verdict.HARMFUL, "Harmful"),
        ((9, 10), (0, 3), Verdict.TOO_EARLY, "Too early"),
    ],
)
def test_it_tells_whether_a_memory_helps(client, history, before, after, verdict, word):
    with time_machine.travel(AFTER + timedelta(days=20), tick=False):
        found = history(before, after)
        shown = words(client.get(at("overview")))

    assert found.judged.before == Tally(*before)
    assert found.judged.after == Tally(*after)
    assert found.judged.verdict == verdict
    assert word in shown
    assert f"{before[0]} of {before[1]} sessions before, {after[0]} of {after[1]} since" in shown


def test_sessions_that_could_not_read_it_do_not_count(history):
    with time_machine.travel(AFTER + timedelta(days=20), tick=False):
        found = history((9, 10), (0, 10), is_mounted=False)

    assert found.judged.after == Tally()
    assert found.judged.verdict == Verdict.TOO_EARLY


def test_weeks_are_counted_from_the_acceptance(history):
    with time_machine.travel(AFTER + timedelta(days=20), tick=False):
        found = history((9, 10), (1, 10))
        series = dict(found.series)

    assert series[-1] == Tally(9, 10)
    assert series[0] == Tally(1, 10)
    assert series[-2] == Tally()
    assert max(series) == 3


def test_what_waits_is_told_by_risk_and_age(client, dreamt, hurt):
    with time_machine.travel(AFTER, tick=False):
        dreamt(hurt())
    with time_machine.travel(AFTER + timedelta(hours=35), tick=False):
        shown = words(client.get(at("overview")))
        told = deciding.waiting(make.workspace())

    assert "1 proposal, the oldest for 1 d 11 h" in shown
    assert told.count == 1
    assert not told.is_capped


def test_a_long_queue_is_not_counted_to_its_end(dreamt, hurt, monkeypatch):
    monkeypatch.setattr(deciding, "MOST", 1)
    dreamt([each for number in range(3) for each in hurt(f"stove {number}")])

    told = deciding.waiting(make.workspace())

    assert told.is_capped
    assert told.told == "1+"


def test_decisions_are_told_by_week_and_kind(dreamt, hurt):
    with time_machine.travel(BEFORE + timedelta(days=1), tick=False):
        dreamt(hurt("stove"))
    accept(BEFORE + timedelta(days=2), content="Do not touch.\n")
    with time_machine.travel(BEFORE + timedelta(days=7), tick=False):
        dreamt(hurt("knife"))
    accept(BEFORE + timedelta(days=8), verdict="reject", reason="wrong")
    with time_machine.travel(BEFORE + timedelta(days=9), tick=False):
        told = deciding.acceptance(make.workspace())

    tallies = [tally for _, tally in told.by_week if tally.decided]
    assert tallies == [deciding.Tally(edited=1), deciding.Tally(rejected=1)]
    assert told.by_kind == [("create", deciding.Tally(edited=1, rejected=1))]
    assert told.median == timedelta(days=1)
    assert told.total.percent == 50
    assert [bar.above for bar in told.bars[-2:]] == ["100%", "0%"]


def test_spending_is_told_by_day(dreamt, hurt):
    dream = dreamt(hurt())
    Dream.objects.update(model="claude-sonnet-4-5", input_tokens=1_000_000, output_tokens=0)

    told = spending.spending(make.workspace())

    assert told.dreams == 1
    assert told.total == told.by_day[-1][1] > 0
    Dream.objects.filter(pk=dream.pk).update(model="nobody-sells-this")
    assert spending.spending(make.workspace()).unpriced == 1


def test_a_fresh_workspace_is_told_where_to_begin(client, viewer):
    shown = words(client.get(at("overview")))

    for said in ("Nothing has happened here yet", "No memory to judge yet", "No dreams yet"):
        assert said in shown
    assert "Start a dream" in shown
    assert "Start a dream" not in words(viewer.get(at("overview")))


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_the_same_however_much_happened(
    client, dreamt, hurt, count, django_assert_num_queries
):
    for number in range(count):
        dreamt(hurt(f"stove {number}"))
        make.session(make.event("session.status_running", key=f"r{number}"), key=f"r{number}")
    accept()
    dreamt(hurt("knife"))
    client.get(at("overview"))

    with django_assert_num_queries(18):
        shown = body(client.get(at("overview")))
    assert shown.count("Too early") == count


def test_the_neighbours_overview_tells_nothing_of_it(stranger, dreamt, hurt):
    dreamt(hurt())
    accept()

    assert stranger.get(at("overview")).status_code == 404
    shown = words(stranger.get(at("overview", of="next-door")))
    assert "Nothing has happened here yet" in shown
    assert "Nothing decided yet" in shown


def test_it_is_the_first_page_after_signing_in(client):
    assert client.get("/").url == at("overview")
