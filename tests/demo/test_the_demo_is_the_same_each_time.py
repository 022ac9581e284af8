"""Ids and words come from the scripts alone; only times follow the day."""

from datetime import timedelta

from apps.demo.calendar import midnight
from apps.demo.sessions import SCRIPTS, records
from apps.sessions.records import EventRecord, SessionRecord, ThreadRecord
from tests.demo.reading import NOW, events, made, text_of


def _ids(days: int) -> list[str]:
    return [
        record.key if isinstance(record, SessionRecord) else record.public_id
        for record in records(NOW + timedelta(days=days))
        if isinstance(record, SessionRecord | ThreadRecord | EventRecord)
    ]


def test_twice_at_one_instant_gives_the_same_records():
    assert list(records(NOW)) == list(made())


def test_later_in_the_day_nothing_moves():
    assert list(records(NOW + timedelta(hours=5))) == list(made())


def test_on_another_day_the_ids_are_the_same():
    """The order may differ: what lay beside each other in time may not a week later."""
    assert sorted(_ids(0)) == sorted(_ids(1)) == sorted(_ids(5))


def test_on_every_day_of_the_week_it_lies_in_the_past():
    for days in range(7):
        now = NOW + timedelta(days=days)
        times = [one.occurred_at for one in records(now) if isinstance(one, EventRecord)]
        assert max(times) < midnight(now)
        assert min(times) > now - timedelta(weeks=7)


def test_ids_and_titles_are_unique():
    ids = _ids(0)
    assert len(ids) == len(set(ids))
    assert len({script.title for script in SCRIPTS}) > len(SCRIPTS) - 3


def test_no_two_sessions_are_asked_the_same():
    """Nor do two of them say mostly the same things, short remarks in passing left aside."""
    said: dict[str, set[str]] = {}
    for key, happened in events().items():
        texts = {text_of(event.payload) for event in happened if event.type == "agent.message"}
        said[key] = {text for text in texts if len(text) > 40}
        asked = [event for event in happened if event.type == "user.message"]
        assert asked, key
    openings = {
        next(e for e in happened if e.type == "user.message").payload["content"][0]["text"]
        for happened in events().values()
    }
    assert len(openings) == len(SCRIPTS)
    for key, mine in said.items():
        for other, theirs in said.items():
            if key < other and min(len(mine), len(theirs)) > 5:
                assert len(mine & theirs) < 0.35 * min(len(mine), len(theirs)), (key, other)


def test_no_placeholder_is_left_in_what_people_and_agents_say():
    for key, happened in events().items():
        for event in happened:
            if event.type in {"user.message", "agent.message", "agent.thread_message_sent"}:
                text = event.payload["content"][0]["text"]
                assert not any(mark in text for mark in ("{", "}", "<1", "|]")), (key, text)
