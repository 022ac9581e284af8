"""A process that follows, inside the test."""

from django.db import connection

from apps.core import payloads
from apps.core.live.asking import ask
from apps.core.live.hub import Hub
from apps.core.live.mailbox import Mailboxes
from apps.sessions import recording
from apps.sessions.following.followers import Followers
from tests import apart

PATIENCE = 20


def followed(scenario):
    """Run the scenario with everything that a process has to follow with."""

    async def run():
        hub = Hub()
        try:
            return await scenario(Followers(hub, Mailboxes()))
        finally:
            await hub.close()

    return apart.run(run())


async def streaming(followers, session, thread=None):
    """A mailbox that is filled from now on, as an opened stream's is."""
    mailbox, tail = await followers.of_events(session.pk, thread.pk if thread else None)
    tail.begin(mailbox, await ask(lambda: followers.position(session.pk)))
    return mailbox


async def record(session, *events):
    await ask(lambda: recording.record(session.pk, events))


async def heard(mailbox, count=1):
    """The payloads of the next so many frames, or of all before the end."""
    found = []
    while len(found) < count:
        frames = await mailbox.take(PATIENCE)
        if frames is None:
            break
        assert frames, "nothing was heard"
        found += [payloads.load(line[6:]) for line in frames.splitlines() if line[:5] == b"data:"]
    return found


def cut_off():
    """End every backend that listens, and return when it has ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
            " WHERE application_name = 'agentsite live' AND datname = current_database()"
        )
        return cursor.fetchone()[0]
