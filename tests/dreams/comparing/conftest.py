"""A second engine beside the one that is known by heart, and comparisons of the two."""

from dataclasses import replace

import pytest

from apps.dreams import dreaming, engines
from apps.dreams.comparing import actions
from apps.dreams.comparing.beginning import ComparisonPlan, Contender
from apps.dreams.engines import Written
from apps.dreams.models import Dream, Letter
from tests import make
from tests.dreams.engine import MODEL, PocketEngine

RIVAL = "rival-1"


class RivalEngine(PocketEngine):
    """Sees the same, and does as it is told: `edit` makes of each draft another one, or none."""

    name = "rival"

    def __init__(self):
        super().__init__()
        self.edit = lambda draft: draft

    def curate(self, patterns, notes, work):
        written = super().curate(patterns, notes, work)
        drafts = tuple(filter(None, map(self.edit, written.curated.drafts)))
        return Written(replace(written.curated, drafts=drafts), written.usage)


@pytest.fixture
def rival():
    rival = RivalEngine()
    engines.register(RIVAL, rival)
    yield rival
    engines.forget(RIVAL)


@pytest.fixture
def asked(store, engine, rival):
    """Ask for a comparison about the store; nobody takes its dreams up by itself."""

    def made(session_ids, *, a=MODEL, b=RIVAL, told_a="", told_b="", of=None):
        plan = ComparisonPlan(store.pk, session_ids, Contender(a, told_a), Contender(b, told_b))
        return actions.create_comparison(plan, by=make.actor(of=of))

    return made


@pytest.fixture
def compared(asked):
    """A comparison that has come to its end."""

    def made(session_ids, **plan):
        comparison = asked(session_ids, **plan)
        dream_both(comparison)
        return comparison

    return made


def dream_both(comparison):
    for letter in Letter:
        dreaming.dream_here(dream_of_side(comparison, letter).pk)
    comparison.refresh_from_db()


def dream_of_side(comparison, letter):
    return Dream.objects.get(side__comparison=comparison, side__letter=letter, gathers_for=None)


def rows(comparison):
    """By verdict and the paths on either side."""
    return [
        (each.verdict, (each.draft_a or {}).get("path"), (each.draft_b or {}).get("path"))
        for each in comparison.rows.order_by("number")
    ]
