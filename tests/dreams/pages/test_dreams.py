"""The pages of dreams: their list, asking for one, one as it goes on and as it ended."""

import pytest

from apps.accounts.models import AuditEntry
from apps.dreams import dreaming, engines
from apps.dreams.actions import dreams as actions
from apps.dreams.models import Dream, OutputBehavior, Reading
from apps.dreams.starting import DreamPlan
from apps.reviews.models import Proposal
from tests import make
from tests.dreams.engine import MODEL
from tests.dreams.pages.conftest import at, body, words

pytestmark = pytest.mark.django_db

EVIL = "<script>alert(1)</script>"


def asked(store, **more):
    """What the form sends."""
    return {
        "memory_store_id": store.pk,
        "which": "filter",
        "only_ended": "on",
        "most_sessions": "100",
        "model": MODEL,
        "output_behavior": OutputBehavior.UPDATE_EXISTING,
        "instructions": "",
        "policy": "",
    } | more


@pytest.fixture
def dreamt(dream_of, hurt):
    """A dream that has come to its end."""

    def made(said="hot stove", count=3, **plan):
        dream = dream_of(hurt(said, count), **plan)
        dreaming.dream_here(dream.pk)
        dream.refresh_from_db()
        return dream

    return made


def test_an_empty_workspace_says_what_a_dream_does(client, viewer):
    shown = body(client.get(at("list")))

    assert "finds what recurs" in shown
    assert at("new") in shown
    assert at("new") not in body(viewer.get(at("list")))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_long(client, dreamt, rows, django_assert_num_queries):
    for number in range(rows):
        dreamt(f"stove {number}")
    client.get(at("list"))

    with django_assert_num_queries(8):
        shown = words(client.get(at("list")))
    assert shown.count("1 waits") == rows


def test_a_dream_that_gathers_for_another_is_not_a_row_of_its_own(client, dream_of, hurt):
    dream_of(hurt(count=101))

    assert body(client.get(at("list"))).count('class="row-link"') == 1


def test_lists_leave_out_what_is_archived(client, dreamt):
    dream = dreamt()
    client.post(at("archive", dream))

    assert at("dream", dream) not in body(client.get(at("list")))
    assert at("dream", dream) in body(client.get(at("list") + "?show=archived"))


def test_a_page_tells_the_funnel_the_patterns_and_the_proposals(client, dreamt):
    dream = dreamt()

    shown = words(client.get(at("dream", dream)))

    assert "Sessions read 3" in shown
    assert "Patterns 1" in shown
    assert "hot-stove.md High" in shown
    assert "nobody judged these sessions" in shown
    proposal = Proposal.objects.get()
    assert f"/reviews/{proposal.pk}/" in body(client.get(at("dream", dream)))
    assert f"?dream={dream.pk}" in body(client.get(at("dream", dream)))


def test_what_was_left_out_is_told_with_its_reason(client, dreamt):
    dreamt()
    again = dreamt("hot stove")

    shown = words(client.get(at("dream", again)))

    assert "It waits for a decision already" in shown


def test_nothing_to_change_is_a_success(client, dreamt):
    dream = dreamt("rare", count=1)

    shown = body(client.get(at("dream", dream)))

    assert "Nothing to change" in shown
    assert "tone-good" in shown


@pytest.mark.parametrize("count", [3, 5])
def test_a_page_costs_the_same_however_much_was_found(
    client, dream_of, hurt, count, django_assert_num_queries
):
    ids = [each for number in range(count) for each in hurt(f"stove {number}")]
    dream = dream_of(ids)
    dreaming.dream_here(dream.pk)
    client.get(at("dream", dream))

    with django_assert_num_queries(17):
        shown = words(client.get(at("dream", dream)))
    assert f"Patterns {count}" in shown


def test_a_page_that_is_looked_at_is_answered_once_something_is_new(client, dream_of, hurt):
    dream = dream_of(hurt())
    first = body(client.get(at("dream", dream)))
    address = first.split('id="dream" hx-get="')[1].split('"')[0].replace("&amp;", "&")
    as_htmx = {"headers": {"HX-Request": "true"}}

    assert client.get(address, **as_htmx).status_code == 204
    dreaming.dream_here(dream.pk)
    news = client.get(address, **as_htmx)

    assert news.status_code == 200
    assert "<html" not in body(news)
    assert "hx-get" not in body(news)


def test_a_dream_is_stopped_and_says_what_it_keeps(client, dream_of, hurt):
    dream = dream_of(hurt())
    [jobs, *_] = dreaming.attempt(dream.pk, holder="one")
    dreaming.read(dream.pk, jobs[:2], holder="one")

    assert "Stop — keeps 2 sessions read" in words(client.get(at("dream", dream)))
    client.post(at("stop", dream))

    dream.refresh_from_db()
    assert dream.status == Dream.Status.CANCELED
    assert Reading.objects.count() == 2
    assert "Stopped. Nothing was proposed." in words(client.get(at("dream", dream)))


def test_a_failure_says_what_to_do(client, dream_of, hurt, store):
    dream = dream_of(hurt())
    store.delete()
    dreaming.dream_here(dream.pk)

    shown = words(client.get(at("dream", dream)))

    assert "The dream failed. Nothing was proposed." in shown
    assert "Choose a store that is in use." in shown


def test_patterns_stand_by_support_or_by_effect_page_by_page(client, dreamt, monkeypatch):
    dream = dreamt()
    kind = dream.patterns.get()
    for number, succeeded in ((2, 1), (3, 9), (4, 5)):
        kind.pk, kind.number, kind.key = None, number, f"key {number}"
        kind.title, kind.success_count, kind.success_tries = f"Finding {number}", succeeded, 10
        kind.others_count, kind.others_tries = 5, 10
        kind.save(force_insert=True)
    monkeypatch.setattr("apps.dreams.patterns.SIZE", 2)

    def found(query):
        shown = body(client.get(at("dream", dream) + query))
        return [each for each in ("2", "3", "4") if f"Finding {each}</span>" in shown]

    assert found("") == ["2"]
    assert found("?after=2") == ["3", "4"]
    assert found("?by=effect") == ["2", "3"]
    assert found("?by=effect&after=3") == ["4"]
    assert found("?by=effect&after=nonsense") == ["2", "3"]


def test_the_form_counts_what_would_be_read(client, store, hurt, engine):
    hurt(count=4)
    make.session(key="goes-on", agent="other")

    shown = client.post(at("matching"), asked(store, most_sessions="3"))

    assert words(shown) == "3 sessions of 4 that match. None was read before."
    assert "0 No session matches" in words(client.post(at("matching"), asked(store, agent_id="x")))
    wrong = words(client.post(at("matching"), asked(store, most_sessions="0")))
    assert "Enter a number between" in wrong


def test_a_dry_run_tells_everything_and_changes_nothing(client, store, dreamt, hurt):
    dreamt()
    hurt("sharp knife", count=2)
    before = (Dream.objects.count(), Reading.objects.count(), AuditEntry.objects.count())

    answer = client.post(at("new"), asked(store, **{"try": "1", "instructions": EVIL}))

    shown = words(answer)
    assert answer.status_code == 200
    assert "Sessions 5 Read before, unchanged 3 Events to read 6" in shown
    assert EVIL not in body(answer)
    assert (Dream.objects.count(), Reading.objects.count(), AuditEntry.objects.count()) == before


def test_a_dry_run_of_the_local_engine_tells_what_recurs_so_far(client, store, hurt):
    dream = actions.create_dream(
        plan_of(store, hurt("Error: the stove is hot", count=4)), by=make.actor()
    )
    dreaming.dream_here(dream.pk)

    answer = client.post(at("new"), asked(store, model=engines.LOCAL, **{"try": "1"}))

    assert "Recurs in what was read before" in words(answer)


def plan_of(store, session_ids):
    return DreamPlan(store_id=store.pk, session_ids=session_ids)


def test_a_dream_is_started_over_what_matches(client, store, hurt, engine):
    ids = hurt()

    answer = client.post(at("new"), asked(store, instructions="Look for burns."))

    dream = Dream.objects.get()
    assert answer.url == at("dream", dream)
    assert dream.session_ids == sorted(ids)
    assert (dream.model, dream.instructions) == (MODEL, "Look for burns.")
    assert dream.output_behavior == OutputBehavior.UPDATE_EXISTING
    assert dream.created_by_name == "ines"


def test_sessions_are_picked_by_name(client, store, hurt, engine):
    first, *_ = hurt()

    client.post(at("new"), asked(store, which="picked", session_ids=f"\n{first}\n{first} "))

    assert Dream.objects.get().session_ids == [first]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"which": "picked", "session_ids": " "}, "Name at least one session"),
        ({"which": "picked", "session_ids": "sesn_gone"}, "there is no session sesn_gone"),
        ({"agent_id": "agent_none"}, "No session matches"),
        ({"most_sessions": "5000"}, "Enter a number between"),
        ({"memory_store_id": "memstore_gone"}, "memory store"),
        ({"memory_store_id": "\x00"}, ""),
        ({"window_hours": "-3"}, "Choose one of these times"),
        ({"instructions": "x" * 4097}, "4096"),
    ],
)
def test_the_form_keeps_what_was_typed(client, store, hurt, engine, given, told):
    hurt()

    answer = client.post(at("new"), asked(store, **{"instructions": "Keep <me>"} | given))

    assert answer.status_code == 422
    assert told in words(answer)
    if "instructions" not in given:
        assert "Keep &lt;me&gt;" in body(answer)
    assert not Dream.objects.exists()


def test_a_store_that_is_written_to_is_told(client, store, hurt, engine):
    hurt()
    client.post(at("new"), asked(store))

    answer = client.post(at("new"), asked(store))

    assert answer.status_code == 422
    assert "Another dream is writing into this memory store" in words(answer)


def test_without_a_store_it_leads_to_one(client):
    assert "First it takes a memory store" in words(client.get(at("new")))
    assert "First it takes a memory store" in words(client.get(at("new_schedule")))


def test_whoever_may_only_look_starts_and_stops_nothing(viewer, store, dream_of, hurt):
    dream = dream_of(hurt())

    assert viewer.get(at("dream", dream)).status_code == 200
    assert at("stop", dream) not in body(viewer.get(at("dream", dream)))
    assert viewer.get(at("new")).status_code == 403
    for name in ("new", "matching"):
        assert viewer.post(at(name), asked(store)).status_code == 403
    for name in ("stop", "archive"):
        assert viewer.post(at(name, dream)).status_code == 403


def test_the_neighbours_see_none_of_it(stranger, client, store, dreamt):
    dream = dreamt()
    make.user("nils", of=make.workspace("next-door"))

    assert stranger.get(at("dream", dream)).status_code == 404
    assert stranger.get(at("dream", dream, of="next-door")).status_code == 404
    assert stranger.post(at("stop", dream, of="next-door")).status_code == 404
    assert at("dream", dream) not in body(stranger.get(at("list", of="next-door")))
    assert store.name not in body(stranger.get(at("new", of="next-door")))


def test_hostile_words_stay_words(client, dreamt, store):
    store.name = EVIL
    store.save(update_fields=["name"])
    dream = dreamt(EVIL, instructions=EVIL)

    for address in (at("dream", dream), at("list"), at("overview"), at("new")):
        shown = body(client.get(address))
        assert EVIL not in shown
        assert "&lt;script&gt;" in shown
