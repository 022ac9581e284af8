"""Files that come in by the import page, and the work that reads them."""

import gzip
import json
import shutil
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone
from kombu.exceptions import OperationalError

from apps.sessions import receiving, tasks, uploading
from apps.sessions.models import Import, Session
from apps.sessions.models.imports import MOST_ATTEMPTS
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)
URL = "/w/default/import/"
GOOD = b'[{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Hi"}]\n'
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.UPLOADS_DIR = settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def ines(client):
    person = make.user()
    client.force_login(person)
    return person


@pytest.fixture
def queue(monkeypatch):
    """What was handed to the workers."""
    sent = []
    monkeypatch.setattr(
        tasks.run_import, "apply_async", lambda kwargs, headers: sent.append(kwargs["import_id"])
    )
    return sent


def upload(client, *files, **more):
    given = [SimpleUploadedFile(name, content) for name, content in files]
    headers = more.pop("headers", {})
    return client.post(URL, {"transcripts": given, "format": "auto", **more}, headers=headers)


def test_files_are_kept_and_a_worker_is_told(client, ines, queue, folder):
    response = upload(client, ("a.jsonl", GOOD), ("b.jsonl", GOOD), agent="refunds", strict="on")

    work = Import.objects.get()
    assert response["Location"] == f"{URL}{work.pk}/"
    assert queue == [work.pk]
    assert (work.user, work.format, work.agent_name, work.strict) == (ines, "auto", "refunds", True)
    assert [file["name"] for file in work.files] == ["a.jsonl", "b.jsonl"]
    assert [(folder / file["path"]).read_bytes() for file in work.files] == [GOOD, GOOD]
    assert work.bytes_total == 2 * len(GOOD)
    assert not list((folder / "incoming").iterdir())


def test_htmx_is_sent_to_the_same_page(client, ines, queue):
    response = upload(client, ("a.jsonl", GOOD), headers=HTMX)

    assert response["HX-Redirect"] == f"{URL}{Import.objects.get().pk}/"


def test_reading_them_makes_sessions_and_leaves_no_files(client, ines, queue, folder):
    upload(client, ("a.jsonl", GOOD + b"broken\n"), agent="refunds")
    work = Import.objects.get()

    tasks.run_import(import_id=work.pk)

    work.refresh_from_db()
    assert work.status == Import.Status.COMPLETED
    assert work.tally == {
        "sessions": 1,
        "threads": 0,
        "events": 2,
        "skipped": 0,
        "refused": 1,
        "sources": ["chat"],
    }
    assert [(r["file"], r["line"]) for r in work.refusals] == [("a.jsonl", 2)]
    assert work.bytes_done == work.bytes_total
    assert Session.objects.get().agent.name == "refunds"
    assert not (folder / "imports" / work.pk).exists()


def test_the_page_shows_what_came_of_it(client, ines, queue):
    upload(client, ("a.jsonl", GOOD + b"<b>broken</b>\n"))
    work = Import.objects.get()
    url = f"{URL}{work.pk}/"

    waiting = client.get(url).content.decode()
    tasks.run_import(import_id=work.pk)
    done = client.get(url, headers=HTMX).content.decode()

    assert "Waits for a worker" in waiting
    assert 'hx-trigger="every 1s"' in waiting
    assert "Imported" in done
    assert "hx-trigger" not in done
    assert "<html" not in done
    assert "not valid JSON" in done
    assert "/w/default/sessions/?source=chat" in done


def test_the_page_shows_how_far_it_is(client, ines, queue):
    upload(client, ("a.jsonl", GOOD))
    work = Import.objects.claim(Import.objects.get().pk)
    work.renew(bytes_done=40, tally={"read": 1234})

    html = client.get(f"{URL}{work.pk}/").content.decode()

    assert "1,234 events so far" in html
    assert f'value="40" max="{work.bytes_total}"' in html


def test_all_or_nothing(client, ines, queue, folder):
    upload(client, ("a.jsonl", GOOD + b"broken\n"), strict="on")
    work = Import.objects.get()

    tasks.run_import(import_id=work.pk)

    work.refresh_from_db()
    assert work.status == Import.Status.FAILED
    assert "nothing was imported" in work.error
    assert not Session.objects.exists()
    assert (folder / "imports" / work.pk).exists()


def test_a_failed_one_can_be_tried_again(client, ines, queue):
    upload(client, ("a.jsonl", GOOD + b"broken\n"), strict="on")
    work = Import.objects.get()
    tasks.run_import(import_id=work.pk)

    page = client.get(f"{URL}{work.pk}/").content.decode()
    response = client.post(f"{URL}{work.pk}/")

    assert "Try again" in page
    assert response["Location"] == f"{URL}{work.pk}/"
    assert queue == [work.pk, work.pk]
    work.refresh_from_db()
    assert (work.status, work.attempts, work.error) == (Import.Status.PENDING, 0, "")


def test_trying_again_what_has_not_failed_does_nothing(client, ines, queue):
    upload(client, ("a.jsonl", GOOD))
    work = Import.objects.get()

    html = client.post(f"{URL}{work.pk}/", headers=HTMX).content.decode()

    assert queue == [work.pk]
    assert "Waits for a worker" in html


def test_running_twice_reads_once(client, ines, queue):
    upload(client, ("a.jsonl", GOOD))
    work = Import.objects.get()

    tasks.run_import(import_id=work.pk)
    tasks.run_import(import_id=work.pk, from_a_newer_version=True)

    work.refresh_from_db()
    assert work.attempts == 1
    assert work.tally["events"] == 2


def test_a_worker_that_dies_half_way_is_followed_by_another(client, ines, queue, monkeypatch):
    upload(client, ("a.jsonl", GOOD), ("b.jsonl", GOOD.replace(b"Hello", b"Other")))
    work = Import.objects.get()
    with monkeypatch.context() as patched:
        patched.setattr(uploading, "take", _dying(uploading.take, after=4))
        with pytest.raises(KeyboardInterrupt):
            tasks.run_import(import_id=work.pk)
    kept = Session.objects.count()
    Import.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))

    again = uploading.resumable()
    tasks.run_import(import_id=work.pk)

    work.refresh_from_db()
    assert kept == 2
    assert again == [work.pk]
    assert work.status == Import.Status.COMPLETED
    assert Session.objects.count() == 2
    assert sum(session.event_count for session in Session.objects.all()) == 4


def _dying(take, *, after):
    def take_some(records, **options):
        def some():
            for number, record in enumerate(records):
                if number == after:
                    raise KeyboardInterrupt
                yield record

        return take(some(), **options)

    return take_some


def test_what_is_running_is_left_alone(client, ines, queue):
    upload(client, ("a.jsonl", GOOD))
    Import.objects.claim(Import.objects.get().pk)
    queue.clear()

    tasks.resume_imports()

    assert queue == []


def test_after_so_many_deaths_it_fails(client, ines, queue):
    upload(client, ("a.jsonl", GOOD))
    Import.objects.update(
        status="running",
        attempts=MOST_ATTEMPTS,
        lease_expires_at=timezone.now() - timedelta(seconds=1),
    )
    queue.clear()

    tasks.resume_imports()

    work = Import.objects.get()
    assert queue == []
    assert work.status == Import.Status.FAILED
    assert "stopped before its end" in client.get(f"{URL}{work.pk}/").content.decode()


def test_when_the_queue_is_silent_the_import_waits(client, ines, queue, monkeypatch):
    def refuse(**_):
        raise OperationalError("no queue")

    monkeypatch.setattr(tasks.run_import, "apply_async", refuse)
    response = client.post(
        URL, {"transcripts": SimpleUploadedFile("a.jsonl", GOOD), "format": "auto"}, follow=True
    )

    work = Import.objects.get()
    assert work.status == Import.Status.PENDING
    assert "The queue does not answer" in response.content.decode()
    assert uploading.resumable() == [work.pk]


def test_files_that_are_gone_are_asked_for_again(client, ines, queue, folder):
    upload(client, ("a.jsonl", GOOD))
    work = Import.objects.get()
    (folder / work.files[0]["path"]).unlink()

    tasks.run_import(import_id=work.pk)

    work.refresh_from_db()
    assert "Choose them again" in work.error


def test_two_files_of_one_name_are_two_files(client, ines, queue):
    upload(client, ("a.jsonl", GOOD), ("a.jsonl", GOOD.replace(b"Hello", b"Other")))
    work = Import.objects.get()

    tasks.run_import(import_id=work.pk)

    assert Session.objects.count() == 2


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("files", "why"),
    [
        ([], "Choose one file or more"),
        ([("a.jsonl", b"")], "One of the files is empty"),
        ([("a.pdf", b"%PDF-1.4 \x00\x01")], "in no format that can be imported"),
        ([("a.jsonl.gz", b"\x1f\x8bbroken")], "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_said_at_once(client, ines, queue, files, why, headers):
    response = upload(client, *files, headers=headers)

    assert response.status_code == 422
    assert why in response.content.decode()
    assert not Import.objects.exists()


def test_one_readable_file_among_others_is_enough(client, ines, queue):
    upload(client, ("a.pdf", b"%PDF-1.4"), ("a.jsonl", GOOD))
    work = Import.objects.get()

    tasks.run_import(import_id=work.pk)

    work.refresh_from_db()
    assert work.tally["sessions"] == 1
    assert [refusal["file"] for refusal in work.refusals] == ["a.pdf"]


def test_more_than_the_limit_is_refused_and_not_kept(client, ines, queue, settings, folder):
    settings.UPLOAD_LIMIT = 1000

    response = upload(client, ("a.jsonl", GOOD * 20))

    assert response.status_code == 422
    assert "more than 1.0 kB at once" in response.content.decode()
    assert not (folder / "incoming").exists()


def test_files_that_do_not_fit_on_the_disk_are_refused_before_the_first_byte(
    client, ines, queue, monkeypatch, folder
):
    monkeypatch.setattr(receiving, "LEFT_FREE", 10**18)

    response = upload(client, ("a.jsonl", GOOD))

    assert response.status_code == 422
    assert "too little for" in response.content.decode()
    assert not (folder / "incoming").exists()


def test_what_unpacks_without_end_fails_clearly(client, ines, queue):
    said = {"messages": [{"role": "user", "content": "a" * 1_000_000}]}
    packed = gzip.compress((json.dumps(said).encode() + b"\n") * 100)
    upload(client, ("bomb.jsonl.gz", packed))
    work = Import.objects.get()

    tasks.run_import(import_id=work.pk)

    work.refresh_from_db()
    assert work.status == Import.Status.FAILED
    assert "200 times its size" in work.error


def test_a_path_in_a_name_leads_nowhere(client, ines, queue, folder):
    upload(client, ("../../../etc/passwd.jsonl", GOOD))

    file = Import.objects.get().files[0]
    assert file["name"] == "passwd.jsonl"
    assert (folder / file["path"]).resolve().is_relative_to(folder / "imports")


def test_imports_so_far_come_newest_first_a_page_at_a_time(client, ines, queue):
    for number in range(21):
        Import.objects.create(
            user=ines, workspace=make.workspace(), files=[{"name": f"{number}.jsonl", "size": 1}]
        )

    first = client.get(URL)
    second = client.get(URL, {"cursor": first.context["page"].older})

    assert first.context["page"].rows[0].files[0]["name"] == "20.jsonl"
    assert [row.files[0]["name"] for row in second.context["page"].rows] == ["0.jsonl"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_number_of_queries_is_fixed(client, ines, rows, django_assert_num_queries):
    for _ in range(rows):
        Import.objects.create(user=ines, workspace=make.workspace(), files=[{"name": "a"}])

    with django_assert_num_queries(5):
        client.get(URL)


def test_a_damaged_page_address_is_said_to_be_one(client, ines):
    response = client.get(URL, {"cursor": "x"})

    assert response.status_code == 400
    assert "No such page" in response.content.decode()


def test_without_the_token_nothing_is_taken(ines, queue):
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(ines)

    response = upload(careful, ("a.jsonl", GOOD))

    assert response.status_code == 403
    assert not Import.objects.exists()


def test_a_neighbours_imports_do_not_exist(client, ines, queue):
    neighbours = make.workspace("neighbours")
    work = Import.objects.create(
        user=make.user("tom", of=neighbours), workspace=neighbours, files=[{"name": "secret.jsonl"}]
    )

    assert "secret.jsonl" not in client.get(URL).content.decode()
    assert client.get(f"{URL}{work.pk}/").status_code == 404
    assert client.post(f"{URL}{work.pk}/").status_code == 404
    assert client.get(f"/w/neighbours/import/{work.pk}/").status_code == 404
    assert client.post("/w/neighbours/import/").status_code == 404


def test_an_import_that_ended_says_when(ines):
    with pytest.raises(IntegrityError, match="an_import_that_ended_says_when"):
        Import.objects.create(user=ines, workspace=make.workspace(), status="completed")


def test_files_of_an_import_that_failed_long_ago_are_cleared_away(client, ines, queue, folder):
    for days in (1, 8):
        upload(client, ("a.jsonl", GOOD))
        Import.objects.filter(status="pending").update(
            status="failed", ended_at=timezone.now() - timedelta(days=days)
        )

    tasks.clear_imports()

    kept = [path.name for path in (folder / "imports").iterdir()]
    assert kept == list(Import.objects.order_by("-ended_at").values_list("pk", flat=True))[:1]


def test_a_try_without_its_files_says_what_to_do(client, ines, queue, folder):
    upload(client, ("a.jsonl", GOOD))
    shutil.rmtree(folder / "imports")

    tasks.run_import(import_id=Import.objects.get().pk)

    assert Import.objects.get().error.startswith("The files are not there any more.")
