"""The page: who sees what, what comes in and goes out, and what is asked before it is gone."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import AuditEntry
from apps.accounts.rights import Role
from apps.files import actions, receiving
from apps.files.models import File
from tests import make
from tests.files.conftest import lying_in

pytestmark = pytest.mark.django_db

HOSTILE = "<img src=x onerror=alert(1)>"


def kept(name="a.txt", text=b"hello", **options):
    return actions.upload(by=make.actor(), content=ContentFile(text), filename=name, **options)


def signed_in(role=Role.OPERATOR, *, of=None):
    client = Client()
    client.force_login(make.user(f"a-{role}", of=of, role=role))
    return client


def page(name="list", *args, of="default"):
    return reverse(f"files:{name}", args=[of, *args])


def given(*names, text=b"hello", kept_for=""):
    files = [SimpleUploadedFile(name, text, "application/octet-stream") for name in names]
    return {"uploads": files, "kept_for": kept_for}


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_asks_the_same_of_the_database_however_long_it_is(rows, django_assert_num_queries):
    for number in range(rows):
        kept(f"{number}.txt")
    client = signed_in()

    with django_assert_num_queries(5):  # session, person, member, files, workspaces of the rail
        answer = client.get(page())

    assert answer.content.count(b"file_01") >= rows
    for number in range(rows):
        assert f"{number}.txt" in answer.content.decode()


def test_it_goes_on_over_pages_and_refuses_other_cursors():
    file = kept()
    for _ in range(50):
        File.objects.create(
            workspace=file.workspace,
            blob=file.blob,
            filename="b.txt",
            size_bytes=1,
            mime_type="x/y",
        )
    client = signed_in()

    first = client.get(page())
    older = client.get(page(), {"cursor": first.context["page"].older})

    assert [each.pk for each in older.context["page"].rows] == [file.pk]
    assert client.get(page(), {"cursor": "nonsense"}).status_code == 400


def test_names_are_shown_as_text():
    file = kept()
    File.objects.update(filename=HOSTILE, mime_type=HOSTILE, scope_id="sesn_1")
    client = signed_in()

    for address in (page(), page("delete", file.pk)):
        told = client.get(address).content.decode()
        assert HOSTILE not in told
        assert "&lt;img src=x" in told


def test_files_come_in_and_are_told(uploads):
    answer = signed_in().post(page(), given("a.csv", "b.md", kept_for="86400"), follow=True)

    files = {each.filename: each for each in File.objects.all()}
    assert {name: each.mime_type for name, each in files.items()} == {
        "a.csv": "text/csv",
        "b.md": "text/markdown",
    }
    assert files["a.csv"].expires_at - timezone.now() <= timedelta(days=1)
    assert "2 files uploaded." in answer.content.decode()
    assert len(lying_in(uploads)) == 2
    assert AuditEntry.objects.filter(action="file.created", actor_name="a-operator").count() == 2


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({}, "Choose one file or more."),
        (given("a.txt", kept_for="5"), "not one of the available choices"),
        (given("a?.txt"), "may not stand in a file"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_the_form(sent, why):
    answer = signed_in().post(page(), sent)

    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert not File.objects.exists()


def test_too_large_ones_are_left_out_and_the_rest_goes_in(settings, uploads):
    settings.FILE_LIMIT = 100
    client = signed_in()
    both = [SimpleUploadedFile("big.txt", b"x" * 101), SimpleUploadedFile("small.txt", b"x")]

    answer = client.post(page(), {"uploads": both}, follow=True)
    told = answer.content.decode()
    assert "1 file uploaded." in told
    assert "big.txt: A file has at most 100 B." in told
    assert len(lying_in(uploads)) == 1

    alone = client.post(page(), given("big.txt", text=b"x" * 101))
    assert alone.status_code == 422
    assert "big.txt: A file has at most 100 B." in alone.content.decode()
    assert "Choose one file" not in alone.content.decode()


def test_what_the_disk_has_no_room_for_is_not_taken(uploads, monkeypatch):
    monkeypatch.setattr(receiving, "LEFT_FREE", 10**18)

    answer = signed_in().post(page(), given("a.txt"))

    assert answer.status_code == 422
    assert "disk has" in answer.content.decode()
    assert lying_in(uploads) == []


def test_an_upload_needs_its_token():
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make.user())

    assert strict.post(page(), given("a.txt")).status_code == 403
    assert not File.objects.exists()


def test_people_download_whatever_there_is():
    file = kept("report.html", b"<script>alert(1)</script>")
    assert not file.downloadable

    answer = signed_in(Role.VIEWER).get(page("content", file.pk))

    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="report.html"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_range_beyond_the_end_is_refused():
    answer = signed_in().get(page("content", kept().pk), headers={"range": "bytes=99-"})

    assert answer.status_code == 416


def test_deleting_asks_first_and_says_what_becomes_of_copies():
    file = kept()
    copy = actions.copy_for_session(file, session_id="sesn_1", by=make.actor())
    client = signed_in()

    asked = client.get(page("delete", file.pk)).content.decode()
    assert "Sessions that have mounted it keep their copies" in asked
    assert "The session loses this file" in client.get(page("delete", copy.pk)).content.decode()
    assert File.objects.count() == 2

    told = client.post(page("delete", file.pk), follow=True).content.decode()
    assert "a.txt is deleted." in told
    assert list(File.objects.all()) == [copy]


def test_a_viewer_looks_and_changes_nothing():
    file = kept()
    client = signed_in(Role.VIEWER)

    told = client.get(page()).content.decode()
    assert "a.txt" in told
    assert "Delete" not in told
    assert "data-uploads" not in told
    assert client.post(page(), given("b.txt")).status_code == 403
    for method in (client.get, client.post):
        assert method(page("delete", file.pk)).status_code == 403
    assert list(File.objects.all()) == [file]


def test_the_neighbours_files_are_not_there():
    file = kept()
    neighbour = make.workspace("neighbour")
    client = signed_in(of=neighbour)

    assert "a.txt" not in client.get(page(of="neighbour")).content.decode()
    for name in ("content", "delete"):
        assert client.get(page(name, file.pk, of="neighbour")).status_code == 404
        assert client.get(page(name, file.pk)).status_code == 404
    assert client.post(page("delete", file.pk, of="neighbour")).status_code == 404
    assert list(File.objects.all()) == [file]


def test_expired_files_are_gone():
    file = kept(expires_in=timedelta(hours=1))
    File.objects.update(expires_at=timezone.now())
    client = signed_in()

    assert "a.txt" not in client.get(page()).content.decode()
    assert client.get(page("content", file.pk)).status_code == 404


def test_an_empty_workspace_says_what_to_do():
    told = signed_in().get(page()).content.decode()
    assert "client.beta.files.upload" in told
    assert "http://testserver" in told

    assert "to upload takes another role" in signed_in(Role.VIEWER).get(page()).content.decode()
