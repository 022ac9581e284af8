"""The database groups what was seen: what recurs is the same as in a stream of everything."""

import random
from dataclasses import replace

import pytest

from apps.demo.evaluating.corpus import corpus
from apps.dreams import connecting, engines, grouping, keeping
from apps.dreams.engines import LOCAL, Observed
from apps.dreams.findings import Seen
from apps.dreams.local.observing import observe
from apps.dreams.models import Reading
from apps.sessions.actions import sessions
from tests import make

pytestmark = pytest.mark.django_db


def patterns_of(readings):
    return connecting.recurring(grouping.sightings(readings), least_sessions=3)


def kept(told):
    """Keep what was seen in each, and have it as a stream: oldest sessions first."""
    engine = engines.named(LOCAL)
    rows = [make.session(key=each.session_id) for each in told]
    told = [replace(each, session_id=row.public_id) for each, row in zip(told, rows, strict=True)]
    seen = {each.session_id: tuple(observe(each)) for each in told}
    keeping.keep_readings(
        engine,
        [(row, each, Observed(seen[row.public_id])) for row, each in zip(rows, told, strict=True)],
    )
    return [
        Seen(each.session_id, each.agent, each.user, each.succeeded, each.at, said)
        for each in sorted(told, key=lambda each: (each.at, each.session_id))
        for said in seen[each.session_id]
        if said.spans
    ]


@pytest.mark.parametrize("seed", [3, 107])
def test_whatever_part_of_the_sessions_it_finds_what_a_look_at_each_finds(seed):
    stream = kept(corpus(seed).transcripts)
    chance = random.Random(seed)
    ids = sorted({each.session_id for each in stream})

    for some in (ids, *(chance.sample(ids, size) for size in (0, 7, 25, 40, 60))):
        found = patterns_of(Reading.objects.filter(session__public_id__in=some))

        mine = set(some)
        assert found == connecting.connect(
            (each for each in stream if each.session_id in mine), least_sessions=3
        )


def test_a_session_that_is_erased_counts_no_more():
    stream = kept(corpus(3).transcripts)
    first, *_ = patterns_of(Reading.objects.all())
    gone = first.seen[0].session_id

    sessions.delete_session(session_id=gone, by=make.actor())

    left = [each for each in stream if each.session_id != gone]
    assert patterns_of(Reading.objects.all()) == connecting.connect(left, least_sessions=3)
