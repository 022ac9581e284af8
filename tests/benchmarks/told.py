"""Many sessions in which things recur, about 100 events each: some are recorded, the rest copied.

The scenes are those that the engine is evaluated with. A copy keeps the words, and with them what
recurs; only who did it, when, and the ids are its own.
"""

import random
from collections.abc import Iterator
from itertools import chain, count, islice

from django.db import connection

from apps.accounts.models import Workspace
from apps.demo.evaluating.corpus import corpus
from apps.dreams.findings import Transcript, Turn
from apps.sessions import importing
from apps.sessions.models import Event, Session, Thread
from apps.sessions.records import EventRecord, Record, SessionRecord
from tests import make
from tests.benchmarks import crowd

EVENTS = 100
_TALK = 60
"""Of them so many at least are the scenes'; the rest is work that teaches nothing."""
_RECORDED = 200


def fill(workspace: Workspace, sessions: int) -> None:
    """Add so many sessions to the workspace."""
    recorded = min(sessions, _RECORDED)
    last = Session.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    importing.take(_records(last + 1, recorded), workspace=workspace)
    mine = Session.objects.filter(workspace=workspace, pk__gt=last)
    firsts = list(mine.order_by("pk").values_list("pk", flat=True))
    for number in range(1, -(-sessions // recorded)):
        _copy(firsts[: sessions - number * recorded], number)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _records(seed: int, sessions: int) -> Iterator[Record]:
    scenes = (each for more in count(seed) for each in corpus(more).transcripts)
    for number in range(sessions):
        key, chance = f"told-{seed}-{number}", random.Random(f"{seed} {number}")
        talk: list[Turn] = []
        for each in scenes:
            talk += each.turns
            if len(talk) >= _TALK:
                break
        yield _session(key, each)
        yield from islice(chain(_told(key, talk), _work(key, chance)), EVENTS)


def _session(key: str, told: Transcript) -> SessionRecord:
    judged = {} if told.succeeded is None else {"reward": str(int(told.succeeded))}
    return SessionRecord(
        key=key,
        source="native",
        agent={"name": told.agent},
        title=key,
        created_at=told.at,
        metadata={"user": told.user, **judged},
    )


def _told(key: str, turns: list[Turn]) -> Iterator[EventRecord]:
    uses: list[EventRecord] = []
    for at, turn in enumerate(turns):
        if turn.type == "agent.tool_use":
            uses.append(make.event(turn.type, key=key, after=at, name=turn.tool, input=turn.input))
            yield uses[-1]
        elif turn.type == "agent.tool_result":
            ended = {"tool_use_id": uses[-1].public_id, "is_error": turn.is_error}
            yield make.event(turn.type, turn.text, key=key, after=at, **ended)
        else:
            yield make.event(turn.type, turn.text, key=key, after=at)


def _work(key: str, chance: random.Random) -> Iterator[EventRecord]:
    """Files read and written, with a request to the model before each: 1 kB an event."""
    for at in count(EVENTS, 10):
        path = f"/work/{chance.choice(crowd.WORDS)}/{chance.choice(crowd.WORDS)}.txt"
        yield from make.request(after=at, key=key)
        yield make.event("agent.message", crowd.text(chance, 120), key=key, after=at + 1)
        given = {"path": path}
        yield from make.call("read_file", given, crowd.text(chance, 220), after=at + 2, key=key)


def _copy(ids: list[int], number: int) -> None:
    """These sessions once more, under ids of their own, so many hours later."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE copied (old bigint, new bigint)")
        cursor.execute(
            "INSERT INTO copied SELECT id, nextval(pg_get_serial_sequence(%s, 'id'))"
            " FROM unnest(%s::bigint[]) AS id",
            [Session._meta.db_table, ids],
        )
        later = f"created_at + interval '{number} hours'"
        its = "(SELECT new FROM copied WHERE old = {})".format
        own = f"public_id || '-{number}'"
        _again(
            Session,
            "id",
            id=its("id"),
            public_id=own,
            external_id=f"external_id || '-{number}'",
            created_at=later,
        )
        thread = f"nextval(pg_get_serial_sequence('{Thread._meta.db_table}', 'id'))"
        _again(Thread, "session_id", id=thread, session_id=its("session_id"))
        lane = (
            f"(SELECT id FROM {Thread._meta.db_table} AS lane WHERE position = 0"
            f" AND lane.session_id = {its('source.session_id')})"
        )
        event = f"nextval(pg_get_serial_sequence('{Event._meta.db_table}', 'id'))"
        _again(Event, "session_id", id=event, session_id=its("session_id"), thread_id=lane)
        cursor.execute("DROP TABLE copied")


def _again(model: type[Session | Thread | Event], key: str, **changed: str) -> None:
    """Insert the rows that belong to copied sessions again, some columns said otherwise."""
    table = model._meta.db_table
    names = [field.column for field in model._meta.concrete_fields]
    values = ", ".join(changed.get(name, name) for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM {table} AS source"
            f" WHERE source.{key} IN (SELECT old FROM copied)"
        )
