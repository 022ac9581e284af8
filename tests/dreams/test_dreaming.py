"""A dream from its first stage to its last, and what is left of it in store, queue and session."""

import pytest

from apps.dreams import dreaming
from apps.dreams.models import Dream, Observation, Reading
from apps.memory import writing
from apps.memory.authors import Author
from apps.memory.models import Memory, MemoryStore, MemoryVersion
from apps.reviews.models import Proposal
from apps.sessions import recording
from apps.sessions.actions import sessions as session_actions
from apps.sessions.models import Event, Session
from apps.webhooks.models import OutboxEvent
from tests import make

pytestmark = pytest.mark.django_db


def contents(store_id):
    live = Memory.objects.live().filter(store=store_id)
    return dict(live.order_by("path").values_list("path", "content"))


def finished(dream):
    dreaming.dream_here(dream.pk)
    dream.refresh_from_db()
    return dream


def write(store, path, content):
    with writing.writing(store.pk, by=Author()) as pen:
        return pen.create(path, content)


def test_into_a_new_store_the_input_stays_and_the_output_is_whole(store, hurt, dream_of):
    write(store, "/team/rules.md", "Be kind.")
    dream = finished(dream_of(hurt()))

    output = MemoryStore.objects.get(pk=dream.output_store_id)
    assert dream.status == Dream.Status.COMPLETED
    assert contents(store.pk) == {"/team/rules.md": "Be kind."}
    assert contents(output.pk) == {
        "/lessons/hot-stove.md": "hot stove\n",
        "/team/rules.md": "Be kind.",
    }
    versions = MemoryVersion.objects.of(output)
    assert {each.actor_id for each in versions} == {dream.session_id}
    proposal = Proposal.objects.get()
    assert (proposal.store_id, proposal.path, proposal.status) == (
        store.pk,
        "/lessons/hot-stove.md",
        "pending",
    )
    assert proposal.changeset.dream_id == dream.pk
    assert proposal.evidence.count() == 3


def test_into_the_store_itself_the_edits_wait_in_its_queue(store, hurt, dream_of):
    dream = finished(dream_of(hurt(), updates=store.pk))

    assert (dream.status, dream.output_store_id) == (Dream.Status.COMPLETED, store.pk)
    assert contents(store.pk) == {}
    assert [each.path for each in Proposal.objects.waiting()] == ["/lessons/hot-stove.md"]


def test_nothing_to_change_is_a_success_that_says_so(store, hurt, dream_of):
    write(store, "/known.md", "hot stove")
    dream = finished(dream_of(hurt(), updates=store.pk))

    assert (dream.status, dream.changeset_id, dream.funnel["proposals"]) == ("completed", "", 0)
    assert dream.funnel["dropped"] == [
        {
            "stage": "curate",
            "reason": "known already",
            "count": 1,
            "examples": [dream.patterns.get().title],
        }
    ]
    assert dream.patterns.get().reason == "known already"
    said = Event.objects.filter(session__public_id=dream.session_id, type="agent.message")
    assert said.in_order().last().text.startswith("Nothing to change")


def test_an_anecdote_is_no_pattern(hurt, dream_of):
    dream = finished(dream_of([*hurt("hot stove", 2), *hurt("wet floor", 1)]))

    assert dream.funnel["observations"] == 3
    assert dream.funnel["patterns"] == 0
    assert dream.status == "completed"


def test_the_funnel_counts_every_step(hurt, dream_of):
    dream = finished(dream_of([*hurt("hot stove", 3), *hurt("wet floor", 1), *hurt("", 1)]))

    assert dream.funnel | {"dropped": []} == {
        "sessions": 5,
        "read": 5,
        "reused": 0,
        "with_signal": 5,
        "observations": 5,
        "patterns": 1,
        "drafts": 1,
        "proposals": 1,
        "dropped": [],
    }
    pattern = dream.patterns.get()
    assert (pattern.became, pattern.session_count) == ("proposed", 3)
    assert pattern.proposal_id == Proposal.objects.get().pk
    assert (dream.input_tokens, dream.output_tokens) == (5 * 10 + 100, 5)


def test_what_was_read_once_is_not_read_again(hurt, dream_of, engine):
    ids = hurt(count=3)
    finished(dream_of(ids))
    more = hurt(count=1)
    dream = finished(dream_of([*ids, *more]))

    assert sorted(engine.read) == sorted([*ids, *more])
    assert (dream.funnel["read"], dream.funnel["reused"]) == (1, 3)
    assert dream.patterns.get().session_count == 4


def test_a_session_that_went_on_is_read_anew(hurt, dream_of, engine):
    ids = hurt(count=3)
    finished(dream_of(ids))
    session = Session.objects.get(public_id=ids[0])
    recording.record(session.pk, [make.event("user.message", "OUCH and then?", key="")])
    finished(dream_of(ids))

    assert engine.read.count(ids[0]) == 2
    assert engine.read.count(ids[1]) == 1
    assert Observation.objects.filter(reading__session=session).count() == 2


def test_another_version_of_the_engine_reads_everything_anew(hurt, dream_of, engine):
    ids = hurt(count=3)
    finished(dream_of(ids))
    engine.version = "2"
    finished(dream_of(ids))

    assert len(engine.read) == 6


def test_what_was_seen_goes_with_its_session(hurt, dream_of):
    ids = hurt(count=3)
    finished(dream_of(ids))
    session_actions.delete_session(session_id=ids[0], by=make.actor())

    assert Reading.objects.count() == 2
    assert Observation.objects.count() == 2


def test_it_is_a_session_that_tells_what_it_did_and_is_archived(hurt, dream_of):
    ids = sorted(hurt(count=3))
    dream = finished(dream_of(ids, instructions="Mind the kitchen."))

    session = Session.objects.get(public_id=dream.session_id)
    events = list(Event.objects.filter(session=session).in_order())
    assert session.archived_at is not None
    assert session.agent.name == "dream"
    assert [each.text for each in events if each.type == "user.message"] == ["Mind the kitchen."]
    assert [each.tool_name for each in events if each.type == "agent.tool_use"] == [
        *["read_session"] * 3,
        "connect",
        "curate",
        "check",
        "propose",
    ]
    assert events[-2].text == "1 proposals, from 1 patterns in 3 sessions."
    assert events[-1].type == "session.status_idle"


def test_its_end_is_told_to_whoever_listens(hurt, dream_of):
    dream = finished(dream_of(hurt()))

    told = OutboxEvent.objects.filter(object_id=dream.pk)
    assert list(told.values_list("type", flat=True)) == ["dream.completed"]


def test_a_quote_that_its_event_does_not_bear_out_goes_no_further(hurt, dream_of, engine):
    dream = dream_of(hurt())
    drafts = []

    class Liar(type(engine)):
        def curate(self, patterns, notes, work):
            written = super().curate(patterns, notes, work)
            drafts.extend(written.curated.drafts)
            quotes = tuple(
                type(each)(each.session_id, each.event_id, 0, 4, "AUCH", each.role)
                for each in drafts[0].evidence
            )
            lie = {name: getattr(drafts[0], name) for name in drafts[0].__slots__}
            drafts[0] = type(drafts[0])(**lie | {"evidence": quotes})
            return type(written)(type(written.curated)(tuple(drafts)))

    engine.__class__ = Liar
    dream = finished(dream)

    assert dream.funnel["dropped"][0]["reason"] == "a quote is not what its event says"
    assert Proposal.objects.count() == 0
    assert dream.patterns.get().became == "dropped"


def test_a_finding_with_a_long_name_is_proposed_like_any_other(hurt, dream_of):
    said = "a long story " * 12
    first = finished(dream_of(hurt(said.strip())))
    again = finished(dream_of(hurt(said.strip())))

    assert first.patterns.get().became == "proposed"
    assert again.patterns.get().reason == "it waits for a decision already"
