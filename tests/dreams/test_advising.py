"""What is written of calls that fail and of work that is handed over: what to do instead."""

import json

import pytest

from apps.dreams.local.curating.lessons import lesson
from tests.dreams.corpora import AIRLINE, FAILED, Session, airline, patterns_of

SHELVES = json.dumps(
    {
        "desk": "north",
        "shelves": {
            "cold_11": {"kind": "cold", "room": 4, "id": "cold_11"},
            "open_12": {"kind": "open", "room": 60, "id": "open_12"},
        },
    }
)


def advice_in(sessions: list[Session]) -> str:
    told = (lesson(pattern) for pattern in patterns_of(each.done() for each in sessions))
    (advice,) = (each.body[1] for each in told if each)
    return advice


def test_a_value_that_no_result_had_told_is_to_be_taken_from_where_it_stands():
    sessions = [
        Session(f"s{n}")
        .call(
            "store", "Error: no such shelf", failed=FAILED, item=f"crate {n}", shelf=f"shelf_9{n}"
        )
        .call("get_desk", SHELVES, desk="north")
        .call("store", "stored", item=f"crate {n}", shelf="open_12")
        for n in range(3)
    ]

    assert advice_in(sessions) == (
        "Take `shelf` from `get_desk` (`shelves`) before calling:"
        " in 3 of 3 sessions the one that failed had stood in no result."
    )


def test_what_the_message_names_is_told_as_the_kind_to_avoid():
    sessions = [
        Session(f"s{n}")
        .call("get_desk", SHELVES, desk="north")
        .call(
            "store",
            "Error: a cold shelf takes no crate",
            failed=FAILED,
            item=f"crate {n}",
            shelf="cold_11",
        )
        .call("store", "stored", item=f"crate {n}", shelf="open_12")
        for n in range(3)
    ]

    assert advice_in(sessions) == (
        "Give a `shelf` whose `kind` in `get_desk` (`shelves`) is not `cold`: `open` worked."
    )


def test_where_it_could_have_been_read_and_that_nothing_helped_afterwards():
    sessions = [
        Session(f"s{n}")
        .call("find_rooms", json.dumps([{"room": "room_70", "free_places": 2}]), day="Monday")
        .call(
            "reserve",
            f"Error: no places free in room_7{n}",
            failed=FAILED,
            room=f"room_7{n}",
            people=9,
        )
        .call(
            "reserve",
            f"Error: no places free in room_7{n}",
            failed=FAILED,
            room=f"room_7{n}",
            people=9,
        )
        .call("find_rooms", "[]", room=f"room_7{n}")
        for n in range(3)
    ]

    assert advice_in(sessions) == (
        "Before calling, look at `free_places` of each `room` in what `find_rooms` returns."
        " Asked for the same `room` afterwards, `find_rooms` found nothing in 3 of 3 sessions."
        " No call that followed got around it: say so instead of trying on."
        " Do not repeat the call unchanged: 3 of the 6 that failed were that."
    )


def test_a_value_that_had_failed_as_well_is_not_what_helped():
    sessions = [
        Session(f"s{n}")
        .call("store", "Error: too heavy", failed=FAILED, item="crate", shelf="open_12", way="flat")
        .call("store", "Error: too heavy", failed=FAILED, item="crate", shelf="open_13", way="flat")
        .call("store", "stored", item="crate", shelf="open_12", way="upright")
        for n in range(3)
    ]

    assert advice_in(sessions) == "`upright` as `way` worked where `flat` did not."


def test_who_is_handed_over_is_told_in_what_most_of_them_wanted():
    wanted = (
        "Ana Diaz (member 4411) wants to return a damaged book due to a leak at home.",
        "The reader would like to return a damaged book. Bela knows of it.",
        "Reader #881 needs help with returning a damaged book, as the desk is closed.",
    )
    sessions = [
        Session(f"s{n}", succeeded=True).call("transfer_to_human", "done", summary=text)
        for n, text in enumerate(wanted)
    ]

    (pattern,) = patterns_of(each.done() for each in sessions)
    told = lesson(pattern)

    assert told is not None
    assert told.title == "Hand over: somebody wants to return a damaged book"
    assert told.body[0] == (
        "Hand over with `transfer_to_human` when somebody wants to return a damaged book"
        " (3 of 3 sessions)."
    )


def test_handing_over_that_ends_badly_is_recommended_to_nobody():
    def handed(n: int, *, succeeded: bool) -> Session:
        text = f"Reader {n} wants to return a damaged book."
        return Session(f"h{n}", succeeded=succeeded).call("transfer_to_human", "ok", summary=text)

    alone = [Session(f"a{n}", succeeded=True).call("scan", "ok", book=f"b{n}") for n in range(9)]
    handed_over = [handed(n, succeeded=False) for n in range(6)]

    patterns = patterns_of(each.done() for each in (*alone, *handed_over))

    assert [lesson(each) for each in patterns if each.details["what"] == "handover"] == [None]


ADVICE = {
    "payment amount does not add up": "came to less in 8 of 8 sessions",
    "not enough seats on flight": "look at `available_seats` of each `flight_number`",
    "not available on date": "`search_direct_flight` found nothing in 3 of 4 sessions",
    "certificate cannot be used": "is not `certificate`: `gift_card` worked",
    "gift card balance is not enough": "look at `amount` of each `payment_id`",
    "payment method not found": "Take `payment_id` from `get_user_details` (`payment_methods`)",
}


@pytest.mark.skipif(not AIRLINE.exists(), reason="the tau-bench trials are not here")
def test_real_failures_are_answered_with_what_the_policy_asks_for():
    told = [each for each in map(lesson, patterns_of(airline())) if each]

    for message, advice in ADVICE.items():
        (about,) = [each for each in told if message in each.message]
        assert advice in about.body[1]
    assert len({each.title for each in told}) == len(told)
