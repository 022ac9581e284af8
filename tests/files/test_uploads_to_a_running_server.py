"""A web process takes large files in constant memory, and may be killed at any byte."""

import http.client
import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from apps.files import receiving, storing
from apps.files.models import Blob, File
from tests import make
from tests.files.conftest import lying_in
from tests.web import Web

OPENING = b'--xyz\r\nContent-Disposition: form-data; name="file"; filename="big.bin"\r\n\r\n'
CLOSING = b"\r\n--xyz--\r\n"
MEGABYTE = os.urandom(1_000_000)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def secret():
    return make.key()[1]


@pytest.fixture
def log(tmp_path):
    return tmp_path / "web.log"


class Upload:
    """A request whose body the test sends by itself."""

    def __init__(self, web, secret, size=0, kind="multipart/form-data; boundary=xyz"):
        self.client = http.client.HTTPConnection("127.0.0.1", web.port, timeout=60)
        self.client.putrequest("POST", "/v1/files")
        length = len(OPENING) + size + len(CLOSING)
        told = ("content-length", str(length)) if size else ("transfer-encoding", "chunked")
        for name, value in (("x-api-key", secret), ("content-type", kind), told):
            self.client.putheader(name, value)
        self.client.endheaders()
        self.is_chunked = not size
        self.send(OPENING)

    def send(self, data):
        size = f"{len(data):x}\r\n".encode()
        self.client.send(b"%s%s\r\n" % (size, data) if self.is_chunked else data)

    def finish(self):
        self.send(CLOSING)
        if self.is_chunked:
            self.client.send(b"0\r\n\r\n")
        answer = self.client.getresponse()
        told = answer.status, json.loads(answer.read())
        self.client.close()
        return told


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc")
def test_memory_stays_flat(uploads, log, secret):
    megabytes = 60
    with Web(log, AGENTSITE_UPLOADS=str(uploads)) as web:
        small = Upload(web, secret, size=1)
        small.send(b"x")
        assert small.finish()[0] == 200
        before = web.most_memory()

        for size in (megabytes * len(MEGABYTE), 0):  # told beforehand, and in chunks
            big = Upload(web, secret, size=size)
            for _ in range(megabytes):
                big.send(MEGABYTE)
            status, told = big.finish()
            assert (status, told["size_bytes"]) == (200, megabytes * len(MEGABYTE))

        assert web.most_memory() - before < 10_000_000
    kept = uploads / File.objects.get(pk=told["id"]).blob.path
    assert kept.stat().st_size == told["size_bytes"]


def test_a_boundary_in_no_known_character_set_is_refused(uploads, log, secret):
    with Web(log, AGENTSITE_UPLOADS=str(uploads)) as web:
        kind = "multipart/form-data; boundary*=nonsense''xyz"
        upload = Upload(web, secret, size=1, kind=kind)
        upload.send(b"x")
        status, told = upload.finish()

    assert (status, told["error"]["type"]) == (400, "invalid_request_error")
    assert "with a boundary" in told["error"]["message"]


def test_a_client_that_goes_away_leaves_nothing(uploads, log, secret):
    with Web(log, AGENTSITE_UPLOADS=str(uploads)) as web:
        for size in (0, 5 * len(MEGABYTE)):
            upload = Upload(web, secret, size=size)
            upload.send(MEGABYTE)
            upload.client.close()
    assert lying_in(uploads) == []
    assert not Blob.objects.exists()


def test_killed_in_the_middle_of_an_upload(uploads, log, secret):
    with Web(log, AGENTSITE_UPLOADS=str(uploads)) as web:
        upload = Upload(web, secret, size=5 * len(MEGABYTE))
        while not lying_in(uploads):  # until the server has begun to write it down
            upload.send(b"x")
        web.kill()
        upload.client.close()
    [left] = uploads.glob("incoming/*")
    assert not File.objects.exists()

    receiving.clear_incoming()
    assert left.exists(), "it may be somebody else's, still going on"
    os.utime(left, (0, 0))
    receiving.clear_incoming()
    assert lying_in(uploads) == []


def test_killed_between_the_bytes_and_the_file(uploads, log, secret):
    deadly = json.dumps({"BACKEND": "tests.files.deadly.Deadly"})
    with Web(log, AGENTSITE_UPLOADS=str(uploads), AGENTSITE_FILES_STORAGE=deadly) as web:
        upload = Upload(web, secret, size=len(MEGABYTE))
        upload.send(MEGABYTE)
        with pytest.raises((http.client.HTTPException, OSError)):
            upload.finish()
        upload.client.close()
        assert web.wait_until_gone() == -9
    blob = Blob.objects.get()
    assert lying_in(uploads) == [blob.path]
    assert not File.objects.exists()

    Blob.objects.update(created_at=timezone.now() - timedelta(days=2))
    storing.sweep()
    assert lying_in(uploads) == []
    assert not Blob.objects.exists()
