"""The connection on which a process hears what others commit."""

import asyncio

import pytest
from django.db import connection, transaction

from apps.core.live.asking import ask
from apps.core.live.hub import CHANNEL, Hub, NotListening
from tests import apart

pytestmark = pytest.mark.django_db(transaction=True)


class Ear:
    """Remembers what it was told."""

    def __init__(self):
        self.heard = asyncio.Queue()

    def hear(self, payload):
        self.heard.put_nowait(payload)

    def miss(self):
        self.heard.put_nowait("missed")

    async def next(self):
        return await asyncio.wait_for(self.heard.get(), 20)


def listening(scenario, **options):
    """Run the scenario with a hub and an ear to it."""

    async def run():
        hub, ear = Hub(**options), Ear()
        hub.tell(ear)
        try:
            return await scenario(hub, ear)
        finally:
            await hub.close()

    return apart.run(run())


def say(words):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, words])


def say_and_take_back(words):
    with transaction.atomic():
        say(words)
        transaction.set_rollback(True)


def cut():
    """End the backend of every hub, as a restart of the server does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
            " WHERE application_name = 'agentsite live' AND datname = current_database()"
        )
        return cursor.fetchone()[0]


def test_once_ready_it_hears_what_is_committed_and_nothing_else():
    async def scenario(hub, ear):
        await hub.ready()
        await ask(lambda: say_and_take_back("never"))
        await ask(lambda: say("1"))
        await ask(lambda: say("2"))
        return [await ear.next() for _ in range(3)]

    assert listening(scenario) == ["missed", "1", "2"]


def test_when_it_is_cut_off_it_comes_back_and_says_that_it_missed_something():
    async def scenario(hub, ear):
        await hub.ready()
        first = await ear.next()
        ended = await ask(cut)
        again = await ear.next()
        await ask(lambda: say("after"))
        return first, ended, again, await ear.next()

    assert listening(scenario) == ("missed", 1, "missed", "after")


def test_who_wants_to_follow_is_refused_while_the_database_is_away(tmp_path):
    async def scenario(hub, ear):
        with pytest.raises(NotListening):
            await hub.ready()

    listening(scenario, parameters=lambda: {"host": str(tmp_path)}, patience=0.3)


def test_a_hub_that_was_closed_can_be_opened_again():
    async def scenario(hub, ear):
        await hub.ready()
        await hub.close()
        await hub.ready()
        await ask(lambda: say("again"))
        return [await ear.next() for _ in range(3)]

    assert listening(scenario) == ["missed", "missed", "again"]
