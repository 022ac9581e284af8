"""What was delegated, in every way that Claude Code has written it."""

from datetime import timedelta
from itertools import pairwise

from apps.core.ids import derived_id
from tests.sessions.formats.transcripts import (
    AGENT,
    CALL,
    CHILDS,
    DONE,
    MAIN,
    REPORTED,
    SESSION,
    START,
    TASK,
    TOTALS,
    assistant,
    children,
    events,
    line,
    of_type,
    read_claude,
    said,
    sessions,
    side,
    text,
    the,
    types,
    use,
    user,
)

PRIMARY = derived_id("sthr", "claude-code", SESSION)
CHILD = derived_id("sthr", SESSION, AGENT)


def by_thread(records, thread: str) -> list[str]:
    return [each.type for each in events(records) if each.thread == thread]


def test_a_call_creates_a_thread_and_sends_it_the_prompt():
    records = read_claude(MAIN)

    (child,) = children(records)
    assert (child.public_id, child.parent) == (CHILD, PRIMARY)
    assert child.agent == {"type": "agent", "name": "Explore", "description": "Find the parser"}
    created = the(records, "session.thread_created")
    assert (created["session_thread_id"], created["agent_name"]) == (CHILD, "Explore")
    sent = the(records, "agent.thread_message_sent")
    assert (sent["to_session_thread_id"], sent["to_agent_name"]) == (CHILD, "Explore")
    assert said(sent) == "Where is the parser?"
    assert sent["processed_at"] == "2026-11-02T09:00:02Z"
    assert the(records, "agent.tool_use")["name"] == "Task"


def test_its_report_is_received_beside_the_tools_result():
    records = read_claude(MAIN)

    received = the(records, "agent.thread_message_received")
    assert (received["from_session_thread_id"], received["from_agent_name"]) == (CHILD, "Explore")
    assert said(received) == "In parse.py."
    assert the(records, "agent.tool_result")["delegation"] == {
        "agent_id": AGENT,
        "status": "completed",
        "total_tokens": 9_161,
        "total_duration_ms": 8_000,
        "total_tool_use_count": 1,
    }


def test_the_agents_own_file_is_a_thread_of_the_same_session():
    records = read_claude(CHILDS, name=f"agent-{AGENT}.jsonl")

    assert [each.key for each in sessions(records)] == [SESSION]
    assert (
        by_thread(records, CHILD)
        == types(records)
        == [
            "agent.thread_message_received",
            "session.thread_status_running",
            "span.model_request_start",
            "agent.tool_use",
            "span.model_request_end",
            "agent.tool_result",
            "span.model_request_start",
            "agent.message",
            "span.model_request_end",
            "agent.thread_message_sent",
            "session.thread_status_idle",
        ]
    )
    received = the(records, "agent.thread_message_received")
    assert (received["from_session_thread_id"], said(received)) == (PRIMARY, "Where is the parser?")
    sent = the(records, "agent.thread_message_sent")
    assert (sent["to_session_thread_id"], said(sent)) == (PRIMARY, "In parse.py.")


def test_the_folder_names_the_session_where_the_lines_do_not():
    nameless = [{key: each[key] for key in each if key != "sessionId"} for each in CHILDS]

    records = read_claude(nameless, name=f"p/{SESSION}/subagents/agent-{AGENT}.jsonl")

    assert {each.session for each in events(records)} == {SESSION}


def test_an_agents_file_says_nothing_that_the_sessions_own_file_says():
    mains = {each.public_id for each in events(read_claude(MAIN))}
    childs = {each.public_id for each in events(read_claude(CHILDS, name=f"agent-{AGENT}.jsonl"))}

    assert not mains & childs


def test_a_sidechain_among_the_lines_is_found_by_its_prompt():
    chain = [side(each, agent="") for each in CHILDS]
    for earlier, later in pairwise(chain):
        later["parentUuid"] = earlier["uuid"]
    bare = {key: REPORTED[key] for key in REPORTED if key != "toolUseResult"}

    records = read_claude([*CALL, *chain, bare, DONE])

    (child,) = children(records)
    assert child.agent["name"] == "Explore"
    assert by_thread(records, child.public_id) == by_thread(
        read_claude(CHILDS, name=f"agent-{AGENT}.jsonl"), CHILD
    )
    assert by_thread(records, "")[5:7] == ["session.thread_created", "agent.thread_message_sent"]
    assert by_thread(records, "").count("agent.thread_message_received") == 1


def test_parallel_sidechains_are_told_apart_by_their_chains():
    other = use("toolu_s", "Task", subagent_type="Plan", description="Plan", prompt="Make a plan")
    lines = [
        user("u1", 0, "Go"),
        assistant("a1", 1, TASK, other),
        side(user("c1", 2, "Where is the parser?"), ""),
        side(user("d1", 3, "Make a plan"), ""),
        side({**assistant("c2", 4, text("Here"), stop="end_turn"), "parentUuid": "c1"}, ""),
        side({**assistant("d2", 5, text("Planned"), stop="end_turn"), "parentUuid": "d1"}, ""),
    ]

    records = read_claude(lines)

    first, second = children(records)
    assert [first.agent["name"], second.agent["name"]] == ["Explore", "Plan"]
    messages = [each for each in events(records) if each.type == "agent.message"]
    assert [each.thread for each in messages] == [first.public_id, second.public_id]


def test_progress_links_a_call_that_still_runs():
    progress = line(
        "progress",
        "p1",
        4,
        data={"type": "agent_progress", "agentId": AGENT},
        parentToolUseID="toolu_t",
    )

    early = read_claude([*CALL, progress])
    late = read_claude([*CALL, progress, {**progress, "uuid": "p2"}, REPORTED, DONE])

    assert "session.thread_created" in types(early)
    assert {each.public_id for each in events(early)} <= {each.public_id for each in events(late)}
    linked_by_result = {each.public_id: each for each in events(read_claude(MAIN))}
    assert {each.public_id: each for each in events(late)} == linked_by_result


def test_an_agent_in_the_background_reports_by_notice():
    launched = user(
        "u2",
        3,
        [{"type": "tool_result", "tool_use_id": "toolu_t", "content": "Async agent launched"}],
        toolUseResult={"isAsync": True, "status": "async_launched", "agentId": AGENT},
    )
    notice = user(
        "u3",
        60,
        f"<task-notification>\n<task-id>{AGENT}</task-id>\n<tool-use-id>toolu_t</tool-use-id>\n"
        "<status>completed</status>\n<result>In parse.py.</result>\n</task-notification>",
        origin={"kind": "task-notification"},
    )

    before = read_claude([*CALL, launched])
    after = read_claude([*CALL, launched, DONE, notice])

    assert "agent.thread_message_received" not in types(before)
    assert said(the(after, "agent.thread_message_received")) == "In parse.py."


def test_an_agent_that_is_called_again_is_not_created_again():
    again = [
        assistant("b1", 20, use("toolu_again", "Agent", prompt="And the lexer?", resume=AGENT)),
        user(
            "b2",
            30,
            [{"type": "tool_result", "tool_use_id": "toolu_again", "content": "In lex.py."}],
            toolUseResult=TOTALS,
        ),
    ]

    records = read_claude([*MAIN, *again])

    assert len(of_type(records, "session.thread_created")) == 1
    assert [said(each) for each in of_type(records, "agent.thread_message_sent")] == [
        "Where is the parser?",
        "And the lexer?",
    ]


def test_a_second_message_to_an_agent_is_a_second_turn_of_its_thread():
    lines = [
        *CHILDS,
        side(user("c5", 40, "And the lexer?")),
        side(assistant("c6", 44, text("In lex.py."), stop="end_turn")),
    ]

    records = read_claude(lines, name=f"agent-{AGENT}.jsonl")

    assert [said(each) for each in of_type(records, "agent.thread_message_sent")] == [
        "In parse.py.",
        "In lex.py.",
    ]
    assert types(records).count("session.thread_status_idle") == 2


def test_a_delegation_in_copied_history_says_that_it_was_copied():
    lines = [{**each, "forkedFrom": {"sessionId": "other"}} for each in MAIN]

    records = read_claude(lines)

    assert all(each.payload["copied"] for each in events(records))


def test_a_call_that_failed_creates_nothing():
    failed = user(
        "u2",
        3,
        [{"type": "tool_result", "tool_use_id": "toolu_t", "content": "No such agent"}],
    )

    records = read_claude([*CALL, failed])

    assert children(records) == []
    assert "agent.thread_message_sent" not in types(records)


def test_an_agents_thread_falls_silent_by_itself():
    records = read_claude(CHILDS[:2], name=f"agent-{AGENT}.jsonl", now=START + timedelta(hours=3))

    assert types(records)[-1] == "session.thread_status_idle"
    assert the(records, "session.thread_status_idle")["session_thread_id"] == CHILD
