"""Two dreams on one input and one state of the store: both kept, laid side by side, judged."""

import threading
from dataclasses import replace

import pytest
from django.db import connection

from apps.accounts.acting import Actor, NotAllowed
from apps.accounts.models import AuditEntry
from apps.accounts.rights import Right
from apps.dreams import choosing, dreaming
from apps.dreams.choosing import Choice
from apps.dreams.comparing import actions, counting, finding, handing_in, looking
from apps.dreams.comparing.handing_in import Whose
from apps.dreams.models import Comparison, ComparisonPick, Dream, Letter, Pattern
from apps.memory.actions import memories
from apps.memory.models import Memory, MemoryStore
from apps.reviews.models import Changeset, Proposal
from apps.webhooks.models import OutboxEvent
from tests import make
from tests.dreams.comparing.conftest import RIVAL, dream_both, dream_of_side, rows
from tests.dreams.engine import MODEL

pytestmark = pytest.mark.django_db


def pick(comparison, number, choice, by=None):
    row = comparison.rows.get(number=number)
    return actions.pick(
        comparison_id=comparison.pk, row_id=row.pk, choice=choice, by=by or make.actor()
    )


def test_two_dreams_hand_nothing_in_and_are_laid_side_by_side(compared, hurt, rival, store):
    rival.edit = lambda draft: (
        replace(draft, content="Do not touch.\n") if "hot" in draft.path else None
    )

    comparison = compared(hurt("hot stove") + hurt("sharp knife"))

    assert rows(comparison) == [
        ("differ", "/lessons/hot-stove.md", "/lessons/hot-stove.md"),
        ("only_a", "/lessons/sharp-knife.md", None),
    ]
    assert not Changeset.objects.exists()
    assert list(MemoryStore.objects.all()) == [store]
    assert {each.output_store_id for each in Dream.objects.all()} == {""}
    assert OutboxEvent.objects.get(type="dream_comparison.ended").object_id == comparison.pk


def test_identical_dreams_agree_in_everything(compared, hurt):
    comparison = compared(hurt("hot stove") + hurt("sharp knife"), a=MODEL, b=MODEL)

    look = looking.look(comparison)
    assert (look.agreement, look.total, look.contested) == (100, 2, 0)


def test_the_two_the_other_way_round_are_the_mirrored_result(compared, hurt, rival):
    ids = hurt("hot stove") + hurt("sharp knife")
    rival.edit = lambda draft: replace(draft, content="Else.\n") if "hot" in draft.path else None

    there, back = compared(ids), compared(ids, a=RIVAL, b=MODEL)

    mirrored = {"only_a": "only_b", "only_b": "only_a"}
    assert [(mirrored.get(v, v), b, a) for v, a, b in rows(back)] == rows(there)
    assert [each.draft_a for each in back.rows.order_by("number")] == [
        each.draft_b for each in there.rows.order_by("number")
    ]


def test_both_find_the_store_as_it_was_when_the_comparison_began(asked, hurt, store):
    comparison = asked(hurt(), b=MODEL)
    dreaming.dream_here(dream_of_side(comparison, "a").pk)
    memories.create_memory(
        store_id=store.pk, path="/known.md", content="hot stove\n", by=make.actor()
    )
    dreaming.dream_here(dream_of_side(comparison, "b").pk)

    assert rows(comparison) == [("agree", "/lessons/hot-stove.md", "/lessons/hot-stove.md")]


def test_the_second_reads_nothing_that_the_first_has_read(asked, hurt, engine):
    ids = hurt()
    comparison = asked(ids, b=MODEL)
    second = dream_of_side(comparison, "b")
    dreaming.dream_here(second.pk)

    assert engine.read == []
    first = dream_of_side(comparison, "a")
    dreaming.dream_here(first.pk)
    assert dreaming.waiting_for(first.pk) == [second.pk]
    dreaming.dream_here(second.pk)

    assert sorted(engine.read) == sorted(ids)
    spent = [
        (each.input_tokens, each.output_tokens) for each in comparison.sides.order_by("letter")
    ]
    assert spent == [(130, 3), (130, 3)]


def test_what_a_comparison_read_a_dream_about_the_store_has_not(compared, hurt, store):
    ids = hurt()
    compared(ids)

    unread = choosing.public_ids(make.workspace(), Choice(only_unread=True), store.pk)

    assert sorted(unread) == sorted(ids)


def test_one_side_failing_leaves_the_other_s(asked, hurt):
    comparison = asked(hurt())
    dreaming.dream_here(dream_of_side(comparison, "a").pk)
    actions.cancel_comparison(comparison_id=comparison.pk, by=make.actor())

    comparison.refresh_from_db()
    look = looking.look(comparison)
    assert (look.status, look.is_canceled, look.is_blind) == ("partial", True, False)
    assert rows(comparison) == [("only_a", "/lessons/hot-stove.md", None)]
    with pytest.raises(actions.HasEnded):
        actions.cancel_comparison(comparison_id=comparison.pk, by=make.actor())


def test_a_comparison_over_many_sessions_is_stopped_whole(asked, hurt):
    comparison = asked(hurt(count=101))

    actions.cancel_comparison(comparison_id=comparison.pk, by=make.actor())

    comparison.refresh_from_db()
    assert comparison.has_ended
    assert not Dream.objects.unended().exists()
    assert looking.look(comparison).status == "failed"


@pytest.mark.parametrize(
    ("choice", "first", "second"),
    [
        ("a", (1, 0, 0, 1), (0, 1, 0, 0)),
        ("b", (0, 1, 0, 0), (1, 0, 0, 1)),
        ("both", (0, 0, 1, 1), (0, 0, 1, 1)),
        ("neither", (0, 0, 1, 0), (0, 0, 1, 0)),
    ],
)
def test_picks_count_for_either_side(compared, hurt, rival, choice, first, second):
    rival.edit = lambda draft: replace(draft, content="Else.\n")
    comparison = compared(hurt())
    pick(comparison, 1, "both" if choice == "neither" else "neither")

    pick(comparison, 1, choice)

    look = looking.look(comparison)
    tallies = [look.tally(letter) for letter in Letter]
    assert [(each.wins, each.losses, each.ties, each.good) for each in tallies] == [first, second]
    [entry] = AuditEntry.objects.filter(action="dream_comparison.picked").order_by("-pk")[:1]
    assert entry.after["choice"] == choice


def test_picks_are_blind_until_all_is_judged_or_somebody_looks(compared, hurt, rival):
    rival.edit = lambda draft: replace(draft, content="Else.\n")
    judged, looked_at = (compared(hurt(f"{said} stove") + hurt(f"{said} knife")) for said in "xy")

    for number in (1, 2):
        pick(judged, number, "a")
    pick(judged, 1, "b")
    actions.reveal(comparison_id=looked_at.pk, by=make.actor())
    pick(looked_at, 1, "a")

    blind = ComparisonPick.objects.order_by("row__comparison__created_at", "row__number")
    assert [each.is_blind for each in blind] == [False, True, False]
    assert not looking.look(judged).is_blind


def test_where_both_agree_neither_wins(compared, hurt):
    comparison = compared(hurt())

    with pytest.raises(actions.BothSayTheSame):
        pick(comparison, 1, "a")
    pick(comparison, 1, "both")

    look = looking.look(comparison)
    assert [(look.tally(each).wins, look.tally(each).good) for each in Letter] == [(0, 1), (0, 1)]


def test_standings_are_of_all_comparisons_that_were_judged(compared, asked, hurt, rival):
    rival.edit = lambda draft: replace(draft, content="Else.\n")
    for said, choice in (("stove", "a"), ("knife", "a"), ("iron", "b")):
        pick(compared(hurt(said)), 1, choice)
    compared(hurt("never judged"))
    pick(compared(hurt("self"), b=MODEL), 1, "both")
    told = compared(hurt("told"), told_b="Be kind.")
    pick(told, 1, "both")
    half = asked(hurt("half"))
    dreaming.dream_here(dream_of_side(half, "a").pk)
    actions.cancel_comparison(comparison_id=half.pk, by=make.actor())
    half.refresh_from_db()
    pick(half, 1, "a")

    found = counting.standings(make.workspace())

    told = [(e.model, e.instructions, e.comparisons, e.picks, e.blind) for e in found]
    assert told == [(MODEL, "", 4, 4, 4), (RIVAL, "", 3, 3, 3), (RIVAL, "Be kind.", 1, 1, 1)]
    tallies = [(e.tally.wins, e.tally.losses, e.tally.ties, e.tally.good) for e in found]
    assert tallies == [(2, 1, 1, 3), (1, 2, 0, 1), (0, 0, 1, 1)]
    assert [round(each.tally.rate.low, 3) for each in found] == [0.208, 0.061, 0.0]
    assert [each.usage.input for each in found] == [4 * 130, 3 * 130, 130]


def test_what_was_picked_is_handed_in_as_one_changeset_for_people_to_decide(
    compared, hurt, rival, store
):
    rival.edit = lambda draft: (
        replace(draft, content="Else.\n", confidence=1.0) if "iron" not in draft.path else None
    )
    comparison = compared(hurt("cup") + hurt("iron") + hurt("knife") + hurt("stove"))
    assert [path for _, path, _ in rows(comparison)] == [
        f"/lessons/{each}.md" for each in ("cup", "knife", "stove", "iron")
    ]
    for number, choice in ((1, "both"), (2, "b"), (3, "neither"), (4, "a")):
        pick(comparison, number, choice)

    actions.hand_in(comparison_id=comparison.pk, whose=Whose.PICKED, by=make.actor())

    comparison.refresh_from_db()
    changeset = Changeset.objects.get(pk=comparison.changeset_id)
    main = dream_of_side(comparison, "b")
    assert (changeset.origin, changeset.origin_id) == ("dream", main.pk)
    assert changeset.summary.endswith("1 of side A and 2 of side B.")
    found = {each.path: each for each in changeset.proposals.order_by("path")}
    assert {path: each.content for path, each in found.items()} == {
        "/lessons/cup.md": "Else.\n",
        "/lessons/iron.md": "iron\n",
        "/lessons/knife.md": "Else.\n",
    }
    assert {each.status for each in found.values()} == {Proposal.Status.PENDING}
    assert all(each.evidence.count() == 3 for each in found.values())
    by_row = dict(comparison.rows.values_list("number", "proposal_id"))
    assert by_row == {
        1: found["/lessons/cup.md"].pk,
        2: found["/lessons/knife.md"].pk,
        3: "",
        4: found["/lessons/iron.md"].pk,
    }
    became = Pattern.objects.filter(became="proposed")
    assert set(became.values_list("proposal_id", flat=True)) == set(by_row.values()) - {""}
    with pytest.raises(actions.WasHandedIn):
        actions.hand_in(comparison_id=comparison.pk, whose=Whose.A, by=make.actor())


def test_one_side_s_picked_proposals_are_handed_in_alone(compared, hurt, rival):
    rival.edit = lambda draft: replace(draft, content="Else.\n")
    comparison = compared(hurt("knife") + hurt("stove"))
    with pytest.raises(handing_in.NothingPicked):
        actions.hand_in(comparison_id=comparison.pk, whose=Whose.A, by=make.actor())
    pick(comparison, 1, "both")
    pick(comparison, 2, "b")

    actions.hand_in(comparison_id=comparison.pk, whose=Whose.A, by=make.actor())

    assert [each.content for each in Proposal.objects.all()] == ["knife\n"]


def test_what_cannot_be_proposed_any_more_is_said_to(compared, hurt, store):
    comparison = compared(hurt())
    pick(comparison, 1, "both")
    comparison.rows.update(draft_a=comparison.rows.get().draft_a | {"path": "no path"})

    with pytest.raises(handing_in.NothingFits, match="path"):
        actions.hand_in(comparison_id=comparison.pk, whose=Whose.PICKED, by=make.actor())

    assert not Memory.objects.exists()
    comparison.refresh_from_db()
    assert comparison.handed_in_at is None


def test_nothing_is_done_without_the_right_or_before_the_end(asked, hurt):
    comparison = asked(hurt())
    viewer = Actor(make.workspace(), frozenset({Right.READ}))

    for refused in (actions.archive_comparison, actions.reveal):
        with pytest.raises(actions.NotCompared):
            refused(comparison_id=comparison.pk, by=make.actor())
    with pytest.raises(NotAllowed):
        actions.reveal(comparison_id=comparison.pk, by=viewer)
    dream_both(comparison)
    with pytest.raises(NotAllowed):
        pick(comparison, 1, "both", by=viewer)


def test_the_neighbour_s_comparison_is_not_there(compared, hurt):
    comparison = compared(hurt())
    stranger = make.actor(of=make.workspace("next-door"))

    for refused in (actions.archive_comparison, actions.reveal, actions.cancel_comparison):
        with pytest.raises(finding.NoSuchComparison):
            refused(comparison_id=comparison.pk, by=stranger)
    with pytest.raises(finding.NoSuchComparison):
        pick(comparison, 1, "both", by=stranger)
    assert counting.standings(stranger.workspace) == []


@pytest.mark.django_db(transaction=True)
def test_two_that_end_at_once_are_laid_out_once(asked, hurt):
    comparison = asked(hurt())
    gate = threading.Barrier(2, timeout=20)
    dreams = [dream_of_side(comparison, letter) for letter in Letter]

    def end(dream):
        gate.wait()
        dreaming.fail(dream, dreaming.TookTooLong())
        connection.close()

    threads = [threading.Thread(target=end, args=(each,)) for each in dreams]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)

    assert Comparison.objects.get().ended_at is not None
    assert OutboxEvent.objects.filter(type="dream_comparison.ended").count() == 1
