"""A workspace with a key, sessions with something to say, and a model that plays its answers."""

import re

import pytest

from apps.dreams import dreaming
from apps.dreams.actions import dreams as actions
from apps.dreams.claude.answers import Edit, Edits, Noted, Notes, Shows
from apps.dreams.findings import Kind
from apps.dreams.starting import DreamPlan
from apps.reviews import drafting
from apps.reviews.drafting import Role
from tests import make

MODEL = "claude-sonnet-5-5"
SAID = "Amounts in euros, please, as always."


@pytest.fixture
def connected(settings):
    settings.ANTHROPIC_API_KEY = "sk-ant-test"
    settings.ENGINE = "tests.scripted.engine"


@pytest.fixture
def said():
    """Make sessions in which a person said this: their public ids."""
    keys = []

    def made(text=SAID, count=3):
        rows = []
        for _ in range(count):
            key = f"said-{len(keys)}"
            keys.append(key)
            events = (make.event("user.message", text), make.event("agent.message", "Done."))
            rows.append(make.session(*(_of(each, key) for each in events), key=key))
        return sorted(each.public_id for each in rows)

    return made


@pytest.fixture
def dream_of(store, connected):
    """Ask for a dream by Claude about the store."""

    def asked(session_ids, **plan):
        plan = {"store_id": store.pk, "model": MODEL, "updates": store.pk} | plan
        return actions.create_dream(DreamPlan(session_ids=session_ids, **plan), by=make.actor())

    return asked


def finished(dream):
    dreaming.dream_here(dream.pk)
    dream.refresh_from_db()
    return dream


def notes(quote="in euros", key="report currency", event="e1"):
    """What a model would note of a session."""
    shows = Shows(event=event, quote=quote, role=Role.STATES_PREFERENCE)
    noted = Noted(
        kind=Kind.PREFERENCE, key=key, statement="Give amounts in euros.", evidence=[shows]
    )
    return Notes(notes=[noted])


def edit(**fields):
    given = {
        "kind": drafting.Kind.CREATE,
        "title": "Reports are in euros",
        "path": "/preferences/currency.md",
        "content": "# Currency\n\nGive amounts in euros.",
        "memories": [],
        "patterns": ["p1"],
        "also": [],
        "rationale": "Nothing says so.",
        "certainty": "high",
    }
    return Edit(**given | fields)


def edits(*made, skipped=()):
    return Edits(edits=list(made), skipped=list(skipped))


def sensible(question):
    """Answer as a model would, whatever is asked."""
    if question.purpose == "dreams.observe":
        return notes()
    if question.purpose == "dreams.curate":
        labels = re.findall(r"^[0-9a-f]{12} (p\d+) ", question.text, re.MULTILINE)
        return edits(edit(patterns=labels))
    return edits()


def _of(record, key):
    return type(record)(
        **{name: getattr(record, name) for name in record.__slots__} | {"session": key}
    )
