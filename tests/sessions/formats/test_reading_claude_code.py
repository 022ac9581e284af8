"""What a Claude Code transcript becomes."""

from datetime import datetime, timedelta

import pytest

from apps.core.ids import derived_id
from tests.sessions.formats.transcripts import (
    MODEL,
    SESSION,
    START,
    USAGE,
    assistant,
    events,
    line,
    ndjson,
    of_type,
    prefixes,
    read,
    read_claude,
    refusals,
    result,
    said,
    sessions,
    text,
    the,
    types,
    use,
    user,
)

PROMPT = user("u1", 0, "Why does the ledger not balance?")
TURN = [
    PROMPT,
    assistant("a1", 3, {"type": "thinking", "thinking": "Look first.", "signature": "x"}, id="m1"),
    assistant("a2", 4, text("Let me look."), id="m1"),
    assistant("a3", 5, use("toolu_1", "Bash", command="make test"), id="m1"),
    user("u2", 8, [result("toolu_1", "2 failed", is_error=True)]),
    assistant("a4", 12, text("Two postings are off by a cent."), stop="end_turn"),
]


def test_a_turn_reads_as_running_request_answer_idle():
    records = read_claude(TURN)

    assert types(records) == [
        "user.message",
        "session.status_running",
        "span.model_request_start",
        "agent.thinking",
        "agent.message",
        "agent.tool_use",
        "span.model_request_end",
        "agent.tool_result",
        "span.model_request_start",
        "agent.message",
        "span.model_request_end",
        "session.status_idle",
    ]
    assert the(records, "agent.thinking")["thinking"] == "Look first."
    assert the(records, "session.status_idle")["stop_reason"] == {"type": "end_turn"}


def test_a_session_has_its_title_place_and_model():
    (session,) = sessions(read_claude(TURN))

    assert (session.key, session.source) == (SESSION, "claude-code")
    assert session.title == "Why does the ledger not balance?"
    assert session.agent == {"name": "claude-code", "model": {"id": MODEL}}
    assert session.created_at == START
    assert session.metadata == {
        "cwd": "/home/ines/ledger",
        "git_branch": "main",
        "version": "2.1.12",
    }


def test_an_answer_over_several_lines_is_one_request_with_the_last_lines_usage():
    streaming = {**USAGE, "output_tokens": 1}
    lines = [
        PROMPT,
        assistant("a1", 2, text("First"), id="m1", usage=streaming, stop=None),
        assistant("a2", 3, use("toolu_1", "Read"), id="m1"),
        user("u2", 4, [result("toolu_1", "ok")]),
        assistant("a3", 5, use("toolu_2", "Read"), id="m1"),
        user("u3", 6, [result("toolu_2", "ok")]),
        assistant("a4", 9, text("Done"), id="m2", stop="end_turn"),
    ]

    records = read_claude(lines)

    first, second = of_type(records, "span.model_request_end")
    assert first["model_usage"] == USAGE
    assert first["message_id"] == "m1"
    assert first["model"] == MODEL
    starts = of_type(records, "span.model_request_start")
    assert [first["model_request_start_id"], second["model_request_start_id"]] == [
        start["id"] for start in starts
    ]


def test_a_request_starts_when_the_model_was_given_something():
    start, second = of_type(read_claude(TURN), "span.model_request_start")

    assert start["processed_at"] == "2026-11-02T09:00:00Z"
    assert second["processed_at"] == "2026-11-02T09:00:08Z"


def test_what_a_price_depends_on_is_kept_with_the_usage():
    usage = {**USAGE, "cache_creation": {"ephemeral_1h_input_tokens": 120}, "speed": "fast"}

    records = read_claude([PROMPT, assistant("a1", 2, text("Hi"), stop="end_turn", usage=usage)])

    assert the(records, "span.model_request_end")["model_usage"] == usage


def test_a_result_points_at_the_event_of_its_use():
    records = read_claude(TURN)

    answer = the(records, "agent.tool_result")
    assert answer["tool_use_id"] == the(records, "agent.tool_use")["id"]
    assert answer["is_error"] is True
    assert said(answer) == "2 failed"


def test_a_tool_of_a_server_is_an_mcp_tool():
    lines = [
        PROMPT,
        assistant("a1", 2, use("toolu_1", "mcp__issue_tracker__find__all", query="cents")),
        user("u2", 3, [result("toolu_1", "none")]),
    ]

    records = read_claude(lines)

    called = the(records, "agent.mcp_tool_use")
    assert (called["mcp_server_name"], called["name"]) == ("issue_tracker", "find__all")
    assert the(records, "agent.mcp_tool_result")["mcp_tool_use_id"] == called["id"]


def test_pictures_are_named_and_never_kept():
    picture = {
        "type": "image",
        "source": {"type": "base64", "media_type": "image/png", "data": "QUJD" * 11_334},
    }
    lines = [user("u1", 0, [text("See"), picture]), user("u2", 1, [result("toolu_1", [picture])])]

    records = read_claude(lines)

    message = the(records, "user.message")
    assert said(message) == "See\n[image, image/png, 34 kB]"
    assert message["content"][1]["left_out"] == {
        "type": "image",
        "media_type": "image/png",
        "size": "34 kB",
    }
    assert said(the(records, "agent.tool_result")) == "[image, image/png, 34 kB]"


@pytest.mark.parametrize(
    "content",
    [
        "<command-name>/model</command-name>\n<command-args>opus</command-args>",
        "<local-command-stdout>Set model to opus</local-command-stdout>",
        "<bash-input>ls</bash-input>",
        "<system-reminder>\nThe file changed.\n</system-reminder>",
        "<task-notification>\n<task-id>b1</task-id>",
        "Caveat: The messages below were generated by the user while running local commands. …",
    ],
)
def test_what_the_program_put_in_is_no_users_message(content):
    records = read_claude([user("u1", 0, content)])

    assert types(records) == ["system.message"]
    assert said(the(records, "system.message")) == content


@pytest.mark.parametrize(
    "content",
    [
        "What does <command-name>/model</command-name> do?",
        "<system-reminder>Be brief.</system-reminder>\nWhat changed?",
        "<b>Bold</b> move",
    ],
)
def test_a_person_may_mention_what_the_program_writes(content):
    assert types(read_claude([user("u1", 0, content)])) == ["user.message"]


def test_a_meta_line_and_a_peers_message_are_the_programs():
    lines = [
        user("u1", 0, "Expanded prompt of a command", isMeta=True),
        user("u2", 1, "From another session", origin={"kind": "peer"}),
        user("u3", 2, "From a person", origin={"kind": "human"}),
    ]

    assert types(read_claude(lines)) == ["system.message", "system.message", "user.message"]


def test_a_reminder_beside_a_prompt_is_told_apart():
    reminder = text("<ide_opened_file>ledger.py</ide_opened_file>")

    records = read_claude([user("u1", 0, [reminder, text("Fix this file")])])

    assert types(records) == ["system.message", "user.message"]
    assert said(the(records, "user.message")) == "Fix this file"


def test_an_interrupt_ends_the_turn():
    lines = [
        *TURN[:4],
        user("u2", 8, [result("toolu_1", "The user doesn't want to proceed", is_error=True)]),
        user("u3", 9, [text("[Request interrupted by user for tool use]")]),
    ]

    assert types(read_claude(lines))[-4:] == [
        "span.model_request_end",
        "agent.tool_result",
        "user.interrupt",
        "session.status_idle",
    ]


def test_what_a_person_typed_while_the_agent_worked_is_a_message():
    typed = {"type": "queued_command", "prompt": "Also look at March", "origin": {"kind": "human"}}
    lines = [*TURN[:5], line("attachment", "q1", 9, attachment=typed), TURN[5]]

    records = read_claude(lines)

    assert said(of_type(records, "user.message")[1]) == "Also look at March"
    assert types(records).count("session.status_running") == 1


def test_other_attachments_are_the_programs_and_its_listings_are_left_out():
    plan = {"type": "plan_file_reference", "planContent": "1. Count"}
    lines = [
        line("attachment", "q1", 0, attachment={"type": "skill_listing", "content": "…"}),
        line("attachment", "q2", 1, attachment=plan),
        line("attachment", "q3", 2, attachment={"type": "queued_command", "prompt": "x"}),
    ]

    records = read_claude(lines)

    assert said(the(records, "system.message")) == "[attachment: plan_file_reference] 1. Count"
    assert said(the(records, "user.message")) == "x"


def test_a_failed_request_is_an_error_that_is_tried_again_or_not():
    lines = [
        PROMPT,
        line(
            "system",
            "s1",
            2,
            subtype="api_error",
            error={"status": 529, "message": "overloaded"},
            retryAttempt=1,
            maxRetries=10,
        ),
        assistant(
            "a1",
            9,
            text("API Error: Rate limit reached"),
            stop="stop_sequence",
            isApiErrorMessage=True,
            error="rate_limit",
        ),
    ]

    retried, given_up = (each["error"] for each in of_type(read_claude(lines), "session.error"))

    assert retried == {
        "type": "model_overloaded_error",
        "message": "529 overloaded",
        "retry_status": {"type": "retrying"},
    }
    assert given_up == {
        "type": "model_rate_limited_error",
        "message": "API Error: Rate limit reached",
        "retry_status": {"type": "exhausted"},
    }


def test_what_the_program_says_in_the_models_place_is_no_answer():
    filler = assistant("a9", 20, text("No response requested."), stop="stop_sequence")
    filler["message"]["model"] = "<synthetic>"

    records = read_claude([*TURN, filler])

    assert said(the(records, "system.message")) == "No response requested."
    assert len(of_type(records, "span.model_request_end")) == 2


def test_a_tool_of_the_models_own_answers_within_the_answer():
    found = [{"type": "web_search_result", "title": "Cents", "url": "https://example.org/"}]
    searched = {"type": "server_tool_use", "id": "srv_1", "name": "web_search", "input": {"q": "x"}}
    answered = {"type": "web_search_tool_result", "tool_use_id": "srv_1", "content": found}

    records = read_claude([PROMPT, assistant("a1", 2, searched, answered, text("Found"))])

    answer = the(records, "agent.tool_result")
    assert answer["tool_use_id"] == the(records, "agent.tool_use")["id"]
    assert said(answer) == "[web_search_result, Cents, https://example.org/]"


def test_the_programs_remarks_are_kept_and_its_reports_left_out():
    lines = [
        line("system", "s1", 0, subtype="informational", content="Update available"),
        line("system", "s2", 1, subtype="stop_hook_summary", hookCount=1),
        line("system", "s3", 2, subtype="away_summary"),
        line("attachment", "q1", 3, attachment={"type": "queued_command", "prompt": "x"}),
        line(
            "attachment",
            "q2",
            4,
            attachment={"type": "queued_command", "prompt": "y", "origin": {"kind": "peer"}},
        ),
    ]

    records = read_claude(lines)

    assert [said(each) for each in of_type(records, "system.message")] == [
        "Update available",
        "[away_summary]",
        "y",
    ]
    assert said(the(records, "user.message")) == "x"


def test_giving_up_ends_the_turn():
    failed = assistant("a9", 9, text("API Error: 500"), isApiErrorMessage=True)

    records = read_claude([*TURN[:5], failed])

    assert the(records, "session.status_idle")["stop_reason"] == {"type": "retries_exhausted"}


def test_a_compaction_keeps_its_summary():
    boundary = line(
        "system",
        "s1",
        20,
        subtype="compact_boundary",
        content="Conversation compacted",
        logicalParentUuid="a4",
        compactMetadata={"trigger": "auto", "preTokens": 155_025},
    )
    summary = user("u9", 20, "This session is being continued…", isCompactSummary=True)

    compacted = the(read_claude([*TURN, boundary, summary]), "agent.thread_context_compacted")

    assert said(compacted) == "This session is being continued…"
    assert compacted["compact_metadata"] == {"trigger": "auto", "preTokens": 155_025}


def test_a_compaction_without_a_summary_is_kept_too():
    boundary = line("system", "s1", 20, subtype="compact_boundary", content="Compacted")

    records = read_claude([*TURN, boundary, user("u9", 30, "Go on")])

    assert "content" not in the(records, "agent.thread_context_compacted")


def test_the_best_title_wins_and_comes_with_the_session_given_again():
    lines = [
        {"type": "summary", "summary": "Another session's", "leafUuid": "elsewhere"},
        *TURN,
        {"type": "summary", "summary": "Ledger is off", "leafUuid": "a4"},
        {"type": "ai-title", "aiTitle": "Find the missing cent", "sessionId": SESSION},
        {"type": "custom-title", "customTitle": "Cent hunt", "sessionId": SESSION},
    ]

    titles = [
        [each.title for each in sessions(read_claude(lines[:count]))] for count in (7, 8, 9, 10)
    ]

    first = "Why does the ledger not balance?"
    assert titles == [
        [first],
        [first, "Ledger is off"],
        [first, "Find the missing cent"],
        [first, "Cent hunt"],
    ]


def test_a_summary_may_come_before_the_line_that_it_is_of():
    lines = [{"type": "summary", "summary": "Ledger is off", "leafUuid": "a4"}, *TURN]

    assert sessions(read_claude(lines))[-1].title == "Ledger is off"


def test_a_long_prompt_makes_a_short_title():
    (session,) = sessions(read_claude([user("u1", 0, "Explain\n" + "this " * 100)]))

    assert len(session.title) <= 80
    assert session.title.startswith("Explain this this")


def test_a_file_of_titles_alone_is_no_session():
    assert read_claude([{"type": "ai-title", "aiTitle": "Empty", "sessionId": SESSION}]) == []


def test_bookkeeping_is_left_out_and_the_unknown_is_refused():
    lines = [
        {"type": "file-history-snapshot", "messageId": "x", "snapshot": {}},
        {"type": "queue-operation", "operation": "enqueue", "timestamp": "2026-11-02T09:00:00Z"},
        {"type": "permission-mode", "permissionMode": "plan", "sessionId": SESSION},
        {"type": "hologram", "sessionId": SESSION},
        {"sessionId": SESSION},
        7,
        PROMPT,
    ]

    records = read_claude([each for each in lines if isinstance(each, dict)])
    also = read(ndjson(lines), format="claude-code", name="x.jsonl")

    assert [(each.line, each.reason) for each in refusals(records)] == [
        (4, "unknown record type 'hologram'"),
        (5, "no record type"),
    ]
    assert (6, "not a JSON object") in [(each.line, each.reason) for each in refusals(also)]
    assert types(records) == ["user.message"]


def test_a_broken_line_never_stops_the_rest():
    data = ndjson(TURN[:2]) + b'{"type": "user", "mess\n\xff\xfe\n' + ndjson(TURN[2:])

    records = read(data, format="claude-code", name=f"{SESSION}.jsonl")

    assert [each.line for each in refusals(records)] == [3, 4]
    assert refusals(records)[1].reason == "not valid UTF-8 (byte 1)"
    assert types(records) == types(read_claude(TURN))


def test_reading_twice_gives_the_same():
    assert read_claude(TURN) == read_claude(TURN)
    ids = [each.public_id for each in events(read_claude(TURN))]
    assert len(set(ids)) == len(ids)


LONG = [
    *TURN,
    line("system", "s1", 13, subtype="turn_duration", durationMs=13_000),
    line("system", "s2", 14, subtype="informational", content="Update available"),
    user("u3", 60, "Fix them"),
    assistant("b1", 63, text("On it."), id="m3", stop=None),
    assistant("b2", 64, use("toolu_2", "Edit"), id="m3", stop=None),
    user("u4", 70, [result("toolu_2", "ok")]),
    user("u5", 71, "And March, please"),
    assistant("b3", 75, text("Done."), id="m4", stop=None),
    user("u6", 9_000, "Thanks!"),
    assistant("b4", 9_001, use("toolu_3", "Bash"), id="m5"),
    user("u7", 20_000, [result("toolu_3", "approved the next day")]),
    assistant("b5", 20_002, {"type": "thinking", "thinking": ""}, id="m6", stop="end_turn"),
    assistant("b6", 20_003, text("You are welcome."), id="m6", stop="end_turn"),
    line("system", "s3", 20_004, subtype="compact_boundary", content="Compacted"),
    user("u8", 20_005, "Summary", isCompactSummary=True),
    {"type": "custom-title", "customTitle": "Cent hunt", "sessionId": SESSION},
]


@pytest.mark.parametrize("later", [timedelta(), timedelta(minutes=30), timedelta(days=2)])
def test_a_file_that_has_grown_gives_the_same_events_and_more(later):
    whole = {each.public_id: each for each in events(read_claude(LONG))}
    last = START

    for prefix in prefixes(LONG):
        last = max(last, START + timedelta(seconds=_seconds(prefix[-1])))
        following = LONG[len(prefix)]
        now = min(last + later, START + timedelta(seconds=_seconds(following, 10**6)))
        for event in events(read_claude(prefix, now=now)):
            assert whole.get(event.public_id) == event


def _seconds(given: dict, otherwise: float = 0) -> float:
    if "timestamp" not in given:
        return otherwise
    return (datetime.fromisoformat(given["timestamp"]) - START).total_seconds()


def test_silence_of_an_hour_ends_a_turn_and_what_follows_begins_one():
    statuses = [
        (each.type.removeprefix("session.status_"), (each.occurred_at - START).total_seconds())
        for each in events(read_claude(LONG))
        if each.type.startswith("session.status_")
    ]

    assert statuses == [
        ("running", 0),
        ("idle", 12),
        ("running", 60),
        ("idle", 75),
        ("running", 9_000),
        ("idle", 9_001),
        ("running", 20_000),
        ("idle", 20_003),
    ]


def test_an_unfinished_answer_is_counted_when_the_file_goes_on_or_falls_silent():
    unfinished = [PROMPT, assistant("a1", 2, text("I will"), stop=None)]

    at_once = read_claude(unfinished)
    later = read_claude(unfinished, now=START + timedelta(hours=2))

    assert "span.model_request_end" not in types(at_once)
    assert types(later)[-2:] == ["span.model_request_end", "session.status_idle"]


def test_history_that_is_repeated_in_a_resumed_session_adds_nothing():
    once = {each.public_id: each for each in events(read_claude(TURN))}

    again = events(read_claude([*TURN, *TURN, user("u9", 90, "More")]))

    new = [each for each in again if each.public_id not in once]
    assert [each.type for each in new] == ["user.message"]


def test_a_fork_keeps_its_history_and_does_not_pay_for_it_again():
    other = "99999999-1111-4222-8333-444455556666"
    history = [
        {**each, "sessionId": other, "forkedFrom": {"sessionId": SESSION, "messageUuid": "x"}}
        for each in TURN
    ]
    own = [
        {**user("f1", 100, "Try another way"), "sessionId": other},
        {**assistant("f2", 102, text("All right."), stop="end_turn"), "sessionId": other},
    ]

    records = read_claude([*history, *own], name=f"{other}.jsonl")

    (session,) = sessions(records)
    assert (session.key, session.metadata["forked_from"]) == (other, SESSION)
    *copied, paid = of_type(records, "span.model_request_end")
    assert all(each["copied"] and not any(each["model_usage"].values()) for each in copied)
    assert paid["model_usage"] == USAGE
    assert "copied" not in paid
    ids = {each.public_id for each in events(records)}
    assert not ids & {each.public_id for each in events(read_claude(TURN))}


def test_lines_of_another_session_at_the_beginning_are_copied_history():
    own = "99999999-1111-4222-8333-444455556666"
    lines = [*TURN, {**user("f1", 100, "Go on"), "sessionId": own}]

    records = read_claude(lines, name=f"{own}.jsonl")

    assert [each.session for each in events(records)] == [own] * len(events(records))
    assert sessions(records)[0].metadata["forked_from"] == SESSION
    assert "copied" not in of_type(records, "user.message")[-1]


def test_a_file_of_another_name_may_hold_several_sessions():
    records = read_claude([PROMPT, {**user("f1", 1, "Hi"), "sessionId": "two"}], name="all.jsonl")

    assert [each.key for each in sessions(records)] == [SESSION, "two"]
    assert [each.session for each in events(records)] == [SESSION, "two"]


def test_a_transcript_without_times_has_an_order_and_no_clock():
    lines = [{key: each[key] for key in each if key != "timestamp"} for each in TURN]

    records = read_claude(lines)

    (session,) = sessions(records)
    assert session.timed is False
    assert {each.occurred_at for each in events(records)} == {None}
    assert types(records)[-1] == "session.status_idle"


def test_the_primary_thread_is_given_by_the_id_that_messages_name():
    records = read_claude(TURN)

    assert records[1].public_id == derived_id("sthr", "claude-code", SESSION)
    assert records[1].parent == ""


def test_nul_and_lone_surrogates_survive():
    data = ndjson([user("u1", 0, "a\x00b")]) + ndjson([user("u2", 1, "c\ud800d")])

    records = read(data, format="claude-code", name=f"{SESSION}.jsonl")

    assert [said(each) for each in of_type(records, "user.message")] == ["a\x00b", "c\ud800d"]
