"""What a list of role messages becomes."""

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.sessions.formats.transcripts import (
    events,
    ndjson,
    of_type,
    read,
    refusals,
    said,
    sessions,
    the,
    types,
)

SYSTEM = {"role": "system", "content": "You book flights."}
ASKED = {"role": "user", "content": "Book me a flight to Seattle."}
CALLED = {
    "role": "assistant",
    "content": None,
    "tool_calls": [
        {
            "id": "call_1",
            "type": "function",
            "function": {"name": "find_flights", "arguments": '{"to": "SEA"}'},
        }
    ],
}
ANSWERED = {"role": "tool", "tool_call_id": "call_1", "name": "find_flights", "content": "HAT136"}
SAID = {"role": "assistant", "content": "HAT136 leaves at noon."}
MESSAGES = [SYSTEM, ASKED, CALLED, ANSWERED, SAID]
TRIAL = {
    "task_id": 7,
    "trial": 2,
    "reward": 1.0,
    "info": {"task": {"instruction": "You want to fly to Seattle."}},
    "traj": MESSAGES,
}


def chat(items, name="runs.json"):
    data = items if isinstance(items, bytes) else json.dumps(items).encode()
    return read(data, format="chat", name=name)


def test_messages_and_calls_become_events_in_their_order():
    records = chat([{"messages": MESSAGES}])

    assert types(records) == [
        "user.message",
        "agent.tool_use",
        "agent.tool_result",
        "agent.message",
    ]
    called = the(records, "agent.tool_use")
    assert (called["name"], called["input"]) == ("find_flights", {"to": "SEA"})
    assert the(records, "agent.tool_result")["tool_use_id"] == called["id"]
    assert said(the(records, "agent.message")) == "HAT136 leaves at noon."


def test_the_first_instructions_are_the_agents_and_later_ones_are_said():
    later = {"role": "developer", "content": "Be brief."}

    records = chat([{"messages": [*MESSAGES, later]}])

    (session,) = sessions(records)
    assert session.agent == {"name": "chat", "system": "You book flights."}
    assert session.title == "Book me a flight to Seattle."
    assert said(the(records, "system.message")) == "Be brief."


def test_without_times_there_is_no_clock():
    records = chat([{"messages": MESSAGES}])

    assert sessions(records)[0].timed is False
    assert {each.occurred_at for each in events(records)} == {None}
    assert {each.payload["processed_at"] for each in events(records)} == {None}


def test_times_are_used_where_they_are_given():
    timed = [{**ASKED, "timestamp": 1_793_869_200}, SAID, {**ASKED, "created_at": "2026-11-05T12"}]

    records = chat([{"messages": timed}])

    assert sessions(records)[0].timed is True
    assert [each.occurred_at.isoformat() for each in events(records)] == [
        "2026-11-05T09:00:00+00:00",
        "2026-11-05T09:00:00+00:00",
        "2026-11-05T12:00:00+00:00",
    ]


@pytest.mark.parametrize(
    ("reward", "verdict"),
    [(1.0, "satisfied"), (0.0, "failed"), (0.5, "failed"), (True, "satisfied")],
)
def test_a_reward_is_a_verdict(reward, verdict):
    ended = the(chat([{**TRIAL, "reward": reward}]), "span.outcome_evaluation_end")

    assert (ended["result"], ended["reward"]) == (verdict, reward)
    assert ended["explanation"] == f"Imported reward {float(reward)}"
    assert (ended["outcome_evaluation_start_id"], ended["iteration"]) == ("", 0)
    assert ended["outcome_id"].startswith("outc_")
    assert ended["description"] == "You want to fly to Seattle."
    assert not any(ended["usage"].values())


def test_a_trial_says_which_it_is():
    (session,) = sessions(chat([TRIAL]))

    assert session.metadata == {"task_id": "7", "trial": "2", "reward": "1.0"}
    assert session.key.startswith("7/2/")


def test_an_items_own_id_is_the_sessions_and_lets_it_grow():
    item = {"id": "run-2026-11-02-a7f3", "messages": MESSAGES[:3]}

    before = chat([item])
    after = chat([{**item, "messages": MESSAGES}])

    assert [each.key for each in sessions(before + after)] == ["run-2026-11-02-a7f3"] * 2
    assert events(after)[:2] == events(before)


def test_short_ids_of_different_files_do_not_collide():
    one = sessions(chat([{"id": 1, "messages": MESSAGES}]))[0]
    other = sessions(chat([{"id": 1, "messages": [ASKED, SAID]}]))[0]

    assert one.key != other.key


def test_a_file_that_has_grown_gives_the_same_sessions_and_more():
    items = [{**TRIAL, "trial": trial} for trial in range(5)]

    whole = chat(items)

    for end in range(1, 5):
        before = chat(items[:end])
        assert before == whole[: len(before)]


@pytest.mark.parametrize("key", ["messages", "traj", "trajectory", "conversation"])
def test_an_item_names_its_messages_in_one_of_four_ways(key):
    assert len(types(chat([{key: MESSAGES}]))) == 4


def test_lists_lines_and_single_conversations_are_all_read():
    expected = types(chat([{"messages": MESSAGES}]))

    for given in (
        json.dumps([MESSAGES, MESSAGES[:]]).encode(),
        ndjson([MESSAGES]),
        ndjson([{"messages": MESSAGES}]),
        ndjson(MESSAGES),
        json.dumps(MESSAGES).encode(),
        json.dumps(MESSAGES, indent=2).encode(),
        json.dumps({"messages": MESSAGES}, indent=2).encode(),
    ):
        assert types(chat(given))[:4] == expected


def test_one_conversation_as_a_file_grows_under_one_key():
    before = chat(MESSAGES[:3], name="talk.json")
    after = chat(MESSAGES, name="talk.json")

    assert sessions(before) == sessions(after)
    assert events(after)[: len(events(before))] == events(before)


def test_several_conversations_one_per_line_are_several_sessions():
    records = chat(ndjson([MESSAGES, [ASKED, SAID]]))

    assert len({each.key for each in sessions(records)}) == 2


def test_instructions_alone_are_a_session_without_events():
    records = chat([SYSTEM])

    assert [each.agent["system"] for each in sessions(records)] == ["You book flights."]
    assert events(records) == []


def test_content_may_be_parts():
    data = "data:image/jpeg;base64," + "QUJD" * 1000
    parts = [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": data}},
        {"type": "image_url", "image_url": {"url": "https://example.org/cat.png"}},
        {"type": "hologram"},
    ]

    message = the(chat([[{"role": "user", "content": parts}]]), "user.message")

    assert said(message) == (
        "What is this?\n[image, image/jpeg, 3 kB]\n[image, https://example.org/cat.png]\n[hologram]"
    )


def test_content_of_any_kind_is_kept_and_roles_nobody_knows_are_named():
    odd = [
        {"role": "user", "content": 7, "name": "ines"},
        {"role": "critic", "content": ["a", {"type": "refusal", "refusal": "no"}]},
    ]

    message, other = events(chat([odd]))

    assert (said(message.payload), message.payload["name"]) == ("7", "ines")
    assert (other.type, said(other.payload)) == ("system.message", "a\nno")
    assert other.payload["role"] == "critic"


def test_thinking_is_kept():
    records = chat([[ASKED, {**SAID, "reasoning_content": "Noon is fine."}]])

    assert the(records, "agent.thinking")["thinking"] == "Noon is fine."
    assert types(records) == ["user.message", "agent.thinking", "agent.message"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ('{"to": "SEA"}', {"to": "SEA"}),
        ('{"to": "SE', {"arguments": '{"to": "SE'}),
        ("[1]", {"arguments": "[1]"}),
        ("", {}),
        (None, {}),
        ({"to": "SEA"}, {"to": "SEA"}),
    ],
)
def test_arguments_of_any_kind_are_kept(arguments, expected):
    call = {"id": "c", "function": {"name": "find", "arguments": arguments}}

    records = chat([[ASKED, {"role": "assistant", "tool_calls": [call]}]])

    assert the(records, "agent.tool_use")["input"] == expected


def test_legacy_functions_answer_by_name():
    called = {"role": "assistant", "function_call": {"name": "find", "arguments": "{}"}}
    answered = {"role": "function", "name": "find", "content": "HAT136"}

    records = chat([[ASKED, called, answered]])

    assert the(records, "agent.tool_result")["tool_use_id"] == the(records, "agent.tool_use")["id"]


def test_call_ids_may_be_used_again():
    records = chat([[ASKED, CALLED, ANSWERED, CALLED, ANSWERED]])

    assert [each["tool_use_id"] for each in of_type(records, "agent.tool_result")] == [
        each["id"] for each in of_type(records, "agent.tool_use")
    ]


def test_tokens_make_a_request():
    usage = {
        "prompt_tokens": 100,
        "completion_tokens": 20,
        "prompt_tokens_details": {"cached_tokens": 60},
    }

    records = chat([[ASKED, {**SAID, "usage": usage, "model": "gpt-4o"}]])

    ended = the(records, "span.model_request_end")
    assert ended["model_usage"] == {
        "input_tokens": 40,
        "output_tokens": 20,
        "cache_read_input_tokens": 60,
        "cache_creation_input_tokens": 0,
    }
    assert ended["model"] == "gpt-4o"
    assert ended["model_request_start_id"] == the(records, "span.model_request_start")["id"]
    assert sessions(records)[0].agent["model"] == {"id": "gpt-4o"}


def test_tokens_of_the_whole_are_counted_once():
    usage = {"prompt_tokens": 9, "completion_tokens": 1}

    whole = chat([{"messages": [ASKED, SAID], "usage": usage, "model": "gpt-4o"}])
    each = chat([{"messages": [ASKED, {**SAID, "usage": usage}], "usage": usage}])

    assert len(of_type(whole, "span.model_request_end")) == 1
    assert len(of_type(each, "span.model_request_end")) == 1


def test_what_is_no_conversation_is_refused_and_the_rest_goes_in():
    items = [TRIAL, {"prompt": "x"}, {"messages": []}, 3, {**TRIAL, "trial": 3}]

    records = chat(items, name="runs.json")

    assert len(sessions(records)) == 2
    assert [each.line for each in refusals(records)] == [2, 3, 4]
    assert "messages, traj, trajectory, conversation" in refusals(records)[0].reason


def test_an_item_that_is_broken_costs_only_itself():
    big = {**TRIAL, "notes": "x" * 70_000}
    one, other = json.dumps(big), json.dumps({**big, "trial": 3})
    broken = one.replace('"reward"', "reward", 1)

    records = chat(f"[{one}, {broken}, {other}]".encode())

    assert [each.metadata["trial"] for each in sessions(records)] == ["2", "3"]
    (refusal,) = refusals(records)
    assert refusal.line == 2
    assert refusal.reason.startswith("not valid JSON: ")


AIRLINE = Path(__file__).parents[4] / "shared/data/tau-bench/airline-trials-0-2.json"


@pytest.mark.skipif(not AIRLINE.exists(), reason="the tau-bench trials are not here")
def test_tau_bench_trials_are_read_whole():
    with AIRLINE.open("rb") as file:
        items = json.load(file)
        file.seek(0)
        records = read(file.read(), format="chat", name=AIRLINE.name)

    verdicts = Counter(each["result"] for each in of_type(records, "span.outcome_evaluation_end"))
    answers = [each["content"] for item in items for each in item["traj"] if each["role"] == "tool"]
    marked = [said(each) for each in of_type(records, "agent.tool_result") if each["is_error"]]
    assert len({each.key for each in sessions(records)}) == 150
    assert verdicts == {"satisfied": 63, "failed": 87}
    assert marked == [each for each in answers if each.startswith("Error: ")]
    assert not refusals(records)
    assert len({each.public_id for each in events(records)}) == len(events(records))
