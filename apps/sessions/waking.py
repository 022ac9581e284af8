"""The seams between the record and what acts on it."""

from collections.abc import Callable

from apps.sessions.models import Session

Heed = Callable[[Session], None]
_HEEDING: list[Heed] = []


def heed_interrupts(heed: Heed) -> None:
    """Have this called with each session that is interrupted, by an app that works on them."""
    if heed not in _HEEDING:
        _HEEDING.append(heed)


def interrupt(session: Session) -> None:
    """Tell that the whole session is interrupted, which is locked and has the event."""
    for heed in _HEEDING:
        heed(session)


def wake(session_id: int) -> None:
    """Tell that a client has sent events to this session. Called once they are committed.

    Nothing runs agents yet, so the session stays idle with what it was sent. The turn loop plugs in
    here and nowhere else: it takes the lease of every thread that has unprocessed events, puts the
    session to `running`, and starts a turn, which reads the log and records what the agent does. It
    must bear being called twice, or for a session that is running or gone.
    """
    del session_id
