"""Files in a browser: dropped, listed, downloaded, deleted after a question."""

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import expect

from apps.files import actions, tasks
from apps.files.models import File
from tests import make
from tests.browser.conftest import DESK, PHONE, overflows, violations

HOSTILE = "\u202e" + "a-long-name-" * 15 + "&lt;b&gt;.txt"


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path, monkeypatch):
    """A folder of its own, and workers that delete what they are told to at once."""
    settings.UPLOADS_DIR = settings.MEDIA_ROOT = tmp_path / "uploads"
    run = lambda kwargs, headers: tasks.discard_blobs(**kwargs)  # noqa: E731 -- in place of a method
    monkeypatch.setattr(tasks.discard_blobs, "apply_async", run)
    return settings.UPLOADS_DIR


def kept(name, **options):
    return actions.upload(by=make.actor(), content=ContentFile(b"hello"), filename=name, **options)


def given(name, text="hello"):
    return {"name": name, "mimeType": "text/csv", "buffer": text.encode()}


def test_a_file_goes_up_down_and_away(page, at, person, uploads, complaints):
    page.goto(at("files/"))
    expect(page.get_by_text("client.beta.files.upload")).to_be_visible()

    page.set_input_files("input[type=file]", [given("a.csv"), given("b.csv")])
    page.get_by_role("button", name="Leave out b.csv").click()
    page.get_by_role("button", name="Upload 1 file").click()

    expect(page.locator("#toasts")).to_contain_text("1 file uploaded.")
    expect(page.locator(".files tbody tr")).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download a.csv").click()
    assert download.value.suggested_filename == "a.csv"
    assert download.value.path().read_text() == "hello"

    page.get_by_role("link", name="Delete a.csv…").click()
    page.get_by_role("button", name="Delete the file").click()
    expect(page.locator("#toasts")).to_contain_text("a.csv is deleted.")
    assert not File.objects.exists()
    assert list(uploads.glob("files/*/*")) == []
    assert complaints == []


def test_what_is_too_large_is_said_before_it_is_sent(page, at, person, settings):
    settings.FILE_LIMIT = 100
    page.goto(at("files/"))

    page.set_input_files("input[type=file]", [given("small.csv"), given("big.csv", "x" * 200)])

    expect(page.get_by_text("big.csv has 200 B, and a file has at most 100 B.")).to_be_visible()
    page.get_by_role("button", name="Upload 2 files").click()
    assert not File.objects.exists()


def test_a_name_that_cannot_be_kept_is_said_and_the_choice_stays(page, at, person, complaints):
    page.goto(at("files/"))
    page.set_input_files("input[type=file]", [given("a?.csv")])

    page.get_by_role("button", name="Upload 1 file").click()

    expect(page.get_by_text("may not stand in a file's name")).to_be_visible()
    expect(page.locator("[data-chosen] li")).to_have_count(1)


def test_without_scripts_it_is_a_form(browser, browser_context_args, context, at, person):
    still = browser.new_context(
        **browser_context_args, java_script_enabled=False, storage_state=context.storage_state()
    )
    page = still.new_page()
    page.goto(at("files/"))

    page.set_input_files("input[type=file]", [given("a.csv"), given("b.csv")])
    page.get_by_role("button", name="Upload").click()

    expect(page.get_by_text("2 files uploaded.")).to_be_visible()
    still.close()


def test_it_is_accessible_in_both_themes_and_on_a_phone(page, at, person):
    file = kept("a.csv")
    copy = actions.copy_for_session(file, session_id="sesn_1", by=make.actor())
    File.objects.filter(pk=copy.pk).update(filename=HOSTILE, mime_type="application/" + "x" * 200)
    for path in ("files/", f"files/{copy.pk}/delete"):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size(DESK)
            page.goto(at(path))
            assert violations(page) == []
            assert not overflows(page)
        page.set_viewport_size(PHONE)
        assert violations(page) == []
        assert not overflows(page)
