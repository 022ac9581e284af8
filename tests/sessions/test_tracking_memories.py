"""Which sessions used which memories: kept with the events, and made anew from them."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from apps.sessions import recording, tracking
from apps.sessions.models import MemoryUse, Resource
from tests import make
from tests.sessions import mounting

RULES = "/mnt/memory/rules"


@pytest.fixture
def rules(db):
    return mounting.store("rules")


@pytest.fixture
def session(rules):
    made = make.session(make.event("user.message", "Hello"))
    mounting.mount(made, rules)
    return made


def told(session):
    rows = MemoryUse.objects.filter(session=session).order_by("sequence", "path", "kind")
    return [(row.sequence, row.kind, row.path, row.memory_store_id, row.has_failed) for row in rows]


def test_what_tools_touch_is_kept_with_the_events(session, rules):
    recording.record(
        session.pk,
        [
            *make.call("read", {"file_path": f"{RULES}/a.md"}, "text", after=1),
            *make.call("bash", {"command": f"cat x > {RULES}/b.md; tool {RULES}"}, "", after=3),
            *make.call("read", {"file_path": "/mnt/memory/elsewhere/a.md"}, "text", after=5),
            *make.call("read", {"file_path": "/workspace/a.md"}, "text", after=7),
        ],
    )

    assert told(session) == [
        (2, "read", "/a.md", rules.pk, False),
        (4, "mention", "/", rules.pk, False),
        (4, "write", "/b.md", rules.pk, False),
    ]
    assert MemoryUse.objects.get(sequence=2).at == make.START + timedelta(seconds=1)


def test_what_failed_or_was_refused_came_to_nothing(session, rules):
    use, result = make.call("write", {"file_path": f"{RULES}/a.md"}, "read-only", is_error=True)
    asked = make.event("agent.tool_use", name="write", input={"path": f"{RULES}/b.md"})
    refused = make.event("user.tool_confirmation", tool_use_id=asked.public_id, result="deny")
    allowed = make.event("agent.tool_use", name="write", input={"path": f"{RULES}/c.md"})
    yes = make.event("user.tool_confirmation", tool_use_id=allowed.public_id, result="allow")

    recording.record(session.pk, [use, asked, allowed])
    recording.record(session.pk, [result, refused, yes])

    failed = [(path, has_failed) for _, _, path, _, has_failed in told(session)]
    assert failed == [("/a.md", True), ("/b.md", True), ("/c.md", False)]


def test_sending_events_again_adds_nothing(session):
    events = make.call("read", {"file_path": f"{RULES}/a.md"}, "text")

    recording.record(session.pk, events)
    recording.record(session.pk, events)

    assert len(told(session)) == 1


def test_made_anew_they_are_the_same(session, rules):
    asked = make.event("agent.tool_use", name="write", input={"path": f"{RULES}/b.md"})
    recording.record(
        session.pk,
        [
            *make.call("read", {"file_path": f"{RULES}/a.md"}, "text"),
            *make.call("edit", {"file_path": f"{RULES}/a.md"}, "no", is_error=True),
            asked,
            make.event("user.tool_confirmation", tool_use_id=asked.public_id, result="deny"),
        ],
    )
    before = told(session)
    MemoryUse.objects.filter(session=session, path="/b.md").delete()

    assert tracking.rebuild(session) == 3
    assert told(session) == before


def test_a_command_makes_all_of_them_anew(session):
    recording.record(session.pk, make.call("read", {"file_path": f"{RULES}/a.md"}, "text"))
    before = told(session)
    MemoryUse.objects.all().delete()
    said = StringIO()

    call_command("rebuild_memory_uses", stdout=said)

    assert told(session) == before
    assert said.getvalue() == "1 uses of memories in 1 sessions.\n"


def test_a_session_without_mounts_leaves_nothing_and_asks_nothing_more(rules):
    plain = make.session(make.event("user.message", "Hello"))
    with_mount = make.session(make.event("user.message", "Hello", key="t"))
    mounting.mount(with_mount, rules)

    def queries(session, **given):
        events = make.call("read", given, "text")
        with CaptureQueriesContext(
            connection,
        ) as caught:
            recording.record(session.pk, events)
        return len(caught)

    usual = queries(plain, file_path="/workspace/a.md")
    assert queries(plain, file_path=f"{RULES}/a.md") == usual
    assert queries(with_mount, file_path=f"{RULES}/a.md") == usual
    assert told(plain) == []
    assert len(told(with_mount)) == 1


def test_they_go_with_their_session(client, session):
    recording.record(session.pk, make.call("read", {"file_path": f"{RULES}/a.md"}, "text"))

    answer = make.api().delete(f"/v1/sessions/{session.public_id}")

    assert answer.status_code == 200
    assert not MemoryUse.objects.exists()


def test_a_path_is_used_by_an_event_in_one_way_once(session, rules):
    row = {"session": session, "sequence": 1, "at": make.START, "path": "/a.md"}
    MemoryUse.objects.create(**row, memory_store_id=rules.pk, kind="read")

    with pytest.raises(IntegrityError, match="an_event_uses_a_path_in_one_way_once"):
        MemoryUse.objects.create(**row, memory_store_id=rules.pk, kind="read")


def test_a_memory_is_used_in_a_known_way(session, rules):
    with pytest.raises(IntegrityError, match="a_memory_is_used_in_a_known_way"):
        MemoryUse.objects.create(
            session=session, sequence=1, at=make.START, path="/", kind="smell", memory_store_id="x"
        )


def test_a_store_of_the_same_name_is_told_apart(session, rules):
    second = mounting.store("rules")
    mounting.mount(session, second)
    assert Resource.objects.get(memory_store_id=second.pk).mount_path == f"{RULES}-2"

    recording.record(session.pk, make.call("read", {"file_path": f"{RULES}-2/a.md"}, "text"))

    assert [row[2:4] for row in told(session)] == [("/a.md", second.pk)]
