"""The vendor's own client against a running server: up, down, listed, refused, deleted."""

import io
from contextlib import contextmanager

import anthropic
import pytest
from anthropic import types
from django.core.files.base import ContentFile
from django.utils import timezone

from apps.files import actions
from apps.files.models import File
from tests import make


@pytest.fixture
def client(live_server):
    _, secret = make.key()
    with anthropic.Anthropic(base_url=live_server.url, api_key=secret, max_retries=0) as client:
        yield client.beta.files


@contextmanager
def delivered(text, name="report.csv"):
    yield actions.upload(
        by=make.actor(),
        content=ContentFile(text),
        filename=name,
        scope_id="sesn_1",
        downloadable=True,
    )


def test_up_known_listed_and_deleted(client):
    told = client.upload(
        file=("notes.md", io.BytesIO(b"# Hi"), "text/markdown"), expires_in_seconds=3600
    )

    assert (told.filename, told.mime_type, told.size_bytes) == ("notes.md", "text/markdown", 4)
    assert told.expires_at > timezone.now()
    assert client.retrieve_metadata(told.id) == told
    assert client.upload(file=b"Example data").filename == "unnamed"
    assert client.upload(file=("", b"nameless")).filename == "unnamed"
    assert [each.id for each in client.list(ids=[told.id])] == [told.id]
    assert len(list(client.list(limit=1))) == 3, "it pages by itself"
    assert client.delete(told.id).type == "file_deleted"
    assert len(list(client.list(scope_id="sesn_1"))) == 0


def test_what_a_session_delivered_comes_down_whole_raw_and_streamed(client, tmp_path):
    text = bytes(range(256)) * 1000
    with delivered(text) as file:
        assert client.download(file.pk).read() == text
        assert client.with_raw_response.download(file.pk).read() == text
        with client.with_streaming_response.download(file.pk) as answer:
            assert b"".join(answer.iter_bytes()) == text
            assert answer.headers["content-disposition"] == 'attachment; filename="report.csv"'
        client.download(file.pk).write_to_file(tmp_path / "kept")
    assert (tmp_path / "kept").read_bytes() == text


def test_refusals_have_the_classes_that_the_client_knows(client, settings):
    told = client.upload(file=b"mine")
    with pytest.raises(types.FileNotDownloadableError) as refused:
        client.download(told.id)
    assert refused.value.request_id.startswith("req_")

    File.objects.filter(pk=told.id).update(expires_at=timezone.now())
    with pytest.raises(types.FileExpiredError):
        client.download(told.id)
    with pytest.raises(anthropic.NotFoundError):
        client.retrieve_metadata("file_unknown")
    with pytest.raises(anthropic.BadRequestError, match="filename"):
        client.upload(file=("a?.txt", b"x"))

    settings.FILES_QUOTA = 10
    with pytest.raises(types.StorageQuotaExceededError):
        client.upload(file=b"x" * 11)
    settings.FILE_LIMIT = 10
    with pytest.raises(anthropic.APIStatusError) as large:
        client.upload(file=b"x" * 11)
    assert large.value.status_code == 413
