"""`GET …/export` and `POST …/import`, with their refusals in the envelope."""

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.memory.api.porting import MemoryImportPlan
from apps.memory.models import MemoryStore
from tests import make
from tests.memory.porting.conftest import held, write, zip_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.UPLOADS_DIR = tmp_path


@pytest.fixture
def api():
    return make.api()


def send(api, store, files, **fields):
    """The answer to an import of this zip."""
    packed = zip_of(files).getvalue()
    body = {"file": SimpleUploadedFile("notes.zip", packed, "application/zip"), **fields}
    return api.post(f"/v1/memory_stores/{store.pk}/import", body)


def test_a_store_comes_as_a_zip(api, store):
    write(store, "/team/a.md", "one\r\n")

    answer = api.get(f"/v1/memory_stores/{store.pk}/export")

    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == 'attachment; filename="team-notes.zip"'
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        assert archive.read("team/a.md") == b"one\r\n"


def test_a_folder_of_a_store_comes_as_a_zip(api, store):
    write(store, "/team/a.md")
    write(store, "/b.md")

    answer = api.get(f"/v1/memory_stores/{store.pk}/export?prefix=/team/")
    refused = api.get(f"/v1/memory_stores/{store.pk}/export?prefix=/team")

    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        assert archive.namelist() == ["team/a.md"]
    assert (refused.status_code, refused.json()["error"]["message"]) == (
        400,
        "prefix: ends with '/', as in /team/",
    )


def test_a_dry_run_tells_the_plan_and_writes_nothing(api, store):
    write(store, "/a.md", "old")

    answer = send(api, store, [("a.md", b"new"), ("b.md", b""), ("c", b"\xff")], dry_run="true")

    plan = answer.json()
    assert MemoryImportPlan.model_validate(plan)
    assert plan["counts"] == {
        "created": 1, "modified": 1, "unchanged": 0, "deleted": 0, "refused": 1, "left_out": 0,
    }  # fmt: skip
    assert [(step["operation"], step["path"], step["remark"]) for step in plan["steps"]] == [
        ("modified", "/a.md", None),
        ("created", "/b.md", None),
        ("refused", "/c", "it is not UTF-8 text"),
    ]
    assert held(store) == {"/a.md": b"old"}


def test_the_plan_that_was_told_is_what_is_done(api, store):
    files = [("a.md", b"new")]
    plan = send(api, store, files, dry_run="true", prefix="/x/").json()

    done = send(api, store, files, plan=plan["id"], prefix="/x/")

    assert done.json() == plan
    assert held(store) == {"/x/a.md": b"new"}


def test_a_plan_that_is_another_by_now_is_a_conflict_with_the_new_one(api, store):
    files = [("a.md", b"new")]
    plan = send(api, store, files, dry_run="true").json()
    write(store, "/a.md", "faster")

    refused = send(api, store, files, plan=plan["id"])

    error = refused.json()["error"]
    assert (refused.status_code, error["type"]) == (409, "conflict_error")
    assert MemoryImportPlan.model_validate(error["plan"]).counts.modified == 1
    assert held(store) == {"/a.md": b"faster"}
    assert send(api, store, files, plan=error["plan"]["id"]).status_code == 200
    assert held(store) == {"/a.md": b"new"}


def test_deleting_has_to_be_asked_for(api, store):
    write(store, "/a.md")

    send(api, store, [("b.md", b"")])
    assert set(held(store)) == {"/a.md", "/b.md"}
    send(api, store, [("b.md", b"")], delete="true")
    assert set(held(store)) == {"/b.md"}


def test_a_single_text_file_goes_in_by_its_name(api, store):
    body = {"file": SimpleUploadedFile("CLAUDE.md", b"# Rules")}

    api.post(f"/v1/memory_stores/{store.pk}/import", body)

    assert held(store) == {"/CLAUDE.md": b"# Rules"}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"prefix": "x"}, "prefix: ends with '/', as in /team/"),
        ({"dry_run": "perhaps"}, "dry_run: "),
        ({"other": "1"}, "other: unknown field"),
    ],
)
def test_fields_that_are_wrong_are_named(api, store, fields, message):
    refused = send(api, store, [("a.md", b"")], **fields)

    assert refused.status_code == 400
    assert refused.json()["error"]["message"].startswith(message)
    assert held(store) == {}


def test_a_zip_that_tries_something_is_refused(api, store):
    refused = send(api, store, [("../a.md", b"")])

    assert refused.status_code == 400
    assert "leads out of it" in refused.json()["error"]["message"]


def test_reading_takes_a_key_that_reads_and_importing_one_that_writes(store):
    assert send(make.api("read"), store, [("a.md", b"")], dry_run="true").status_code == 403
    assert make.api("write").get(f"/v1/memory_stores/{store.pk}/export").status_code == 403


def test_the_neighbours_store_is_not_there(api):
    theirs = MemoryStore.objects.create(workspace=make.workspace("theirs"), name="Theirs")
    write(theirs, "/secret.md")

    answers = [
        api.get(f"/v1/memory_stores/{theirs.pk}/export"),
        send(api, theirs, [("a.md", b"")]),
        send(api, theirs, [("a.md", b"")], dry_run="true", delete="true"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert set(held(theirs)) == {"/secret.md"}
    assert "secret" not in json.dumps([answer.json() for answer in answers])
