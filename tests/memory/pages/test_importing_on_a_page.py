"""Files on a page: in, with a look at what would happen first, and out again."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.accounts.models import AuditEntry
from apps.files.models import File
from apps.memory.actions import stores
from apps.memory.models import Memory, MemoryVersion
from tests import make
from tests.memory.pages.conftest import at, body, change, new_store, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.UPLOADS_DIR = tmp_path


def given(name, content="text"):
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def zip_of(**files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return given("notes.zip", packed.getvalue())


def bring(client, store, *files, **fields):
    return client.post(at("import", store), {"uploads": list(files), **fields}, follow=True)


def confirm(client, answer, **fields):
    """What the button of a plan's page does."""
    request, form = answer.request, answer.context["form"]
    agreed = {"plan": answer.context["plan"].sha256, "folder": form.cleaned_data["folder"]}
    if form.cleaned_data["delete"]:
        agreed["delete"] = "on"
    return client.post(request["PATH_INFO"], agreed | fields, follow=True)


def kinds(answer):
    groups = answer.context["groups"]
    return {each["kind"]: [step.path for step, _ in each["rows"]] for each in groups}


def held(store):
    return dict(Memory.objects.live().filter(store=store).values_list("path", "content"))


def test_a_plan_is_shown_and_nothing_written_before_the_yes(client, store, write):
    write("/MEMORY.md", "Ask first.\n")
    write("/same.md", "same")
    files = {"MEMORY.md": "Ask twice.\n", "same.md": "same", "a/new.md": "new", "x.png": b"\xff"}

    answer = bring(client, store, zip_of(**files, **{".git/HEAD": "ref"}))

    assert kinds(answer) == {
        "refused": ["/x.png"],
        "modified": ["/MEMORY.md"],
        "created": ["/a/new.md"],
        "left_out": ["/.git/HEAD"],
        "unchanged": ["/same.md"],
    }
    assert "it is not UTF-8 text" in words(answer)
    assert "<del>first</del>" in body(answer)
    assert "Import 2 memories" in words(answer)
    assert held(store) == {"/MEMORY.md": "Ask first.\n", "/same.md": "same"}


def test_what_was_agreed_to_is_written_and_told(client, store, write):
    write("/MEMORY.md", "Ask first.\n")
    plan = bring(client, store, zip_of(**{"MEMORY.md": "Ask twice.\n", "a.md": "a", "b": b"\xff"}))

    answer = confirm(client, plan)

    assert held(store) == {"/MEMORY.md": "Ask twice.\n", "/a.md": "a"}
    assert "Imported notes.zip: 1 new, 1 changed, 1 refused." in words(answer)
    newest = MemoryVersion.objects.of(store).order_by("-sequence").first()
    assert (newest.actor_name, newest.reason) == ("ines", "Imported from notes.zip")
    assert AuditEntry.objects.filter(action="memory_store.imported", object_id=store.pk).exists()
    again = client.get(plan.request["PATH_INFO"])
    assert "Nothing would change" in words(again)
    assert "What is not refused is in the store already." in words(again)


def test_several_files_and_one_go_in_as_they_are(client, store):
    confirm(client, bring(client, store, given("CLAUDE.md", "---\na: 1\n---\r\n"), given("b.md")))
    confirm(client, bring(client, store, given("c.md", "\ufeffc"), folder="team/é"))
    confirm(client, bring(client, store, given("what?.md", "why")))

    assert held(store) == {
        "/CLAUDE.md": "---\na: 1\n---\r\n",
        "/b.md": "text",
        "/team/é/c.md": "\ufeffc",
        "/what?.md": "why",
    }
    reasons = MemoryVersion.objects.of(store).in_order().values_list("reason", flat=True)
    assert [each.removeprefix("Imported from ") for each in reasons] == [
        "2 files",
        "2 files",
        "c.md",
        "what-.md",
    ]


def test_what_is_not_brought_is_deleted_if_that_is_wanted(client, store, write):
    write("/old.md")
    write("/team/old.md")

    plan = bring(client, store, given("new.md"), folder="/team/", delete="on")

    assert kinds(plan) == {"deleted": ["/team/old.md"], "created": ["/team/new.md"]}
    assert "1 new, 1 deleted" in words(confirm(client, plan))
    assert set(held(store)) == {"/old.md", "/team/new.md"}


def test_where_it_goes_can_be_changed_without_bringing_it_again(client, store):
    plan = bring(client, store, given("new.md"))

    moved = client.get(plan.request["PATH_INFO"], {"folder": "/team/"})
    confirm(client, moved)

    assert set(held(store)) == {"/team/new.md"}


def test_who_wrote_meanwhile_is_not_overruled(client, store, write):
    memory = write("/MEMORY.md", "Ask first.\n")
    plan = bring(client, store, given("MEMORY.md", "Ask twice.\n"))
    change(memory, "Never ask.\n")

    answer = confirm(client, plan)

    assert answer.status_code == 409
    assert "Somebody wrote to this store while you were looking" in words(answer)
    [(step, _)] = answer.context["groups"][0]["rows"]
    assert (step.old, step.content) == ("Never ask.\n", "Ask twice.\n")
    assert "Import 1 memory" in words(answer)
    assert held(store) == {"/MEMORY.md": "Never ask.\n"}
    confirm(client, answer)
    assert held(store) == {"/MEMORY.md": "Ask twice.\n"}


def test_a_yes_to_no_plan_writes_nothing(client, store):
    plan = bring(client, store, given("new.md"))

    assert client.post(plan.request["PATH_INFO"], {"folder": "/"}).status_code == 409
    assert held(store) == {}


@pytest.mark.parametrize(
    ("files", "fields", "told"),
    [
        ([], {}, "Choose a zip, a folder or files."),
        ([given("a.zip", b"PK\x03\x04 broken")], {}, "This is no zip file, or its end is missing."),
        ([given("a.md"), given("a.md")], {}, "Two of these files have the same name."),
        ([given(".DS_Store")], {}, "There is nothing to import"),
        ([given("a.md")], {"folder": "/a//b/"}, "has no empty segments"),
    ],
)
def test_what_cannot_be_read_is_said_and_the_rest_of_the_form_stays(
    client, store, files, fields, told
):
    answer = bring(client, store, *files, **({"folder": "/team/"} | fields))

    assert answer.status_code == 422
    assert told in words(answer)
    assert f'value="{fields.get("folder", "/team/")}"' in body(answer)
    assert not File.objects.exists()


def test_a_file_that_the_server_refuses_is_named(client, store, settings):
    settings.FILE_LIMIT = 10

    answer = bring(client, store, given("a.md", "x" * 11))

    assert (answer.status_code, File.objects.count()) == (422, 0)
    assert "a.md: A file has at most 10 B." in words(answer)


def test_all_of_it_together_has_a_limit(client, store, monkeypatch):
    monkeypatch.setattr("apps.memory.porting.reading.MOST_BYTES", 10)

    answer = bring(client, store, given("a.md", "x" * 6), given("b.md", "x" * 6))

    assert "This holds more than one import may" in words(answer)


def test_what_was_kept_too_long_is_asked_for_again(client, store):
    plan = bring(client, store, given("a.md"))
    File.objects.update(blob=None)

    for path in (plan.request["PATH_INFO"], at("import_plan", store, "file_none")):
        answer = client.get(path, follow=True)
        assert answer.request["PATH_INFO"] == at("import", store)
        assert "Choose the files again." in words(answer)


def test_an_archived_store_takes_nothing(client, store):
    plan = bring(client, store, given("a.md"))
    stores.archive_store(store_id=store.pk, by=make.actor())

    assert "is archived" in words(client.get(at("import", store)))
    answer = confirm(client, plan)
    assert answer.status_code == 422
    assert "archived" in words(answer)
    assert at("import", store) not in body(client.get(at("store", store)))


def test_a_store_and_a_folder_of_it_go_out(viewer, store, write):
    write("/team/a.md", "one\r\n")
    write("/b.md")

    for query, names in (({}, ["b.md", "team/a.md"]), ({"prefix": "/team/"}, ["team/a.md"])):
        answer = viewer.get(at("export", store), query)
        with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
            assert archive.namelist() == names
            assert archive.read("team/a.md") == b"one\r\n"
    assert at("export", store) in body(viewer.get(at("store", store)))
    assert viewer.get(at("export", store), {"prefix": "team"}).status_code == 400


def test_only_who_may_write_imports_and_no_neighbour_does(client, viewer, store):
    path = bring(client, store, given("a.md")).request["PATH_INFO"]

    for address in (at("import", store), path):
        assert viewer.get(address).status_code == 403
        assert viewer.post(address).status_code == 403
    assert at("import", store) not in body(viewer.get(at("store", store)))
    theirs = new_store(of=make.workspace("next-door"))
    for name in ("import", "export"):
        assert client.get(at(name, theirs)).status_code == 404
    neighbour = make.user("nora", of=theirs.workspace)
    client.force_login(neighbour)
    file = path.rstrip("/").rpartition("/")[2]
    answer = client.get(at("import_plan", theirs, file, of="next-door"), follow=True)
    assert "Choose the files again." in words(answer)


def test_hostile_names_stay_text(client, store):
    answer = bring(
        client, store, zip_of(**{"<b>evil<b>\u202e.md": "x", "<script>alert(1)": b"\xff"})
    )

    assert "<b>evil" not in body(answer)
    assert "<script>alert" not in body(answer)


def test_a_form_without_its_token_is_refused(store):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make.user("sam"))

    assert client.post(at("import", store), {"uploads": given("a.md")}).status_code == 403
