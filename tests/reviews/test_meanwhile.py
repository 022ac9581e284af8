"""Many reviewers, one queue."""

import threading
from contextlib import suppress

import pytest
from django.db import connection

from apps.accounts.acting import Actor
from apps.core.errors import DomainError
from apps.memory import verifying
from apps.memory.models import MemoryVersion
from apps.reviews.actions import claiming, deciding
from apps.reviews.models import Decision, Proposal, Verdict
from apps.reviews.recording import AlreadyDecided
from tests import make
from tests.reviews import making

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works):
    """Run each in a thread of its own; what they raised, in their order."""
    raised = [None] * len(works)
    begin = threading.Barrier(len(works))

    def run(place, work):
        try:
            begin.wait()
            work()
        except DomainError as error:
            raised[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_of_two_who_accept_at_once_one_wins_and_the_other_is_told():
    store = making.store()
    made = making.proposal(store, making.create())
    people = [making.person("ines"), making.person("jo")]

    raised = at_once(*(lambda by=by: making.accept(made, by) for by in people))

    [refused] = [each for each in raised if each is not None]
    assert isinstance(refused, AlreadyDecided)
    assert "was faster" in refused.message
    assert MemoryVersion.objects.filter(store=store).count() == 1


def test_of_two_who_claim_at_once_one_has_it():
    made = making.proposal(making.store(), making.create())
    people = [making.person("ines"), making.person("jo")]

    raised = at_once(*(lambda by=by: claiming.claim(proposal_id=made.pk, by=by) for by in people))

    [refused] = [each for each in raised if each is not None]
    assert isinstance(refused, claiming.ClaimedByOther)


def test_eight_on_one_queue_decide_each_exactly_once():
    store = making.store()
    made = making.propose(store, *(making.create(f"/{n}.md", f"{n}\n") for n in range(12)))
    people = [making.person(f"reviewer-{n}") for n in range(8)]

    def work_through(by: Actor, verdict: str):
        for each in made:
            with suppress(AlreadyDecided):
                deciding.decide(proposal_id=each.pk, verdict=verdict, reason="wrong", by=by)

    at_once(
        *(
            lambda by=by, n=n: work_through(by, "accept" if n % 2 else "reject")
            for n, by in enumerate(people)
        )
    )

    decided = Decision.objects.of(store).in_order()
    assert sorted(each.proposal_id for each in decided) == sorted(each.pk for each in made)
    assert [each.sequence for each in decided] == list(range(1, 13))
    accepted = [each for each in decided if each.verdict == Verdict.ACCEPT]
    assert len(making.said(store)) == len(accepted)
    assert not Proposal.objects.waiting().exists()


def test_of_what_is_proposed_while_others_decide_nothing_is_lost():
    """Each side writes or proposes on the lines that the other one is busy with."""
    store = making.store(**{f"m{n}": f"top {n}\n\n\n\nend {n}\n" for n in range(4)})
    memories = [making.at(store, f"/m{n}.md") for n in range(4)]
    bases = [making.base(each) for each in memories]
    waiting = [
        making.proposal(store, making.update(each, f"TOP {n}\n\n\n\nend {n}\n"))
        for n, each in enumerate(memories)
    ]
    making.set_mode(store, "auto")

    def dream():
        texts = [f"top {n}\n\n\n\nEND {n}\n" for n in range(4)]
        drafts = [
            making.update(each, text, bases=(base,))
            for each, base, text in zip(memories, bases, texts, strict=True)
        ]
        making.propose(store, *drafts, origin_id="drm_2")

    by = making.person("ines")
    raised = at_once(dream, lambda: [making.accept(each, by) for each in waiting])

    assert raised == [None, None]
    assert list(making.said(store).values()) == [f"TOP {n}\n\n\n\nEND {n}\n" for n in range(4)]
    decided = Decision.objects.of(store).in_order()
    assert [each.sequence for each in decided] == list(range(1, 9))
    assert verifying.verify(store).has_passed


def test_the_same_finding_proposed_twice_at_once_waits_once():
    store = making.store()
    make.workspace()

    at_once(*(lambda: making.propose(store, making.create(fingerprint="f")) for _ in range(2)))

    assert Proposal.objects.count() == 1
