"""The pages of comparisons: asking for one, judging it blind, handing in, and the standings."""

from dataclasses import replace

import pytest
from django.test import Client

from apps.accounts.rights import Role
from apps.dreams import dreaming
from apps.dreams.models import Comparison, ComparisonPick, Dream
from apps.memory.actions import memories
from apps.reviews.drafting import Base, Kind
from apps.reviews.models import Changeset
from tests import make
from tests.dreams.comparing.conftest import RIVAL, dream_of_side
from tests.dreams.engine import MODEL
from tests.dreams.pages.conftest import at, body, signed_in, words

pytestmark = pytest.mark.django_db
HTMX = {"hx-request": "true"}
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def client():
    return signed_in()


def form_of(store, **more):
    """What the form sends."""
    return {
        "memory_store_id": store.pk,
        "which": "filter",
        "only_ended": "on",
        "most_sessions": "100",
        "model": MODEL,
        "model_b": RIVAL,
        "instructions": "",
        "instructions_b": "Be brief.",
    } | more


def pick_at(comparison, number, choice, client, **how):
    row = comparison.rows.get(number=number)
    return client.post(at("pick_compared", comparison, row.pk), {"choice": choice}, **how)


@pytest.fixture
def differing(compared, hurt, rival):
    """Two rows in which they differ."""
    rival.edit = lambda draft: replace(draft, content=f"{EVIL}\n", title=EVIL)
    return compared(hurt("hot stove") + hurt("sharp knife"))


def test_the_form_says_what_either_side_would_take(client, store, engine, rival, hurt, settings):
    settings.ANTHROPIC_API_KEY = "sk-ant-of-the-installation"
    hurt()
    sides = {"model": "claude-sonnet-5-5", "model_b": "claude-sonnet-5-5"}

    shown = client.post(at("new_comparison"), form_of(store, **sides, cap_usd="0.01", **{"try": 1}))
    part = client.post(at("estimate_comparison"), form_of(store, **sides))

    for page in (words(shown), words(part)):
        assert "3 sessions · about $" in page
        assert page.index("A: claude-sonnet-5-5 3 about") < page.index(
            "B: claude-sonnet-5-5 0 about"
        )
    assert "A would cost more than its cap" in words(shown)
    assert not Comparison.objects.exists()


def test_without_one_the_page_says_what_a_comparison_is(client):
    assert "No comparisons yet" in words(client.get(at("comparisons")))
    assert at("new_comparison") not in body(signed_in(Role.VIEWER, "vera").get(at("comparisons")))
    assert "Nothing is archived" in words(client.get(at("comparisons") + "?show=archived"))


def test_two_are_asked_for_over_what_matches(client, store, engine, rival, hurt):
    ids = hurt()

    sent = client.post(at("new_comparison"), form_of(store, cap_usd="2.50"))

    comparison = Comparison.objects.get()
    assert sent.url == at("comparison", comparison)
    assert comparison.session_ids == sorted(ids)
    told = comparison.sides.order_by("letter").values_list("model", "engine", "instructions")
    assert list(told) == [(MODEL, "pocket", ""), (RIVAL, "rival", "Be brief.")]
    assert [str(each.cap_usd) for each in Dream.objects.all()] == ["2.5000", "2.5000"]
    assert "Both dream" in words(client.get(sent.url))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"which": "picked", "session_ids": ""}, "Name at least one session"),
        ({"agent_id": "agent_gone"}, "No session matches"),
        ({"which": "picked", "session_ids": "sesn_gone"}, "there is no session sesn_gone"),
        ({"model_b": "nobody"}, "nobody"),
        ({"cap_usd": "0"}, "at least 0.01"),
    ],
)
def test_the_form_keeps_what_was_typed(client, store, engine, rival, hurt, given, said):
    hurt()

    refused = client.post(at("new_comparison"), form_of(store, instructions=EVIL) | given)

    assert refused.status_code == 422
    assert said in words(refused)
    assert "Be brief." in body(refused)
    assert EVIL not in body(refused)


def test_a_dream_is_compared_with_on_its_input(client, hurt, dream_of):
    dream = dream_of(hurt(), instructions="Look twice.")
    dreaming.dream_here(dream.pk)
    link = at("new_comparison") + f"?dream={dream.pk}"
    assert link in body(client.get(at("dream", dream)))

    shown = body(client.get(link))

    assert "Look twice." in shown
    assert all(each in shown for each in dream.session_ids)
    assert client.get(at("new_comparison") + "?dream=drm_gone").status_code == 404


def test_nobody_is_told_whose_is_which_before_all_is_judged(client, differing):
    shown = words(client.get(at("comparison", differing)))
    assert "0 of 2 judged" in shown
    assert "blind" in shown
    assert "The first · " not in shown
    assert "Hand in" not in shown

    pick_at(differing, 1, "first", client)
    last = pick_at(differing, 2, "second", client)

    assert last.url == at("comparison", differing) + "?after=0#row-2"
    first = differing.shown_first
    picks = dict(differing.rows.values_list("number", "pick__choice"))
    assert picks == {1: first.value, 2: first.other.value}
    shown = words(client.get(at("comparison", differing)))
    assert f"The first · {first.label}" in shown
    assert "Hand in what is good" in shown


def test_a_row_is_judged_in_place(client, differing):
    drawn = pick_at(differing, 1, "both", client, headers=HTMX)
    assert 'id="row-1"' in body(drawn)
    assert "1 of 2 judged" in words(drawn)

    assert pick_at(differing, 2, "neither", client, headers=HTMX)["HX-Refresh"] == "true"
    again = pick_at(differing, 2, "first", client, headers=HTMX)
    assert "not blind" in words(again)


def test_what_is_no_choice_changes_nothing(client, differing):
    for choice in ("", "third", "\x00"):
        refused = client.post(
            at("pick_compared", differing, differing.rows.first().pk),
            {"choice": choice},
            follow=True,
        )
        assert "both or neither" in words(refused)

    assert not ComparisonPick.objects.exists()


def test_a_reader_who_cannot_wait_is_told_and_judges_knowingly(client, differing):
    client.post(at("reveal_comparison", differing))

    assert "The first · " in words(client.get(at("comparison", differing)))
    pick_at(differing, 1, "first", client)
    assert not ComparisonPick.objects.get().is_blind


def test_drafts_are_drawn_against_the_store_as_it_is_now(client, asked_for_update):
    comparison, memory = asked_for_update
    assert "has changed since" not in words(client.get(at("comparison", comparison)))

    by = make.actor()
    memories.update_memory(
        store_id=memory.store_id, memory_id=memory.pk, content="Old.\nAnd newer.\n", by=by
    )
    shown = body(client.get(at("comparison", comparison)))
    assert "has changed since" in shown
    assert "And newer." in shown
    memories.delete_memory(store_id=memory.store_id, memory_id=memory.pk, by=by)

    assert client.get(at("comparison", comparison)).status_code == 200


@pytest.fixture
def asked_for_update(store, compared, hurt, rival):
    memory = memories.create_memory(
        store_id=store.pk, path="/old.md", content="Old.\n", by=make.actor()
    )
    base = Base(memory.pk, memory.content_sha256)
    rival.edit = lambda draft: replace(
        draft, kind=Kind.UPDATE, path="/old.md", content="New.\n", bases=(base,)
    )
    return compared(hurt()), memory


def test_what_was_picked_is_handed_in(client, differing):
    for number in (1, 2):
        pick_at(differing, number, "first", client)

    refused = client.post(at("hand_in_comparison", differing), {"whose": "nobody"}, follow=True)
    assert "Say whose" in words(refused)
    done = client.post(at("hand_in_comparison", differing), {"whose": "picked"}, follow=True)

    assert "Handed in by ines" in words(done)
    assert Changeset.objects.get().proposal_count == 2
    assert words(done).count("In the queue") == 2
    again = client.post(at("hand_in_comparison", differing), {"whose": "picked"}, follow=True)
    assert "in the queue already" in words(again)


def test_one_side_that_failed_is_told(client, asked, hurt):
    comparison = asked(hurt())
    dreaming.dream_here(dream_of_side(comparison, "a").pk)
    dreaming.fail(dream_of_side(comparison, "b"), dreaming.TookTooLong())

    shown = words(client.get(at("comparison", comparison)))

    assert "B failed. What the other side proposes is below" in shown
    assert "The dream took longer" in shown
    assert "lessons/hot-stove.md" in shown


def test_a_page_that_is_looked_at_is_told_what_is_new(client, asked, hurt):
    comparison = asked(hurt())
    page = body(client.get(at("comparison", comparison)))
    state = page.split("?state=")[1].split('"')[0]
    here = at("comparison", comparison) + f"?state={state}"

    assert client.get(here, headers=HTMX).status_code == 204
    client.post(at("stop_comparison", comparison))
    assert "Nothing to compare" in words(client.get(here, headers=HTMX))
    assert "nothing left to stop" in words(
        client.post(at("stop_comparison", comparison), follow=True)
    )


def test_a_side_says_whose_it_is_and_is_no_dream_of_its_own(client, differing):
    dream = dream_of_side(differing, "a")

    assert at("comparison", differing) in body(client.get(at("dream", dream)))
    assert at("dream", dream) not in body(client.get(at("list")))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_however_long(
    client, compared, hurt, rival, count, django_assert_num_queries
):
    rival.edit = lambda draft: replace(draft, content="Else.\n")
    for number in range(count):
        comparison = compared(hurt(f"stove {number}"))
        pick_at(comparison, 1, "first", client)

    with django_assert_num_queries(10):
        shown = body(client.get(at("comparisons")))
    assert shown.count('class="row-link"') == count
    assert "Who dreams best" in shown


@pytest.mark.parametrize("count", [1, 3])
def test_a_comparison_costs_the_same_however_many_rows(
    client, compared, hurt, count, django_assert_num_queries
):
    comparison = compared([each for number in range(count) for each in hurt(f"stove {number}")])

    with django_assert_num_queries(10):
        shown = body(client.get(at("comparison", comparison)))
    assert shown.count("data-row") == count


def test_rows_are_shown_ten_at_a_time(client, compared, hurt, settings):
    settings.DREAM_MIN_SESSIONS = 1
    many = [each for number in range(11) for each in hurt(f"stove {number}", count=1)]
    comparison = compared(many, a=MODEL, b=MODEL)

    first = body(client.get(at("comparison", comparison)))
    rest = body(client.get(at("comparison", comparison) + "?after=10"))
    odd = client.get(at("comparison", comparison) + "?after=%00&after=x")

    assert (first.count("data-row"), rest.count("data-row"), odd.status_code) == (10, 1, 200)
    assert "?after=10" in first
    assert pick_at(comparison, 11, "both", client).url.endswith("?after=10#row-11")


def test_archived_ones_are_left_out(client, differing):
    client.post(at("archive_comparison", differing))

    assert at("comparison", differing) not in body(client.get(at("comparisons")))
    assert at("comparison", differing) in body(client.get(at("comparisons") + "?show=archived"))
    assert "damaged" in words(client.get(at("comparisons") + "?cursor=x"))


def test_who_may_only_look_can_change_nothing(differing, store):
    viewer, reviewer = signed_in(Role.VIEWER, "vera"), signed_in(Role.REVIEWER, "rita")

    assert "The first 1" not in words(viewer.get(at("comparison", differing)))
    assert pick_at(differing, 1, "first", viewer).status_code == 403
    assert pick_at(differing, 1, "first", reviewer).status_code == 302
    for name in ("hand_in_comparison", "archive_comparison", "stop_comparison"):
        assert reviewer.post(at(name, differing)).status_code == 403
    assert reviewer.post(at("new_comparison"), form_of(store)).status_code == 403


def test_what_nothing_speaks_for_is_dreamt_for_by_the_local_engine(client, compared, hurt):
    comparison = compared(hurt(), a="somebody-else-1", b="agentsite-local")

    shown = words(client.get(at("comparison", comparison)))
    assert "somebody-else-1, by the local engine and local" in shown


def test_the_neighbours_see_none_of_it(differing):
    stranger = Client()
    stranger.force_login(make.user("nora", of=make.workspace("next-door")))

    there = at("comparison", differing, of="next-door")
    assert stranger.get(there).status_code == 404
    assert stranger.get(at("comparison", differing)).status_code == 404
    like = at("new_comparison", of="next-door") + f"?dream={Dream.objects.first().pk}"
    assert stranger.get(like).status_code == 404
    row = differing.rows.first()
    picking = at("pick_compared", differing, row.pk, of="next-door")
    assert stranger.post(picking, {"choice": "both"}).status_code == 404
    assert "No comparisons yet" in words(stranger.get(at("comparisons", of="next-door")))


def test_a_neighbour_s_row_is_not_picked_through_one_s_own_comparison(client, compared, hurt):
    mine, other = compared(hurt("a stove")), compared(hurt("a knife"))
    row = other.rows.get()

    refused = client.post(at("pick_compared", mine, row.pk), {"choice": "both"})

    assert refused.status_code == 404
    assert not ComparisonPick.objects.exists()
