"""Every session of the demo, as records: pure, the same each time, later or earlier with `now`."""

from collections.abc import Iterator
from datetime import datetime

from apps.demo.calendar import midnight
from apps.demo.scenarios import builds, checks, drafts, legal
from apps.demo.script import Script, play
from apps.sessions.records import Record

SCRIPTS: tuple[Script, ...] = legal.SCRIPTS + builds.SCRIPTS + checks.SCRIPTS + drafts.SCRIPTS


def records(now: datetime) -> Iterator[Record]:
    """The demo as it would be imported at this instant; ids do not depend on it."""
    anchor = midnight(now)
    for script in SCRIPTS:
        yield from play(script, anchor).records()
