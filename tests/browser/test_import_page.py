"""Bringing files in by dropping them."""

import json

import pytest
from playwright.sync_api import expect

from apps.sessions import tasks, uploading
from apps.sessions.models import Import, Session
from tests.browser.conftest import PHONE, overflows, violations

SAID = '[{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi"}]\n'


@pytest.fixture(autouse=True)
def queue(settings, tmp_path, monkeypatch):
    """What was handed to the workers."""
    settings.UPLOADS_DIR = settings.MEDIA_ROOT = tmp_path / "uploads"
    sent = []
    monkeypatch.setattr(
        tasks.run_import, "apply_async", lambda kwargs, headers: sent.append(kwargs["import_id"])
    )
    return sent


def given(name, text):
    return {"name": name, "mimeType": "application/json", "buffer": text.encode()}


def drop(page, *files):
    transfer = page.evaluate_handle(
        """(files) => {
          const transfer = new DataTransfer();
          for (const [name, text] of files) transfer.items.add(new File([text], name));
          return transfer;
        }""",
        files,
    )
    page.dispatch_event("[data-drop]", "dragover", {"dataTransfer": transfer})
    expect(page.locator("[data-drop].is-over")).to_be_visible()
    page.dispatch_event("[data-drop]", "drop", {"dataTransfer": transfer})


def test_dropped_files_are_listed_uploaded_and_read(page, at, person, queue, complaints):
    page.goto(at("import/"))

    drop(page, ("a.jsonl", SAID), ("b.jsonl", SAID + "broken\n"))
    expect(page.locator("[data-drop].is-over")).to_have_count(0)
    expect(page.locator("[data-chosen] li")).to_have_count(3)
    page.get_by_role("button", name="Leave out a.jsonl").click()
    page.get_by_role("button", name="Import 1 file").click()

    expect(page.get_by_text("Waits for a worker")).to_be_visible()
    work = Import.objects.get()
    assert queue == [work.pk]
    held = Import.objects.claim(work.pk)
    held.renew(bytes_done=10, tally={"read": 1234})
    expect(page.get_by_text("1,234 events so far")).to_be_visible()
    Import.objects.update(status="pending")
    uploading.attempt(work.pk)
    expect(page.get_by_text("Imported", exact=True)).to_be_visible()
    expect(page.get_by_text("not valid JSON")).to_be_visible()
    page.get_by_role("link", name="Show Chat completions sessions").click()
    expect(page.locator(".sessions .row-link")).to_have_text(["Hello"])
    assert complaints == []


def test_what_is_no_transcript_is_said_and_the_choice_is_kept(page, at, person):
    page.goto(at("import/"))
    page.set_input_files("input[type=file]", [given("a.pdf", "%PDF-1.4")])

    page.get_by_role("button", name="Import 1 file").click()

    expect(page.get_by_text("in no format that can be imported")).to_be_visible()
    expect(page.locator("[data-chosen] li")).to_have_count(1)
    page.set_input_files("input[type=file]", [given("b.jsonl", SAID)])
    page.get_by_role("button", name="Import 2 files").click()
    page.wait_for_url("**/import/imp_*/")


def test_too_much_is_said_before_it_is_sent(page, at, person, settings):
    settings.UPLOAD_LIMIT = 100
    page.goto(at("import/"))

    page.set_input_files("input[type=file]", [given("a.jsonl", SAID * 2)])

    expect(page.get_by_text("more than 100 B at once")).to_be_visible()
    page.get_by_role("button", name="Import 1 file").click()
    assert not Import.objects.exists()


def test_without_scripts_it_is_a_form(browser, browser_context_args, context, at, person, queue):
    still = browser.new_context(
        **browser_context_args, java_script_enabled=False, storage_state=context.storage_state()
    )
    page = still.new_page()
    page.goto(at("import/"))

    page.set_input_files("input[type=file]", [given("a.jsonl", SAID), given("b.jsonl", SAID)])
    page.get_by_role("button", name="Import").click()

    page.wait_for_url("**/import/imp_*/")
    uploading.attempt(queue[0])
    page.reload()
    expect(page.get_by_text("sessions added")).to_be_visible()
    still.close()


def test_a_failed_import_is_tried_again(page, at, person, queue, complaints):
    work = Import.objects.create(
        user=person,
        workspace=person.memberships.get().workspace,
        files=[{"name": "gone.jsonl", "path": "imports/gone.jsonl", "size": 9}],
    )
    uploading.attempt(work.pk)
    page.goto(at(f"import/{work.pk}/"))

    expect(page.get_by_text("Choose them again")).to_be_visible()
    page.get_by_role("button", name="Try again").click()

    expect(page.get_by_text("Waits for a worker")).to_be_visible()
    assert queue == [work.pk]
    assert complaints == []


def test_it_is_accessible_in_both_themes_and_on_a_phone(page, at, person):
    work = Import.objects.create(
        user=person,
        workspace=person.memberships.get().workspace,
        status="completed",
        ended_at="2026-11-22T10:00Z",
        files=[{"name": "a-long-name-" * 9 + ".jsonl", "path": "", "size": 9}],
        tally={"sessions": 1, "threads": 0, "events": 2, "skipped": 0, "refused": 201},
        refusals=[{"file": "a" * 90 + ".jsonl", "line": 3, "reason": "broken " * 20}] * 200,
    )
    for path in ("import/", f"import/{work.pk}/"):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": 1280, "height": 800})
            page.goto(at(path))
            assert violations(page) == []
        page.set_viewport_size(PHONE)
        assert violations(page) == []
        assert not overflows(page)


def test_markup_in_names_does_nothing(page, at, person, complaints):
    page.goto(at("import/"))
    drop(page, ('<img src=x onerror="window.hit=1">.jsonl', json.dumps([{"role": 1}])))

    expect(page.locator("[data-chosen] li").first).to_contain_text("<img")
    assert page.evaluate("window.hit") is None
    assert not Session.objects.exists()
    assert complaints == []
