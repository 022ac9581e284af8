"""The seam between the record and what acts on it."""


def wake(session_id: int) -> None:
    """Tell that a client has sent events to this session. Called once they are committed.

    Nothing runs agents yet, so the session stays idle with what it was sent. The turn loop plugs in
    here and nowhere else: it takes the lease of every thread that has unprocessed events, puts the
    session to `running`, and starts a turn, which reads the log and records what the agent does. It
    must bear being called twice, or for a session that is running or gone.
    """
    del session_id
