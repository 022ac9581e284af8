"""The wire of files: what goes up, what is known of it, what comes down."""

import errno
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from apps.accounts.models import AuditEntry
from apps.files import actions, receiving, storing
from apps.files.api.shapes import DeletedFile, FileMetadata, FileMetadataPage
from apps.files.models import Blob, File
from tests import make
from tests.files.conftest import lying_in

SPEC = Path(__file__).parents[3] / "shared/spec/sdk-2.12.0-response-schemas.json"

pytestmark = pytest.mark.django_db


@pytest.fixture
def api():
    return make.api()


def part(name="a.txt", text=b"hello", kind="text/plain"):
    return SimpleUploadedFile(name, text, kind)


def raw(api, *parts, **headers):
    """A body as it is written here, of parts of headers and content."""
    body = b"".join(b"--xyz\r\n%s\r\n\r\n%s\r\n" % each for each in parts) + b"--xyz--\r\n"
    return api.post("/v1/files", body, content_type="multipart/form-data; boundary=xyz", **headers)


def named(disposition, text=b"hello", kind=b"text/plain"):
    head = b'Content-Disposition: form-data; name="file"' + disposition
    return head + b"\r\nContent-Type: " + kind, text


def delivered(text=b"0123456789", name="report.csv", **options):
    """A file that a session produced."""
    given = {"scope_id": "sesn_1", "downloadable": True} | options
    return actions.upload(by=make.actor(), content=ContentFile(text), filename=name, **given)


def count(rows):
    for number in range(rows):
        File.objects.create(
            workspace=make.workspace(),
            blob=Blob.objects.create(sha256="0", kept_at=timezone.now()),
            filename=f"{number}.txt",
            mime_type="text/plain",
            size_bytes=1,
            created_at=make.START + timedelta(seconds=number),
        )


def names(answer):
    return [each["filename"] for each in answer.json()["data"]]


def refusal(answer):
    return answer.status_code, answer.json()["error"]["message"]


def test_what_goes_up_is_told_as_the_contract_has_it(api, uploads):
    answer = api.post("/v1/files", {"file": part("notes.md", b"# Hi", "text/markdown")})

    told = answer.json()
    FileMetadata.model_validate_json(answer.content)
    assert answer.status_code == 200
    assert told == {
        "id": told["id"],
        "type": "file",
        "filename": "notes.md",
        "mime_type": "text/markdown",
        "size_bytes": 4,
        "created_at": told["created_at"],
        "downloadable": False,
        "expires_at": None,
        "scope": None,
    }
    assert told["created_at"].endswith("Z")
    assert api.get(f"/v1/files/{told['id']}").json() == told
    assert lying_in(uploads) == [File.objects.get().blob.path], "and nothing where it came in"
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_type) == ("file.created", "api_actor")


@pytest.mark.skipif(not SPEC.exists(), reason="needs the contract beside the repository")
def test_its_answers_have_what_the_clients_types_require(api):
    schema = json.loads(SPEC.read_text())["BetaFileMetadata"]
    told = api.post("/v1/files", {"file": part()}).json()

    assert set(schema["required"]) <= set(told)
    assert set(told) == set(schema["properties"])
    assert set(FileMetadata.model_fields) == set(schema["properties"])


def test_a_file_can_expire(api):
    told = api.post("/v1/files", {"file": part(), "expires_in_seconds": "3600"}).json()

    file = File.objects.get()
    assert timedelta(minutes=59) < file.expires_at - timezone.now() <= timedelta(hours=1)
    assert told["expires_at"].endswith("Z")

    File.objects.update(expires_at=timezone.now())
    for path in (file.pk, f"{file.pk}/content"):
        answer = api.get(f"/v1/files/{path}")
        assert answer.status_code == 404
        assert answer.json()["error"]["type"] == "not_found_error"
        assert answer.json()["error"]["details"] == {"error_code": "file_expired"}
    assert names(api.get("/v1/files")) == []
    assert api.delete(f"/v1/files/{file.pk}").status_code == 200


@pytest.mark.parametrize("seconds", ["3599", "7776001", "", "soon", "NaN"])
def test_an_odd_expiry_is_refused_by_name(api, seconds):
    status, message = refusal(
        api.post("/v1/files", {"file": part(), "expires_in_seconds": seconds})
    )

    assert status == 400
    assert message.startswith("expires_in_seconds: ")
    assert not File.objects.exists()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (b'; filename="../../etc/passwd"', "passwd"),
        (b'; filename="C:\\\\Users\\\\ines\\\\a.txt"', "a.txt"),
        (b'; filename="a&lt;b&gt;.txt"', "a&lt;b&gt;.txt"),
        (b'; filename="%s.txt"' % ("ü" * 100).encode(), "ü" * 100 + ".txt"),
        (b"; filename*=UTF-8''na%C3%AFve%20plan.txt", "naïve plan.txt"),
        (b'; filename="%s"' % (b"a" * 255), "a" * 255),
        (b'; filename="  spaced.txt "', "spaced.txt"),
        (b'; filename=".env"', ".env"),
        (b'; filename=""', "unnamed.txt"),
        (b"", "unnamed.txt"),
        (b'; filename="folder/"', "unnamed.txt"),
    ],
)
def test_of_a_name_the_last_part_is_kept(api, sent, kept):
    answer = raw(api, named(sent))

    assert answer.status_code == 200
    assert answer.json()["filename"] == kept
    assert answer.json()["size_bytes"] == 5


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (b'; filename="a<b.txt"', "filename: '<' may not stand in a file's name."),
        (b'; filename="a?.txt"', "filename: '?' may not stand in a file's name."),
        (b'; filename="a\x00b.txt"', "filename: '\\x00' may not stand in a file's name."),
        (b'; filename="a\x1b[31m.txt"', "filename: '\\x1b' may not stand in a file's name."),
        (b'; filename="a\xc2\x85.txt"', "filename: '\\x85' may not stand in a file's name."),
        (b'; filename=".."', "filename: “..” names a folder, not a file."),
        (
            b'; filename="%s"' % (b"a" * 256),
            "filename: this has 256 characters, and 255 are allowed.",
        ),
    ],
)
def test_a_name_that_no_disk_would_take_is_refused(api, uploads, sent, why):
    assert refusal(raw(api, named(sent))) == (400, why)
    assert lying_in(uploads) == []
    assert not Blob.objects.exists()


def test_a_part_without_a_name_is_bytes_all_the_same(api):
    everything = bytes(range(256))

    file_id = raw(api, (b'Content-Disposition: form-data; name="file"', everything)).json()["id"]

    file = File.objects.get(pk=file_id)
    assert (file.filename, file.mime_type) == ("unnamed", "application/octet-stream")
    with storing.read(file) as content:
        assert content.read() == everything


@pytest.mark.parametrize(
    ("name", "said", "kind"),
    [
        ("a.csv", "text/csv", "text/csv"),
        ("a.csv", "application/octet-stream", "text/csv"),
        ("a.md", "", "text/markdown"),
        ("a.bin", "Text/HTML; charset=utf-8", "text/html"),
        ("a.png", "not a type", "image/png"),
        ("a.unheard-of", "", "application/octet-stream"),
        ("a.json", "x/" + "y" * 300, "application/json"),
        ("a.json", "text/html\x00", "application/json"),
    ],
)
def test_its_type_is_said_or_told_by_the_name(api, name, said, kind):
    assert api.post("/v1/files", {"file": part(name, b"x", said)}).json()["mime_type"] == kind


def test_an_empty_file_is_a_file(api):
    file_id = raw(api, named(b'; filename="__init__.py"', b"")).json()["id"]

    assert File.objects.get(pk=file_id).size_bytes == 0


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, "file: this part is required"),
        ({"files": part()}, "files: unknown field"),
        ({"file": part(), "purpose": "agent"}, "purpose: unknown field"),
        ({"file": [part(), part()]}, "file: this takes one part of this name."),
    ],
)
def test_other_forms_are_refused_by_name(api, uploads, fields, why):
    assert refusal(api.post("/v1/files", fields)) == (400, why)
    assert lying_in(uploads) == []


FORM = "multipart/form-data; boundary=xyz"
OPENING = b'--xyz\r\nContent-Disposition: form-data; name="file"'


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"file": "x"}', "application/json"),
        (b"", "application/json"),
        (b"hello", "text/plain"),
        (b"hello", "multipart/form-data"),
        (b"hello", "multipart/form-data; boundary=ü"),
        (b"hello", FORM),
        (b"--xyz\r\n" + b"x" * 5000, FORM),
        (OPENING + b'; filename="a"\r\n\r\nhal', FORM),
        (OPENING + b'; filename="a"\r\n\r\nhal\r\n--xyz', FORM),
        (OPENING + b'; filename="\xff"\r\n\r\nx\r\n--xyz--', FORM),
        (OPENING + b"\r\nContent-Transfer-Encoding: base64\r\n\r\neA==\r\n--xyz--", FORM),
    ],
)
def test_what_is_no_form_is_refused(api, uploads, body, kind):
    answer = api.post("/v1/files", body, content_type=kind)

    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"
    assert lying_in(uploads) == []


def test_too_large_a_file_is_refused_and_leaves_nothing(api, uploads, settings):
    settings.FILE_LIMIT = 100_000

    fits = api.post("/v1/files", {"file": part(text=b"x" * 100_000)})
    answers = [
        api.post("/v1/files", {"file": part(text=b"x" * 100_001)}),
        api.post("/v1/files", {"file": part(text=b"x" * 2_000_000)}),
    ]

    assert fits.status_code == 200
    for answer in answers:
        assert refusal(answer) == (413, "A file has at most 100 kB.")
        assert answer.json()["error"]["type"] == "request_too_large"
    assert len(lying_in(uploads)) == 1


def test_a_full_quota_says_what_to_do(api, settings):
    settings.FILES_QUOTA = 8
    api.post("/v1/files", {"file": part()})

    answer = api.post("/v1/files", {"file": part()})

    assert refusal(answer)[0] == 400
    assert answer.json()["error"]["details"] == {"error_code": "storage_quota_exceeded"}


def test_to_upload_and_delete_takes_the_scope_write():
    reader = make.api("read")
    file = delivered()

    assert reader.post("/v1/files", {"file": part()}).status_code == 403
    assert reader.delete(f"/v1/files/{file.pk}").status_code == 403
    assert b"".join(reader.get(f"/v1/files/{file.pk}/content").streaming_content)
    assert make.api("write").get("/v1/files").status_code == 403


def test_deleting_is_told_and_noted(api):
    file = delivered()

    answer = api.delete(f"/v1/files/{file.pk}")

    assert answer.json() == {"id": file.pk, "type": "file_deleted"}
    DeletedFile.model_validate_json(answer.content)
    assert api.get(f"/v1/files/{file.pk}").status_code == 404
    assert api.delete(f"/v1/files/{file.pk}").status_code == 404
    assert AuditEntry.objects.get(action="file.deleted").before["filename"] == "report.csv"


@pytest.mark.parametrize("file_id", ["file_unknown", "x", "%00", "%FF", "a%2Fb", "'--"])
def test_what_is_not_there_is_not_found(api, file_id):
    for answer in (
        api.get(f"/v1/files/{file_id}"),
        api.delete(f"/v1/files/{file_id}"),
        api.get(f"/v1/files/{file_id}/content"),
    ):
        assert answer.status_code == 404
        assert answer.json()["error"]["type"] == "not_found_error"


def test_the_neighbours_files_are_not_there(api):
    file = delivered()
    neighbour = make.api(of=make.workspace("neighbour"))

    assert neighbour.get("/v1/files").json()["data"] == []
    assert neighbour.get(f"/v1/files?ids[]={file.pk}").json()["data"] == []
    assert neighbour.get(f"/v1/files?scope_id={file.scope_id}").json()["data"] == []
    assert neighbour.get(f"/v1/files?after_id={file.pk}").status_code == 400
    assert neighbour.get(f"/v1/files/{file.pk}").status_code == 404
    assert neighbour.get(f"/v1/files/{file.pk}/content").status_code == 404
    assert neighbour.delete(f"/v1/files/{file.pk}").status_code == 404
    assert api.get(f"/v1/files/{file.pk}").status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_asks_the_same_of_the_database_however_long_it_is(
    api, rows, django_assert_num_queries
):
    count(rows)
    api.get("/v1/files")  # the key's first use is noted

    with django_assert_num_queries(2):
        answer = api.get("/v1/files")

    assert len(answer.json()["data"]) == rows
    FileMetadataPage.model_validate_json(answer.content)


def test_it_is_paged_for_clients_of_every_age(api):
    count(5)

    first = api.get("/v1/files?limit=2").json()
    second = api.get("/v1/files", {"limit": 2, "page": first["next_page"]}).json()
    third = api.get("/v1/files", {"limit": 2, "page": second["next_page"]}).json()
    by_page = [each["filename"] for page in (first, second, third) for each in page["data"]]
    assert by_page == ["4.txt", "3.txt", "2.txt", "1.txt", "0.txt"]
    assert (third["next_page"], third["has_more"]) == (None, False)
    assert first["first_id"] == first["data"][0]["id"]
    assert first["last_id"] == first["data"][1]["id"]

    after = api.get("/v1/files", {"limit": 2, "after_id": first["last_id"]}).json()
    assert (after["data"], after["has_more"]) == (second["data"], True)
    last = api.get("/v1/files", {"limit": 2, "after_id": after["last_id"]}).json()
    assert (last["data"], last["has_more"]) == (third["data"], False)

    before = api.get("/v1/files", {"limit": 2, "before_id": last["first_id"]}).json()
    assert (before["data"], before["has_more"]) == (second["data"], True)
    start = api.get("/v1/files", {"limit": 2, "before_id": before["first_id"]}).json()
    assert (start["data"], start["has_more"]) == (first["data"], False)
    top = api.get("/v1/files", {"before_id": start["first_id"]}).json()
    assert (top["data"], top["has_more"], top["first_id"]) == ([], False, None)


def test_some_by_their_ids_on_one_page(api):
    count(4)
    files = list(File.objects.order_by("filename"))

    wanted = [files[3].pk, files[0].pk, files[0].pk, "file_unknown"]
    answer = api.get("/v1/files", {"ids[]": wanted})
    assert names(answer) == ["3.txt", "0.txt"]
    assert (answer.json()["next_page"], answer.json()["has_more"]) == (None, False)
    assert names(api.get("/v1/files", {"ids": [files[1].pk]})) == ["1.txt"]
    assert names(api.get("/v1/files", {"ids[]": ["no"] * 200})) == []


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ({"ids[]": ["x"], "limit": 5}, "ids: all of these come on one page"),
        ({"ids[]": ["x"], "page": "p"}, "ids: all of these come on one page"),
        ({"ids[]": [f"file_{n}" for n in range(101)]}, "ids: at most 100"),
        ({"after_id": "a", "before_id": "b"}, "page: give one of"),
        ({"after_id": "a"}, "after_id: there is no file a"),
        ({"before_id": "a"}, "before_id: there is no file a"),
        ({"ids[]": ["\x00"]}, "ids: this holds a NUL"),
        ({"scope_id": "\x00"}, "scope_id: this holds a NUL"),
        ({"limit": 1001}, "limit: "),
        ({"limit": 0}, "limit: "),
        ({"page": "page"}, "page: this is no cursor of this list"),
    ],
)
def test_queries_that_contradict_themselves_are_refused(api, query, why):
    status, message = refusal(api.get("/v1/files", query))

    assert status == 400
    assert message.startswith(why)


def test_files_of_one_session(api):
    mine, other = delivered(name="mine.txt"), delivered(name="other.txt", scope_id="sesn_2")

    assert names(api.get("/v1/files?scope_id=sesn_1")) == ["mine.txt"]
    told = api.get(f"/v1/files/{mine.pk}").json()
    assert (told["scope"], told["downloadable"]) == ({"type": "session", "id": "sesn_1"}, True)
    assert other.scope_id == "sesn_2"
    page = api.get("/v1/files?limit=1").json()["next_page"]
    answer = api.get("/v1/files", {"scope_id": "sesn_1", "page": page})
    assert answer.status_code == 400, "that is another list's cursor"


def test_only_what_a_session_produced_comes_down(api):
    uploaded = api.post("/v1/files", {"file": part()}).json()["id"]

    answer = api.get(f"/v1/files/{uploaded}/content")

    assert answer.status_code == 400
    assert answer.json()["error"]["details"] == {"error_code": "file_not_downloadable"}


def test_a_download_is_kept_and_never_opened_by_a_browser(api):
    file = delivered(b"<script>alert(1)</script>", "naïve “page”.html".replace('"', ""))

    answer = api.get(
        f"/v1/files/{file.pk}/content",
        headers={"accept": "application/binary", "accept-encoding": "gzip"},
    )

    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    assert answer.headers["Content-Type"] == "text/html"
    assert answer.headers["Content-Length"] == "25"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith(
        "attachment; filename*=utf-8''na%C3%AFve"
    )
    assert answer.headers["request-id"].startswith("req_")


@pytest.mark.parametrize(
    ("asked", "given", "said"),
    [
        ("bytes=0-3", b"0123", "bytes 0-3/10"),
        ("bytes=7-", b"789", "bytes 7-9/10"),
        ("bytes=-4", b"6789", "bytes 6-9/10"),
        ("bytes=-40", b"0123456789", "bytes 0-9/10"),
        ("bytes=8-99", b"89", "bytes 8-9/10"),
    ],
)
def test_a_part_of_a_file_comes_down(api, asked, given, said):
    answer = api.get(f"/v1/files/{delivered().pk}/content", headers={"range": asked})

    assert answer.status_code == 206
    assert b"".join(answer.streaming_content) == given
    assert answer.headers["Content-Range"] == said
    assert answer.headers["Content-Length"] == str(len(given))


@pytest.mark.parametrize("asked", ["bytes=-", "lines=1-2", "bytes=3-1", "bytes=0-1,4-5", "x"])
def test_a_range_that_says_nothing_is_the_whole(api, asked):
    answer = api.get(f"/v1/files/{delivered().pk}/content", headers={"range": asked})

    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == b"0123456789"


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_a_range_beyond_the_end_is_refused(api, asked):
    answer = api.get(f"/v1/files/{delivered().pk}/content", headers={"range": asked})

    assert refusal(answer) == (416, "The file ends before this range begins.")


@pytest.mark.parametrize(
    ("error", "code", "why"),
    [
        (OSError(errno.ENOSPC, "full"), "storage_quota_exceeded", "The server's disk is full."),
        (EOFError(), None, "The body broke off."),
        (ConnectionResetError(), None, "The body broke off."),
    ],
)
def test_a_full_disk_is_told_from_a_broken_body(api, uploads, monkeypatch, error, code, why):
    def fail(self, chunk):
        raise error

    monkeypatch.setattr(receiving.Incoming, "add", fail)
    answer = api.post("/v1/files", {"file": part()})

    assert refusal(answer) == (400, why)
    assert answer.json()["error"].get("details", {}).get("error_code") == code
    assert lying_in(uploads) == []
