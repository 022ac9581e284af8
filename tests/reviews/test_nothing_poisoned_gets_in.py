"""Attacks that nobody had seen when the forms were written; none enters a store by one click."""

import pytest

from apps.reviews.models import StorePolicy
from apps.reviews.poison import marks
from tests.reviews import making
from tests.reviews.injections import ATTACKS, HARMLESS


def test_every_attack_is_marked_at_its_place():
    missed = [name for name, text in ATTACKS.items() if not marks(f"Refunds take 5 days.\n{text}")]

    assert missed == []
    assert len(ATTACKS) >= 50


def test_what_is_harmless_is_left_alone():
    """Who cries wolf is not listened to."""
    alarms = {name: marks(text) for name, text in HARMLESS.items() if marks(text)}

    assert alarms == {}


@pytest.mark.django_db
@pytest.mark.parametrize("mode", StorePolicy.Mode.values)
def test_no_attack_enters_by_a_policy_or_by_one_person(mode):
    store = making.store()
    making.set_mode(store, mode)
    heard = (making.heard("It recurs."),)
    drafts = [
        making.create(f"/notes/{name}.md", f"{text}\n", confidence=0.99, evidence=heard)
        for name, text in ATTACKS.items()
    ]

    for proposal in making.propose(store, *drafts):
        making.accept(proposal)

    assert making.said(store) == {}
