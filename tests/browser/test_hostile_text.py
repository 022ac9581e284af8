"""Transcripts are hostile. Whatever they hold, a page shows it and runs none of it."""

import pytest

from apps.sessions.models import Import
from tests import make
from tests.browser.conftest import overflows

CORPUS = [
    "<script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    "<svg/onload=window.pwned=1>",
    "'\"><svg><script>window.pwned=1</script>",
    "</textarea></script><script>window.pwned=1</script>",
    "<a href=javascript:window.pwned=1>click</a>",
    "<iframe srcdoc='<script>parent.pwned=1</script>'></iframe>",
    "{{ 7*7 }}{% debug %}${window.pwned=1}",
    "<details open ontoggle=window.pwned=1>",
    "<math><mtext></table><mglyph><style><!--</style><img src=x onerror=window.pwned=1>",
    "<form action=//evil.example><input name=csrfmiddlewaretoken>",
    '<b hx-get="/w/default/sessions/" hx-trigger="load" hx-on:click="window.pwned=1">x</b>',
    "\u202eright to left\u202c \x00 \ud800 " + "W" * 400,
]
EVIL = " ".join(CORPUS)


def everywhere(key):
    """A session with hostile text in every field that an importer takes over."""
    short = CORPUS[3]
    return make.session(
        make.event("user.message", EVIL, key=key),
        make.event("agent.thinking", key=key, after=1, thinking=EVIL),
        make.event("agent.message", EVIL, key=key, after=2),
        *make.call(short, {EVIL: EVIL}, EVIL, key=key, after=3, is_error=True),
        *make.call("read", {"file_path": f"/mnt/memory/{EVIL}"}, EVIL, key=key, after=5),
        *make.request(model=short, key=key, after=7),
        make.event(
            "agent.thread_message_sent",
            EVIL,
            key=key,
            after=9,
            to_session_thread_id=f"sthr_{short}",
            to_agent_name=EVIL,
        ),
        make.event("session.error", key=key, after=10, error={"type": EVIL, "message": EVIL}),
        make.event("user.define_outcome", key=key, after=11, outcome_id=short, description=EVIL),
        make.event(
            "span.outcome_evaluation_end",
            key=key,
            after=12,
            outcome_id=short,
            result=short,
            explanation=EVIL,
            iteration=0,
        ),
        make.event(f"future.{short}"[:64], EVIL, key=key, after=13, id=f"sevt_{short}"),
        key=key,
        threads=[make.thread(f"sthr_{short}", key=key, name=EVIL)],
        agent=EVIL[:250],
        title=EVIL[:500],
        metadata={EVIL[:100]: EVIL},
    )


@pytest.fixture
def quiet(page, complaints):
    """Say so if anything ran, or tried to."""
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
    yield
    assert page.evaluate("window.pwned") is None
    assert complaints == []


@pytest.mark.usefixtures("person", "quiet")
@pytest.mark.parametrize("tab", ["event", "thread", "session", "raw"])
@pytest.mark.parametrize("view", ["transcript", "debug"])
def test_the_session_page_runs_none_of_it(page, at, view, tab):
    session = everywhere("x")

    for number in (1, 3, 4, 5):
        event = session.events.get(sequence=number)
        page.goto(
            at(f"sessions/{session.public_id}/?view={view}&tab={tab}&event={event.public_id}")
        )
        page.wait_for_load_state("networkidle")
        assert page.evaluate("window.pwned") is None
        assert not overflows(page)


@pytest.mark.usefixtures("person", "quiet")
@pytest.mark.parametrize("path", ["sessions/", "sessions/{id}/what-happened/"])
def test_other_pages_run_none_of_it(page, at, path):
    session = everywhere("x")

    page.goto(at(path.format(id=session.public_id)))
    page.wait_for_load_state("networkidle")

    assert "<script>" in page.inner_text("main")
    assert not overflows(page)


@pytest.mark.usefixtures("person", "quiet")
def test_the_palette_runs_none_of_it(page, at):
    everywhere("x")

    page.goto(at("sessions/"))
    page.keyboard.press("Control+k")
    page.keyboard.type("script")
    page.wait_for_selector("dialog [role=option]")

    assert page.evaluate("window.pwned") is None


@pytest.mark.usefixtures("quiet")
def test_what_an_import_refused_runs_none_of_it(page, at, person, workspace):
    run = Import.objects.create(
        workspace=workspace,
        user=person,
        files=[{"name": CORPUS[0], "path": "x", "size": 1}],
        refusals=[{"file": CORPUS[3], "line": 1, "reason": CORPUS[1]}],
        status="failed",
        error=CORPUS[2],
        ended_at=make.START,
    )

    page.goto(at(f"import/{run.pk}/"))

    assert CORPUS[1] in page.inner_text("main")
