"""Real transcripts, the stock client and a server that fails in every way there is."""

import io
import json
import os
from collections import Counter

import pytest
from django.core.management import call_command
from django.db.models import Q, Sum
from django.utils import timezone

from apps.dreams import dreaming
from apps.dreams.actions import dreams as actions
from apps.dreams.models import Dream
from apps.dreams.starting import DreamPlan
from apps.engine.asking import RefusedToAnswer
from apps.engine.models import Call, JobSpend
from apps.engine.pricing import Usage, token_cost
from apps.memory.actions import stores
from apps.memory.api.shapes import NewStore
from apps.reviews.models import Proposal
from apps.sessions.models import Session
from tests import make
from tests.dreams.corpora import AIRLINE
from tests.standin import Fault

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not AIRLINE.exists(), reason="the tau-bench trials are not here"),
]
MODEL = "claude-sonnet-5-5"
SESSIONS = int(os.environ.get("AIRLINE_SESSIONS", "40"))
"""Of the 150, so many that what recurs still does."""
FAULTS = (
    Fault.rate_limited(),
    Fault.overloaded(),
    Fault.cut(),
    Fault.invalid_json(),
    Fault.refusal(),
)


@pytest.fixture
def store():
    return stores.create_store(given=NewStore(name="Airline"), by=make.actor())


@pytest.fixture
def sessions(tmp_path):
    place = tmp_path / "airline.json"
    place.write_text(json.dumps(json.loads(AIRLINE.read_text())[:SESSIONS]))
    make.workspace()
    call_command("import_sessions", str(place), stdout=io.StringIO())
    return list(Session.objects.values_list("public_id", flat=True))


def dreamt(store, sessions, **plan):
    """As workers dream it, as often as it takes."""
    plan = DreamPlan(store_id=store.pk, session_ids=sessions, model=MODEL, **plan)
    dream = actions.create_dream(plan, by=make.actor())
    rows = Dream.objects.filter(Q(pk=dream.pk) | Q(gathers_for=dream))
    for _ in range(20):
        rows.filter(waits_until__isnull=False).update(waits_until=timezone.now())
        for each in rows.values_list("pk", flat=True):
            dreaming.dream_here(each)
        dream.refresh_from_db()
        if dream.ended_at:
            return dream
    raise AssertionError(dream.status)


def test_a_dream_ends_right_whatever_fails_and_pays_once(there, sessions, store):
    there.every(6, *FAULTS)

    dream = dreamt(store, sessions)

    met = Counter(each.fault.name for each in there.questions if each.fault)
    assert set(met) == {each.name for each in FAULTS}
    assert dream.status == Dream.Status.COMPLETED
    require_nothing_paid_twice(there)
    require_the_bills_to_agree(there, dream)
    require_the_funnel_to_add_up(dream, refused=met["refusal"])


def require_nothing_paid_twice(there):
    """What was answered was not asked again; what was invalid was asked with a complaint."""
    answered = [each.digest for each in there.answered]

    assert len(set(answered)) == len(answered)


def require_the_bills_to_agree(there, dream):
    """The server's, that of each call, the job's, and what the dream says of itself."""
    billed = Usage(*there.billed)
    calls = Call.objects.filter(job_id=dream.pk)
    job = JobSpend.objects.get(job_kind="dream", job_id=dream.pk)
    rows = Dream.objects.filter(Q(pk=dream.pk) | Q(gathers_for=dream))

    assert tuple(summed(calls)) == billed
    assert job.usage == billed
    assert summed(rows) == billed
    assert job.cost_usd == sum(token_cost(MODEL, Usage(*each.billed)) for each in there.charged)
    assert job.requests == len(there.charged) > len(there.answered)


def summed(rows):
    names = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")
    return Usage(*rows.aggregate(*(Sum(name, default=0) for name in names)).values())


def require_the_funnel_to_add_up(dream, *, refused):
    funnel = dream.funnel
    dropped, left_out = Counter(), 0
    for each in funnel["dropped"]:
        dropped[each["stage"]] += each["count"]
        left_out += each["count"] if each["reason"] == RefusedToAnswer().message else 0

    assert left_out == refused > 0
    assert funnel["read"] + left_out == funnel["sessions"] == SESSIONS
    assert 0 < funnel["with_signal"] <= funnel["read"]
    assert funnel["patterns"] == funnel["drafts"] + dropped["curate"]
    assert funnel["drafts"] == funnel["proposals"] + dropped["check"]
    assert Proposal.objects.filter(changeset=dream.changeset_id).count() == funnel["proposals"] > 0
