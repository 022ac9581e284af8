"""What is mounted in a session: at its creation, later, and no more."""

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.models import AuditEntry
from apps.core import sealing
from apps.files import actions as files
from apps.files.models import File
from apps.sessions.models import Resource, Session, Status
from apps.sessions.resources import BadMountPath, rooted
from tests import make
from tests.sessions.api.asking import row

pytestmark = pytest.mark.django_db
REPOSITORY = {
    "type": "github_repository",
    "url": "https://github.com/acme/site.git",
    "authorization_token": "ghp_secret",
    "checkout": {"type": "branch", "name": "main"},
}


@pytest.fixture
def path(session):
    return f"sessions/{session['id']}/resources"


@pytest.fixture
def repository(api, ids):
    """A session with a repository, and that repository."""
    told = api.post("sessions", **ids, resources=[REPOSITORY])
    return told, told["resources"][0]


def mount(file, **fields):
    return {"type": "file", "file_id": file.pk} | fields


def test_a_file_is_mounted_as_a_copy_of_the_sessions_own(api, ids, file):
    told = api.post("sessions", **ids, resources=[mount(file), mount(file, mount_path="b.csv")])

    first, second = told["resources"]
    assert first["mount_path"] == f"/mnt/session/uploads/{file.pk}"
    assert second["mount_path"] == "/mnt/session/uploads/b.csv"
    assert len({file.pk, first["file_id"], second["file_id"]}) == 3
    copy = File.objects.get(pk=first["file_id"])
    assert (copy.scope_id, copy.filename, copy.size_bytes) == (told["id"], "data.csv", 8)
    assert api.get(f"sessions/{told['id']}/resources")["data"] == told["resources"]


def test_a_repository_is_mounted_under_its_name(api, repository):
    told, resource = repository

    assert resource["id"].startswith("sesrsc_01")
    assert resource["mount_path"] == "/workspace/site"
    assert (resource["url"], resource["checkout"]) == (REPOSITORY["url"], REPOSITORY["checkout"])
    assert api.get(f"sessions/{told['id']}/resources/{resource['id']}") == resource


def test_a_token_is_sealed_and_never_told_again(api, repository):
    told, _resource = repository

    kept = Resource.objects.get()
    assert sealing.open_sealed(kept.sealed_token) == "ghp_secret"
    assert "ghp_secret" not in kept.sealed_token
    assert "ghp_secret" not in str(told)
    log = AuditEntry.objects.values_list("before", "after")
    assert "ghp_secret" not in str(list(log))


def test_a_token_is_rotated_and_nothing_else_is(api, repository, session, file):
    told, resource = repository
    path = f"sessions/{told['id']}/resources/{resource['id']}"

    rotated = api.post(path, authorization_token="ghp_new")

    assert sealing.open_sealed(Resource.objects.get().sealed_token) == "ghp_new"
    assert rotated["updated_at"] > resource["updated_at"]
    assert rotated | {"updated_at": 0} == resource | {"updated_at": 0}
    entry = AuditEntry.objects.get(action="session_resource.token_rotated")
    assert (entry.object_id, "ghp_new" in str(entry.after)) == (resource["id"], False)
    assert "url: unknown field" in api.refused(path, authorization_token="x", url="https://a.b/c/d")
    assert "authorization_token: " in api.refused(path)
    assert "authorization_token: " in api.refused(path, authorization_token="a b")

    added = api.post(f"sessions/{session['id']}/resources", **mount(file))
    own = f"sessions/{session['id']}/resources/{added['id']}"
    assert "only a github_repository" in api.refused(own, authorization_token="x")


def test_a_file_is_added_to_a_session_that_is_there(api, session, path, file):
    Session.objects.update(status=Status.RUNNING)

    added = api.post(path, **mount(file, mount_path="/data/x.csv"))

    assert added["mount_path"] == "/mnt/session/uploads/data/x.csv"
    assert api.get(f"sessions/{session['id']}")["resources"] == [added]
    entry = AuditEntry.objects.get(action="session_resource.created")
    assert (entry.object_id, entry.after["session_id"]) == (added["id"], session["id"])
    assert row(session).event_count == 0, "nothing is emitted"


def test_only_files_are_added_later(api, path):
    assert "type: " in api.refused(path, **REPOSITORY)


def test_unmounting_takes_the_copy_and_leaves_the_upload(api, session, path, file):
    added = api.post(path, **mount(file))

    gone = api.delete(f"{path}/{added['id']}")

    assert gone == {"id": added["id"], "type": "session_resource_deleted"}
    assert list(File.objects.all()) == [file]
    assert api.get(path)["data"] == []
    api.get(f"{path}/{added['id']}", 404)
    api.delete(f"{path}/{added['id']}", 404)
    assert AuditEntry.objects.filter(action="session_resource.deleted").count() == 1


def test_a_repository_is_unmounted_too(api, repository):
    told, resource = repository

    api.delete(f"sessions/{told['id']}/resources/{resource['id']}")

    assert api.get(f"sessions/{told['id']}")["resources"] == []


def test_deleting_the_copy_unmounts_it(api, path, file):
    added = api.post(path, **mount(file))

    files.delete(file_id=added["file_id"], by=make.actor())

    assert api.get(path)["data"] == []


@pytest.mark.parametrize("ended", [{"archived_at": make.START}, {"status": Status.TERMINATED}])
def test_what_has_ended_keeps_its_mounts_as_they_are(api, session, path, file, ended):
    added = api.post(path, **mount(file))
    Session.objects.update(**ended)

    assert "archived or terminated" in api.refused(path, **mount(file, mount_path="b"))
    assert "archived or terminated" in api.delete(f"{path}/{added['id']}", 400)["error"]["message"]


def test_files_that_are_not_there_cannot_be_mounted(api, path):
    theirs = make.workspace("next-door")
    foreign = files.upload(
        by=make.actor(of=theirs), content=ContentFile(b"x"), filename="theirs.txt"
    )
    expired = files.upload(by=make.actor(), content=ContentFile(b"x"), filename="old.txt")
    File.objects.filter(pk=expired.pk).update(expires_at=timezone.now())

    for file_id in ("file_no", "a/../b", "\x00", foreign.pk, expired.pk):
        assert "There is no file" in api.refused(path, 404, type="file", file_id=file_id)


def test_a_session_has_so_many_resources_at_most(api, session, path, file):
    kind = {"type": Resource.Type.GITHUB_REPOSITORY, "url": REPOSITORY["url"]}
    Resource.objects.bulk_create(
        Resource(session=row(session), mount_path=f"/r/{n}", **kind) for n in range(499)
    )

    api.post(path, **mount(file, mount_path="a"))
    assert "at most 500" in api.refused(path, **mount(file, mount_path="b"))


def test_the_request_is_limited_as_well(api, ids):
    many = [REPOSITORY | {"mount_path": f"/r/{n}"} for n in range(501)]

    assert "resources: " in api.refused("sessions", **ids, resources=many)
    assert len(api.post("sessions", **ids, resources=many[:500])["resources"]) == 500


@pytest.mark.parametrize(
    ("given", "mounted"),
    [
        ("a.csv", "a.csv"),
        ("/a.csv", "a.csv"),
        ("/workspace/a.csv", "workspace/a.csv"),
        ("/mnt/session/uploads/a.csv", "a.csv"),
        ("//a//./b/", "a/b"),
        ("/mnt/session/a", "mnt/session/a"),
        ("/mnt/session/uploadsx", "mnt/session/uploadsx"),
        ("..a/b..", "..a/b.."),
        ("dä tä/…", "dä tä/…"),
    ],
)
def test_a_path_is_rooted_in_the_uploads(given, mounted):
    assert rooted(given) == f"/mnt/session/uploads/{mounted}"


@pytest.mark.parametrize(
    "given", ["/", ".", "..", "a/../b", "/mnt/session/uploads/", "a\nb", "a\x00", "\ud800"]
)
def test_what_is_no_path_is_refused(given):
    with pytest.raises(BadMountPath):
        rooted(given)


@pytest.mark.parametrize("given", ["x" * 256, "ä" * 128, "/".join(["x" * 200] * 21)])
def test_a_path_is_as_long_as_a_disk_has_it(given):
    with pytest.raises(BadMountPath):
        rooted(given)


@pytest.mark.parametrize(
    ("first", "second"),
    [("a", "/a"), ("a", "a/b"), ("a/b/c", "a"), ("/mnt/session/uploads/a", "a")],
)
def test_mounts_never_overlap(api, ids, path, file, first, second):
    said = api.refused(
        "sessions",
        **ids,
        resources=[mount(file, mount_path=first), mount(file, mount_path=second)],
    )
    assert said.startswith("mount_path: ")

    api.post(path, **mount(file, mount_path=first))
    assert api.refused(path, **mount(file, mount_path=second)).startswith("mount_path: ")
    assert api.post(path, **mount(file, mount_path="ab"))


@pytest.mark.parametrize(
    "url",
    [
        "acme/site",
        "http://github.com/acme/site",
        "git@github.com:acme/site.git",
        "https://github.com/acme",
        "https://github.com//site",
        "https:///acme/site",
        "https://[/acme/site",
        "https://github.com/acme/..",
        "https://user:ghp_secret@github.com/acme/site",
        "https://github.com/acme/si\nte",
    ],
)
def test_what_is_no_repository_is_refused(api, ids, url):
    said = api.refused("sessions", **ids, resources=[REPOSITORY | {"url": url}])

    assert "repository" in said or "authorization_token" in said
    assert "ghp_secret" not in said


WRONG = {
    "long path": ({"mount_path": "x" * 4097}, "resources.0.mount_path: "),
    "empty path": ({"mount_path": ""}, "resources.0.mount_path: "),
    "upwards": ({"mount_path": "/workspace/../etc"}, "mount_path: "),
    "long token": ({"authorization_token": "x" * 4097}, "resources.0.authorization_token: "),
    "branch": ({"checkout": {"type": "branch", "name": ""}}, "resources.0.checkout.name: "),
    "commit": ({"checkout": {"type": "commit", "sha": "main"}}, "resources.0.checkout.sha: "),
    "checkout": ({"checkout": {"type": "tag"}}, "resources.0.checkout: "),
    "unknown": ({"depth": 1}, "resources.0.depth: unknown field"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_of_a_repository_is_refused_by_name(api, ids, case):
    given, said = WRONG[case]

    assert api.refused("sessions", **ids, resources=[REPOSITORY | given]).startswith(said)


def test_a_public_repository_needs_no_token(api, ids):
    public = {"type": "github_repository", "url": "https://github.com/acme/site"}
    commit = {"type": "commit", "sha": "0a1b2c3"}

    told = api.post("sessions", **ids, resources=[public | {"checkout": commit}])

    assert told["resources"][0]["checkout"] == commit
    assert Resource.objects.get().sealed_token == ""


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_costs_the_same_however_long(
    api, session, path, file, count, django_assert_num_queries
):
    for n in range(count):
        api.post(path, **mount(file, mount_path=str(n)))

    with django_assert_num_queries(3):  # the key, the session, its resources
        page = api.get(path)

    assert (len(page["data"]), page["next_page"]) == (count, None)


def test_a_list_comes_a_page_at_a_time(api, path, file):
    for n in range(3):
        api.post(path, **mount(file, mount_path=str(n)))

    first = api.get(path, limit=2)
    second = api.get(path, limit=2, page=first["next_page"])

    ends = [each["mount_path"][-1] for each in first["data"] + second["data"]]
    assert (ends, second["next_page"]) == (["0", "1", "2"], None)
    api.get(path, 400, limit=1001)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"public_id": "sesrsc_1"}, "a_resource_id_is_unique_in_its_session"),
        ({"mount_path": "/workspace/a"}, "a_path_is_mounted_once_in_a_session"),
        ({"url": ""}, "a_resource_is_a_file_a_repository_or_a_memory_store"),
        ({"type": "file"}, "a_resource_is_a_file_a_repository_or_a_memory_store"),
        ({"type": "memory_store"}, "a_resource_is_a_file_a_repository_or_a_memory_store"),
        ({"type": "disk"}, "a_resource_is_a_file_a_repository_or_a_memory_store"),
    ],
)
def test_the_database_refuses_what_cannot_be(session, fields, constraint):
    given = {
        "session": row(session),
        "type": "github_repository",
        "url": "https://github.com/acme/a",
        "mount_path": "/workspace/a",
    }
    Resource.objects.create(**given, public_id="sesrsc_1")

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Resource.objects.create(**given | {"mount_path": "/workspace/b"} | fields)
