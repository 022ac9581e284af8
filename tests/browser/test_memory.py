"""Memory in a browser: read, searched, written by two at once, taken back, brought in and out."""

import re
import zipfile

import pytest
from playwright.sync_api import expect

from apps.memory import writing
from apps.memory.actions import stores
from apps.memory.api.shapes import NewStore
from apps.memory.authors import Author
from apps.memory.models import Memory, MemoryVersion
from tests import make
from tests.browser.conftest import DESK, PHONE, overflows, violations

TOM = Author("user_actor", "user_tom", "tom")
BOT = Author.session("sesn_1", "night run")
LONG = "/team/" + "a-very-long-name-" * 12 + ".md"


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.UPLOADS_DIR = settings.MEDIA_ROOT = tmp_path / "uploads"


@pytest.fixture
def store(workspace):
    made = stores.create_store(given=NewStore(name="Team notes"), by=make.actor(of=workspace))
    with writing.writing(made.pk, by=TOM) as pen:
        pen.create("/readme.md", "# Notes\n\nSee [refunds](team/refunds.md).\n")
        memory = pen.create("/team/refunds.md", "# Refunds\n\nAsk first.\n\n- Up to 50 €\n")
    with writing.writing(made.pk, by=BOT, reason="Learned on Monday") as pen:
        pen.update(memory.pk, content="# Refunds\n\nAsk first.\n\n- Up to 80 €\n")
    return made


@pytest.fixture
def refunds(store):
    return Memory.objects.get(store=store, path="/team/refunds.md")


@pytest.fixture
def there(at, store):
    return lambda path="": at(f"memory/{store.pk}/{path}")


def said(store):
    return dict(Memory.objects.live().filter(store=store).values_list("path", "content"))


def test_a_memory_is_found_read_compared_and_taken_back(
    page, there, person, store, refunds, complaints
):
    page.goto(there())
    page.get_by_role("link", name="team/").click()
    page.get_by_role("link", name="refunds.md").click()
    expect(page.get_by_role("heading", name="Refunds", exact=True)).to_be_visible()

    page.get_by_role("link", name="Blame").click()
    whose = page.locator(".blame tbody").filter(has_text="Up to 80")
    expect(whose).to_contain_text("night run")
    expect(whose).to_contain_text("Learned on Monday")

    page.get_by_role("link", name="Compare version 2 with version 1").click()
    expect(page.locator("tr.is-removed del")).to_have_text("50")
    expect(page.locator("tr.is-added ins")).to_have_text("80")

    page.get_by_role("link", name="v1 created").click()
    page.get_by_role("link", name="Restore v1…").click()
    expect(page.locator("tr.is-added ins")).to_have_text("50")
    page.get_by_role("button", name="Restore version 1").click()

    expect(page.locator("#toasts")).to_contain_text("says again what it said")
    expect(page.locator(".timeline li")).to_have_count(3)
    assert "Up to 50 €" in said(store)["/team/refunds.md"]
    assert complaints == []


def test_who_saves_second_sees_all_three_texts_and_loses_none(page, there, person, store, refunds):
    page.goto(there(f"memories/{refunds.pk}/edit/"))
    text = page.locator("textarea")
    text.fill("# Refunds\n\nAsk twice.\n\n- Up to 80 €\n")
    with writing.writing(store.pk, by=TOM) as pen:
        pen.update(refunds.pk, content="# Refunds\n\nAsk first.\n\n- Up to 90 €\n")

    page.get_by_role("button", name="Save a new version").click()

    expect(page.get_by_role("alert")).to_contain_text("tom saved this memory")
    expect(page.get_by_role("region", name="Their changes")).to_contain_text("Up to 90 €")
    expect(page.get_by_role("region", name="Your changes")).to_contain_text("Ask twice.")
    expect(text).to_have_value("# Refunds\n\nAsk twice.\n\n- Up to 90 €\n")
    assert violations(page) == []
    assert "Ask first." in said(store)["/team/refunds.md"]

    page.get_by_role("button", name="Save both").click()
    expect(page.locator(".timeline li")).to_have_count(4)
    assert said(store)["/team/refunds.md"] == "# Refunds\n\nAsk twice.\n\n- Up to 90 €\n"


def test_with_nothing_but_keys(page, there, person, store):
    page.goto(there())

    page.keyboard.press("/")
    page.keyboard.type("refnds")
    page.keyboard.press("Enter")
    expect(page.locator(".hits .row-link").first).to_have_text("/team/refunds.md")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Refunds", exact=True)).to_be_visible()
    page.keyboard.press("e")
    expect(page.locator("textarea")).to_be_visible()
    page.locator("textarea").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("- By card")
    page.keyboard.press("Control+Enter")

    expect(page.locator(".prose li").last).to_have_text("By card")
    assert said(store)["/team/refunds.md"].endswith("- By card")


def test_a_folder_is_brought_in_after_a_look_and_taken_out(
    page, there, person, store, tmp_path, complaints
):
    folder = tmp_path / "memory"
    (folder / "team").mkdir(parents=True)
    (folder / "team" / "refunds.md").write_text("# Refunds\n\nAsk first.\n\n- Up to 99 €\n")
    (folder / "team" / "ümlaut.md").write_text("Grüße\r\n", newline="")
    (folder / "logo.png").write_bytes(b"\x89PNG\xff")
    page.goto(there())
    page.get_by_label("More about this store").click()
    page.get_by_role("link", name="Import files…").click()

    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a folder…").click()
    chooser.value.set_files(folder)
    page.get_by_role("button", name="Preview 3 files").click()

    expect(page.get_by_text("it is not UTF-8 text")).to_be_visible()
    assert violations(page) == []
    page.locator("summary", has_text="/team/refunds.md").click()
    expect(page.locator("tr.is-added ins")).to_have_text("99")
    assert "/team/ümlaut.md" not in said(store)
    page.get_by_role("button", name="Import 2 memories").click()

    expect(page.locator("#toasts")).to_contain_text("Imported memory: 1 new, 1 changed, 1 refused.")
    assert said(store)["/team/ümlaut.md"] == "Grüße\r\n"
    assert MemoryVersion.objects.of(store).filter(reason="Imported from memory").count() == 2
    page.get_by_label("More about this store").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Export as a zip").click()
    assert download.value.suggested_filename == "team-notes.zip"
    with zipfile.ZipFile(download.value.path()) as archive:
        assert archive.read("team/ümlaut.md") == "Grüße\r\n".encode()
    assert complaints == []


def test_without_scripts_files_go_in_all_the_same(
    browser, browser_context_args, context, there, person, store
):
    still = browser.new_context(
        **browser_context_args, java_script_enabled=False, storage_state=context.storage_state()
    )
    page = still.new_page()
    page.goto(there("import/"))

    given = {"name": "CLAUDE.md", "mimeType": "text/markdown", "buffer": b"Be brief.\n"}
    page.set_input_files("input[name=uploads]", [given, given | {"name": "b.md"}])
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Import 2 memories").click()

    expect(page.get_by_text("Imported 2 files: 2 new.")).to_be_visible()
    assert said(store)["/CLAUDE.md"] == "Be brief.\n"
    still.close()


def test_every_page_is_accessible_in_both_themes_and_on_a_phone(
    page, there, at, person, store, refunds, complaints
):
    with writing.writing(store.pk, by=TOM) as pen:
        pen.create(LONG, "x" * 300 + "\n<b>not bold</b>\n")
    long = Memory.objects.get(path=LONG)
    newest = MemoryVersion.objects.of(store).filter(memory=refunds).in_order()[0]
    one = f"memories/{refunds.pk}/"
    pages = [
        at("memory/"),
        *map(there, ("", "activity/", "checks/", "import/", "search/?q=ask")),
        *map(there, (one, f"{one}?view=blame", f"{one}?view=changes", f"{one}edit/")),
        there(f"{one}versions/{newest.pk}/restore/"),
        there(f"memories/{long.pk}/?view=source"),
    ]
    found = []
    for address in pages:
        page.set_viewport_size(DESK)
        page.emulate_media(color_scheme="light")
        page.goto(address)
        found += violations(page)
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size(PHONE)
        found += violations(page)
        if overflows(page):
            found.append(f"{re.sub(r'.*/memory', '', address)} scrolls sideways")
    assert found == []
    assert complaints == []
