"""What happened, in plain words: every statement is counted from events and links to one."""

import re

import pytest

from apps.sessions.trace.story import (
    Counts,
    ToolTally,
    Trouble,
    Worker,
    doing,
    failing,
    mask,
    path_in,
    staffing,
    troubles,
)
from tests import make


@pytest.fixture
def reader(client, db):
    client.force_login(make.user("ines"))
    return client


def told(reader, session):
    content = reader.get(f"{session.get_absolute_url()}what-happened/").content.decode()
    return content, re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", content)).replace("&quot;", '"')


def test_it_tells_what_was_asked_done_wrong_judged_and_said(reader):
    session = make.session(
        make.event("session.status_running"),
        make.event(text="Rebook a party of four", id="sevt_asked"),
        *make.request(after=1),
        *make.call("pay", {"card": "8113"}, "card 8113 declined", after=3, is_error=True),
        *make.call("pay", {"card": "4421"}, "paid", after=6),
        *make.call("read", {"file_path": "/mnt/memory/team/style.md"}, "short", after=9),
        *make.call("write", {"file_path": "/tmp/out.md", "content": "x"}, "ok", after=11),
        make.event("user.define_outcome", after=12, outcome_id="o", description="All seats"),
        make.event(
            "span.outcome_evaluation_end",
            after=13,
            outcome_id="o",
            result="satisfied",
            iteration=0,
            explanation="Four seats found",
        ),
        make.event("agent.message", "Rebooked on TP 202", after=60, id="sevt_last"),
        make.event("session.status_idle", after=60),
    )

    content, text = told(reader, session)

    assert "Started 2 Nov 2026 at 09:00 and took 1 min." in text
    assert "Rebook a party of four" in text
    assert "?event=sevt_asked" in content
    assert "One agent, coordinator, worked alone." in text
    assert "wrote 1 message, asked a model once and used 3 tools 4 times, 1 in vain." in text
    assert "Reads team/style.md" in text
    assert "Writes /tmp/out.md" in text
    assert "1 failure of 1 kind. It was overcome." in text
    assert "“card 8113 declined” pay worked again later." in text
    assert "Four seats found" in text
    assert "Rebooked on TP 202" in text
    assert "?event=sevt_last" in content
    assert "at list price for 120 tokens and 1 min of running time." in text


def test_an_empty_session_is_told_too(reader):
    session = make.session()

    _content, text = told(reader, session)

    assert "Nothing has been asked of coordinator yet." in text
    assert "Nothing failed" not in text


def test_a_session_that_waits_for_its_agent_says_so(reader):
    session = make.session(make.event(text="Where is it?"), make.event(after=60, text="Hello?"))

    _content, text = told(reader, session)

    assert "Where is it?" in text
    assert "1 more message from the user followed" in text
    assert "coordinator was asked, and has not answered yet." in text
    assert "worked alone" not in text


def test_it_asks_the_same_however_long_the_session(reader, django_assert_num_queries):
    short = make.session(*make.call("bash", {}, "x", key="a", is_error=True))
    calls = [
        each
        for n in range(40)
        for each in make.call(f"tool{n % 5}", {}, "x", key="b", after=n, is_error=n % 3 == 0)
    ]
    long = make.session(*calls)

    for session in (short, long):
        with django_assert_num_queries(14):
            reader.get(f"{session.get_absolute_url()}what-happened/")


def test_failures_that_differ_in_names_and_numbers_are_one_kind():
    errors = [
        (4, "pay", "gift_card_8113 balance 310.00 is less than 482.40"),
        (9, "pay", "gift_card_77 balance 1.00 is less than 9.40"),
        (12, "bash", "bash: /tmp/a.txt: No such file"),
    ]

    found = troubles(errors, {"pay": 20, "bash": 3})

    assert [(each.tool, each.times, each.recovered_at) for each in found] == [
        ("pay", 2, 20),
        ("bash", 1, 0),
    ]
    assert found[0].outcome == "pay worked again later."
    assert found[1].outcome == "bash did not work again after that."


def test_masking_leaves_what_an_error_is_about():
    assert mask("Error: flight HAT030 not available on date 2024-05-13") == (
        "error: flight … not available on date …"
    )
    assert mask("open '/a/b': denied") == mask("open '/c': denied")


def test_sentences_count_in_words():
    counts = Counts(asked=1, messages=3, requests=2, delegations=4)
    team = [Worker("coordinator", 1, 5, "sthr_1"), Worker("refunds", 2, 9, "sthr_2")]

    assert staffing(team, 3, counts) == (
        "2 agents worked in 3 threads, led by coordinator. They sent each other 4 messages."
    )
    assert doing(counts, [ToolTally("bash", 2, 0, 1, 2)], alone=False) == (
        "The agents wrote 3 messages, asked a model twice and used one tool twice."
    )


def test_some_overcome_and_some_not():
    found = [Trouble("a", "x", 1, 1, 2, 9), Trouble("b", "y", 3, 3)]

    assert failing(found, 3) == (
        "3 failures of 2 kinds. 1 kind of 2 overcome: the same tool worked later."
    )
    assert failing(found, 9_000) == "9,000 failures. The first 500 are told here."


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/a/b.md", "/a/b.md"),
        ("file_path: /a/b.md\ncontent: x: y", "/a/b.md"),
        ("content: x\npath: /c.md", "/c.md"),
    ],
)
def test_a_files_path_is_found_in_the_input(text, path):
    assert path_in(text) == path
