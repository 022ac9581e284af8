"""How often a key may ask, counted for all processes together; where nothing counts, it may."""

import contextvars
import os
import subprocess
import sys
from pathlib import Path

import pytest
import time_machine
from django.core.cache import cache, caches
from django.test import Client
from environ import Env

from agentsite.embedded.folder import broker_url, cache_url, writable
from agentsite.embedded.valkey import ensure_queue
from apps.core.api.throttling import Shares, counted
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.wire")]
ROOT = Path(__file__).parents[2]
COUNT = """
import django; django.setup()
from apps.core.api.throttling import Shares, counted
print(counted("api:together"))
"""


def post(client):
    return client.post("/v1/raw", {}, content_type="application/json")


@pytest.fixture
def valkey(tmp_path, settings):
    """The address of a counter of its own, which the tests count with."""
    folder = writable(tmp_path / "data")
    address = cache_url(broker_url(folder))
    with ensure_queue(folder):
        settings.CACHES = {"default": Env.cache_url_config(address)}
        yield address


@pytest.fixture
def limits(settings):
    settings.API_READS_PER_MINUTE = 3
    settings.API_WRITES_PER_MINUTE = 2


@time_machine.travel("2026-11-02T09:00:18Z", tick=False)
def test_beyond_the_limit_a_key_is_told_when_to_come_back(limits):
    client = make.api()

    answers = [client.get("/v1/boats") for _ in range(4)]

    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    refusal = answers[-1]
    assert refusal["retry-after"] == "42"
    assert refusal.json()["error"] == {
        "type": "rate_limit_error",
        "message": "This key asks more often in a minute than this server allows."
        " Expected available in 42 seconds.",
    }


def test_the_next_minute_begins_at_nothing(limits):
    client = make.api()

    with time_machine.travel("2026-11-02T09:00:59Z", tick=False):
        first = [post(client).status_code for _ in range(3)]
    with time_machine.travel("2026-11-02T09:01:00Z", tick=False):
        second = [post(client).status_code for _ in range(3)]

    assert first == second == [200, 200, 429]


@time_machine.travel("2026-11-02T09:00:00Z", tick=False)
def test_reads_writes_and_other_keys_are_counted_apart(limits):
    mine, other = make.api(), make.api()

    written = [post(mine).status_code for _ in range(3)]

    assert written == [200, 200, 429]
    assert [mine.get("/v1/boats").status_code for _ in range(3)] == [200, 200, 200]
    assert post(other).status_code == 200


def test_who_is_not_let_in_is_not_counted(limits):
    assert [Client().get("/v1/boats").status_code for _ in range(5)] == [401] * 5


def test_zero_is_no_limit(settings):
    settings.API_READS_PER_MINUTE = 0
    client = make.api()

    assert {client.get("/v1/boats").status_code for _ in range(5)} == {200}


@time_machine.travel("2026-11-02T09:00:18Z", tick=False)
def test_the_shared_counter_counts_as_the_one_in_memory_does(valkey, limits):
    client = make.api()

    assert [client.get("/v1/boats").status_code for _ in range(4)] == [200, 200, 200, 429]


def test_requests_share_their_connections_to_the_counter(valkey):
    """Each request runs in a context of its own, as the web server has it."""

    def connected():
        client = caches.create_connection("default")._cache.get_client()
        return client.info("stats")["total_connections_received"]

    contextvars.copy_context().run(counted, "api:first")
    before = connected()
    for _ in range(5):
        contextvars.Context().run(counted, "api:others")

    assert connected() - before <= 1, "the one that asks this"


def test_all_processes_count_together(valkey):
    environment = os.environ | {"CACHE_URL": valkey, "DJANGO_SETTINGS_MODULE": "agentsite.settings"}

    def counted_elsewhere():
        command = [sys.executable, "-c", COUNT]
        done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=True)
        return int(done.stdout)

    assert [counted_elsewhere(), counted_elsewhere()] == [1, 2]


def test_when_the_counter_is_away_nobody_is_held_up(limits, settings, tmp_path, caplog):
    nowhere = f"unix://{tmp_path}/nobody.sock?db=1"
    backend = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": nowhere}}
    client = make.api()

    assert {client.get("/v1/boats").status_code for _ in range(5)} == {200}
    assert "requests are not counted" in caplog.text
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


def test_processes_take_shares_and_never_more_than_all_of_them(valkey):
    """Two processes, one counter: every number is given out once, until none is left."""
    one, other = Shares(), Shares()

    numbers = [each.number("api:shared", "1", 5) for _ in range(7) for each in (one, other)]

    assert sorted(numbers) == [*range(1, 13), 16, 17]
    assert one.number("api:shared", "2", 5) == 1, "the next minute begins at nothing"
