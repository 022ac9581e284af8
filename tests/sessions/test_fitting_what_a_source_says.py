"""Whatever a source calls things, its events come in, find each other and can be read."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from apps.sessions import importing
from apps.sessions.fitting import LONGEST_ID, fit, fit_id
from apps.sessions.models import Session, Status
from apps.sessions.records import EventRecord, SessionRecord, ThreadRecord
from tests import make

NOVEL = "novel " * 300
ODD = ["", "x" * 129, "a\x00b", "a\ud800", "a\nb", "../..", "a/b", "é" * 200]


@given(st.text())
def test_an_id_that_fits_stays_and_any_other_becomes_one_that_does(own):
    fitted = fit_id("sevt", own)

    assert fitted == own or fitted.startswith("sevt_01")
    assert len(fitted) <= LONGEST_ID
    assert fitted.isprintable()
    assert fit_id("sevt", fitted) == fitted


@pytest.mark.parametrize(
    "at",
    [
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
        datetime.max.replace(tzinfo=UTC),
        datetime(1969, 12, 31, tzinfo=UTC),
    ],
)
def test_a_time_that_no_transcript_is_from_is_no_time(at):
    event = EventRecord("s", "user.message", "sevt_1", {}, at)

    assert fit(event).occurred_at is None


@pytest.mark.django_db
@pytest.mark.parametrize("odd", ODD, ids=ascii)
def test_everything_may_be_called_anything(odd, client):
    """Ids of sessions, threads and events; types; names; and what refers to them."""
    public_id = f"{odd}use"
    records = [
        SessionRecord(
            key=f"key {odd}",
            source="native",
            agent={"name": odd, "id": odd, "model": odd},
            title=odd,
            created_at=make.START,
            metadata={odd: odd},
            public_id=odd,
            environment_id=odd,
            status=odd,
        ),
        ThreadRecord(f"key {odd}", f"{odd}child", {"name": odd}, parent=odd or "p", status=odd),
        make.event("session.status_running", key=f"key {odd}"),
        make.event(
            "agent.tool_use", key=f"key {odd}", id=public_id, thread=f"{odd}child", name=odd
        ),
        make.event(
            "agent.tool_result",
            NOVEL,
            key=f"key {odd}",
            id=f"{odd}result",
            external_id=f"{odd}external",
            tool_use_id=public_id,
            thread=f"{odd}child",
        ),
        make.event(f"future.{odd}", key=f"key {odd}", id=f"{odd}future"),
        make.event(
            "span.outcome_evaluation_end",
            key=f"key {odd}",
            outcome_id=odd,
            iteration={odd: odd},
            result=NOVEL,
            explanation=odd,
        ),
    ]

    first = importing.take(records, workspace=make.workspace())
    again = importing.take(records, workspace=make.workspace())

    session = Session.objects.get()
    result = session.events.get(type="agent.tool_result")
    assert (first.events, again.events) == (5, 0)
    assert session.events.get(sequence=result.closes).type == "agent.tool_use"
    assert session.status in Status.values
    client.force_login(make.user())
    for page in ("", "what-happened/", f"?event={result.public_id}&tab=thread", "export.ndjson"):
        assert client.get(session.get_absolute_url() + page).status_code == 200
    assert client.get(f"/w/default/sessions/?agent={session.agent.public_id}").status_code == 200


@pytest.mark.django_db
def test_a_value_that_is_nested_without_end_is_refused_and_the_rest_goes_in(tmp_path, capsys):
    path = tmp_path / "deep.ndjson"
    lines = ['{"type":"session","id":"sesn_1","agent":{"name":"a"}}']
    lines += [
        f'{{"type":"user.message","id":"e{depth}","content":{"[" * depth}{"]" * depth}}}'
        for depth in (50, 150, 900, 100_000)
    ]
    path.write_text("\n".join(lines))

    call_command("import_sessions", str(path))

    said = capsys.readouterr()
    assert said.out.startswith("1 session, 0 threads, 1 event added · 0 skipped · 3 refused")
    assert said.err.count("nested too deeply") == 3


@pytest.mark.django_db
def test_a_long_number_comes_back_digit_by_digit(tmp_path):
    path = tmp_path / "long.ndjson"
    path.write_text('{"type":"user.message","id":"e1","n":12345678901234567890123}')

    call_command("import_sessions", str(path))

    assert Session.objects.get().events.get().payload["n"] == 12345678901234567890123
