"""From what a person names to the records in it."""

import gzip
import json

import pytest

from apps.sessions.formats import AUTO, UnknownFormat, detect, find_files
from apps.sessions.formats.files import NothingThere
from apps.sessions.reading import Reading, Source
from tests.sessions.formats.transcripts import (
    AGENT,
    CHILDS,
    MAIN,
    SESSION,
    assistant,
    children,
    events,
    ndjson,
    read_claude,
    refusals,
    sessions,
    text,
    types,
    user,
)

CLAUDE = [user("u1", 0, "Hello"), assistant("a1", 1, text("Hi"), stop="end_turn")]
CHAT = [{"messages": [{"role": "user", "content": "Hello"}]}]
NATIVE = [{"type": "session", "id": "sesn_1", "agent": {"name": "a"}}]
LONG = "x" * 300_000


def read(path, form=AUTO):
    return list(Reading([Source(each, str(each)) for each in find_files([path])], form))


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (ndjson(NATIVE), "native"),
        (ndjson([{"type": "agent.message", "id": "e"}]), "native"),
        (json.dumps({"data": [{"type": "user.message"}]}, indent=1).encode(), "native"),
        (json.dumps([{"type": "span.model_request_end"}]).encode(), "native"),
        (ndjson([{**NATIVE[0], "agent": {"system": LONG}}])[:1000], "native"),
        (ndjson(CLAUDE), "claude-code"),
        (ndjson([{"type": "summary", "summary": "x", "leafUuid": "y"}]), "claude-code"),
        (ndjson([{"type": "file-history-snapshot", "messageId": "x"}]), "claude-code"),
        (b"broken\n" + ndjson(CLAUDE), "claude-code"),
        (ndjson([{**CLAUDE[0], "message": {"content": LONG}}])[:1000], "claude-code"),
        (b"\xef\xbb\xbf" + ndjson(CLAUDE), "claude-code"),
        (json.dumps(CHAT).encode(), "chat"),
        (json.dumps(CHAT, indent=4).encode(), "chat"),
        (ndjson(CHAT), "chat"),
        (ndjson([[{"role": "user", "content": "Hello"}]]), "chat"),
        (json.dumps([[{"role": "user", "content": "Hello"}]]).encode(), "chat"),
        (json.dumps([{"role": "user", "content": "Hello"}]).encode(), "chat"),
        (json.dumps([{"task_id": 1, "traj": [{"role": "system", "content": LONG}]}]).encode()[:900],
         "chat"),
    ],
)  # fmt: skip
def test_a_format_is_known_by_its_beginning(head, expected):
    assert detect(head, "some.json") == expected


def test_a_quoted_transcript_does_not_mislead():
    quoted = ndjson(CLAUDE).decode()
    head = json.dumps([{"messages": [{"role": "user", "content": quoted + LONG}]}]).encode()[:5000]

    assert detect(head, "some.json") == "chat"


def test_an_unknown_file_is_told_what_was_seen_and_what_is_accepted():
    with pytest.raises(UnknownFormat) as caught:
        detect(b'{"invoice": 7}', "invoice.json")

    message = caught.value.message
    assert message.startswith("invoice.json is in no format that can be imported")
    assert '{"invoice": 7}' in message
    assert all(each in message for each in ("native", "claude-code", "chat"))


def test_an_empty_file_is_in_no_format():
    with pytest.raises(UnknownFormat, match=r"empty\.jsonl is empty\."):
        detect(b" \n", "empty.jsonl")


def test_binary_files_are_in_no_format():
    with pytest.raises(UnknownFormat, match="no format"):
        detect(b"\x89PNG\x00\x01", "picture.json")


def test_folders_are_searched_and_sub_agents_come_after_their_session(tmp_path):
    names = [
        "p/agent-old.jsonl",
        f"p/{SESSION}.jsonl",
        f"p/{SESSION}/subagents/agent-b.jsonl",
        f"p/{SESSION}/subagents/agent-b.meta.json",
        f"p/{SESSION}/subagents/workflows/w1/journal.jsonl",
        f"p/{SESSION}/tool-results/x.json",
        "p/zz.jsonl.gz",
        "a/export.ndjson",
        "p/notes.txt",
        "p/sessions-index.json",
    ]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")

    assert [each.relative_to(tmp_path).as_posix() for each in find_files([tmp_path])] == [
        "a/export.ndjson",
        f"p/{SESSION}.jsonl",
        f"p/{SESSION}/subagents/agent-b.jsonl",
        "p/zz.jsonl.gz",
        "p/agent-old.jsonl",
    ]


def test_a_named_file_is_taken_whatever_it_is_called(tmp_path):
    path = tmp_path / "transcript.txt"
    path.write_bytes(ndjson(CLAUDE))

    assert list(find_files([path])) == [path]


def test_what_is_not_there_is_said(tmp_path):
    with pytest.raises(NothingThere, match="There is no file or folder"):
        list(find_files([tmp_path / "nowhere"]))


def test_everything_in_a_folder_is_read_each_in_its_format(tmp_path):
    (tmp_path / f"{SESSION}.jsonl").write_bytes(ndjson(CLAUDE))
    (tmp_path / "export.jsonl.gz").write_bytes(gzip.compress(ndjson(NATIVE)))
    (tmp_path / "runs.json").write_text(json.dumps(CHAT))
    (tmp_path / "empty.jsonl").write_bytes(b"")
    (tmp_path / "other.json").write_text('{"invoice": 7}')
    (tmp_path / "damaged.jsonl.gz").write_bytes(gzip.compress(ndjson(CLAUDE))[:30])

    records = read(tmp_path)

    assert [each.source for each in sessions(records)] == ["claude-code", "native", "chat"]
    assert [each.file.rpartition("/")[2] for each in refusals(records)] == [
        "damaged.jsonl.gz",
        "other.json",
    ]


def test_a_session_and_its_sub_agents_are_read_side_by_side(tmp_path):
    folder = tmp_path / SESSION / "subagents"
    folder.mkdir(parents=True)
    (tmp_path / f"{SESSION}.jsonl").write_bytes(ndjson(MAIN))
    (folder / f"agent-{AGENT}.jsonl").write_bytes(ndjson(CHILDS))

    records = read(tmp_path)

    kinds = types(records)
    assert kinds.index("agent.thread_message_sent") < kinds.index("session.thread_status_running")
    assert kinds.index("session.thread_status_idle") < kinds.index("session.status_idle")
    assert children(records)[0].agent["name"] == "Explore"
    assert sessions(records)[0].title == "Fix the parser"
    alone = read_claude(MAIN) + read_claude(CHILDS, name=f"agent-{AGENT}.jsonl")
    assert {each.public_id for each in events(records)} == {
        each.public_id for each in events(alone)
    }


def test_a_sub_agent_that_cannot_be_read_does_not_stop_its_session(tmp_path):
    folder = tmp_path / SESSION / "subagents"
    folder.mkdir(parents=True)
    (tmp_path / f"{SESSION}.jsonl").write_bytes(ndjson(CLAUDE))
    (folder / "agent-b.jsonl").write_bytes(b'{"invoice": 7}')

    records = read(tmp_path)

    assert len(refusals(records)) == 1
    assert types(records)[-1] == "session.status_idle"


def test_a_format_may_be_named_instead(tmp_path):
    path = tmp_path / "runs.json"
    path.write_text(json.dumps(CHAT))

    assert [each.reason for each in refusals(read(path, "native"))] == ["an object without a type"]
