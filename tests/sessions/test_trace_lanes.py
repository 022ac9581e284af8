"""Threads become lanes: named apart, archived ones folded, costs their own."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from apps.sessions.models import Thread
from apps.sessions.records import ThreadRecord
from apps.sessions.timeline import Mark
from apps.sessions.trace.lanes import gaps, lanes
from tests import make

NOW = datetime(2026, 11, 2, tzinfo=UTC)


def thread(pk, name="refunds", *, parent=None, archived=False, cost="0"):
    return Thread(
        pk=pk,
        public_id=f"sthr_{pk}",
        position=pk,
        parent_id=parent,
        agent_name=name,
        token_cost=Decimal(cost),
        archived_at=NOW if archived else None,
    )


def test_the_second_of_a_name_is_numbered():
    found = lanes([thread(0, "coordinator"), thread(1), thread(2), thread(3, "")])

    assert [lane.label for lane in found.all] == ["coordinator", "refunds", "refunds 2", "agent"]


def test_archived_threads_fold_into_one_and_keep_their_cost():
    threads = [thread(0), thread(1), *(thread(n, archived=True, cost="0.5") for n in (2, 3))]

    found = lanes(threads)

    assert [lane.position for lane in found.shown] == [0, 1]
    assert found.archived_cost == Decimal(1)
    assert len(lanes(threads, unfolded=True).shown) == 4


def test_where_every_child_is_archived_nothing_is_hidden():
    found = lanes([thread(0), thread(1, archived=True)])

    assert len(found.shown) == 2


def test_a_thread_answers_for_everything_below_it():
    found = lanes([thread(0), thread(1, parent=0), thread(2, parent=1), thread(3, parent=0)])

    assert [lane.position for lane in found.below(found.all[1])] == [2]
    assert [lane.position for lane in found.below(found.all[0])] == [1, 2, 3]


def mark(start, end, lane=0):
    return Mark(lane, 3, start, end, 1, 1)


def test_a_gap_is_where_no_lane_had_anything_going_on():
    marks = [mark(0, 1_000), mark(500, 90_000, lane=1), mark(200_000, 201_000), mark(210_000, 1)]

    assert gaps(marks) == [(90_000, 200_000)]
    assert gaps([]) == []


@pytest.mark.django_db
def test_a_lane_says_what_its_thread_was_given_to_do(client):
    record = ThreadRecord(
        "s", "sthr_1", {"name": "Explore", "description": "Find the callers"}, parent="p"
    )
    session = make.session(make.event(), threads=[record])
    client.force_login(make.user())

    page = client.get(f"{session.get_absolute_url()}?tab=thread&thread=sthr_1").text

    assert 'title="Explore: Find the callers"' in page
