"""`manage.py import_sessions`."""

import gzip
import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.sessions.models import Event, Session
from tests import make

pytestmark = pytest.mark.django_db
AIRLINE = Path(__file__).parents[3] / "shared/data/tau-bench/airline-trials-0-2.json"


def conversation(*said, **more):
    roles = ("user", "assistant")
    messages = [{"role": roles[n % 2], "content": text} for n, text in enumerate(said)]
    return json.dumps({"messages": messages, **more})


def run(*arguments, capsys=None, **options):
    make.workspace()
    out, err = io.StringIO(), io.StringIO()
    call_command("import_sessions", *map(str, arguments), stdout=out, stderr=err, **options)
    return out.getvalue().strip().splitlines()[-1], err.getvalue()


@pytest.fixture
def two(tmp_path):
    path = tmp_path / "two.jsonl"
    path.write_text(conversation("Hello", "Hi") + "\n" + conversation("Refund") + "\n")
    return path


@pytest.fixture
def broken(tmp_path):
    path = tmp_path / "broken.jsonl"
    path.write_text(conversation("Hello") + "\nnot json\n" + conversation("Refund") + "\n")
    return path


def test_the_last_line_counts(two):
    assert run(two)[0] == "2 sessions, 0 threads, 3 events added · 0 skipped · 0 refused"


def test_importing_again_adds_nothing(two):
    run(two)

    assert run(two)[0] == "0 sessions, 0 threads, 0 events added · 3 skipped · 0 refused"


def test_one_is_one(tmp_path):
    (tmp_path / "a.jsonl").write_text(conversation("Hello") + "\n")

    assert run(tmp_path)[0].startswith("1 session, 0 threads, 1 event added")


def test_what_was_added_to_a_file_is_added(two):
    run(two)
    with two.open("a") as file:
        file.write(conversation("Third") + "\n")

    assert run(two)[0] == "1 session, 0 threads, 1 event added · 3 skipped · 0 refused"


def test_packed_files_folders_and_patterns(tmp_path):
    folder = tmp_path / "deep" / "down"
    folder.mkdir(parents=True)
    (folder / "a.jsonl.gz").write_bytes(gzip.compress(conversation("One").encode() + b"\n"))
    (folder / "b.json").write_text(conversation("Two"))
    (folder / "notes.txt").write_text("no transcript")

    assert run(tmp_path)[0].startswith("2 sessions")
    assert run(f"{tmp_path}/**/*.json*")[0].endswith("2 skipped · 0 refused")


def test_what_is_piped_in(monkeypatch, two):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(two.read_bytes())))

    assert run("-")[0].startswith("2 sessions")


def test_a_broken_line_is_named_and_the_rest_goes_in(broken):
    last, errors = run(broken)

    assert last == "2 sessions, 0 threads, 2 events added · 0 skipped · 1 refused"
    assert f"{broken}:2: not valid JSON" in errors


def test_strict_takes_all_or_nothing(broken):
    with pytest.raises(CommandError, match="nothing was imported"):
        run(broken, strict=True)

    assert not Session.objects.exists()


def test_the_first_fifty_refusals_are_printed(tmp_path):
    path = tmp_path / "bad.jsonl"
    path.write_text(conversation("Hello") + "\n" + "broken\n" * 60)

    last, errors = run(path)

    assert errors.count(f"{path}:") == 50
    assert "and 10 more" in errors
    assert last.endswith("60 refused")


def test_the_agent_can_be_named(two):
    run(two, agent="refunds")

    assert {session.agent.name for session in Session.objects.all()} == {"refunds"}


def test_another_workspace(two):
    other = make.workspace("other")

    run(two, workspace="other")

    assert {session.workspace for session in Session.objects.all()} == {other}


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["nowhere.json"], "There is no file or folder nowhere.json"),
        (["no*where.json"], "Nothing matches no"),
        (
            [__file__, "--workspace", "atlantis"],
            "There is no workspace “atlantis”. There is: default",
        ),
        ([__file__, "--format", "smoke"], "invalid choice: 'smoke'"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(arguments, why):
    with pytest.raises(CommandError, match=why):
        run(*arguments)


def test_what_is_no_transcript_is_refused():
    last, errors = run(__file__)

    assert last.endswith("0 skipped · 1 refused")
    assert "in no format that can be imported" in errors


def test_what_unpacks_without_end_is_a_trap(tmp_path):
    path = tmp_path / "bomb.jsonl.gz"
    line = conversation("a" * 1_000_000).encode() + b"\n"
    with gzip.open(path, "wb") as file:
        for _ in range(100):
            file.write(line)

    with pytest.raises(CommandError, match="unpacks to more than 200 times its size"):
        run(path)


def test_a_file_cut_off_in_the_middle_keeps_what_came_before(tmp_path):
    lines = "".join(conversation(f"Number {n} {n**40}") + "\n" for n in range(2_000))
    path = tmp_path / "cut.jsonl.gz"
    packed = gzip.compress(lines.encode())
    path.write_bytes(packed[: len(packed) // 2])

    last, errors = run(path)

    assert last.endswith("1 refused")
    assert "damaged or cut off" in errors
    assert Session.objects.count() > 500


@pytest.mark.skipif(
    not AIRLINE.exists(), reason="the airline trajectories are not beside this folder"
)
def test_the_airline_trajectories(client):
    client.force_login(make.user())

    first, errors = run(AIRLINE)
    again, _ = run(AIRLINE)

    assert first.startswith("150 sessions, 0 threads, ")
    assert first.endswith("0 skipped · 0 refused")
    assert errors == ""
    assert again.startswith("0 sessions, 0 threads, 0 events added")
    assert Session.objects.filter(outcome_result="satisfied").count() == 63
    assert Event.objects.filter(is_error=True).exists()
    found = client.get("/w/default/sessions/", {"error": "payment amount does not add up"})
    assert found.context["page"].rows
    assert all(session.error_count for session in found.context["page"].rows)
