"""Bytes are there as long as a file has them, and no longer; copies share them."""

import os
from datetime import timedelta
from threading import Thread

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from apps.accounts.models import AuditEntry
from apps.files import actions, storing, tasks
from apps.files.models import Blob, File, FileExpired, NoSuchFile
from tests import make
from tests.files.conftest import lying_in


def kept(text=b"hello", name="a.txt", **options):
    return actions.upload(by=make.actor(), content=ContentFile(text), filename=name, **options)


def read(file):
    with storing.read(file) as content:
        return content.read()


def age(blobs=None, *, days):
    (blobs or Blob.objects).update(created_at=timezone.now() - timedelta(days=days))


@pytest.mark.django_db
def test_a_file_is_kept_with_its_size_and_hash(uploads):
    file = kept(b"hello", "notes.md")

    assert read(file) == b"hello"
    assert (file.filename, file.mime_type, file.size_bytes) == ("notes.md", "text/markdown", 5)
    assert file.blob.sha256.startswith("2cf24dba")
    assert lying_in(uploads) == [file.blob.path]
    entry = AuditEntry.objects.get(action="file.created")
    assert (entry.object_id, entry.after["filename"]) == (file.pk, "notes.md")


@pytest.mark.django_db
def test_bytes_go_with_the_last_file_that_has_them(
    uploads, queue, django_capture_on_commit_callbacks
):
    file = kept()
    copy = actions.copy_for_session(file, session_id="sesn_1", by=make.actor())
    assert (copy.scope_id, copy.downloadable, copy.filename) == ("sesn_1", False, "a.txt")
    assert copy.pk != file.pk

    with django_capture_on_commit_callbacks(execute=True):
        actions.delete(file_id=file.pk, by=make.actor())
    assert read(copy) == b"hello"

    with django_capture_on_commit_callbacks(execute=True):
        assert actions.delete_of_session("sesn_1", make.workspace()) == 1
    assert lying_in(uploads) == []
    assert not File.objects.exists()
    assert not Blob.objects.exists()


@pytest.mark.django_db
def test_deleting_of_a_session_leaves_other_sessions_and_uploads_alone():
    file = kept()
    mine = actions.copy_for_session(file, session_id="sesn_1", by=make.actor())
    other = actions.copy_for_session(file, session_id="sesn_2", by=make.actor())
    neighbour = make.workspace("neighbour")
    theirs = File.objects.create(
        workspace=neighbour, blob=file.blob, filename="x", size_bytes=1, scope_id="sesn_1"
    )

    actions.delete_of_session("sesn_1", make.workspace())
    assert actions.delete_of_session("", make.workspace()) == 0

    assert set(File.objects.all()) == {file, other, theirs}
    assert mine.pk not in File.objects.values_list("pk", flat=True)


@pytest.mark.django_db
def test_what_a_session_produced_stays_downloadable_in_a_copy_and_expires_with_it():
    file = kept(downloadable=True, scope_id="sesn_1", expires_in=timedelta(hours=1))

    copy = actions.copy_for_session(file, session_id="sesn_2", by=make.actor())

    assert copy.downloadable
    assert copy.expires_at == file.expires_at


@pytest.mark.django_db
def test_deleting_twice_or_the_neighbours_finds_nothing():
    file = kept()
    with pytest.raises(NoSuchFile):
        actions.delete(file_id=file.pk, by=make.actor(of=make.workspace("neighbour")))
    actions.delete(file_id=file.pk, by=make.actor())

    with pytest.raises(NoSuchFile):
        actions.delete(file_id=file.pk, by=make.actor())
    with pytest.raises(NoSuchFile):
        actions.delete(file_id="\x00", by=make.actor())
    assert list(AuditEntry.objects.values_list("action", flat=True).order_by("id")) == [
        "file.created",
        "file.deleted",
    ]


@pytest.mark.django_db
def test_the_sweep_takes_expired_bytes_and_later_the_files(uploads):
    file = kept(expires_in=timedelta(hours=1))
    other = kept()
    File.objects.filter(pk=file.pk).update(expires_at=timezone.now())

    storing.sweep()
    assert lying_in(uploads) == [other.blob.path]
    with pytest.raises(FileExpired):
        File.objects.present(file.pk, workspace=make.workspace())
    with pytest.raises(FileExpired):
        actions.copy_for_session(File.objects.get(pk=file.pk), session_id="s", by=make.actor())
    with pytest.raises(FileExpired):
        storing.read(File.objects.get(pk=file.pk))

    File.objects.filter(pk=file.pk).update(expires_at=timezone.now() - timedelta(days=31))
    storing.sweep()
    with pytest.raises(NoSuchFile):
        File.objects.present(file.pk, workspace=make.workspace())


class Unplugged(Exception):
    """The process, dead."""


@pytest.mark.django_db
def test_an_upload_that_died_before_its_row_is_swept_after_a_day(uploads, monkeypatch):
    def die(*_, **__):
        raise Unplugged

    monkeypatch.setattr(actions, "_keep", die)
    with pytest.raises(Unplugged):
        kept()
    [left] = lying_in(uploads)

    storing.sweep()
    assert lying_in(uploads) == [left], "it may still be going on"

    age(days=2)
    storing.sweep()
    assert lying_in(uploads) == []
    assert not Blob.objects.exists()


@pytest.mark.django_db
def test_a_blob_is_written_down_before_its_first_byte(uploads, monkeypatch):
    def fail(name, content):
        raise Unplugged

    monkeypatch.setattr(storages["files"], "save", fail)
    with pytest.raises(Unplugged):
        kept()

    blob = Blob.objects.get()
    assert blob.kept_at is None
    age(days=2)
    storing.sweep()
    assert not Blob.objects.exists(), "that there are no bytes is no reason to fail"


@pytest.mark.django_db
def test_an_upload_of_more_than_a_day_is_given_up():
    blob = storing.write(ContentFile(b"slow"))
    age(days=2)
    storing.sweep()

    with pytest.raises(actions.TookTooLong):
        actions._keep(blob, sha256="0", by=make.actor(), filename="a", size_bytes=4)


@pytest.mark.django_db
def test_broken_uploads_leave_nothing_in_the_folder_they_come_in(uploads):
    incoming = uploads / "incoming"
    incoming.mkdir(parents=True)
    old, new = incoming / "old", incoming / "new"
    old.touch()
    new.touch()
    os.utime(old, (0, 0))

    tasks.sweep_files()

    assert lying_in(uploads) == ["incoming/new"]


@pytest.mark.django_db
def test_it_works_without_a_folder_too(settings):
    memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = settings.STORAGES | {"files": memory}
    file = kept(b"in memory")

    assert read(file) == b"in memory"

    actions.delete(file_id=file.pk, by=make.actor())
    storing.sweep()
    assert not storages["files"].exists(file.blob.path)


@pytest.mark.django_db
def test_a_workspace_may_have_a_quota(settings):
    settings.FILES_QUOTA = 10
    kept(b"12345")
    copied = actions.copy_for_session(kept(b"12345"), session_id="s", by=make.actor())
    assert copied, "a copy takes no room"

    with pytest.raises(actions.StorageQuotaExceeded):
        kept(b"1")

    elsewhere = make.actor(of=make.workspace("neighbour"))
    actions.upload(by=elsewhere, content=ContentFile(b"12345"), filename="a.txt")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("a_file_has_a_size", {"size_bytes": -1}),
        ("only_an_expired_file_has_no_bytes", {"blob": None}),
    ],
)
def test_the_database_refuses(name, fields):
    file = kept()

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        File.objects.filter(pk=file.pk).update(**fields)


@pytest.mark.django_db
def test_the_database_refuses_a_kept_blob_without_a_hash():
    kept()

    with pytest.raises(IntegrityError, match="a_kept_blob_knows_its_hash"), transaction.atomic():
        Blob.objects.update(sha256="")


def elsewhere(do):
    """Run it on another connection, to its end."""
    failed = []

    def run():
        try:
            do()
        except Exception as error:  # noqa: BLE001 -- told to the test
            failed.append(error)
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join(20)
    assert not thread.is_alive()
    return failed


@pytest.mark.django_db(transaction=True)
def test_a_sweep_never_takes_bytes_from_a_copy_that_is_being_made(uploads, queue):
    file = kept()
    with transaction.atomic():
        copy = actions.copy_for_session(file, session_id="s", by=make.actor())
        assert elsewhere(lambda: actions.delete(file_id=file.pk, by=make.actor())) == []
        assert elsewhere(storing.sweep) == []

    assert read(copy) == b"hello"
    assert elsewhere(storing.sweep) == []
    assert read(copy) == b"hello"


@pytest.mark.django_db(transaction=True)
def test_copying_what_was_just_deleted_says_so(queue):
    file = kept()
    assert elsewhere(lambda: actions.delete(file_id=file.pk, by=make.actor())) == []

    with pytest.raises(NoSuchFile):
        actions.copy_for_session(file, session_id="s", by=make.actor())


@pytest.mark.django_db(transaction=True)
def test_sessions_that_mount_the_same_file_do_not_wait_for_each_other():
    file = kept()
    with transaction.atomic():
        actions.copy_for_session(file, session_id="s1", by=make.actor())
        by = make.actor()
        assert elsewhere(lambda: actions.copy_for_session(file, session_id="s2", by=by)) == []

    assert Blob.objects.get().files.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_queue_that_is_away_does_not_undo_a_deletion(uploads, monkeypatch):
    def away(kwargs, headers):
        raise ConnectionError

    monkeypatch.setattr(tasks.discard_blobs, "apply_async", away)
    file = kept()

    actions.delete(file_id=file.pk, by=make.actor())

    assert not File.objects.exists()
    storing.sweep()
    assert lying_in(uploads) == []
