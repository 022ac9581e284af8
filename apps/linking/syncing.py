"""One link's sync: agents, environments, the list of sessions, then each session that is new.

A sync is a row of small steps, each kept before the next begins, so that a worker may die at any
of them and another goes on. Nothing sleeps: a link that must wait, for its budget, for the other
side's word or after a failure, is put back with the time at which it goes on.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Least
from django.utils import timezone

from apps.agents.models import Agent
from apps.core import addresses
from apps.core.errors import DomainError
from apps.core.sealing import CannotBeOpened
from apps.linking import defining, listing, transcribing
from apps.linking.models import LOOK_AT_ALL_EVERY, MOST_ATTEMPTS, Link, LinkedSession
from apps.linking.remote import Away, Busy, Gone, KeyRefused, Refused, Remote, Unreadable
from apps.linking.working import LaterOn, Lost, Work

Connect = Callable[[str, str], Remote]

FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0
WAIT_UNTOLD, LONGEST_WAIT = 30.0, 3600.0
MOST_TRIES_OF_A_SESSION = 3
MOST_FAILURES_COUNTED = 1000
LONGEST_REASON = 200
GIVEN_UP = (
    "The workers that synced this stopped each time before they got any further. What was read"
    " stays; the log of the workers says why they stopped."
)


def attempt(link_id: str, connect: Connect) -> float | None:
    """Work on the link for a while, if it is due and nobody else does.

    Returns in how many seconds it wants to go on; None if the schedule says when.
    """
    link = Link.objects.claim(link_id)
    if link is None:
        return None
    try:
        with _connected(link, connect) as remote:
            sync(Work(link, remote))
    except Lost:
        link.let_go(Link.Status.PENDING, due_at=timezone.now(), attempts=0)
    except LaterOn as later:
        return _put_back(link, later.seconds, later.why, attempts=0)
    except Busy as busy:
        return _wait(link, busy)
    except Away as away:
        return _try_again(link, away)
    except (KeyRefused, CannotBeOpened) as refused:
        tested = {"checked_at": timezone.now(), "check_error": refused.message}
        _end(link, Link.Status.NEEDS_KEY, error=refused.message, **tested)
    except DomainError as error:
        _end(link, Link.Status.FAILED, error=error.message)
    return None


def check(link_id: str, connect: Connect) -> None:
    """Ask one thing with the key, and write down whether it was answered."""
    link = Link.objects.filter(pk=link_id).first()
    if link is None:
        return
    error = ""
    try:
        with _connected(link, connect) as remote:
            remote.agents(limit=1)
    except DomainError as refused:
        error = refused.message
    Link.objects.filter(pk=link_id).update(checked_at=timezone.now(), check_error=error)


def due() -> list[str]:
    """The links that a worker should take up; those that got nowhere too often fail here."""
    for each in Link.objects.exhausted():
        Link.objects.exhausted().filter(pk=each.pk).update(
            status=Link.Status.FAILED,
            lease_expires_at=None,
            attempts=0,
            error=GIVEN_UP,
            ended_at=timezone.now(),
            due_at=timezone.now() + timedelta(minutes=each.every_minutes),
        )
    return list(Link.objects.due().values_list("pk", flat=True))


@contextmanager
def _connected(link: Link, connect: Connect) -> Iterator[Remote]:
    addresses.require_public(link.base_url)
    remote = connect(link.base_url, link.key)
    try:
        yield remote
    finally:
        remote.close()


def sync(work: Work) -> None:
    """Go on with the sync that was begun, or begin one, and bring it to its end."""
    link = work.link
    if not link.stage:
        _begin(work)
    order = list(_STAGES)
    for stage in order[order.index(link.stage) if link.stage in _STAGES else 0 :]:
        if link.stage != stage:
            work.enter(stage)
        _STAGES[stage](work)
    whole = {"looked_at_all_at": link.began_at} if link.cursor.get("is_whole") else {}
    now = timezone.now()
    done = {"result": link.progress, "synced_at": now, "stage": "", "error": ""}
    _end(link, Link.Status.IDLE, **done, **whole, checked_at=now, check_error="")


def _begin(work: Work) -> None:
    link = work.link
    looked_at = link.looked_at_all_at
    is_whole = looked_at is None or looked_at < timezone.now() - LOOK_AT_ALL_EVERY
    since = None if is_whole else listing.since(link)
    link.sessions.set_aside().update(is_wanted=True)
    work.begin(is_whole=since is None, since=since.isoformat() if since else "")


def _end(link: Link, status: Link.Status, **results: Any) -> None:
    """Over, until the schedule says."""
    now = timezone.now()
    link.let_go(
        status,
        ended_at=now,
        due_at=now + timedelta(minutes=link.every_minutes),
        attempts=0,
        waits_for="",
        progress=link.progress,
        **results,
    )


def _put_back(link: Link, seconds: float, why: str, *, attempts: int) -> float:
    link.let_go(
        Link.Status.PENDING,
        due_at=timezone.now() + timedelta(seconds=seconds),
        waits_for=why[:LONGEST_REASON],
        attempts=attempts,
        progress=link.progress,
    )
    return seconds


def _wait(link: Link, busy: Busy) -> float:
    """The other side said how long, or it is guessed."""
    seconds = WAIT_UNTOLD if busy.wait is None else busy.wait
    link.progress["waits"] = link.progress.get("waits", 0) + 1
    return _put_back(link, min(seconds, LONGEST_WAIT), busy.message, attempts=0)


def _try_again(link: Link, away: Away) -> float | None:
    """After a pause that doubles each time; too often without getting anywhere, and it failed."""
    tried = max(1, link.attempts)
    if tried >= MOST_ATTEMPTS:
        _end(link, Link.Status.FAILED, error=away.message)
        return None
    pause = min(FIRST_PAUSE * 2 ** (tried - 1), LONGEST_PAUSE)
    spread = pause * random.uniform(0.8, 1.0)  # noqa: S311 -- it only keeps links apart
    return _put_back(link, spread, away.message, attempts=tried)


# ---- stages -------------------------------------------------------------------------------------


def _agents(work: Work) -> None:
    for rows in work.pages(work.remote.agents):
        for given in rows:
            agent = defining.keep_agent(work.link.workspace, given)
            work.count(agents=agent is not None, refused=agent is None)
            if agent is not None and defining.lacks_versions(agent):
                _versions(work, agent)


def _versions(work: Work, agent: Agent) -> None:
    at = ""
    while True:
        page = work.ask(lambda at=at: work.remote.versions(agent.public_id, at))  # type: ignore[misc]  # a default binds it
        work.count(versions=sum(defining.keep_version(agent, given) for given in page.rows))
        if not page.next or page.next == at:
            return
        at = page.next


def _environments(work: Work) -> None:
    for rows in work.pages(work.remote.environments):
        for given in rows:
            defining.keep_environment(work.link.workspace, given)
        work.count(environments=len(rows))


def _sessions(work: Work) -> None:
    since = listing.read_since(work.link)
    for rows in work.pages(lambda page: work.remote.sessions(page, since=since)):
        listed, refused = listing.note(work.link, rows)
        work.count(listed=listed, refused=refused)


def _transcripts(work: Work) -> None:
    work.link.progress["wanted"] = work.link.progress.get("read", 0) + (
        work.link.sessions.wanted().count()
    )
    while row := work.link.sessions.wanted().first():
        _transcript(work, row)
        work.count(read=1)
        work.advance()


def _transcript(work: Work, row: LinkedSession) -> None:
    """Read the session. One that cannot be read is set aside until the next sync."""
    mine = LinkedSession.objects.filter(pk=row.pk)
    # Written first: who kills the worker with it is not asked first again.
    mine.update(failures=Least(F("failures") + 1, Value(MOST_FAILURES_COUNTED)))
    try:
        transcribing.read(work, row)
    except (LaterOn, Busy, KeyRefused, Lost):
        mine.update(failures=row.failures)
        raise
    except Gone:
        row.settle(is_gone=True)
        work.count(gone=1)
    except Away as away:
        if row.failures + 1 < MOST_TRIES_OF_A_SESSION:
            raise
        _set_aside(work, row, away)
    except (Refused, Unreadable) as error:
        _set_aside(work, row, error)


def _set_aside(work: Work, row: LinkedSession, error: DomainError) -> None:
    LinkedSession.objects.filter(pk=row.pk).update(is_wanted=False)  # it stays described
    work.set_aside(row.public_id, error)


_STAGES: dict[str, Callable[[Work], None]] = {
    "agents": _agents,
    "environments": _environments,
    "sessions": _sessions,
    "transcripts": _transcripts,
}
